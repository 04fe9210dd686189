//! Nodes of the tree: directories, files, links and devices, and the metadata that they share.

use super::content::Content;
use super::link::LinkId;
use super::summary::Summary;
use super::xattrs::Xattrs;
use imbl::OrdMap;
use imbl::ordmap::DiffItem;
use std::sync::{Arc, OnceLock};

/// What every node has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Metadata {
    /// Permission bits with set-uid, set-gid and sticky: the lowest twelve bits.
    pub mode: u32,
    /// Owner.
    pub uid: u32,
    /// Group.
    pub gid: u32,
    /// Modification time in seconds since 1970 (UTC).
    pub mtime: i64,
}

impl Metadata {
    /// Metadata of root's.
    pub fn new(mode: u32, mtime: i64) -> Self {
        Self { mode, uid: 0, gid: 0, mtime }
    }

    /// The same with another owner.
    #[must_use]
    pub fn owned_by(self, uid: u32, gid: u32) -> Self {
        Self { uid, gid, ..self }
    }
}

/// A regular file.
#[derive(Clone, Debug)]
pub struct File {
    /// Mode, owner and time.
    pub metadata: Metadata,
    /// The bytes.
    pub content: Content,
    /// Extended attributes.
    pub xattrs: Xattrs,
    /// Set where the file has more than one name.
    pub(super) link: Option<LinkId>,
}

impl File {
    /// A file with one name.
    pub fn new(metadata: Metadata, content: Content) -> Self {
        Self { metadata, content, xattrs: Xattrs::default(), link: None }
    }

    /// Equal for all names of one file, `None` for a file that has one name.
    pub fn link(&self) -> Option<LinkId> {
        self.link
    }
}

/// The kind of a special file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DeviceKind {
    /// A character device.
    Character,
    /// A block device.
    Block,
    /// A named pipe.
    Fifo,
}

/// An entry as a directory keeps it. Entries are equal when they are one, so that a comparison of directories never
/// looks into them.
#[derive(Clone, Debug)]
pub(super) struct Child(pub(super) Arc<Node>);

impl PartialEq for Child {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// An entry that differs between two directories.
#[derive(Clone, Copy, Debug)]
pub struct EntryDifference<'a> {
    /// The name of the entry.
    pub name: &'a Arc<str>,
    /// What the first directory has under that name.
    pub old: Option<&'a Arc<Node>>,
    /// What the second directory has.
    pub new: Option<&'a Arc<Node>>,
}

/// A directory: its entries in the order of their bytes.
#[derive(Clone, Debug)]
pub struct Directory {
    /// Mode, owner and time.
    pub metadata: Metadata,
    /// Extended attributes.
    pub(super) xattrs: Xattrs,
    pub(super) entries: OrdMap<Arc<str>, Child>,
    pub(super) summary: OnceLock<Summary>,
}

impl Directory {
    /// An empty directory.
    pub fn new(metadata: Metadata) -> Self {
        Self { metadata, xattrs: Xattrs::default(), entries: OrdMap::new(), summary: OnceLock::new() }
    }

    /// The entry with this name.
    pub fn get(&self, name: &str) -> Option<&Arc<Node>> {
        self.entries.get(name).map(|child| &child.0)
    }

    /// All entries, sorted by the bytes of their names.
    pub fn entries(&self) -> impl DoubleEndedIterator<Item = (&Arc<str>, &Arc<Node>)> {
        self.entries.iter().map(|(name, child)| (name, &child.0))
    }

    /// The number of entries.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Puts an entry in a directory that is being made and belongs to no tree yet.
    ///
    /// Files with several names lose that: only a [`super::Tree`] can keep them together.
    pub fn insert(&mut self, name: &str, node: Node) {
        self.entries_mut().insert(name.into(), Child(Arc::new(node)));
    }

    /// Puts an entry that another directory has too, sharing everything below it.
    pub fn insert_shared(&mut self, name: &str, node: Arc<Node>) {
        self.entries_mut().insert(name.into(), Child(node));
    }

    /// Takes an entry out of a directory that belongs to no tree yet.
    pub fn remove(&mut self, name: &str) {
        self.entries_mut().remove(name);
    }

    /// Whether both directories share all their entries, found out in time that does not grow with them.
    pub fn shares_entries_with(&self, other: &Self) -> bool {
        self.entries.ptr_eq(&other.entries)
    }

    /// The entries that are not shared by both directories, sorted by the bytes of their names.
    ///
    /// An entry that both have comes if it is not one and the same node, even if the two nodes are equal.
    /// Where one directory was made from the other, the cost is that of what was changed.
    pub fn differences<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = EntryDifference<'a>> {
        self.entries.diff(&other.entries).map(|item| match item {
            DiffItem::Add(name, new) => EntryDifference { name, old: None, new: Some(&new.0) },
            DiffItem::Remove(name, old) => EntryDifference { name, old: Some(&old.0), new: None },
            DiffItem::Update { old, new } => {
                EntryDifference { name: new.0, old: Some(&old.1.0), new: Some(&new.1.0) }
            }
        })
    }

    pub(super) fn entries_mut(&mut self) -> &mut OrdMap<Arc<str>, Child> {
        self.summary.take();
        &mut self.entries
    }
}

/// What a path leads to.
#[derive(Clone, Debug)]
pub enum Node {
    /// A directory.
    Directory(Directory),
    /// A regular file.
    File(File),
    /// A symbolic link.
    Symlink {
        /// Owner and time; the mode is 0777 and means nothing.
        metadata: Metadata,
        /// Where it points, as written.
        target: Arc<str>,
    },
    /// A device or a named pipe.
    Device {
        /// Mode, owner and time.
        metadata: Metadata,
        /// Which kind.
        kind: DeviceKind,
        /// Major and minor number; zero for a pipe.
        number: (u32, u32),
    },
}

impl Node {
    /// A file with one name.
    pub fn file(metadata: Metadata, content: impl Into<Content>) -> Self {
        Self::File(File::new(metadata, content.into()))
    }

    /// A symbolic link of mode 0777.
    pub fn symlink(metadata: Metadata, target: &str) -> Self {
        Self::Symlink { metadata: Metadata { mode: 0o777, ..metadata }, target: target.into() }
    }

    /// Mode, owner and time.
    pub fn metadata(&self) -> &Metadata {
        match self {
            Self::Directory(directory) => &directory.metadata,
            Self::File(file) => &file.metadata,
            Self::Symlink { metadata, .. } | Self::Device { metadata, .. } => metadata,
        }
    }

    /// Mode, owner and time, to be changed in a node that belongs to no tree yet.
    pub fn metadata_mut(&mut self) -> &mut Metadata {
        match self {
            Self::Directory(directory) => {
                directory.summary.take();
                &mut directory.metadata
            }
            Self::File(file) => &mut file.metadata,
            Self::Symlink { metadata, .. } | Self::Device { metadata, .. } => metadata,
        }
    }

    /// Extended attributes. Links and devices have none here.
    pub fn xattrs(&self) -> Xattrs {
        match self {
            Self::Directory(directory) => directory.xattrs.clone(),
            Self::File(file) => file.xattrs.clone(),
            Self::Symlink { .. } | Self::Device { .. } => Xattrs::default(),
        }
    }

    /// The same with these extended attributes, if it can have any.
    #[must_use]
    pub fn with_xattrs(mut self, xattrs: Xattrs) -> Self {
        match &mut self {
            Self::Directory(directory) => {
                directory.summary.take();
                directory.xattrs = xattrs;
            }
            Self::File(file) => file.xattrs = xattrs,
            Self::Symlink { .. } | Self::Device { .. } => {}
        }
        self
    }

    /// The directory, if it is one.
    pub fn as_directory(&self) -> Option<&Directory> {
        match self {
            Self::Directory(directory) => Some(directory),
            _ => None,
        }
    }

    /// The file, if it is one.
    pub fn as_file(&self) -> Option<&File> {
        match self {
            Self::File(file) => Some(file),
            _ => None,
        }
    }

    /// The target, if it is a symbolic link.
    pub fn as_symlink(&self) -> Option<&str> {
        match self {
            Self::Symlink { target, .. } => Some(target),
            _ => None,
        }
    }

    /// Whether it is a directory.
    pub fn is_directory(&self) -> bool {
        matches!(self, Self::Directory(_))
    }

    /// The size in bytes: of the content for a file, of the target for a symbolic link, else 0.
    pub fn size(&self) -> u64 {
        match self {
            Self::File(file) => file.content.size(),
            Self::Symlink { target, .. } => target.len() as u64,
            Self::Directory(_) | Self::Device { .. } => 0,
        }
    }
}
