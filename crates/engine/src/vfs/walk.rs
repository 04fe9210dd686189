//! Walking over a subtree.

use super::node::Node;
use super::{Tree, path};
use std::sync::Arc;

/// A node that a walk came to.
#[derive(Clone, Debug)]
pub struct WalkEntry<'a> {
    /// Its canonical path.
    pub path: String,
    /// The node.
    pub node: &'a Arc<Node>,
}

/// Everything at and below a place: a directory before what is in it, entries by the bytes of their names.
pub struct Walk<'a> {
    stack: Vec<WalkEntry<'a>>,
}

impl Tree {
    /// Walks from `path`, taken literally. Nothing comes where nothing is.
    pub fn walk(&self, path: &str) -> Walk<'_> {
        let start = self.entry_shared(path);
        Walk { stack: start.map(|node| WalkEntry { path: path::clean(path), node }).into_iter().collect() }
    }
}

impl<'a> Iterator for Walk<'a> {
    type Item = WalkEntry<'a>;

    fn next(&mut self) -> Option<WalkEntry<'a>> {
        let entry = self.stack.pop()?;
        if let Node::Directory(directory) = &**entry.node {
            for (name, node) in directory.entries().rev() {
                self.stack.push(WalkEntry { path: path::join(&entry.path, name), node });
            }
        }
        Some(entry)
    }
}
