//! The content of files as it comes: kept, or only hashed.

use super::ImportLimits;
use crate::digest::Hasher;
use crate::layer::tar::{Body, Entry, Visitor};
use crate::vfs::Content;

/// The entries of a layer.
pub(super) struct Entries {
    pub(super) list: Vec<Entry>,
    file: Option<Growing>,
    /// The most bytes of a file that is kept, and how many may still be kept in all.
    file_bytes: u64,
    pub(super) room: u64,
}

enum Growing {
    Kept(Vec<u8>),
    Hashed(Hasher, u64),
}

impl Entries {
    pub(super) fn new(limits: ImportLimits, room: u64) -> Self {
        Self { list: Vec::new(), file: None, file_bytes: limits.file_bytes, room }
    }
}

impl Visitor for Entries {
    fn entry(&mut self, entry: Entry, size: u64) {
        if matches!(entry.body, Body::File(_)) {
            let is_kept = size <= self.file_bytes && size <= self.room;
            self.room -= if is_kept { size } else { 0 };
            self.file =
                Some(if is_kept { Growing::Kept(Vec::new()) } else { Growing::Hashed(Hasher::new(), size) });
        }
        self.list.push(entry);
    }

    fn data(&mut self, bytes: &[u8]) {
        match &mut self.file {
            Some(Growing::Kept(kept)) => kept.extend_from_slice(bytes),
            Some(Growing::Hashed(hasher, _)) => hasher.write(bytes),
            None => {}
        }
    }

    fn end(&mut self) {
        let content = match self.file.take() {
            Some(Growing::Kept(bytes)) => Content::from(bytes),
            Some(Growing::Hashed(hasher, size)) => Content::opaque(size, hasher.finish()),
            None => return,
        };
        if let Some(entry) = self.list.last_mut() {
            entry.body = Body::File(content);
        }
    }
}
