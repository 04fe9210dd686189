//! One entry of a tar.

use super::pax;
use crate::vfs::{Content, DeviceKind, Metadata, Node, Xattrs};

/// An entry: a path with what is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The path, without a slash at either end.
    pub path: String,
    /// Mode, owner and time.
    pub metadata: Metadata,
    /// Extended attributes.
    pub xattrs: Xattrs,
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
    /// An entry without extended attributes.
    pub fn new(path: impl Into<String>, metadata: Metadata, body: Body) -> Self {
        Self { path: path.into(), metadata, xattrs: Xattrs::default(), body }
    }

    /// The entry for a node with what a layer says of it; what is below a directory is not in it.
    pub fn from_node(path: &str, node: &Node) -> Self {
        let body = match node {
            Node::Directory(_) => Body::Directory,
            Node::File(file) => Body::File(file.content.clone()),
            Node::Symlink { target, .. } => Body::Symlink(target.to_string()),
            Node::Device { kind, number, .. } => Body::Device { kind: *kind, number: *number },
        };
        Self { path: path.to_owned(), metadata: *node.metadata(), xattrs: node.xattrs().of_layer(), body }
    }

    /// The name as a tar has it: with a slash behind it for a directory.
    pub(super) fn full_name(&self) -> String {
        if self.body == Body::Directory { format!("{}/", self.path) } else { self.path.clone() }
    }

    /// Where a link leads, else nothing.
    pub(super) fn target(&self) -> &str {
        match &self.body {
            Body::Symlink(target) | Body::HardLink(target) => target,
            _ => "",
        }
    }

    /// The records of the pax header that stands in front of it in a tar; none for most.
    pub fn records(&self) -> Vec<(String, Vec<u8>)> {
        pax::records(&self.full_name(), self.target(), self)
    }

    /// The length of the content in the tar, without padding.
    pub fn size(&self) -> u64 {
        match &self.body {
            Body::File(content) => content.size(),
            _ => 0,
        }
    }
}
