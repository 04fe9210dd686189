//! A directory of this machine in the tree of a script, and what the script made of it back on the disk.

use crate::arguments::Failure;
use crate::context;
use lab_engine::vfs::{Content, Metadata, Node, Tree, path};
use lab_session::text::base64;
use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
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
    ///
    /// What is new is written before anything is removed, so that a disk that is full costs no file.
    pub(super) fn write_back(&self, tree: &Tree) -> Result<(), Failure> {
        let mut after = self.entries(tree);
        let mut left = Vec::new();
        after.retain(|name, node| {
            let same = self.before.get(name).is_some_and(|old| is_same(old, node));
            let reason = if same { None } else { obstacle(node) };
            if let Some(reason) = reason {
                eprintln!("WARNING: {} {reason}", self.disk.join(name).display());
                left.push(name.clone());
            }
            reason.is_none()
        });
        self.clear(&after)?;
        for (name, node) in &after {
            if !self.before.get(name).is_some_and(|old| is_same(old, node)) {
                let place = self.disk.join(name);
                put(&place, node).map_err(|error| failed(&place, &error))?;
            }
        }
        for (name, node) in self.before.iter().rev() {
            if !after.contains_key(name) && !left.contains(name) {
                remove(&self.disk.join(name), node)?;
            }
        }
        // Modes last, and those of what is inside first: nothing can be put where nobody may write.
        for (name, node) in after.iter().rev().filter(|(_, node)| node.as_symlink().is_none()) {
            let changed = self.before.get(name).is_none_or(|old| old.metadata().mode != node.metadata().mode);
            let place = self.disk.join(name);
            if changed && place.exists() {
                crate::output::set_mode(&place, node.metadata().mode)
                    .map_err(|error| failed(&place, &error))?;
            }
        }
        Ok(())
    }

    /// Removes what stands where something of another kind will be, with all that is in it.
    fn clear(&self, after: &BTreeMap<String, Arc<Node>>) -> Result<(), Failure> {
        let gives_way = |name: &str| {
            let (old, new) = (self.before.get(name), after.get(name));
            old.zip(new).is_some_and(|(old, new)| kind(old) != kind(new))
        };
        for (name, node) in self.before.iter().rev() {
            let mut above = name.match_indices('/').map(|(at, _)| &name[..at]);
            if gives_way(name) || above.any(gives_way) {
                remove(&self.disk.join(name), node)?;
            }
        }
        Ok(())
    }
}

fn failed(place: &Path, error: &std::io::Error) -> Failure {
    Failure::new(format!("{}: {error}", place.display()))
}

/// Why the disk cannot have this: then what is there stays.
fn obstacle(node: &Node) -> Option<&'static str> {
    match node {
        Node::Directory(_) => None,
        // Of content that is modelled there are no bytes.
        Node::File(file) => file.content.bytes().is_none().then_some("is modelled, left as it was"),
        // Devices need rights that a person seldom has.
        _ if cfg!(unix) && node.as_symlink().is_some() => None,
        _ => Some("is left out: this system cannot make it"),
    }
}

fn remove(place: &Path, node: &Node) -> Result<(), Failure> {
    if place.symlink_metadata().is_err() {
        return Ok(());
    }
    let removed = if node.is_directory() { fs::remove_dir(place) } else { fs::remove_file(place) };
    removed.map_err(|error| failed(place, &error))
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

/// Makes it under another name first: whoever is interrupted has the old file or the new one.
fn put(place: &Path, node: &Node) -> std::io::Result<()> {
    if node.is_directory() {
        return fs::create_dir(place);
    }
    let beside = place.with_file_name(format!(".dockerfile-lab-{}.new", std::process::id()));
    let made = make(&beside, node).and_then(|()| fs::rename(&beside, place));
    if made.is_err() {
        // The error that counts is the first one.
        let _ = fs::remove_file(&beside);
    }
    made
}

fn make(place: &Path, node: &Node) -> std::io::Result<()> {
    match node {
        Node::File(file) => {
            let mut target = fs::File::create_new(place)?;
            target.write_all(file.content.bytes().unwrap_or_default())?;
            crate::output::set_mode(place, node.metadata().mode)
        }
        #[cfg(unix)]
        _ => std::os::unix::fs::symlink(node.as_symlink().unwrap_or_default(), place),
        #[cfg(not(unix))]
        _ => Ok(()),
    }
}
