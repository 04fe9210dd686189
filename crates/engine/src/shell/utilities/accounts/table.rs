//! A file of lines with fields between colons: `/etc/passwd` and its kin.

use crate::shell::Process;
use crate::vfs::{Follow, VfsError, VfsErrorKind};

pub(super) const PASSWD: &str = "/etc/passwd";
pub(super) const GROUP: &str = "/etc/group";
pub(super) const SHADOW: &str = "/etc/shadow";
pub(super) const GSHADOW: &str = "/etc/gshadow";

/// The lines of such a file.
#[derive(Clone, Debug)]
pub(super) struct Table {
    path: &'static str,
    /// All lines, also those that are no entries.
    pub lines: Vec<String>,
    /// Whether there is such a file.
    pub exists: bool,
}

/// Which way a file is replaced.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Backup {
    /// BusyBox: the old file gets the name with a `-`.
    Link,
    /// The package `passwd`: a copy of the old file, with its times, gets that name.
    Copy,
}

impl Table {
    /// Reads a file; one that is missing or may not be read has no lines.
    pub(super) fn load(process: &mut Process<'_, '_>, path: &'static str) -> Self {
        let text = process.read_text(path);
        let lines = text.as_deref().unwrap_or_default().lines().map(str::to_owned).collect();
        Self { path, lines, exists: text.is_ok() }
    }

    /// The entry of a name.
    pub(super) fn entry(&self, name: &str) -> Option<Vec<&str>> {
        self.entries().find(|entry| entry[0] == name)
    }

    /// The first entry with this text in a field.
    pub(super) fn with(&self, field: usize, text: &str) -> Option<Vec<&str>> {
        self.entries().find(|entry| entry.get(field) == Some(&text))
    }

    /// All entries, as fields.
    pub(super) fn entries(&self) -> impl Iterator<Item = Vec<&str>> {
        self.lines.iter().map(|line| line.split(':').collect())
    }

    /// A field of the entry of a name.
    pub(super) fn field(&self, name: &str, field: usize) -> Option<&str> {
        self.entry(name)?.get(field).copied()
    }

    /// Whether some entry has this number in its third field.
    pub(super) fn has_id(&self, id: u32) -> bool {
        self.with(2, &id.to_string()).is_some()
    }

    /// Changes the entry of a name field by field.
    pub(super) fn change(&mut self, name: &str, change: impl FnOnce(&mut Vec<String>)) {
        if let Some(line) = self.lines.iter_mut().find(|line| line.split(':').next() == Some(name)) {
            let mut fields: Vec<String> = line.split(':').map(str::to_owned).collect();
            change(&mut fields);
            *line = fields.join(":");
        }
    }

    /// Puts another text in a field of the entry of a name.
    pub(super) fn set(&mut self, name: &str, field: usize, text: &str) {
        self.change(name, |fields| {
            if let Some(slot) = fields.get_mut(field) {
                text.clone_into(slot);
            }
        });
    }

    /// Removes the entry of a name; whether there was one.
    pub(super) fn remove(&mut self, name: &str) -> bool {
        let before = self.lines.len();
        self.lines.retain(|line| line.split(':').next() != Some(name));
        self.lines.len() < before
    }

    /// The members that the last field of an entry lists.
    pub(super) fn members(&self, name: &str) -> Vec<String> {
        let list = self.entry(name).and_then(|entry| entry.get(3).copied()).unwrap_or_default();
        list.split(',').filter(|member| !member.is_empty()).map(str::to_owned).collect()
    }

    /// Changes the members of an entry.
    pub(super) fn set_members(&mut self, name: &str, members: &[String]) {
        self.set(name, 3, &members.join(","));
    }

    /// Puts the lines into the file, and keeps the old ones as `FILE-`.
    pub(super) fn save(&self, process: &mut Process<'_, '_>, backup: Backup) -> Result<(), VfsError> {
        let mut text = self.lines.join("\n");
        if !text.is_empty() {
            text.push('\n');
        }
        let metadata = *process.stat(self.path)?.metadata();
        let (new, old) = (format!("{}+", self.path), format!("{}-", self.path));
        let previous = process.read(self.path)?;
        match process.remove(&old) {
            Err(error) if error.kind != VfsErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut write = |path: &str, content| {
            process.write_with_mode(path, content, 0o600)?;
            process.set_owner(path, Some(metadata.uid), Some(metadata.gid), Follow::Yes)?;
            process.set_mode(path, metadata.mode)
        };
        if backup == Backup::Copy {
            write(&old, previous)?;
        }
        write(&new, text.into())?;
        match backup {
            Backup::Link => process.hard_link(self.path, &old)?,
            Backup::Copy => process.set_mtime(&old, metadata.mtime, Follow::Yes)?,
        }
        process.rename(&new, self.path)
    }
}

/// The first number of a range that nobody has.
pub(super) fn first_free(range: std::ops::RangeInclusive<u32>, taken: impl Fn(u32) -> bool) -> Option<u32> {
    range.into_iter().find(|id| !taken(*id))
}

/// The day that it is, as `/etc/shadow` counts.
pub(super) fn today(process: &Process<'_, '_>) -> i64 {
    process.now().div_euclid(86_400)
}
