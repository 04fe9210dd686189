//! One entry of a tar.

use crate::vfs::{Content, DeviceKind, Metadata, Node};

/// An entry: a path with what is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The path, without a slash at either end.
    pub path: String,
    /// Mode, owner and time.
    pub metadata: Metadata,
    /// The rest.
    pub body: Body,
}

/// What an entry is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// A regular file.
    File(Content),
    /// A directory.
    Directory,
    /// A symbolic link to this target.
    Symlink(String),
    /// A further name of the file at this path of the same tar.
    HardLink(String),
    /// A device or named pipe.
    Device {
        /// Which kind.
        kind: DeviceKind,
        /// Major and minor number.
        number: (u32, u32),
    },
}

impl Entry {
    /// The entry for a node; what is below a directory is not in it.
    pub fn from_node(path: &str, node: &Node) -> Self {
        let body = match node {
            Node::Directory(_) => Body::Directory,
            Node::File(file) => Body::File(file.content.clone()),
            Node::Symlink { target, .. } => Body::Symlink(target.to_string()),
            Node::Device { kind, number, .. } => Body::Device { kind: *kind, number: *number },
        };
        Self { path: path.to_owned(), metadata: *node.metadata(), body }
    }

    /// The length of the content in the tar, without padding.
    pub fn size(&self) -> u64 {
        match &self.body {
            Body::File(content) => content.size(),
            _ => 0,
        }
    }
}
