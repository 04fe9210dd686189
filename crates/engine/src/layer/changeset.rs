//! What a layer changes.

use super::WHITEOUT_PREFIX;
use super::tar::{Body, Entry};
use crate::vfs::{LinkId, Metadata, Node, Xattrs, path};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What happened to a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangeKind {
    /// It was not there before.
    Added,
    /// It was there; its type, bytes, mode, owner or time changed.
    Modified,
    /// It is not there any more, nor is anything below it.
    Removed,
    /// A directory that did not change itself, and stands in the layer because something below it did.
    Parent,
}

/// One path of a layer.
#[derive(Clone, Debug)]
pub struct Change {
    /// The absolute path.
    pub path: String,
    /// What happened.
    pub kind: ChangeKind,
    /// What was there in the snapshot below.
    pub old: Option<Arc<Node>>,
    /// What is there now.
    pub new: Option<Arc<Node>>,
}

impl Change {
    /// The size in bytes of the file that was there, with all files below for a directory.
    pub fn old_size(&self) -> u64 {
        self.old.as_deref().map_or(0, total_size)
    }

    /// The size in bytes of the file that is there now; 0 for a directory, whose files have changes of their own.
    pub fn new_size(&self) -> u64 {
        self.new.as_deref().and_then(Node::as_file).map_or(0, |file| file.content.size())
    }
}

fn total_size(node: &Node) -> u64 {
    match node {
        Node::Directory(directory) => directory.summary().bytes,
        Node::File(file) => file.content.size(),
        Node::Symlink { .. } | Node::Device { .. } => 0,
    }
}

/// Everything that a layer changes, in the order of its tar.
#[derive(Clone, Debug, Default)]
pub struct Changeset {
    pub(super) listed: Vec<Change>,
}

impl Changeset {
    /// The paths of the layer in the order of its tar, the parents that did not change themselves among them.
    pub fn listed(&self) -> &[Change] {
        &self.listed
    }

    /// What was added, modified and removed, in the order of the tar.
    pub fn changes(&self) -> impl Iterator<Item = &Change> {
        self.listed.iter().filter(|change| change.kind != ChangeKind::Parent)
    }

    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.listed.is_empty()
    }

    /// The entries of the layer's tar.
    ///
    /// Times after `epoch` are set to it (`rewrite-timestamp` with `SOURCE_DATE_EPOCH`). Of several names of one file
    /// the first is the file, the others are hard links to it.
    pub fn entries(&self, epoch: Option<i64>) -> impl Iterator<Item = Entry> {
        let mut first_names: BTreeMap<LinkId, &str> = BTreeMap::new();
        self.listed.iter().map(move |change| match &change.new {
            Some(node) => entry_of(change, node, epoch, &mut first_names),
            None => whiteout(&change.path),
        })
    }
}

fn whiteout(absolute: &str) -> Entry {
    let directory = tar_name(path::parent(absolute));
    let separator = if directory.is_empty() { "" } else { "/" };
    let name = path::name(absolute);
    Entry {
        path: format!("{directory}{separator}{WHITEOUT_PREFIX}{name}"),
        metadata: Metadata::new(0, 0),
        xattrs: Xattrs::default(),
        body: Body::File(Vec::new().into()),
    }
}

fn tar_name(absolute: &str) -> &str {
    absolute.trim_start_matches('/')
}

fn entry_of<'a>(
    change: &'a Change,
    node: &Node,
    epoch: Option<i64>,
    first_names: &mut BTreeMap<LinkId, &'a str>,
) -> Entry {
    let mut entry = Entry::from_node(tar_name(&change.path), node);
    if let Some(epoch) = epoch {
        entry.metadata.mtime = entry.metadata.mtime.min(epoch);
    }
    if let Some(link) = node.as_file().and_then(|file| file.link()) {
        match first_names.get(&link) {
            Some(first) => entry.body = Body::HardLink(tar_name(first).to_owned()),
            None => {
                first_names.insert(link, &change.path);
            }
        }
    }
    entry
}
