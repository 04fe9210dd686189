//! What is below a directory, kept up to date lazily.

use super::node::{DeviceKind, Directory, Metadata, Node};
use super::xattrs::Xattrs;
use crate::digest::{Digest, Hasher};

/// What a subtree holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Covers names, types, modes, owners, attributes, link targets, device numbers and bytes of everything, the
    /// directory's own mode and owner included. Covers no times, and not which names belong to one file.
    pub digest: Digest,
    /// The sizes of all files added up, in bytes; a file with several names counts for each.
    pub bytes: u64,
    /// The number of files, links and devices.
    pub files: u32,
    /// The number of directories, itself not counted.
    pub directories: u32,
    /// How many of the files have several names.
    pub(super) linked_files: u32,
    /// Whether the bytes of some file are not there.
    pub has_opaque: bool,
}

impl Summary {
    /// Whether some file below has several names.
    pub fn has_links(&self) -> bool {
        self.linked_files > 0
    }
}

impl Directory {
    /// What is in the directory, computed when first asked for after a change and then kept.
    pub fn summary(&self) -> Summary {
        *self.summary.get_or_init(|| summarize(self))
    }
}

impl Node {
    /// The digest of the node and all below it, times not counted; see [`Summary::digest`].
    pub fn content_digest(&self) -> Digest {
        if let Self::Directory(directory) = self {
            return directory.summary().digest;
        }
        let mut hasher = Hasher::new();
        add(&mut hasher, self);
        hasher.finish()
    }
}

/// Adds what makes up a node. Each kind has its letter and then a form whose length is known, so that the entries of a
/// directory can follow one another without a digest of their own.
fn add(hasher: &mut Hasher, node: &Node) {
    match node {
        Node::Directory(directory) => {
            hasher.write(b"d");
            hasher.write(directory.summary().digest.as_bytes());
        }
        Node::File(file) => {
            let xattrs = !file.xattrs.is_empty();
            head(hasher, if xattrs { b'F' } else { b'f' }, &file.metadata);
            if xattrs {
                attributes(hasher, &file.xattrs);
            }
            hasher.write(file.content.digest().as_bytes());
        }
        Node::Symlink { metadata, target } => {
            head(hasher, b'l', metadata);
            hasher.field(target.as_bytes());
        }
        Node::Device { metadata, kind, number } => {
            let letter = match kind {
                DeviceKind::Character => b'c',
                DeviceKind::Block => b'b',
                DeviceKind::Fifo => b'p',
            };
            head(hasher, letter, metadata);
            hasher.number(number.0.into());
            hasher.number(number.1.into());
        }
    }
}

/// Extended attributes, behind a letter that says that there are some.
#[inline(never)]
fn attributes(hasher: &mut Hasher, xattrs: &Xattrs) {
    hasher.number(xattrs.len() as u64);
    for (name, value) in xattrs.iter() {
        hasher.field(name.as_bytes());
        hasher.field(value);
    }
}

fn head(hasher: &mut Hasher, letter: u8, metadata: &Metadata) {
    let mut bytes = [letter; 13];
    bytes[1..5].copy_from_slice(&metadata.mode.to_le_bytes());
    bytes[5..9].copy_from_slice(&metadata.uid.to_le_bytes());
    bytes[9..].copy_from_slice(&metadata.gid.to_le_bytes());
    hasher.write(&bytes);
}

fn summarize(directory: &Directory) -> Summary {
    let mut hasher = Hasher::new();
    let xattrs = &directory.xattrs;
    head(&mut hasher, if xattrs.is_empty() { b'd' } else { b'D' }, &directory.metadata);
    if !xattrs.is_empty() {
        attributes(&mut hasher, xattrs);
    }
    let mut sum = Summary {
        digest: Digest::from_bytes([0; 32]),
        bytes: 0,
        files: 0,
        directories: 0,
        linked_files: 0,
        has_opaque: false,
    };
    for (name, node) in directory.entries() {
        hasher.field(name.as_bytes());
        add(&mut hasher, node);
        match &**node {
            Node::Directory(below) => {
                let below = below.summary();
                sum.bytes += below.bytes;
                sum.files += below.files;
                sum.directories += below.directories + 1;
                sum.linked_files += below.linked_files;
                sum.has_opaque |= below.has_opaque;
            }
            Node::File(file) => {
                sum.bytes += file.content.size();
                sum.files += 1;
                sum.linked_files += u32::from(file.link.is_some());
                sum.has_opaque |= file.content.is_opaque();
            }
            Node::Symlink { .. } | Node::Device { .. } => sum.files += 1,
        }
    }
    sum.digest = hasher.finish();
    sum
}
