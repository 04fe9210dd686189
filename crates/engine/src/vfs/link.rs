//! Hard links: files with several names.
//!
//! The tree stores a file once for each name, so that paths stay cheap and sharing stays simple; a [`LinkId`] ties the
//! copies together, and every change of the file goes to all of them.

use super::node::{Directory, Node};
use super::{Tree, path};
use std::sync::Arc;

/// Ties the names of one file together; it has no meaning outside of its tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LinkId(pub(super) u64);

impl Tree {
    /// All names of the file at `path` (canonical), itself included, sorted; empty for what is no file with several.
    pub fn names_of(&self, path: &str) -> Vec<String> {
        self.entry(path)
            .and_then(Node::as_file)
            .and_then(|file| file.link)
            .and_then(|id| self.links.get(&id).cloned())
            .unwrap_or_default()
    }

    /// Makes the ties of now those of a lower layer, as a new step finds them.
    ///
    /// On an overlay filesystem a file of a lower layer is copied when it is first changed, and the copy is a file of its
    /// own: a later change, further link or renaming of one name leaves the other names as they were.
    pub fn seal_links(&mut self) {
        self.sealed_links = self.next_link;
    }

    /// Before a change of the file at the canonical `place`: a tie of a lower layer is cut.
    pub(super) fn copy_up(&mut self, place: &str) {
        let link = self.entry(place).and_then(Node::as_file).and_then(|file| file.link);
        if let Some(id) = link.filter(|id| id.0 < self.sealed_links) {
            self.edit_entry(place, |node| {
                if let Node::File(file) = node {
                    file.link = None;
                }
            });
            self.drop_name(id, place);
        }
    }

    /// A tree with another root that holds some of the files of this one, in the same places.
    pub(super) fn with_part_of(&self, root: Arc<Node>) -> Self {
        let mut part = Self { root, ..self.clone() };
        for (id, names) in &self.links {
            let gone: Vec<&String> = names.iter().filter(|name| part.entry(name).is_none()).collect();
            if gone.len() == names.len() {
                part.links.remove(id);
                continue;
            }
            for name in gone {
                part.drop_name(*id, name);
            }
        }
        part
    }

    pub(super) fn new_link_id(&mut self) -> LinkId {
        self.next_link += 1;
        LinkId(self.next_link - 1)
    }

    pub(super) fn add_name(&mut self, id: LinkId, name: String) {
        let names = self.links.entry(id).or_default();
        if let Err(at) = names.binary_search(&name) {
            names.insert(at, name);
        }
    }

    /// Forgets the name `gone`. The last name that is left makes an ordinary file again.
    pub(super) fn drop_name(&mut self, id: LinkId, gone: &str) {
        let Some(names) = self.links.get_mut(&id) else { return };
        names.retain(|name| name != gone);
        if let [last] = &names[..] {
            let last = last.clone();
            self.links.remove(&id);
            self.edit_entry(&last, |node| {
                if let Node::File(file) = node {
                    file.link = None;
                }
            });
        }
    }

    /// Forgets all names at and below `path`, where `node` is or was.
    pub(super) fn drop_names_below(&mut self, path: &str, node: &Node) {
        if self.links.is_empty() {
            return;
        }
        match node {
            Node::File(file) => {
                if let Some(id) = file.link {
                    self.drop_name(id, path);
                }
            }
            Node::Directory(directory) if directory.summary().linked_files > 0 => {
                for (name, child) in directory.entries() {
                    self.drop_names_below(&path::join(path, name), child);
                }
            }
            _ => {}
        }
    }

    /// Gives files with several names below a node that comes from elsewhere fresh ties, and writes their names down.
    ///
    /// `ties` maps the ties of the other tree to those of this one; names outside of the node are left behind.
    pub(super) fn adopt(
        &mut self,
        place: &str,
        node: Arc<Node>,
        ties: &mut std::collections::BTreeMap<LinkId, (LinkId, usize)>,
    ) -> Arc<Node> {
        match &*node {
            Node::File(file) => {
                let Some(old) = file.link else { return node };
                let (new, count) = match ties.get(&old) {
                    Some((new, count)) => (*new, count + 1),
                    None => (self.new_link_id(), 1),
                };
                ties.insert(old, (new, count));
                self.add_name(new, place.to_owned());
                let mut file = file.clone();
                file.link = Some(new);
                Arc::new(Node::File(file))
            }
            Node::Directory(directory) if directory.summary().linked_files > 0 => {
                let mut copy = Directory::new(directory.metadata);
                for (name, child) in directory.entries() {
                    let child = self.adopt(&path::join(place, name), child.clone(), ties);
                    copy.insert_shared(name, child);
                }
                Arc::new(Node::Directory(copy))
            }
            _ => node,
        }
    }
}
