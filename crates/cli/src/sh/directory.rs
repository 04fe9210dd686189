//! A directory of this machine in the tree of a script, and what the script made of it back on the disk.

use crate::arguments::Failure;
use crate::context;
use lab_engine::vfs::{Content, Metadata, Node, Tree, path};
use lab_session::text::base64;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A directory that is in the tree at the path that it has on the disk.
pub(super) struct Mirror {
    /// Where it is on both sides.
    pub(super) place: String,
    disk: PathBuf,
    before: BTreeMap<String, Arc<Node>>,
}

impl Mirror {
    /// Puts a directory into a tree.
    pub(super) fn read(directory: &Path, tree: &mut Tree) -> Result<Self, Failure> {
        let failed = |error: String| Failure::new(format!("{}: {error}", directory.display()));
        let disk = directory.canonicalize().map_err(|error| failed(error.to_string()))?;
        let place = disk.to_str().ok_or_else(|| failed("the name is no UTF-8".into()))?.to_owned();
        tree.make_directories(&place, Metadata::new(0o755, 0)).map_err(|error| failed(error.to_string()))?;
        for file in context::read(&disk)? {
            let metadata = |mode: u32| {
                Metadata::new(file.mode.unwrap_or(mode), file.mtime.map_or(0, |mtime| mtime as i64))
            };
            let node = if let Some(target) = &file.symlink {
                Node::symlink(metadata(0o777), target)
            } else if file.directory {
                Node::Directory(lab_engine::vfs::Directory::new(metadata(0o755)))
            } else {
                let bytes = match (&file.text, &file.base64) {
                    (Some(text), _) => text.clone().into_bytes(),
                    (None, Some(encoded)) => base64::decode(encoded).unwrap_or_default(),
                    (None, None) => Vec::new(),
                };
                Node::file(metadata(0o644), Content::new(bytes))
            };
            let here = path::join(&place, &file.path);
            tree.put(&here, node, 0).map_err(|error| failed(error.to_string()))?;
        }
        Ok(Self { place, disk, before: BTreeMap::new() })
    }

    /// Takes the state of the tree for what is on the disk.
    pub(super) fn remember(&mut self, tree: &Tree) {
        self.before = self.entries(tree);
    }

    fn entries(&self, tree: &Tree) -> BTreeMap<String, Arc<Node>> {
        let below = tree.walk(&self.place).filter(|entry| entry.path != self.place);
        below.map(|entry| (entry.path[self.place.len() + 1..].to_owned(), entry.node.clone())).collect()
    }

    /// Does on the disk what was done in the tree.
    pub(super) fn write_back(&self, tree: &Tree) -> Result<(), Failure> {
        let after = self.entries(tree);
        for (name, node) in self.before.iter().rev() {
            let stays = after.get(name).is_some_and(|new| kind(new) == kind(node));
            let place = self.disk.join(name);
            if !stays && place.symlink_metadata().is_ok() {
                let removed =
                    if node.is_directory() { fs::remove_dir(&place) } else { fs::remove_file(&place) };
                removed.map_err(|error| Failure::new(format!("{}: {error}", place.display())))?;
            }
        }
        for (name, node) in &after {
            if self.before.get(name).is_some_and(|old| is_same(old, node)) {
                continue;
            }
            let place = self.disk.join(name);
            put(&place, node).map_err(|error| Failure::new(format!("{}: {error}", place.display())))?;
        }
        // Modes last, and those of what is inside first: nothing can be put where nobody may write.
        for (name, node) in after.iter().rev().filter(|(_, node)| node.as_symlink().is_none()) {
            let changed = self.before.get(name).is_none_or(|old| old.metadata().mode != node.metadata().mode);
            let place = self.disk.join(name);
            if changed && place.exists() {
                crate::output::set_mode(&place, node.metadata().mode)
                    .map_err(|error| Failure::new(format!("{}: {error}", place.display())))?;
            }
        }
        Ok(())
    }
}

fn kind(node: &Node) -> std::mem::Discriminant<Node> {
    std::mem::discriminant(node)
}

/// Whether the disk need not be touched, but for the mode.
fn is_same(old: &Node, new: &Node) -> bool {
    match (old, new) {
        (Node::File(old), Node::File(new)) => old.content.is_same(&new.content),
        (Node::Directory(_), Node::Directory(_)) => true,
        _ => old.as_symlink().is_some() && old.as_symlink() == new.as_symlink(),
    }
}

fn put(place: &Path, node: &Node) -> std::io::Result<()> {
    match node {
        Node::Directory(_) => fs::create_dir(place),
        Node::File(file) => fs::write(place, file.content.bytes().unwrap_or_default()),
        _ => match node.as_symlink() {
            #[cfg(unix)]
            Some(target) => {
                if place.symlink_metadata().is_ok() {
                    fs::remove_file(place)?;
                }
                std::os::unix::fs::symlink(target, place)
            }
            // Devices need rights that a person seldom has.
            _ => {
                eprintln!("WARNING: {} is left out: this system cannot make it", place.display());
                Ok(())
            }
        },
    }
}
