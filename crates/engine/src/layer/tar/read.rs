//! The reader: ustar, pax headers, long names of GNU tar.

use super::BLOCK;
use super::entry::{Body, Entry};
use super::header::{checksum, field, kind};
use super::pax;
use crate::vfs::{Content, DeviceKind, Metadata};
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

/// Names and pax records of more bytes than this are not believed.
pub(super) const MAX_EXTENSION: u64 = 1 << 20;

/// Why a tar cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TarError {
    /// The checksum of a header block is wrong: this is no tar, or it is damaged.
    InvalidHeader {
        /// Where the block begins.
        offset: u64,
    },
    /// The tar ends within an entry.
    UnexpectedEnd,
    /// A sparse file.
    Sparse {
        /// The path of the file.
        path: String,
    },
    /// An entry of a type that no layer has.
    UnknownType {
        /// The path of the entry.
        path: String,
        /// The letter of the type.
        letter: u8,
    },
}

impl fmt::Display for TarError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidHeader { offset } => write!(f, "archive/tar: invalid tar header (at byte {offset})"),
            Self::UnexpectedEnd => f.write_str("unexpected EOF"),
            Self::Sparse { path } => write!(f, "{path}: sparse files in a tar are not supported"),
            Self::UnknownType { path, letter } => {
                write!(f, "unhandled tar header type {letter} of {path}")
            }
        }
    }
}

impl std::error::Error for TarError {}

/// Reads the entries of a tar, one after the other. After an error nothing more comes.
pub struct Reader<'a> {
    bytes: &'a [u8],
    offset: usize,
    /// Records that stand for all entries that follow.
    global: BTreeMap<String, String>,
    is_done: bool,
    has_begun: bool,
    wants_more: bool,
    /// The names of the owners of the last entry.
    owners: (String, String),
}

/// What stands in front of an entry and changes it.
#[derive(Default)]
struct Extensions {
    records: BTreeMap<String, String>,
    long_name: Option<String>,
    long_link: Option<String>,
}

impl<'a> Reader<'a> {
    /// A reader at the begin of a tar.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            offset: 0,
            global: BTreeMap::new(),
            owners: Default::default(),
            is_done: false,
            has_begun: false,
            wants_more: false,
        }
    }

    /// A reader within a tar: with the records that stand for all entries that follow.
    pub(super) fn within(bytes: &'a [u8], global: BTreeMap<String, String>) -> Self {
        Self { global, ..Self::new(bytes) }
    }

    /// The records that stand for all entries that follow.
    pub(super) fn into_global(self) -> BTreeMap<String, String> {
        self.global
    }

    /// Whether it stopped because there were no more bytes, and not at the mark of the end or at damage.
    pub fn wants_more(&self) -> bool {
        self.wants_more
    }

    /// Whether a header of an entry was met, even if what belongs to it is missing or cannot be had.
    pub fn has_begun(&self) -> bool {
        self.has_begun
    }

    /// The names of user and group that the last entry has besides its numbers; empty where it has none.
    pub fn owner_names(&self) -> (&str, &str) {
        (&self.owners.0, &self.owners.1)
    }

    fn entry(&mut self) -> Result<Option<Entry>, TarError> {
        let Some((mut entry, size)) = self.head()? else { return Ok(None) };
        if let Body::File(content) = &mut entry.body {
            *content = Content::new(self.data(size)?);
        }
        Ok(Some(entry))
    }

    /// The next entry without its content, and how long that is.
    pub(super) fn head(&mut self) -> Result<Option<(Entry, u64)>, TarError> {
        let mut extensions = Extensions { records: self.global.clone(), ..Extensions::default() };
        loop {
            let Some(block) = self.header()? else { return Ok(None) };
            let size = numeric(block, field::SIZE);
            match block[field::TYPE] {
                kind::PAX => self.take_records(&mut extensions.records, size)?,
                kind::PAX_GLOBAL => {
                    let mut global = std::mem::take(&mut self.global);
                    self.take_records(&mut global, size)?;
                    extensions.records.extend(global.clone());
                    self.global = global;
                }
                kind::GNU_LONG_NAME => extensions.long_name = Some(self.extension_text(size)?),
                kind::GNU_LONG_LINK => extensions.long_link = Some(self.extension_text(size)?),
                _ => {
                    let head = self.plain_head(block, extensions);
                    self.has_begun |= !matches!(head, Err(TarError::InvalidHeader { .. }));
                    return head.map(Some);
                }
            }
        }
    }

    /// The next header block, `None` at the end.
    fn header(&mut self) -> Result<Option<&'a [u8; BLOCK]>, TarError> {
        let Some(block) = self.block()? else { return Ok(None) };
        let offset = (self.offset - BLOCK) as u64;
        if is_zero(block) {
            // Two blocks of zeros mark the end; the second one may be missing.
            let is_end = self.block()?.is_none_or(is_zero);
            return if is_end { Ok(None) } else { Err(TarError::InvalidHeader { offset }) };
        }
        if numeric(block, field::CHECKSUM) != i64::from(checksum(block)) {
            return Err(TarError::InvalidHeader { offset });
        }
        Ok(Some(block))
    }

    /// Any next block, `None` where the bytes end.
    fn block(&mut self) -> Result<Option<&'a [u8; BLOCK]>, TarError> {
        let rest = &self.bytes[self.offset..];
        self.wants_more = rest.is_empty();
        if rest.is_empty() {
            return Ok(None);
        }
        let block = rest.first_chunk().ok_or(TarError::UnexpectedEnd)?;
        self.offset += BLOCK;
        Ok(Some(block))
    }

    fn data(&mut self, size: u64) -> Result<&'a [u8], TarError> {
        let size = usize::try_from(size).map_err(|_| TarError::UnexpectedEnd)?;
        let end = self.offset.checked_add(size).ok_or(TarError::UnexpectedEnd)?;
        let data = self.bytes.get(self.offset..end).ok_or(TarError::UnexpectedEnd)?;
        self.offset = end.next_multiple_of(BLOCK).min(self.bytes.len());
        Ok(data)
    }

    fn extension(&mut self, size: i64) -> Result<&'a [u8], TarError> {
        let offset = (self.offset - BLOCK) as u64;
        let size = u64::try_from(size).ok().filter(|size| *size <= MAX_EXTENSION);
        self.data(size.ok_or(TarError::InvalidHeader { offset })?)
    }

    fn extension_text(&mut self, size: i64) -> Result<String, TarError> {
        Ok(text_of(self.extension(size)?))
    }

    fn take_records(&mut self, records: &mut BTreeMap<String, String>, size: i64) -> Result<(), TarError> {
        let offset = (self.offset - BLOCK) as u64;
        let decoded = pax::decode(self.extension(size)?).ok_or(TarError::InvalidHeader { offset })?;
        records.extend(decoded);
        Ok(())
    }

    fn plain_head(&mut self, block: &[u8; BLOCK], extensions: Extensions) -> Result<(Entry, u64), TarError> {
        let offset = (self.offset - BLOCK) as u64;
        let record = |key: &str| extensions.records.get(key);
        let number = |key: &str, field| {
            // Times may have a fraction, which is cut off downwards as seconds are.
            let recorded = record(key).map(|text| whole_seconds(text));
            recorded.unwrap_or_else(|| Some(numeric(block, field))).ok_or(TarError::InvalidHeader { offset })
        };
        let name = record("path").cloned().or(extensions.long_name).unwrap_or_else(|| full_name(block));
        let link =
            record("linkpath").cloned().or(extensions.long_link).unwrap_or_else(|| text(block, field::LINK));
        let letter = block[field::TYPE];
        let is_sparse = extensions.records.keys().any(|key| key.starts_with("GNU.sparse."));
        if letter == kind::GNU_SPARSE || is_sparse {
            return Err(TarError::Sparse { path: name });
        }
        let invalid = |_| TarError::InvalidHeader { offset };
        let metadata = Metadata {
            mode: (numeric(block, field::MODE) & 0o7777) as u32,
            uid: u32::try_from(number("uid", field::UID)?).map_err(invalid)?,
            gid: u32::try_from(number("gid", field::GID)?).map_err(invalid)?,
            mtime: number("mtime", field::MTIME)?,
        };
        let size = u64::try_from(number("size", field::SIZE)?).map_err(invalid)?;
        let device = |kind| Body::Device {
            kind,
            number: (numeric(block, field::MAJOR) as u32, numeric(block, field::MINOR) as u32),
        };
        let body = match letter {
            // In old archives a directory is a file with a slash at the end of its name.
            kind::FILE | 0 if name.ends_with('/') => Body::Directory,
            kind::FILE | kind::CONTIGUOUS | 0 => Body::File(Content::new([])),
            kind::HARD_LINK => Body::HardLink(link),
            kind::SYMLINK => Body::Symlink(link),
            kind::DIRECTORY => Body::Directory,
            kind::CHARACTER => device(DeviceKind::Character),
            kind::BLOCK => device(DeviceKind::Block),
            kind::FIFO => Body::Device { kind: DeviceKind::Fifo, number: (0, 0) },
            letter => return Err(TarError::UnknownType { path: name, letter }),
        };
        let owner = |key: &str, field| record(key).cloned().unwrap_or_else(|| text(block, field));
        self.owners = (owner("uname", field::USER), owner("gname", field::GROUP));
        let path = name.trim_end_matches('/').to_owned();
        Ok((Entry { path, metadata, body }, size))
    }
}

impl Iterator for Reader<'_> {
    type Item = Result<Entry, TarError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_done {
            return None;
        }
        let next = self.entry().transpose();
        self.is_done = !matches!(next, Some(Ok(_)));
        self.wants_more |= matches!(next, Some(Err(TarError::UnexpectedEnd)));
        next
    }
}

pub(super) fn is_zero(block: &[u8; BLOCK]) -> bool {
    block.iter().all(|byte| *byte == 0)
}

fn whole_seconds(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let has_rest = fraction.bytes().any(|digit| digit != b'0');
    let number: i64 = whole.parse().ok()?;
    Some(if has_rest && whole.starts_with('-') { number.checked_sub(1)? } else { number })
}

/// The text up to the first NUL. What is not UTF-8 is replaced, as paths here are text.
fn text_of(bytes: &[u8]) -> String {
    let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    String::from_utf8_lossy(&bytes[..end]).into_owned()
}

fn text(block: &[u8; BLOCK], field: Range<usize>) -> String {
    text_of(&block[field])
}

/// Prefix and name. GNU tar uses the place of the prefix for times, so only ustar has one.
fn full_name(block: &[u8; BLOCK]) -> String {
    let name = text(block, field::NAME);
    let is_ustar = block[field::MAGIC].starts_with(b"ustar\0");
    let prefix = if is_ustar { text(block, field::PREFIX) } else { String::new() };
    if prefix.is_empty() { name } else { format!("{prefix}/{name}") }
}

/// A number field: octal text, or big-endian binary where the highest bit is set. What is no number is -1.
pub(super) fn numeric(block: &[u8; BLOCK], field: Range<usize>) -> i64 {
    let bytes = &block[field];
    if bytes[0] & 0x80 != 0 {
        let is_negative = bytes[0] & 0x40 != 0;
        let start = if is_negative { -1 } else { 0 };
        let first = i64::from(bytes[0] & 0x3f) | if is_negative { !0x3f } else { 0 };
        let digits = std::iter::once(first & 0xff).chain(bytes[1..].iter().map(|byte| i64::from(*byte)));
        return digits.fold(start, |number, byte| (number << 8) | (byte & 0xff));
    }
    let text = text_of(bytes);
    let text = text.trim_matches(' ');
    if text.is_empty() { 0 } else { i64::from_str_radix(text, 8).unwrap_or(-1) }
}
