//! Changing a tree.
//!
//! All paths are absolute. Symbolic links on the way to the last part are followed; the last part itself is taken as it
//! is, but for [`Tree::write`], which writes through a link as `open` does.
//! Making, removing or renaming an entry sets the time of its directory to `now`; changing a file's bytes, mode or owner
//! does not.

use super::content::Content;
use super::error::{VfsError, VfsErrorKind as Kind};
use super::lookup::Follow;
use super::node::{Child, Directory, File, Metadata, Node};
use super::{Tree, Xattrs, path};
use std::collections::BTreeMap;
use std::sync::Arc;

impl Tree {
    /// Writes a file. A new one gets the metadata; one that is there keeps mode and owner and gets `metadata.mtime`.
    pub fn write(&mut self, path: &str, content: Content, metadata: Metadata) -> Result<(), VfsError> {
        let located = self.locate(path, Follow::Yes)?;
        let place = located.path;
        match located.node.map(|node| &**node) {
            None => self.put(&place, Node::File(File::new(metadata, content)), metadata.mtime),
            Some(Node::File(_)) => {
                self.copy_up(&place);
                self.edit_all_names(&place, |file| {
                    file.content = content.clone();
                    file.xattrs = file.xattrs.of_changed_file();
                    file.metadata.mtime = metadata.mtime;
                });
                Ok(())
            }
            Some(Node::Directory(_)) => Err(VfsError::new(Kind::IsADirectory, path)),
            Some(_) => Err(VfsError::new(Kind::Invalid, path)),
        }
    }

    /// Puts a node, with all that is below it, in the place of whatever is there.
    ///
    /// The node may come from another tree; files that have several names inside of it keep them.
    pub fn put(&mut self, path: &str, node: Node, now: i64) -> Result<(), VfsError> {
        self.put_shared(path, Arc::new(node), now)
    }

    /// As [`Tree::put`], sharing the node with where it comes from.
    pub fn put_shared(&mut self, path: &str, node: Arc<Node>, now: i64) -> Result<(), VfsError> {
        let place = self.place_of_entry(path)?;
        if let Some(old) = self.entry_shared(&place).cloned() {
            self.drop_names_below(&place, &old);
        }
        let mut ties = BTreeMap::new();
        let node = self.adopt(&place, node, &mut ties);
        self.insert(&place, node, now);
        for (id, count) in ties.into_values() {
            if count == 1 {
                // Its other names stayed behind: it is an ordinary file here.
                self.links.remove(&id);
                let names: Vec<String> = self.walk_linked(&place, id);
                for name in names {
                    self.edit_entry(&name, |node| {
                        if let Node::File(file) = node {
                            file.link = None;
                        }
                    });
                }
            }
        }
        Ok(())
    }

    /// Makes a directory. Its parent must be there.
    pub fn make_directory(&mut self, path: &str, metadata: Metadata) -> Result<(), VfsError> {
        let located = self.locate(path.trim_end_matches('/'), Follow::No)?;
        if located.node.is_some() {
            return Err(VfsError::new(Kind::Exists, path));
        }
        let place = located.path;
        self.insert(&place, Arc::new(Node::Directory(Directory::new(metadata))), metadata.mtime);
        Ok(())
    }

    /// Makes a directory and all that are missing above it, following links; says which were made, the highest first.
    pub fn make_directories(&mut self, path: &str, metadata: Metadata) -> Result<Vec<String>, VfsError> {
        let mut made = Vec::new();
        let mut here = "/".to_owned();
        for part in path::parts(path) {
            let next = path::join(&here, part);
            let located = self.locate(&next, Follow::Yes)?;
            here = located.path;
            match located.node.map(|node| &**node) {
                Some(Node::Directory(_)) => {}
                Some(_) => return Err(VfsError::new(Kind::NotADirectory, path)),
                None => {
                    self.make_directory(&here, metadata)?;
                    made.push(here.clone());
                }
            }
        }
        Ok(made)
    }

    /// Gives the file at `existing` (taken as it is) a further name.
    pub fn hard_link(&mut self, existing: &str, new: &str, now: i64) -> Result<(), VfsError> {
        let old_place = self.place_of_entry(existing)?;
        let mut file = match self.entry(&old_place) {
            Some(Node::File(file)) => file.clone(),
            Some(Node::Directory(_)) => return Err(VfsError::new(Kind::NotPermitted, existing)),
            // A symbolic link has no tie to keep: a second one like it is the same to everyone who looks.
            Some(other) => {
                let node = other.clone();
                return self.put_new(new, node, now);
            }
            None => return Err(VfsError::new(Kind::NotFound, existing)),
        };
        let new_place = self.locate(new, Follow::No)?;
        if new_place.node.is_some() {
            return Err(VfsError::new(Kind::Exists, new));
        }
        let new_place = new_place.path;
        if file.link.is_some_and(|id| id.0 < self.sealed_links) {
            self.copy_up(&old_place);
            file.link = None;
        }
        let id = file.link.unwrap_or_else(|| self.new_link_id());
        file.link = Some(id);
        self.edit_entry(&old_place, |node| {
            if let Node::File(file) = node {
                file.link = Some(id);
            }
        });
        self.insert(&new_place, Arc::new(Node::File(file)), now);
        self.add_name(id, old_place);
        self.add_name(id, new_place);
        Ok(())
    }

    /// Puts a node where nothing may be.
    pub fn put_new(&mut self, path: &str, node: Node, now: i64) -> Result<(), VfsError> {
        let located = self.locate(path, Follow::No)?;
        if located.node.is_some() {
            return Err(VfsError::new(Kind::Exists, path));
        }
        let place = located.path;
        self.put(&place, node, now)
    }

    /// Removes an entry and all below it, and gives it back. Links are removed, not followed.
    pub fn remove(&mut self, path: &str, now: i64) -> Result<Arc<Node>, VfsError> {
        let place = self.place_of_entry(path)?;
        let Some(node) = self.entry_shared(&place).cloned() else {
            return Err(VfsError::new(Kind::NotFound, path));
        };
        self.drop_names_below(&place, &node);
        let name = path::name(&place).to_owned();
        self.edit_directory(path::parent(&place), |parent| {
            parent.entries_mut().remove(name.as_str());
            parent.metadata.mtime = now;
        });
        Ok(node)
    }

    /// Moves an entry, replacing what is in the new place as `rename` does.
    pub fn rename(&mut self, from: &str, to: &str, now: i64) -> Result<(), VfsError> {
        let source = self.place_of_entry(from)?;
        let node = self.entry_shared(&source).cloned().ok_or_else(|| VfsError::new(Kind::NotFound, from))?;
        let located = self.locate(to.trim_end_matches('/'), Follow::No)?;
        let target = located.path.clone();
        if target == source {
            return Ok(());
        }
        if path::is_within(&target, &source) {
            return Err(VfsError::new(Kind::Invalid, to));
        }
        match (located.node.map(|node| &**node), node.is_directory()) {
            (Some(Node::Directory(_)), false) => return Err(VfsError::new(Kind::IsADirectory, to)),
            (Some(Node::Directory(there)), true) if !there.is_empty() => {
                return Err(VfsError::new(Kind::NotEmpty, to));
            }
            (Some(Node::Directory(_)), true) | (None, _) | (Some(_), false) => {}
            (Some(_), true) => return Err(VfsError::new(Kind::NotADirectory, to)),
        }
        // Two names of one file: `rename` leaves both.
        if self.names_of(&source).contains(&target) {
            return Ok(());
        }
        self.copy_up(&source);
        let node = self.entry_shared(&source).cloned().unwrap_or(node);
        // The names below move along: they are dropped without untying the last one, then written down anew.
        let moved = self.names_below(&source, &node);
        self.detach(&source, now);
        if let Some(old) = self.entry_shared(&target).cloned() {
            self.drop_names_below(&target, &old);
        }
        self.insert(&target, node, now);
        for (id, old) in moved {
            let new = format!("{target}{}", &old[source.len()..]);
            if let Some(names) = self.links.get_mut(&id) {
                names.retain(|name| *name != old);
            }
            self.add_name(id, new);
        }
        Ok(())
    }

    /// Changes mode, owner or time of what is at `path`; all names of a file change together.
    pub fn set_metadata(
        &mut self,
        path: &str,
        follow: Follow,
        change: impl Fn(&mut Metadata),
    ) -> Result<(), VfsError> {
        let located = self.locate(path, follow)?;
        let place = located.path;
        match located.node.map(|node| &**node) {
            None => Err(VfsError::new(Kind::NotFound, path)),
            Some(Node::File(_)) => {
                self.copy_up(&place);
                self.edit_all_names(&place, |file| {
                    let before = file.metadata;
                    change(&mut file.metadata);
                    if (before.uid, before.gid) != (file.metadata.uid, file.metadata.gid) {
                        file.xattrs = file.xattrs.of_changed_file();
                    }
                });
                Ok(())
            }
            Some(_) => {
                self.edit_entry(&place, |node| change(node.metadata_mut()));
                Ok(())
            }
        }
    }

    /// Gives a file or directory other extended attributes; all names of a file change together.
    #[inline(never)]
    pub fn set_xattrs(&mut self, path: &str, xattrs: &Xattrs) -> Result<(), VfsError> {
        let place = self.place_of_entry(path)?;
        if self.lstat(&place)?.is_directory() {
            self.edit_entry(&place, |node| *node = node.clone().with_xattrs(xattrs.clone()));
        } else {
            self.copy_up(&place);
            self.edit_all_names(&place, |file| file.xattrs = xattrs.clone());
        }
        Ok(())
    }

    /// The canonical place of the entry that `path` names: its directory is resolved, the last part is not.
    fn place_of_entry(&self, path: &str) -> Result<String, VfsError> {
        let located = self.locate(path.trim_end_matches('/'), Follow::No)?;
        if located.path == "/" {
            return Err(VfsError::new(Kind::Busy, path));
        }
        Ok(located.path)
    }

    fn detach(&mut self, place: &str, now: i64) {
        let name = path::name(place).to_owned();
        self.edit_directory(path::parent(place), |parent| {
            parent.entries_mut().remove(name.as_str());
            parent.metadata.mtime = now;
        });
    }

    fn insert(&mut self, place: &str, node: Arc<Node>, now: i64) {
        let name: Arc<str> = path::name(place).into();
        self.edit_directory(path::parent(place), |parent| {
            parent.entries_mut().insert(name, Child(node));
            parent.metadata.mtime = now;
        });
    }

    fn edit_directory(&mut self, place: &str, edit: impl FnOnce(&mut Directory)) {
        self.edit_entry(place, |node| {
            if let Node::Directory(directory) = node {
                directory.summary.take();
                edit(directory);
            }
        });
    }

    /// Edits the node at a canonical place, forgetting the summaries on the way.
    pub(super) fn edit_entry(&mut self, place: &str, edit: impl FnOnce(&mut Node)) {
        let mut node = Arc::make_mut(&mut self.root);
        for part in path::parts(place) {
            let Node::Directory(directory) = node else { return };
            let Some(child) = directory.entries_mut().get_mut(part) else { return };
            node = Arc::make_mut(&mut child.0);
        }
        if let Node::Directory(directory) = node {
            directory.summary.take();
        }
        edit(node);
    }

    fn edit_all_names(&mut self, place: &str, edit: impl Fn(&mut File)) {
        let mut names = self.names_of(place);
        if names.is_empty() {
            names.push(place.to_owned());
        }
        for name in names {
            self.edit_entry(&name, |node| {
                if let Node::File(file) = node {
                    edit(file);
                }
            });
        }
    }

    fn names_below(&self, place: &str, node: &Arc<Node>) -> Vec<(super::LinkId, String)> {
        let tied = match &**node {
            Node::File(file) => file.link.is_some(),
            Node::Directory(directory) => directory.summary().linked_files > 0,
            _ => false,
        };
        if !tied {
            return Vec::new();
        }
        self.walk(place).filter_map(|entry| Some((entry.node.as_file()?.link?, entry.path))).collect()
    }

    fn walk_linked(&self, place: &str, id: super::LinkId) -> Vec<String> {
        self.walk(place)
            .filter(|entry| entry.node.as_file().is_some_and(|file| file.link == Some(id)))
            .map(|entry| entry.path)
            .collect()
    }
}
