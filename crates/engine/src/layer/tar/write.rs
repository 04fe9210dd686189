//! The writer: the same entries give the same bytes everywhere.

use super::BLOCK;
use super::entry::{Body, Entry};
use super::header::{Header, field, kind};
use super::pax;
use super::sink::{Sink, padding};
use crate::vfs::DeviceKind;

/// Writes a tar into a [`Sink`]. Forgetting [`Writer::finish`] leaves it without its end.
pub struct Writer<S> {
    sink: S,
}

impl<S: Sink> Writer<S> {
    /// A writer that has written nothing.
    pub fn new(sink: S) -> Self {
        Self { sink }
    }

    /// Writes an entry: a pax header if it needs one, the header, the content padded to a full block.
    pub fn append(&mut self, entry: &Entry) -> Result<(), S::Error> {
        let (name, link) = (entry.full_name(), entry.target());
        let records = entry.records();
        if !records.is_empty() {
            self.extended(&name, &pax::encode(&records))?;
        }
        self.sink.bytes(&header(entry, &name, link, !records.is_empty()))?;
        if let Body::File(content) = &entry.body
            && content.size() > 0
        {
            self.sink.content(&entry.path, content)?;
            self.sink.bytes(padding(content.size()))?;
        }
        Ok(())
    }

    fn extended(&mut self, name: &str, text: &[u8]) -> Result<(), S::Error> {
        let mut header = Header::new(kind::PAX);
        header.text(field::NAME, &pax::header_name(name));
        for zero in [field::MODE, field::UID, field::GID, field::MTIME] {
            header.number(zero, 0);
        }
        header.number(field::SIZE, text.len() as i64);
        self.sink.bytes(&header.finish())?;
        self.sink.bytes(text)?;
        self.sink.bytes(padding(text.len() as u64))
    }

    /// Writes the two blocks of zeros at the end, and gives the sink back.
    pub fn finish(mut self) -> Result<S, S::Error> {
        self.sink.bytes(&[0; 2 * BLOCK])?;
        Ok(self.sink)
    }
}

fn header(entry: &Entry, name: &str, link: &str, has_records: bool) -> [u8; BLOCK] {
    let (kind, number) = match &entry.body {
        Body::File(_) => (kind::FILE, (0, 0)),
        Body::Directory => (kind::DIRECTORY, (0, 0)),
        Body::Symlink(_) => (kind::SYMLINK, (0, 0)),
        Body::HardLink(_) => (kind::HARD_LINK, (0, 0)),
        Body::Device { kind: DeviceKind::Character, number } => (kind::CHARACTER, *number),
        Body::Device { kind: DeviceKind::Block, number } => (kind::BLOCK, *number),
        Body::Device { kind: DeviceKind::Fifo, number } => (kind::FIFO, *number),
    };
    let mut header = Header::new(kind);
    if has_records {
        header.text(field::NAME, &pax::ascii_only(name));
        header.text(field::LINK, &pax::ascii_only(link));
    } else {
        let (prefix, name) = pax::split(name).unwrap_or(("", name));
        header.text(field::NAME, name);
        header.text(field::PREFIX, prefix);
        header.text(field::LINK, link);
    }
    header.number(field::MODE, i64::from(entry.metadata.mode & 0o7777));
    header.number(field::UID, entry.metadata.uid.into());
    header.number(field::GID, entry.metadata.gid.into());
    header.number(field::SIZE, entry.size() as i64);
    header.number(field::MTIME, entry.metadata.mtime);
    header.number(field::MAJOR, number.0.into());
    header.number(field::MINOR, number.1.into());
    header.finish()
}
