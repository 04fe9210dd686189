//! Building the tree of one layer so that its files add up to exactly the size that the catalogue says.

use lab_engine::oci::Layer;
use lab_engine::vfs::{Content, Metadata, Node, Tree, path};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A layer in the making.
///
/// `docker image history` counts the bytes of files and of link targets; so does this. What would not fit any more is
/// left out: the size is the fact, the files are the model.
pub(crate) struct LayerBuilder {
    lower: Tree,
    tree: Tree,
    time: i64,
    left: u64,
    size: u64,
    /// What the layer's opaque files are derived from, besides their paths.
    seed: String,
    /// The sizes of what was put, by path.
    put: BTreeMap<String, u64>,
}

impl LayerBuilder {
    /// A layer of `size` bytes on `lower`, all of it last changed at `time`.
    pub(crate) fn new(lower: Tree, size: u64, time: i64, seed: &str) -> Self {
        let tree = lower.clone();
        Self { lower, tree, time, left: size, size, seed: seed.to_owned(), put: BTreeMap::new() }
    }

    /// The tree as it is by now.
    pub(crate) fn tree(&self) -> &Tree {
        &self.tree
    }

    /// The bytes that are still to be filled.
    pub(crate) fn left(&self) -> u64 {
        self.left
    }

    /// Makes a directory with those above it, or gives one that is there another mode.
    pub(crate) fn directory(&mut self, path: &str, mode: u32) {
        self.directories_above(path);
        if self.tree.exists(path) {
            let _ =
                self.tree.set_metadata(path, lab_engine::vfs::Follow::Yes, |metadata| metadata.mode = mode);
        } else {
            let _ = self.tree.make_directory(path, Metadata::new(mode, self.time));
        }
    }

    /// Gives the owner of what is at `path`.
    pub(crate) fn owner(&mut self, path: &str, uid: u32, gid: u32) {
        let _ = self.tree.set_metadata(path, lab_engine::vfs::Follow::Yes, |metadata| {
            (metadata.uid, metadata.gid) = (uid, gid);
        });
    }

    /// Writes a file with real bytes.
    pub(crate) fn text(&mut self, path: &str, mode: u32, text: String) -> bool {
        if self.tree.read_text(path) == Some(text.as_str()) {
            return true;
        }
        let size = text.len() as u64;
        self.node(path, size, Node::file(Metadata::new(mode, self.time), text))
    }

    /// Writes a file of which only the size matters.
    pub(crate) fn opaque(&mut self, path: &str, mode: u32, size: u64) -> bool {
        let content = Content::modelled(size, "base image", &[self.seed.as_bytes(), path.as_bytes()]);
        self.node(path, size, Node::file(Metadata::new(mode, self.time), content))
    }

    /// Makes a symbolic link.
    pub(crate) fn link(&mut self, path: &str, target: &str) -> bool {
        self.node(path, target.len() as u64, Node::symlink(Metadata::new(0o777, self.time), target))
    }

    fn node(&mut self, at: &str, size: u64, node: Node) -> bool {
        let before = self.put.get(at).copied().unwrap_or(0);
        if size > self.left + before {
            return false;
        }
        self.directories_above(at);
        if self.tree.put(at, node, self.time).is_err() {
            return false;
        }
        self.left = self.left + before - size;
        self.put.insert(at.to_owned(), size);
        true
    }

    fn directories_above(&mut self, of: &str) {
        let _ = self.tree.make_directories(path::parent(of), Metadata::new(0o755, self.time));
    }

    /// Spends what is left on opaque files, in proportion to their weights. A few bytes go into a single file.
    pub(crate) fn fill(&mut self, files: &[(&str, u32)]) {
        const LEAST: u64 = 64;
        let total: u64 = files.iter().map(|(_, weight)| u64::from(*weight)).sum();
        let all = self.left;
        let Some(((last, _), others)) = files.split_last() else { return };
        for (path, weight) in others {
            let size = all * u64::from(*weight) / total.max(1);
            if size >= LEAST && !self.put.contains_key(*path) {
                self.opaque(path, 0o644, size);
            }
        }
        if self.left > 0 {
            let already = self.put.get(*last).copied().unwrap_or(0);
            self.opaque(last, 0o644, self.left + already);
        }
    }

    /// The layer. Its size is the catalogue's, its diff ID is derived from its simulated content.
    pub(crate) fn finish(self, compressed_size: Option<u64>) -> Arc<Layer> {
        let layer = Layer::between(&self.lower, &self.tree, None);
        Arc::new(Layer { size: self.size, compressed_size, modelled: true, ..layer })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(tree: &Tree) -> u64 {
        tree.walk("/").map(|entry| if entry.node.is_directory() { 0 } else { entry.node.size() }).sum()
    }

    #[test]
    fn files_add_up_to_the_size() {
        for size in [0, 10, 5_000, 123_456_789] {
            let mut layer = LayerBuilder::new(Tree::new(), size, 7, "test");
            layer.text("/etc/a", 0o644, "hello world".to_owned());
            layer.text("/etc/a", 0o644, "hello".to_owned());
            layer.link("/bin/sh", "dash");
            layer.fill(&[("/usr/lib/a", 3), ("/usr/lib/b", 1), ("/etc/a.rest", 1)]);
            assert_eq!(layer.left(), 0);
            let layer = layer.finish(None);
            assert_eq!((layer.size, bytes(&layer.upper)), (size, size));
        }
    }

    #[test]
    fn same_questions_same_identity() {
        let make = |seed: &str| {
            let mut layer = LayerBuilder::new(Tree::new(), 1000, 7, seed);
            layer.fill(&[("/a", 1), ("/b", 2)]);
            layer.finish(None).diff_id
        };
        assert_eq!(make("x"), make("x"));
        assert_ne!(make("x"), make("y"));
    }
}
