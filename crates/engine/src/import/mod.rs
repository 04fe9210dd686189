//! Archives of images, read: an OCI layout or what `docker save` writes, plain or compressed.
//!
//! Takes the bytes in pieces and gives images to inspect and to build from. Every digest is verified. Files beyond a
//! limit are kept as opaque content, by their true digest and size. What is wrong is said with its place.

mod blob;
mod content;
mod layout;

pub use layout::{Imported, LayerParts, assemble};

use crate::compression::{Damage, Flaw, Format, gzip};
use crate::layer::tar::Stream;
use crate::world::Limits;
use blob::Blobs;
use std::fmt;

/// What is kept of an archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImportLimits {
    /// A file with more bytes than this is opaque.
    pub file_bytes: u64,
    /// When so many bytes of files are kept, all others are opaque.
    pub kept_bytes: u64,
    /// An archive or layer that can only be unpacked as a whole may have so many bytes.
    pub whole_bytes: usize,
    /// All layers together may have so many entries, and the archive itself so many files.
    pub entries: u64,
    /// All layers together may unpack to so many bytes, holes of sparse files included.
    pub unpacked_bytes: u64,
}

impl Default for ImportLimits {
    fn default() -> Self {
        Self {
            file_bytes: 256 << 10,
            kept_bytes: 32 << 20,
            whole_bytes: 512 << 20,
            entries: Limits::default().files,
            unpacked_bytes: 16 << 30,
        }
    }
}

/// Why an archive cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportError {
    /// Where in the archive: the path of a blob, or the archive itself.
    pub place: String,
    /// What is wrong there, and what was expected.
    pub message: String,
}

impl ImportError {
    fn new(place: impl Into<String>, message: impl Into<String>) -> Self {
        Self { place: place.into(), message: message.into() }
    }
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.message)
    }
}

impl std::error::Error for ImportError {}

/// The name of the archive itself in errors.
const ARCHIVE: &str = "archive";

enum Packing {
    /// The first bytes, which say how the archive is packed.
    Unknown(Vec<u8>),
    Plain,
    Gzip(Box<gzip::Decoder>),
    /// Collected, and unpacked at the end.
    Whole(Format, Vec<u8>),
}

/// Reads an archive that comes in pieces.
pub struct Importer {
    limits: ImportLimits,
    packing: Packing,
    tar: Stream,
    blobs: Blobs,
}

impl Importer {
    /// A reader in front of an archive.
    pub fn new(limits: ImportLimits) -> Self {
        Self { limits, packing: Packing::Unknown(Vec::new()), tar: Stream::new(), blobs: Blobs::new(limits) }
    }

    /// Reads a piece.
    pub fn write(&mut self, piece: &[u8]) -> Result<(), ImportError> {
        if let Packing::Unknown(begin) = &mut self.packing {
            begin.extend_from_slice(piece);
            if begin.len() < 6 {
                return Ok(());
            }
            let begin = std::mem::take(begin);
            self.packing = match Format::of(&begin) {
                None => Packing::Plain,
                Some(Format::Gzip) => Packing::Gzip(Box::default()),
                Some(format) => Packing::Whole(format, Vec::new()),
            };
            return self.packed(&begin);
        }
        self.packed(piece)
    }

    fn packed(&mut self, piece: &[u8]) -> Result<(), ImportError> {
        let (tar, blobs) = (&mut self.tar, &mut self.blobs);
        match &mut self.packing {
            Packing::Unknown(_) => Ok(()),
            Packing::Plain => unpacked(tar, blobs, piece),
            Packing::Gzip(decoder) => {
                let mut failure = None;
                let done = decoder.write(piece, &mut |bytes| {
                    failure = unpacked(tar, blobs, bytes).err();
                    if failure.is_some() { Err(Flaw::Corrupt) } else { Ok(()) }
                });
                match failure {
                    Some(error) => Err(error),
                    None => done.map_err(|damage| damaged(ARCHIVE, Format::Gzip, damage)),
                }
            }
            Packing::Whole(_, held) => {
                held.extend_from_slice(piece);
                let is_large = held.len() > self.limits.whole_bytes;
                if is_large {
                    Err(ImportError::new(ARCHIVE, "it is too large to be unpacked"))
                } else {
                    Ok(())
                }
            }
        }
    }

    /// The images of the archive.
    pub fn finish(mut self) -> Result<Vec<Imported>, ImportError> {
        match std::mem::replace(&mut self.packing, Packing::Plain) {
            Packing::Unknown(_) => {
                return Err(ImportError::new(ARCHIVE, "it is no tar: it has fewer than 6 bytes"));
            }
            Packing::Plain => {}
            Packing::Gzip(decoder) => {
                decoder.finish().map_err(|damage| damaged(ARCHIVE, Format::Gzip, damage))?;
            }
            Packing::Whole(format, bytes) => {
                let made = format.unpack(&bytes, self.limits.whole_bytes);
                if let Some(damage) = made.damage {
                    return Err(damaged(ARCHIVE, format, damage));
                }
                unpacked(&mut self.tar, &mut self.blobs, &made.bytes)?;
            }
        }
        self.tar.finish().map_err(|error| ImportError::new(ARCHIVE, error.to_string()))?;
        layout::images(&self.blobs)
    }
}

fn unpacked(tar: &mut Stream, blobs: &mut Blobs, piece: &[u8]) -> Result<(), ImportError> {
    tar.write(piece, blobs).map_err(|error| ImportError::new(ARCHIVE, error.to_string()))?;
    blobs.failure.take().map_or(Ok(()), Err)
}

fn damaged(place: &str, format: Format, Damage { flaw, offset }: Damage) -> ImportError {
    let what = match flaw {
        Flaw::UnexpectedEnd => "ends too early",
        Flaw::NotThisFormat => "is followed by something else",
        Flaw::Corrupt => "is damaged",
        Flaw::Checksum => "has another checksum than it should",
        Flaw::Unsupported => "needs what this decoder does not have",
        Flaw::TooLarge => "unpacks to too much",
    };
    ImportError::new(place, format!("the {format:?} data {what} (at byte {offset})"))
}

#[cfg(test)]
mod tests;
