//! The difference between two snapshots.

use super::changeset::{Change, ChangeKind, Changeset};
use crate::vfs::{Directory, Node, Tree, path};
use std::sync::Arc;

/// What changed from `lower` to `upper`.
///
/// Parts that both share are not looked into, so the cost is that of what changed since one was made from the other.
/// Trees that were made apart are compared in full, with the same result.
///
/// * A file or link counts when its type, mode, owner, time, capabilities, size or content differs.
/// * A directory counts when it is new or when its mode or owner differs; its time alone is no reason.
/// * A removed directory is one change; nothing is said about what was in it.
pub fn diff(lower: &Tree, upper: &Tree) -> Changeset {
    let mut differ = Differ { listed: Vec::new(), open: Vec::new() };
    differ.directories(lower.root(), upper.root(), "/");
    Changeset { listed: differ.listed }
}

struct Differ<'a> {
    listed: Vec<Change>,
    /// The directories from below the root to the place of the walk, and whether each is listed already.
    open: Vec<OpenDirectory<'a>>,
}

struct OpenDirectory<'a> {
    path: String,
    old: Option<&'a Arc<Node>>,
    new: &'a Arc<Node>,
    is_listed: bool,
}

impl<'a> Differ<'a> {
    fn directories(&mut self, old: &'a Directory, new: &'a Directory, place: &str) {
        for entry in old.differences(new) {
            let path = path::join(place, entry.name);
            match (entry.old, entry.new) {
                (Some(old), Some(new)) => self.both(path, old, new),
                (None, Some(new)) => self.added(path, None, new),
                (Some(old), None) => self.list(path, ChangeKind::Removed, Some(old), None),
                (None, None) => {}
            }
        }
    }

    fn both(&mut self, path: String, old: &'a Arc<Node>, new: &'a Arc<Node>) {
        match (&**old, &**new) {
            (Node::Directory(before), Node::Directory(after)) => {
                let is_listed = !(same_owner_and_mode(old, new) && same_attributes(old, new));
                if is_listed {
                    self.list(path.clone(), ChangeKind::Modified, Some(old), Some(new));
                }
                self.open.push(OpenDirectory { path: path.clone(), old: Some(old), new, is_listed });
                self.directories(before, after, &path);
                self.open.pop();
            }
            (_, Node::Directory(_)) => self.added(path, Some(old), new),
            _ if is_unchanged(old, new) => {}
            _ => self.list(path, ChangeKind::Modified, Some(old), Some(new)),
        }
    }

    /// Lists a node and all below it. `old` is what a new directory takes the place of.
    fn added(&mut self, path: String, old: Option<&'a Arc<Node>>, new: &'a Arc<Node>) {
        let kind = if old.is_some() { ChangeKind::Modified } else { ChangeKind::Added };
        self.list(path.clone(), kind, old, Some(new));
        if let Node::Directory(directory) = &**new {
            for (name, child) in directory.entries() {
                self.added(path::join(&path, name), None, child);
            }
        }
    }

    fn list(&mut self, path: String, kind: ChangeKind, old: Option<&Arc<Node>>, new: Option<&Arc<Node>>) {
        for parent in self.open.iter_mut().filter(|parent| !parent.is_listed) {
            parent.is_listed = true;
            self.listed.push(Change {
                path: parent.path.clone(),
                kind: ChangeKind::Parent,
                old: parent.old.cloned(),
                new: Some(parent.new.clone()),
            });
        }
        self.listed.push(Change { path, kind, old: old.cloned(), new: new.cloned() });
    }
}

fn same_owner_and_mode(old: &Node, new: &Node) -> bool {
    let (old, new) = (old.metadata(), new.metadata());
    (old.mode, old.uid, old.gid) == (new.mode, new.uid, new.gid)
}

/// Whether both have the attributes that a layer carries in common.
fn same_attributes(old: &Node, new: &Node) -> bool {
    let (old, new) = (old.xattrs(), new.xattrs());
    old == new || old.of_layer() == new.of_layer()
}

/// Whether nothing about an entry that is no directory changed.
fn is_unchanged(old: &Node, new: &Node) -> bool {
    old.metadata() == new.metadata()
        && same_attributes(old, new)
        && match (old, new) {
            (Node::File(old), Node::File(new)) => old.content == new.content,
            (Node::Symlink { target: old, .. }, Node::Symlink { target: new, .. }) => old == new,
            (
                Node::Device { kind: old_kind, number: old_number, .. },
                Node::Device { kind: new_kind, number: new_number, .. },
            ) => old_kind == new_kind && old_number == new_number,
            _ => false,
        }
}
