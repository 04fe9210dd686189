//! Mounts: parts of the tree that are there during a `RUN` and not in its layer.

use super::machine::Machine;
use crate::vfs::{Directory, Follow, Metadata, Node, path};
use std::sync::Arc;

/// Something that is put over a place of the tree while a `RUN` runs.
#[derive(Clone, Debug)]
pub struct Mount {
    /// The place; directories that are missing above it are made for the time of the `RUN`.
    pub target: String,
    /// What is there.
    pub node: Arc<Node>,
    /// Whether writing to it fails with “Read-only file system”.
    pub read_only: bool,
}

/// A mount that is in place.
#[derive(Clone, Debug)]
pub(super) struct Mounted {
    pub target: String,
    pub read_only: bool,
    /// What the mount covers.
    covered: Option<Arc<Node>>,
    /// Directories that were made for it, the highest first.
    made: Vec<String>,
}

impl Machine<'_> {
    /// Mounts something. Nothing of it will be in [`Machine::finish`]'s tree.
    ///
    /// Gives its place in what [`Machine::unmount_all`] gives; `None` if nothing can be mounted there.
    pub fn mount(&mut self, mount: Mount) -> Option<usize> {
        let target = path::clean(&mount.target);
        let tree = self.tree_mut();
        let mut made = Vec::new();
        let mut above = String::new();
        for part in path::parts(path::parent(&target)) {
            above = format!("{above}/{part}");
            if !tree.exists(&above) {
                let mtime = parent_mtime(tree, &above);
                let node = Node::Directory(Directory::new(Metadata::new(0o755, mtime)));
                tree.put(&above, node, mtime).ok()?;
                made.push(above.clone());
            }
        }
        let target = tree.locate(&target, Follow::Yes).map_or(target, |located| located.path);
        let covered = tree.entry_shared(&target).cloned();
        let mtime = parent_mtime(tree, &target);
        tree.put_shared(&target, mount.node, mtime).ok()?;
        self.mounts.push(Mounted { target, read_only: mount.read_only, covered, made });
        Some(self.mounts.len() - 1)
    }

    /// Takes all mounts away, the last one first, and gives what each then held.
    pub fn unmount_all(&mut self) -> Vec<Option<Arc<Node>>> {
        let mut held = Vec::new();
        for mounted in std::mem::take(&mut self.mounts).into_iter().rev() {
            let tree = self.tree_mut();
            let mtime = parent_mtime(tree, &mounted.target);
            held.push(tree.entry_shared(&mounted.target).cloned());
            // Neither can fail but where the command removed what is above, and then nothing is left to be undone.
            let _ = match mounted.covered {
                Some(node) => tree.put_shared(&mounted.target, node, mtime),
                None => tree.remove(&mounted.target, mtime).map(|_| ()),
            };
            for directory in mounted.made.iter().rev() {
                if tree.directory(directory).is_ok_and(Directory::is_empty) {
                    let mtime = parent_mtime(tree, directory);
                    let _ = tree.remove(directory, mtime);
                }
            }
        }
        held.reverse();
        held
    }

    /// Whether a canonical path is in a mount that may not be written.
    pub(super) fn is_read_only(&self, canonical: &str) -> bool {
        let within = |mount: &&Mounted| path::is_within(canonical, &mount.target);
        self.mounts.iter().rev().find(within).is_some_and(|mount| mount.read_only)
    }

    /// Whether something is mounted exactly there, so that it cannot be removed.
    pub(super) fn is_mount_point(&self, canonical: &str) -> bool {
        self.mounts.iter().any(|mount| mount.target == canonical)
    }
}

fn parent_mtime(tree: &crate::vfs::Tree, target: &str) -> i64 {
    tree.entry(path::parent(target)).map_or(0, |node| node.metadata().mtime)
}
