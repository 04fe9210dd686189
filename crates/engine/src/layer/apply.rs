//! A layer put on top of a snapshot.

use super::changeset::Changeset;
use super::tar::{Body, Entry};
use super::{OPAQUE_WHITEOUT, WHITEOUT_PREFIX};
use crate::vfs::{Directory, Follow, Metadata, Node, Tree, VfsError, path};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// A layer that does not fit the tree, or that leads out of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ApplyError {
    /// The filesystem said no.
    Filesystem(VfsError),
    /// A path with `..` that leads out of the root.
    OutsideRoot(String),
    /// A hard link to what is not there, or is no file.
    BrokenLink {
        /// The name of the link.
        path: String,
        /// What it should be another name of.
        target: String,
    },
}

impl fmt::Display for ApplyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Filesystem(error) => error.fmt(f),
            Self::OutsideRoot(path) => write!(f, "invalid path in the layer: {path}"),
            Self::BrokenLink { path, target } => {
                write!(f, "hard link {path}: {target} is no file of this image")
            }
        }
    }
}

impl std::error::Error for ApplyError {}

impl From<VfsError> for ApplyError {
    fn from(error: VfsError) -> Self {
        Self::Filesystem(error)
    }
}

/// `lower` with the changes: the inverse of [`super::diff`], but for what a layer does not say.
///
/// A layer says nothing of the root directory itself, of the time of a directory in which nothing changed, and of ties
/// between files that are in it and files that are not.
pub fn apply(lower: &Tree, changes: &Changeset) -> Result<Tree, ApplyError> {
    apply_entries(lower, changes.entries(None))
}

/// `lower` with the entries of a layer's tar, as a container runtime unpacks them.
///
/// Entries below symbolic links of lower layers go where the links lead inside of the tree.
/// Times of directories are set last, so that what is put in them does not change them.
pub fn apply_entries(lower: &Tree, entries: impl IntoIterator<Item = Entry>) -> Result<Tree, ApplyError> {
    let mut unpack = Unpack { tree: lower.clone(), times: BTreeMap::new(), made: BTreeSet::new() };
    for entry in entries {
        unpack.entry(entry)?;
    }
    for (path, mtime) in unpack.times {
        // A later entry may have taken the directory away again.
        if unpack.tree.lstat(&path).is_ok_and(Node::is_directory) {
            unpack.tree.set_metadata(&path, Follow::No, |metadata| metadata.mtime = mtime)?;
        }
    }
    Ok(unpack.tree)
}

struct Unpack {
    tree: Tree,
    /// Directories and the times they get in the end: their own from the layer, or the one they had before it.
    times: BTreeMap<String, i64>,
    /// What this layer made: an opaque whiteout leaves it.
    made: BTreeSet<String>,
}

impl Unpack {
    fn entry(&mut self, entry: Entry) -> Result<(), ApplyError> {
        let place = place_of(&entry.path)?;
        if place == "/" {
            return Ok(());
        }
        let directory = self.directory_above(&place)?;
        let name = path::name(&place);
        let place = path::join(&directory, name);
        if name == OPAQUE_WHITEOUT {
            return self.hide_all(&directory);
        }
        if let Some(hidden) = name.strip_prefix(WHITEOUT_PREFIX) {
            // `.wh..wh.` names are notes of other storage drivers.
            if !hidden.is_empty() && !hidden.starts_with(WHITEOUT_PREFIX) {
                self.hide(&path::join(&directory, hidden))?;
            }
            return Ok(());
        }
        self.put(&place, entry)?;
        self.made.insert(place);
        Ok(())
    }

    /// The real directory that an entry goes into, made if it is missing; its time is kept.
    fn directory_above(&mut self, place: &str) -> Result<String, ApplyError> {
        let mut parent = path::parent(place);
        while !self.tree.exists(parent) && parent != "/" {
            parent = path::parent(parent);
        }
        self.keep_time(parent)?;
        if parent != path::parent(place) {
            self.tree.make_directories(path::parent(place), Metadata::new(0o755, 0))?;
        }
        self.keep_time(path::parent(place))
    }

    fn keep_time(&mut self, directory: &str) -> Result<String, ApplyError> {
        let directory = self.tree.canonical(directory)?;
        if !self.times.contains_key(&directory) {
            self.times.insert(directory.clone(), self.tree.directory(&directory)?.metadata.mtime);
        }
        Ok(directory)
    }

    fn hide(&mut self, place: &str) -> Result<(), ApplyError> {
        if self.tree.lstat(place).is_ok() {
            self.tree.remove(place, 0)?;
        }
        Ok(())
    }

    fn hide_all(&mut self, directory: &str) -> Result<(), ApplyError> {
        let names: Vec<String> =
            self.tree.directory(directory)?.entries().map(|(name, _)| path::join(directory, name)).collect();
        for place in names.into_iter().filter(|place| !self.made.contains(place)) {
            self.tree.remove(&place, 0)?;
        }
        Ok(())
    }

    fn put(&mut self, place: &str, entry: Entry) -> Result<(), ApplyError> {
        let metadata = entry.metadata;
        match entry.body {
            Body::Directory => {
                if self.tree.lstat(place).is_ok_and(Node::is_directory) {
                    self.tree.set_metadata(place, Follow::No, |old| *old = metadata)?;
                    if self.tree.lstat(place)?.xattrs() != entry.xattrs {
                        self.tree.set_xattrs(place, &entry.xattrs)?;
                    }
                } else {
                    self.tree.put(
                        place,
                        Node::Directory(Directory::new(metadata)).with_xattrs(entry.xattrs),
                        0,
                    )?;
                }
                self.times.insert(place.to_owned(), metadata.mtime);
            }
            Body::HardLink(target) => {
                let existing = place_of(&target)?;
                if existing == place {
                    return Ok(());
                }
                self.hide(place)?;
                if !self.tree.lstat(&existing).is_ok_and(|node| !node.is_directory()) {
                    return Err(ApplyError::BrokenLink { path: entry.path, target });
                }
                self.tree.hard_link(&existing, place, 0)?;
            }
            Body::File(content) => {
                self.tree.put(place, Node::file(metadata, content).with_xattrs(entry.xattrs), 0)?
            }
            Body::Symlink(target) => {
                let node = Node::Symlink { metadata, target: target.into() };
                self.tree.put(place, node, 0)?;
            }
            Body::Device { kind, number } => {
                self.tree.put(place, Node::Device { metadata, kind, number }, 0)?;
            }
        }
        Ok(())
    }
}

/// The absolute path of a name in a tar.
fn place_of(name: &str) -> Result<String, ApplyError> {
    let clean = path::clean(name.trim_start_matches('/'));
    if clean == ".." || clean.starts_with("../") {
        return Err(ApplyError::OutsideRoot(name.to_owned()));
    }
    Ok(path::absolute("/", &clean))
}
