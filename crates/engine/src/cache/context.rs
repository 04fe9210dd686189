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
    /// What a `.dockerignore` leaves of a context.
    pub(super) fn filter(&mut self, context: &Tree, ignored: &IgnoreMatcher) -> Tree {
        self.memo.filter(context, ignored)
    }

    /// Filters a context and brings what the builder has up to it.
    ///
    /// With `trust_times` a file of the same size, time and mode as before is taken for unchanged, as BuildKit does.
    pub(super) fn sync(
        &mut self,
        context: &Tree,
        ignored: &IgnoreMatcher,
        trust_times: bool,
    ) -> SyncedContext {
        let mut tree = self.memo.filter(context, ignored);
        let mut comparison = Comparison { trust_times, ..Comparison::default() };
        comparison.compare("/", tree.root_node(), self.synced.as_ref().map(Tree::root_node));
        for (place, metadata) in comparison.known_directories {
            // The places come out of the tree itself.
            let _ = tree.set_metadata(&place, Follow::No, |now| *now = metadata);
        }
        for (place, node) in comparison.known_files {
            let time = tree.lstat(path::parent(&place)).map_or(0, |above| above.metadata().mtime);
            let _ = tree.put_shared(&place, node, time);
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
    /// Files that look unchanged, as the builder has them.
    known_files: Vec<(String, Arc<Node>)>,
    transferred: u64,
    trust_times: bool,
}

impl Comparison {
    fn compare(&mut self, place: &str, new: &Arc<Node>, old: Option<&Arc<Node>>) {
        if old.is_some_and(|old| Arc::ptr_eq(old, new)) {
            return;
        }
        let Node::Directory(directory) = &**new else {
            let same = old.is_some_and(|old| old.content_digest() == new.content_digest());
            if let Some(old) = old.filter(|old| !same && self.trust_times && looks_unchanged(old, new)) {
                self.known_files.push((place.to_owned(), old.clone()));
                return;
            }
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

/// Whether two files cannot be told apart without reading them.
fn looks_unchanged(old: &Node, new: &Node) -> bool {
    old.as_file().is_some()
        && new.as_file().is_some()
        && old.size() == new.size()
        && old.metadata() == new.metadata()
        && old.xattrs() == new.xattrs()
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
        assert_eq!(kept.sync(&context, &ignored, false).transferred, 5);
        assert_eq!(kept.sync(&context, &ignored, false).transferred, 0);
        write(&mut context, "/a/x", "6789");
        write(&mut context, "/c", "hidden");
        let synced = kept.sync(&context, &ignored, false);
        assert_eq!(synced.transferred, 4);
        assert!(!synced.tree.exists("/c"));
    }

    #[test]
    fn a_file_of_the_same_size_and_time_may_count_as_unchanged() {
        let mut context = Tree::new();
        write(&mut context, "/a", "aaaa");
        let ignored = IgnoreMatcher::default();
        let mut kept = KeptContext::default();
        kept.sync(&context, &ignored, true);
        write(&mut context, "/a", "bbbb");
        let text = |synced: SyncedContext| synced.tree.read_text("/a").map(str::to_owned);
        assert_eq!(text(kept.clone().sync(&context, &ignored, true)).as_deref(), Some("aaaa"));
        assert_eq!(text(kept.sync(&context, &ignored, false)).as_deref(), Some("bbbb"));
    }

    #[test]
    fn the_mode_of_a_known_directory_stays() {
        let mut context = Tree::new();
        write(&mut context, "/a/x", "1");
        let ignored = IgnoreMatcher::default();
        let mut kept = KeptContext::default();
        let digest = |synced: SyncedContext| synced.tree.summary().digest;
        let first = digest(kept.sync(&context, &ignored, false));
        context.set_metadata("/a", Follow::No, |metadata| metadata.mode = 0o700).unwrap();
        assert_eq!(digest(kept.sync(&context, &ignored, false)), first);
        assert_ne!(digest(KeptContext::default().sync(&context, &ignored, false)), first);
    }
}
