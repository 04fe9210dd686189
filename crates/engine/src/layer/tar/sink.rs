//! Where a tar goes: into memory, or only through a hash.

use super::BLOCK;
use crate::digest::{Digest, Hasher};
use crate::vfs::Content;
use std::fmt;

/// Takes the bytes of a tar as they come.
pub trait Sink {
    /// Why a piece cannot be taken.
    type Error;

    /// Takes header blocks and padding.
    fn bytes(&mut self, bytes: &[u8]) -> Result<(), Self::Error>;

    /// Takes the content of the file with this name, without padding.
    fn content(&mut self, name: &str, content: &Content) -> Result<(), Self::Error>;
}

/// A file's bytes are needed and are not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpaqueContent {
    /// The path of the file.
    pub path: String,
}

impl fmt::Display for OpaqueContent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: the bytes of this file are not known", self.path)
    }
}

impl std::error::Error for OpaqueContent {}

/// Collects the tar in memory. Opaque content is an error.
#[derive(Clone, Debug, Default)]
pub struct BytesSink(pub Vec<u8>);

impl Sink for BytesSink {
    type Error = OpaqueContent;

    fn bytes(&mut self, bytes: &[u8]) -> Result<(), OpaqueContent> {
        self.0.extend_from_slice(bytes);
        Ok(())
    }

    fn content(&mut self, name: &str, content: &Content) -> Result<(), OpaqueContent> {
        let bytes = content.bytes().ok_or_else(|| OpaqueContent { path: name.to_owned() })?;
        self.bytes(bytes)
    }
}

/// Hashes and measures the tar.
///
/// In place of opaque content a record goes into the hash: the text `opaque content`, a NUL, the digest and the size.
/// Equal content gives equal records and other content other ones, so the digest identifies the layer as well as a real
/// one does; but it is not the digest of a tar that could be unpacked, and [`DigestSink::is_modelled`] says so. The
/// length counts opaque content with its size, so it is exact.
#[derive(Clone, Default)]
pub struct DigestSink {
    hasher: Hasher,
    length: u64,
    has_opaque: bool,
}

impl DigestSink {
    /// A sink that has taken nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// The length of the tar so far, in bytes.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Whether there was opaque content, so that the digest is not that of real bytes.
    pub fn is_modelled(&self) -> bool {
        self.has_opaque
    }

    /// The digest of the tar.
    pub fn digest(self) -> Digest {
        self.hasher.finish()
    }
}

impl Sink for DigestSink {
    type Error = std::convert::Infallible;

    fn bytes(&mut self, bytes: &[u8]) -> Result<(), Self::Error> {
        self.hasher.write(bytes);
        self.length += bytes.len() as u64;
        Ok(())
    }

    fn content(&mut self, _name: &str, content: &Content) -> Result<(), Self::Error> {
        if let Some(bytes) = content.bytes() {
            return self.bytes(bytes);
        }
        // A length that no header block has keeps the record apart from what could stand in its place.
        self.hasher.write(b"opaque content\0");
        self.hasher.write(content.digest().as_bytes());
        self.hasher.number(content.size());
        self.length += content.size();
        self.has_opaque = true;
        Ok(())
    }
}

/// The zeros that fill the last block of so many bytes.
pub(super) fn padding(size: u64) -> &'static [u8] {
    static ZEROS: [u8; BLOCK] = [0; BLOCK];
    let over = (size % BLOCK as u64) as usize;
    if over == 0 { &[] } else { &ZEROS[over..] }
}
