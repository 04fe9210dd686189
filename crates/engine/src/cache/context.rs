//! The build context as the builder has it: filtered, and kept from one build to the next.
//!
//! BuildKit keeps the files that it was sent and asks only for what changed. The lab keeps what it found out about them, so
//! that the cost of a build depends on what changed since the last one, and not on the size of the context.

use crate::vfs::ignore::{FilterMemo, IgnoreMatcher};
use crate::vfs::{Follow, Metadata, Node, Tree, path};
use std::sync::Arc;

/// The context of the last build.
#[derive(Clone, Debug, Default)]
pub(super) struct KeptContext {
    memo: FilterMemo,
    /// What the builder has: what was left of the context, but with the first mode of each directory.
    synced: Option<Tree>,
}

/// A context as a build sees it.
#[derive(Clone, Debug)]
pub struct SyncedContext {
    /// The files.
    pub tree: Tree,
    /// Bytes of the files that had to be sent.
    pub transferred: u64,
}

impl KeptContext {
    /// Filters a context and brings what the builder has up to it.
    pub(super) fn sync(&mut self, context: &Tree, ignored: &IgnoreMatcher) -> SyncedContext {
        let mut tree = self.memo.filter(context, ignored);
        let mut comparison = Comparison::default();
        comparison.compare("/", tree.root_node(), self.synced.as_ref().map(Tree::root_node));
        for (place, metadata) in comparison.known_directories {
            // The places come out of the tree itself.
            let _ = tree.set_metadata(&place, Follow::No, |now| *now = metadata);
        }
        self.synced = Some(tree.clone());
        SyncedContext { tree, transferred: comparison.transferred }
    }
}

/// What differs from what the builder has.
#[derive(Default)]
struct Comparison {
    /// Directories that the builder has with another mode or owner. It does not notice when only that changes.
    known_directories: Vec<(String, Metadata)>,
    transferred: u64,
}

impl Comparison {
    fn compare(&mut self, place: &str, new: &Arc<Node>, old: Option<&Arc<Node>>) {
        if old.is_some_and(|old| Arc::ptr_eq(old, new)) {
            return;
        }
        let Node::Directory(directory) = &**new else {
            let same = old.is_some_and(|old| old.content_digest() == new.content_digest());
            self.transferred += if same { 0 } else { new.size() };
            return;
        };
        let Some(before) = old.and_then(|old| old.as_directory()) else {
            self.transferred += directory.summary().bytes;
            return;
        };
        let kept = Metadata { mtime: directory.metadata.mtime, ..before.metadata };
        if kept != directory.metadata {
            self.known_directories.push((place.to_owned(), kept));
        }
        for entry in before.differences(directory) {
            if let Some(child) = entry.new {
                self.compare(&path::join(place, entry.name), child, entry.old);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(tree: &mut Tree, path: &str, text: &str) {
        tree.make_directories(path::parent(path), Metadata::new(0o755, 0)).unwrap();
        tree.write(path, text.into(), Metadata::new(0o644, 0)).unwrap();
    }

    #[test]
    fn only_what_changed_is_sent() {
        let mut context = Tree::new();
        write(&mut context, "/a/x", "12");
        write(&mut context, "/b", "345");
        let ignored = IgnoreMatcher::parse("c").unwrap();
        let mut kept = KeptContext::default();
        assert_eq!(kept.sync(&context, &ignored).transferred, 5);
        assert_eq!(kept.sync(&context, &ignored).transferred, 0);
        write(&mut context, "/a/x", "6789");
        write(&mut context, "/c", "hidden");
        let synced = kept.sync(&context, &ignored);
        assert_eq!(synced.transferred, 4);
        assert!(!synced.tree.exists("/c"));
    }

    #[test]
    fn the_mode_of_a_known_directory_stays() {
        let mut context = Tree::new();
        write(&mut context, "/a/x", "1");
        let ignored = IgnoreMatcher::default();
        let mut kept = KeptContext::default();
        let digest = |synced: SyncedContext| synced.tree.summary().digest;
        let first = digest(kept.sync(&context, &ignored));
        context.set_metadata("/a", Follow::No, |metadata| metadata.mode = 0o700).unwrap();
        assert_eq!(digest(kept.sync(&context, &ignored)), first);
        assert_ne!(digest(KeptContext::default().sync(&context, &ignored)), first);
    }
}
