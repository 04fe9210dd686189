//! What is below a directory, kept up to date lazily.

use super::node::{DeviceKind, Directory, Metadata, Node};
use crate::digest::{Digest, Hasher};

/// What a subtree holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Covers names, types, modes, owners, link targets, device numbers and bytes of everything, the directory's own
    /// mode and owner included. Covers no times, and not which names belong to one file.
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
        match self {
            Self::Directory(_) => {}
            Self::File(file) => {
                head(&mut hasher, b'f', &file.metadata);
                hasher.write(file.content.digest().as_bytes());
            }
            Self::Symlink { metadata, target } => {
                head(&mut hasher, b'l', metadata);
                hasher.field(target.as_bytes());
            }
            Self::Device { metadata, kind, number } => {
                let letter = match kind {
                    DeviceKind::Character => b'c',
                    DeviceKind::Block => b'b',
                    DeviceKind::Fifo => b'p',
                };
                head(&mut hasher, letter, metadata);
                hasher.number(number.0.into());
                hasher.number(number.1.into());
            }
        }
        hasher.finish()
    }
}

fn head(hasher: &mut Hasher, letter: u8, metadata: &Metadata) {
    hasher.write(&[letter]);
    hasher.number(metadata.mode.into());
    hasher.number(metadata.uid.into());
    hasher.number(metadata.gid.into());
}

fn summarize(directory: &Directory) -> Summary {
    let mut hasher = Hasher::new();
    head(&mut hasher, b'd', &directory.metadata);
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
        hasher.write(node.content_digest().as_bytes());
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
