//! The content of files as it comes: kept, or only hashed.

use super::ImportLimits;
use crate::digest::Hasher;
use crate::layer::tar::{Body, Entry, Visitor};
use crate::vfs::Content;

/// What may still come.
#[derive(Clone, Copy)]
pub(super) struct Room {
    limits: ImportLimits,
    kept: u64,
    entries: u64,
    bytes: u64,
}

impl Room {
    /// As much as the limits allow.
    pub(super) fn new(limits: ImportLimits) -> Self {
        Self { limits, kept: limits.kept_bytes, entries: limits.entries, bytes: limits.unpacked_bytes }
    }

    /// Takes room for the bytes of a layer.
    pub(super) fn take_bytes(&mut self, count: u64) -> Result<(), String> {
        let left = self.bytes.checked_sub(count).ok_or_else(|| {
            format!("with it, the layers unpack to more than {} MiB", self.limits.unpacked_bytes >> 20)
        });
        self.bytes = left?;
        Ok(())
    }

    /// Takes room for an entry.
    pub(super) fn take_entry(&mut self) -> Result<(), String> {
        let left = self.entries.checked_sub(1);
        self.entries =
            left.ok_or_else(|| format!("there are more than {} files and directories", self.limits.entries))?;
        Ok(())
    }

    /// Takes room for the content of a file, if it is to be kept.
    fn take_content(&mut self, size: u64) -> bool {
        let is_kept = size <= self.limits.file_bytes && size <= self.kept;
        self.kept -= if is_kept { size } else { 0 };
        is_kept
    }
}

/// The entries of a layer.
pub(super) struct Entries {
    pub(super) list: Vec<Entry>,
    file: Option<Growing>,
    pub(super) room: Room,
    /// Why no more may come.
    pub(super) full: Option<String>,
}

enum Growing {
    Kept(Vec<u8>),
    Hashed(Hasher, u64),
}

impl Entries {
    pub(super) fn new(room: Room) -> Self {
        Self { list: Vec::new(), file: None, room, full: None }
    }
}

impl Visitor for Entries {
    fn entry(&mut self, entry: Entry, size: u64) {
        self.full = self.full.take().or(self.room.take_entry().err());
        if self.full.is_some() {
            return;
        }
        if matches!(entry.body, Body::File(_)) {
            let is_kept = self.room.take_content(size);
            self.file =
                Some(if is_kept { Growing::Kept(Vec::new()) } else { Growing::Hashed(Hasher::new(), size) });
        }
        // What is built on the image has of its attributes those that its layers can carry.
        self.list.push(Entry { xattrs: entry.xattrs.of_layer(), ..entry });
    }

    fn data(&mut self, bytes: &[u8]) {
        self.full = self.full.take().or(self.room.take_bytes(bytes.len() as u64).err());
        if self.full.is_some() {
            self.file = None;
        }
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
