//! The virtual filesystem: a persistent tree with structural sharing.
//!
//! A [`Tree`] is a value. Cloning it costs O(1); an edit copies only the directories from the root to the place of the
//! edit. Snapshots of build steps, forks for the live preview and time travel are nothing but clones.
//!
//! Files may be *opaque*: their size and digest are known and their bytes are not (see [`Content`]).
//! Every directory keeps a [`Summary`] of what is below it (digest, bytes, counts), made when first asked for and
//! forgotten along the path of an edit, so its cost is that of what changed.
//!
//! A build context is a tree as well; [`ignore`] takes out of it what `.dockerignore` names.
//!
//! The filesystem knows no clock: whoever edits says what time it is. It checks no permissions: the shell does.

mod content;
mod edit;
mod error;
pub mod glob;
pub mod ignore;
mod link;
mod lookup;
mod node;
pub mod path;
mod summary;
mod walk;
mod xattrs;

pub use content::Content;
pub use error::{VfsError, VfsErrorKind};
pub use link::LinkId;
pub use lookup::{Follow, Located};
pub use node::{DeviceKind, Directory, EntryDifference, File, Metadata, Node};
pub use summary::Summary;
pub use walk::{Walk, WalkEntry};
pub use xattrs::Xattrs;

use imbl::OrdMap;
use std::sync::Arc;

/// A filesystem tree.
///
/// Paths are absolute, separated by `/`; `.` and `..` and repeated slashes are understood everywhere.
#[derive(Clone, Debug)]
pub struct Tree {
    root: Arc<Node>,
    /// The names of every file that has more than one. Files with one name are not here.
    links: OrdMap<LinkId, Vec<String>>,
    next_link: u64,
    /// Files whose tie is older than this lie in a lower layer; see [`Tree::seal_links`].
    sealed_links: u64,
}

impl Tree {
    /// A tree that holds only its root directory, with mode 0755, owner 0:0 and time 0.
    pub fn new() -> Self {
        Self::with_root(Metadata::new(0o755, 0))
    }

    /// A tree that holds only its root directory.
    pub fn with_root(metadata: Metadata) -> Self {
        Self {
            root: Arc::new(Node::Directory(Directory::new(metadata))),
            links: OrdMap::new(),
            next_link: 1,
            sealed_links: 0,
        }
    }

    /// The root directory.
    pub fn root(&self) -> &Directory {
        match &*self.root {
            Node::Directory(directory) => directory,
            _ => unreachable!("the root of a tree is made as a directory and never replaced"),
        }
    }

    /// The root as a node.
    pub fn root_node(&self) -> &Arc<Node> {
        &self.root
    }

    /// Whether both are one value, which costs nothing to find out. Equal trees that were made apart are not one.
    pub fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.root, &other.root)
    }

    /// What is in the whole tree.
    pub fn summary(&self) -> Summary {
        self.root().summary()
    }
}

impl Default for Tree {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests;
