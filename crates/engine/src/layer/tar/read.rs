//! The reader: ustar, pax headers, long names and sparse files of GNU tar. It reads what Go's reader reads.

use super::BLOCK;
use super::entry::{Body, Entry};
use super::header::{checksum, field, kind, signed_checksum};
use super::pax;
use super::sparse::{self, Sparse, Unsparse};
use crate::vfs::{Content, DeviceKind, Metadata, Xattrs};
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
    /// A sparse file whose map cannot be, or that would be too large.
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
            Self::Sparse { path } => write!(f, "{path}: the map of a sparse file is damaged or too large"),
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
    is_done: bool,
    has_begun: bool,
    wants_more: bool,
    /// Bytes of content behind the head that came last, which nobody has asked for.
    pending: u64,
    /// The names of the owners of the last entry.
    owners: (String, String),
}

/// An entry before its content is read.
pub struct Head {
    /// The entry. A file has no content yet.
    pub entry: Entry,
    /// How many bytes of content follow.
    pub(super) stored: u64,
    /// How they are put together, if they are not the content as it is.
    pub(super) sparse: Option<Sparse>,
}

impl Head {
    /// The size that the content has when it is put together; a few bytes can stand for many.
    pub fn size(&self) -> u64 {
        match (&self.entry.body, &self.sparse) {
            (Body::File(_), Some(sparse)) => sparse.size,
            (Body::File(_), None) => self.stored,
            _ => 0,
        }
    }

    /// How many bytes stand behind it.
    fn following(&self) -> u64 {
        if matches!(self.entry.body, Body::File(_)) { self.stored } else { 0 }
    }
}

/// Records by key.
type Records = BTreeMap<String, String>;

/// What stands in front of an entry and changes it.
#[derive(Default)]
struct Extensions {
    records: Records,
    xattrs: BTreeMap<String, Vec<u8>>,
    long_name: Option<String>,
    long_link: Option<String>,
}

impl<'a> Reader<'a> {
    /// A reader at the begin of a tar.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            offset: 0,
            owners: Default::default(),
            is_done: false,
            has_begun: false,
            wants_more: false,
            pending: 0,
        }
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

    /// The next entry before its content: that can be asked for then, or left.
    pub fn next_head(&mut self) -> Option<Result<Head, TarError>> {
        self.until_end(|reader| {
            let pending = std::mem::take(&mut reader.pending);
            reader.data(pending)?;
            let head = reader.head()?;
            reader.pending = head.as_ref().map_or(0, Head::following);
            Ok(head)
        })
    }

    /// The entry with its content. Only for the head that came last.
    pub fn content(&mut self, head: Head) -> Result<Entry, TarError> {
        self.until_end(|reader| reader.filled(head).map(Some)).unwrap_or(Err(TarError::UnexpectedEnd))
    }

    fn filled(&mut self, head: Head) -> Result<Entry, TarError> {
        let Head { mut entry, sparse, .. } = head;
        let pending = std::mem::take(&mut self.pending);
        let Body::File(content) = &mut entry.body else { return Ok(entry) };
        let data = self.data(pending)?;
        *content = match sparse {
            None => Content::new(data),
            Some(sparse) => {
                let mut whole = Vec::new();
                let mut unsparse = Unsparse::new(sparse, &entry.path)?;
                let mut sink = |bytes: &[u8]| whole.extend_from_slice(bytes);
                let done = unsparse.write(data, &mut sink).and_then(|()| unsparse.finish(&mut sink));
                done.map_err(|()| TarError::Sparse { path: entry.path.clone() })?;
                Content::new(whole)
            }
        };
        Ok(entry)
    }

    /// Reads something, if nothing has ended the tar yet.
    fn until_end<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<Option<T>, TarError>,
    ) -> Option<Result<T, TarError>> {
        if self.is_done {
            return None;
        }
        let next = read(self).transpose();
        self.is_done = !matches!(next, Some(Ok(_)));
        self.wants_more |= matches!(next, Some(Err(TarError::UnexpectedEnd)));
        next
    }

    /// The next entry without its content.
    pub(super) fn head(&mut self) -> Result<Option<Head>, TarError> {
        let mut extensions = Extensions::default();
        loop {
            let Some(block) = self.header()? else { return Ok(None) };
            let size = numeric(block, field::SIZE);
            match block[field::TYPE] {
                kind::PAX => (extensions.records, extensions.xattrs) = self.records(size)?,
                // Go's reader hands these to its caller, which looks at none of them.
                kind::PAX_GLOBAL => {
                    self.has_begun = true;
                    self.records(size)?;
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
        let said = numeric(block, field::CHECKSUM);
        if said != i64::from(checksum(block)) && said != signed_checksum(block) {
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

    fn records(&mut self, size: i64) -> Result<(Records, BTreeMap<String, Vec<u8>>), TarError> {
        let offset = (self.offset - BLOCK) as u64;
        let decoded = pax::decode(self.extension(size)?).ok_or(TarError::InvalidHeader { offset })?;
        let (mut records, mut xattrs) = (BTreeMap::new(), BTreeMap::new());
        let mut map = Vec::new();
        for (key, bytes) in decoded {
            if let Some(name) = key.strip_prefix(pax::XATTR) {
                xattrs.insert(name.to_owned(), bytes.to_vec());
                continue;
            }
            let value = String::from_utf8_lossy(bytes).into_owned();
            match key.as_str() {
                "GNU.sparse.offset" | "GNU.sparse.numbytes" => map.push(value),
                _ => drop(records.insert(key, value)),
            }
        }
        if !map.is_empty() {
            records.insert(sparse::MAP.to_owned(), map.join(","));
        }
        Ok((records, xattrs))
    }

    fn plain_head(&mut self, block: &[u8; BLOCK], extensions: Extensions) -> Result<Head, TarError> {
        let offset = (self.offset - BLOCK) as u64;
        let invalid = TarError::InvalidHeader { offset };
        // A record without a value leaves what the header says.
        let record = |key: &str| extensions.records.get(key).filter(|value| !value.is_empty());
        let number = |key: &str, field| {
            // Times may have a fraction, which is cut off downwards as seconds are.
            let recorded = record(key).map(|text| whole_seconds(text));
            recorded.unwrap_or_else(|| Some(numeric(block, field))).ok_or(invalid.clone())
        };
        // The long names of GNU tar have precedence over records.
        let name = extensions.long_name.or(record("path").cloned()).unwrap_or_else(|| full_name(block));
        let link =
            extensions.long_link.or(record("linkpath").cloned()).unwrap_or_else(|| text(block, field::LINK));
        let letter = block[field::TYPE];
        let id = |key, field| u32::try_from(number(key, field)?).map_err(|_| invalid.clone());
        let mode = u32::try_from(numeric(block, field::MODE)).map_err(|_| invalid.clone())?;
        let metadata = Metadata {
            mode: mode & 0o7777,
            uid: id("uid", field::UID)?,
            gid: id("gid", field::GID)?,
            mtime: number("mtime", field::MTIME)?,
        };
        let stored = u64::try_from(number("size", field::SIZE)?).map_err(|_| invalid.clone())?;
        let sparse = match letter {
            kind::GNU_SPARSE => Some(self.old_map(block)?),
            _ => sparse::of_records(&extensions.records, stored).map_err(|()| invalid.clone())?,
        };
        let name = record("GNU.sparse.name").filter(|_| sparse.is_some()).cloned().unwrap_or(name);
        let device = |kind| Body::Device {
            kind,
            number: (numeric(block, field::MAJOR) as u32, numeric(block, field::MINOR) as u32),
        };
        let body = match letter {
            // In old archives a directory is a file with a slash at the end of its name.
            kind::FILE | 0 if name.ends_with('/') => Body::Directory,
            kind::FILE | kind::CONTIGUOUS | kind::GNU_SPARSE | 0 => Body::File(Content::new([])),
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
        let xattrs = Xattrs::new(extensions.xattrs);
        Ok(Head { entry: Entry { path, metadata, xattrs, body }, stored, sparse })
    }

    /// The map that stands in a header of the old kind, and in the blocks behind it.
    fn old_map(&mut self, header: &[u8; BLOCK]) -> Result<Sparse, TarError> {
        let invalid = TarError::InvalidHeader { offset: (self.offset - BLOCK) as u64 };
        let mut numbers = Vec::new();
        let mut take = |block: &[u8; BLOCK], fields: Range<usize>| {
            let mut pairs = fields.step_by(2 * field::SPARSE_NUMBER);
            let used = pairs.by_ref().take_while(|at| block[*at] != 0);
            for at in used {
                for start in [at, at + field::SPARSE_NUMBER] {
                    let number = numeric(block, start..start + field::SPARSE_NUMBER);
                    numbers.push(u64::try_from(number).ok()?);
                }
            }
            Some(())
        };
        take(header, field::SPARSE).ok_or(invalid.clone())?;
        let mut goes_on = header[field::SPARSE_GOES_ON] != 0;
        while goes_on {
            let block = self.block()?.ok_or(TarError::UnexpectedEnd)?;
            take(block, field::SPARSE_MORE).ok_or(invalid.clone())?;
            goes_on = block[field::SPARSE_MORE_GOES_ON] != 0;
        }
        let size = u64::try_from(numeric(header, field::SPARSE_SIZE)).map_err(|_| invalid)?;
        Ok(Sparse { size, parts: Some(sparse::pairs(&numbers)) })
    }
}

impl Iterator for Reader<'_> {
    type Item = Result<Entry, TarError>;

    fn next(&mut self) -> Option<Self::Item> {
        let head = self.next_head()?;
        Some(head.and_then(|head| self.content(head)))
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
    let first = bytes.iter().position(|byte| !matches!(byte, 0 | b' ')).unwrap_or(bytes.len());
    let text = text_of(&bytes[first..]);
    let text = text.trim_end_matches(' ');
    if text.is_empty() { 0 } else { i64::from_str_radix(text, 8).unwrap_or(-1) }
}
