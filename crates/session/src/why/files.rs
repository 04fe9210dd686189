//! How the files that two keys are made of differ.

use super::diff;
use crate::protocol::Cause;
use lab_engine::cache::{SourceKey, SourceOrigin};
use lab_engine::vfs::{Directory, Node, path};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The longest text that is compared by lines.
const DIFF_BYTES: u64 = 128 << 10;

/// The differences between the files of two keys.
#[derive(Default)]
pub(super) struct FileChanges {
    /// What makes the keys differ, by path.
    pub(super) causes: Vec<Cause>,
    /// Paths of files that only have another time.
    pub(super) touched: Vec<String>,
    /// Line diffs that may still be made.
    diffs_left: usize,
}

impl FileChanges {
    /// Compares sources in their order. At most `diffs` changed files are compared by lines.
    pub(super) fn between(before: &[SourceKey], now: &[SourceKey], diffs: usize) -> Self {
        let mut changes = Self { diffs_left: diffs, ..Self::default() };
        for (at, source) in now.iter().enumerate() {
            let known = changes.touched.len();
            changes.source(before.get(at), source);
            if source.origin != SourceOrigin::Context {
                // A stage that is run again makes all its files anew: nobody touched them.
                changes.touched.truncate(known);
            }
        }
        changes
    }

    fn source(&mut self, before: Option<&SourceKey>, now: &SourceKey) {
        let mut old: BTreeMap<&str, &Arc<Node>> = BTreeMap::new();
        for (place, node) in before.into_iter().flat_map(|before| &before.matches) {
            old.insert(place, node);
        }
        for (place, node) in &now.matches {
            self.node(place, old.remove(place.as_str()), Some(node));
        }
        for (place, node) in old {
            self.node(place, Some(node), None);
        }
    }

    fn node(&mut self, place: &str, before: Option<&Arc<Node>>, now: Option<&Arc<Node>>) {
        let name = || place.trim_start_matches('/').to_owned();
        match (before, now) {
            (Some(before), Some(now)) if Arc::ptr_eq(before, now) => {}
            (Some(before), Some(now)) => match (&**before, &**now) {
                (Node::Directory(before), Node::Directory(now)) => {
                    self.modes(place, before.metadata.mode, now.metadata.mode);
                    self.entries(place, Some(before), Some(now));
                }
                (before, now) => self.both(place, before, now),
            },
            (None, Some(now)) => match &**now {
                Node::Directory(now) if !now.is_empty() => self.entries(place, None, Some(now)),
                now => self.causes.push(Cause::FileAdded { path: name(), size: now.size() as f64 }),
            },
            (Some(before), None) => match &**before {
                Node::Directory(before) if !before.is_empty() => self.entries(place, Some(before), None),
                _ => self.causes.push(Cause::FileRemoved { path: name() }),
            },
            (None, None) => {}
        }
    }

    fn entries(&mut self, place: &str, before: Option<&Directory>, now: Option<&Directory>) {
        if let (Some(before), Some(now)) = (before, now) {
            for difference in before.differences(now) {
                self.node(&path::join(place, difference.name), difference.old, difference.new);
            }
            return;
        }
        for (name, node) in before.into_iter().flat_map(Directory::entries) {
            self.node(&path::join(place, name), Some(node), None);
        }
        for (name, node) in now.into_iter().flat_map(Directory::entries) {
            self.node(&path::join(place, name), None, Some(node));
        }
    }

    fn both(&mut self, place: &str, before: &Node, now: &Node) {
        let same = match (before, now) {
            (Node::File(a), Node::File(b)) => a.content == b.content,
            (Node::Symlink { target: a, .. }, Node::Symlink { target: b, .. }) => a == b,
            (Node::Device { number: a, .. }, Node::Device { number: b, .. }) => a == b,
            _ => false,
        };
        let name = place.trim_start_matches('/').to_owned();
        if !same {
            let diff = self.diff(before, now);
            let (before, after) = (before.size() as f64, now.size() as f64);
            self.causes.push(Cause::FileChanged { path: name, before, after, diff });
        } else if before.metadata().mode != now.metadata().mode {
            self.modes(place, before.metadata().mode, now.metadata().mode);
        } else if before.metadata().mtime != now.metadata().mtime {
            self.touched.push(name);
        }
    }

    fn modes(&mut self, place: &str, before: u32, after: u32) {
        if before != after {
            self.causes.push(Cause::FileMode {
                path: place.trim_start_matches('/').to_owned(),
                before,
                after,
            });
        }
    }

    fn diff(&mut self, before: &Node, now: &Node) -> Vec<crate::protocol::DiffLine> {
        let text = |node: &Node| -> Option<String> {
            let content = &node.as_file()?.content;
            let bytes = content.bytes().filter(|_| content.size() <= DIFF_BYTES)?;
            (!bytes.contains(&0)).then(|| std::str::from_utf8(bytes).ok().map(str::to_owned))?
        };
        if self.diffs_left == 0 {
            return Vec::new();
        }
        let (Some(before), Some(now)) = (text(before), text(now)) else { return Vec::new() };
        self.diffs_left -= 1;
        diff::lines(&before, &now)
    }
}
