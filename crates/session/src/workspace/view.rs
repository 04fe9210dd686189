//! The workspace as the page draws it.

use super::Workspace;
use super::diff::change_of;
use super::ignore::Ignore;
use super::path::relative;
use crate::protocol::{FileEntry, FileKind};
use lab_engine::vfs::{Directory, Node, Tree, path};

/// What was last drawn, so that the next keystroke costs no walk over all files.
#[derive(Debug, Default)]
pub(crate) struct Drawing {
    ignore: Ignore,
    /// The files that a build sees.
    pub(crate) context_files: u32,
    /// Bytes of these.
    pub(crate) context_bytes: u64,
}

impl Drawing {
    /// Draws all files. `base` is the tree that changes are told against.
    pub(crate) fn all(workspace: &Workspace, base: &Tree) -> (Self, Vec<FileEntry>) {
        let rules = workspace.tree.read_text(&format!("/{}", workspace.ignore_file())).unwrap_or_default();
        let mut drawing = Self { ignore: Ignore::new(rules), ..Self::default() };
        let mut entries = Vec::with_capacity(workspace.tree.summary().files as usize);
        drawing.directory("/", workspace.tree.root(), Some(base.root()), &mut entries);
        drawing.measure(&workspace.tree);
        (drawing, entries)
    }

    fn directory(
        &self,
        place: &str,
        directory: &Directory,
        base: Option<&Directory>,
        entries: &mut Vec<FileEntry>,
    ) {
        for (name, node) in directory.entries() {
            let place = path::join(place, name);
            let old = base.and_then(|base| base.get(name)).map(|node| &**node);
            entries.push(self.entry(&place, node, old));
            if let Node::Directory(below) = &**node {
                self.directory(&place, below, old.and_then(Node::as_directory), entries);
            }
        }
    }

    /// Draws a file whose bytes changed, and the directories above it.
    pub(crate) fn edited(&mut self, workspace: &Workspace, base: &Tree, place: &str) -> Vec<FileEntry> {
        let mut entries = Vec::new();
        let mut here = String::new();
        for part in path::parts(place) {
            here = format!("{here}/{part}");
            if let Some(node) = workspace.tree.entry(&here) {
                entries.push(self.entry(&here, node, base.entry(&here)));
            }
        }
        self.measure(&workspace.tree);
        entries
    }

    /// Whether the file at this path is hidden from builds.
    pub(crate) fn hides(&self, path: &str) -> bool {
        self.ignore.hides(path)
    }

    fn measure(&mut self, tree: &Tree) {
        let seen = self.ignore.seen(tree);
        (self.context_files, self.context_bytes) = (seen.files, seen.bytes);
    }

    fn entry(&self, place: &str, node: &Node, base: Option<&Node>) -> FileEntry {
        let (kind, size) = match node {
            Node::Directory(directory) => (FileKind::Directory, directory.summary().bytes),
            Node::Symlink { .. } => (FileKind::Symlink, node.size()),
            Node::File(_) | Node::Device { .. } => (FileKind::File, node.size()),
        };
        FileEntry {
            path: relative(place).to_owned(),
            kind,
            size: size as f64,
            mode: node.metadata().mode,
            mtime: node.metadata().mtime as f64,
            target: node.as_symlink().map(str::to_owned),
            ignored: self.ignore.hides(relative(place)),
            change: change_of(base, node),
        }
    }
}
