//! Copies nodes into a tree, with the rules of BuildKit's file copier.

use super::owner::given;
use super::place::{failed, make_directories, resolve};
use crate::graph::{apply_mode, made_directory_mode};
use crate::solver::select::Filter;
use crate::solver::step::StepError;
use crate::vfs::{Directory, Follow, LinkId, Metadata, Node, Tree, path};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The tree that is copied into, and what becomes of owners and modes.
pub(super) struct Copier<'a> {
    pub(super) tree: Tree,
    /// Where the files are mounted; some messages say so.
    pub(super) root: String,
    pub(super) now: i64,
    /// `--chown`; without it files keep the owner they have in the source (a context has only root's).
    pub(super) owner: Option<(u32, u32)>,
    /// `--chmod`.
    pub(super) mode: Option<&'a str>,
    /// The first copy of each file with several names.
    pub(super) links: BTreeMap<LinkId, String>,
    /// What selects below a directory that is copied, where directories may be there only for what is in them.
    pub(super) filter: Option<Filter>,
}

/// Where in the source a directory is.
struct Inside {
    place: String,
    /// Whether it or one above it is included as a whole.
    included: bool,
}

type Done = Result<(), StepError>;

/// Whose is what a copy makes before it gives it away.
const ROOT: (u32, u32) = (0, 0);

impl Copier<'_> {
    /// Copies one source. Of a directory it copies what is in it; a file goes into the destination if that is a directory.
    pub(super) fn copy(&mut self, name: &str, node: &Arc<Node>, destination: &str) -> Done {
        let (above, last) = destination.rsplit_once('/').unwrap_or(("", destination));
        let above = if last.is_empty() || last == "." { destination } else { above };
        let mode = made_directory_mode(self.mode);
        self.make_directories(above, mode)?;
        let mut target = resolve(&self.tree, destination)?;
        let there = self.tree.lstat(&target).ok().map(Node::is_directory);
        if !node.is_directory() && there == Some(true) {
            target = path::join(&target, path::name(name));
        }
        let above = if node.is_directory() && there.is_none() { &*target } else { path::parent(&target) };
        self.make_directories(above, mode)?;
        match (&**node, &self.filter) {
            (Node::Directory(directory), Some(_)) => {
                let top = Inside { place: String::new(), included: false };
                self.selected(directory, &target, &top)?;
                let mtime = directory.metadata.mtime;
                self.tree.set_metadata(&target, Follow::No, |metadata| metadata.mtime = mtime).map_err(failed)
            }
            _ => self.node(node, &target, false),
        }
    }

    /// Copies what is left in a directory, which is there already.
    fn selected(&mut self, directory: &Directory, target: &str, inside: &Inside) -> Done {
        for (name, child) in directory.entries() {
            let (target, place) = (path::join(target, name), format!("{}/{name}", inside.place));
            let place = place.trim_start_matches('/').to_owned();
            let judged = self.filter.as_ref().map(|filter| filter.judge(&place, inside.included));
            match (&**child, judged) {
                (Node::Directory(below), Some((included, false))) => {
                    self.partial(below, &target, &Inside { place, included })?;
                }
                _ => self.node(child, &target, true)?,
            }
        }
        Ok(())
    }

    /// Copies a directory that is there only for what is in it. It is made before that and so gets the present time; of
    /// one that is there already only the mode changes, and that to the one of the source whatever was asked for.
    fn partial(&mut self, directory: &Directory, target: &str, inside: &Inside) -> Done {
        let metadata = directory.metadata;
        match self.tree.lstat(target).ok() {
            None => {
                let made = Node::Directory(Directory::new(self.changed(&metadata, true, ROOT)));
                self.tree.put(target, made, self.now).map_err(failed)?;
            }
            Some(Node::Directory(_)) => {
                let set = |there: &mut Metadata| there.mode = metadata.mode;
                self.tree.set_metadata(target, Follow::No, set).map_err(failed)?;
            }
            Some(_) => return Err(self.in_the_way(target)),
        }
        self.selected(directory, target, inside)
    }

    fn in_the_way(&self, target: &str) -> StepError {
        StepError::step(format!("cannot copy to non-directory: {}{target}", self.root))
    }

    /// Makes directories that are missing, with the owner of `--chown`.
    pub(super) fn make_directories(&mut self, place: &str, mode: u32) -> Done {
        let (uid, gid) = self.owner.map_or(ROOT, |owner| given(owner, ROOT));
        let metadata = Metadata::new(mode, self.now).owned_by(uid, gid);
        make_directories(&mut self.tree, place, metadata).map(drop)
    }

    /// Copies a node to a canonical place. `nested` says whether it is in a directory that is copied.
    fn node(&mut self, node: &Arc<Node>, target: &str, nested: bool) -> Done {
        match &**node {
            Node::Directory(directory) => self.directory(node, directory, target, nested),
            _ => self.entry(node, target),
        }
    }

    fn keeps_metadata(&self) -> bool {
        self.owner.is_none() && self.mode.is_none()
    }

    fn directory(&mut self, node: &Arc<Node>, directory: &Directory, target: &str, nested: bool) -> Done {
        match self.tree.lstat(target).ok() {
            // Nothing to be merged and nothing to be changed: both trees can share it.
            None if self.keeps_metadata() => {
                return self.tree.put_shared(target, node.clone(), self.now).map_err(failed);
            }
            None => {
                let metadata = self.changed(node.metadata(), true, ROOT);
                self.tree.make_directory(target, metadata).map_err(failed)?;
            }
            Some(Node::Directory(there)) if there.is_empty() && self.keeps_metadata() && target != "/" => {
                let mut filled = directory.clone();
                filled.metadata = if nested { directory.metadata } else { there.metadata };
                let mut filled = Node::Directory(filled);
                filled.metadata_mut().mtime = directory.metadata.mtime;
                let above = self.time_of(path::parent(target));
                return self.tree.put(target, filled, above).map_err(failed);
            }
            Some(Node::Directory(_)) => {}
            Some(_) => return Err(self.in_the_way(target)),
        }
        for (name, child) in directory.entries() {
            self.node(child, &path::join(target, name), true)?;
        }
        // The directory that is named as the source gives only its time.
        let there =
            self.tree.lstat(target).map_or(ROOT, |there| (there.metadata().uid, there.metadata().gid));
        let changed = self.changed(node.metadata(), true, there);
        let set = |metadata: &mut Metadata| match nested {
            true => *metadata = changed,
            false => metadata.mtime = changed.mtime,
        };
        self.tree.set_metadata(target, Follow::No, set).map_err(failed)
    }

    /// The time of a directory that gets no new entry when one in it is only replaced.
    fn time_of(&self, place: &str) -> i64 {
        self.tree.lstat(place).map_or(self.now, |node| node.metadata().mtime)
    }

    /// Copies what is no directory, in the place of what is there.
    fn entry(&mut self, node: &Arc<Node>, target: &str) -> Done {
        match self.tree.lstat(target) {
            Ok(Node::Directory(_)) => {
                let message = format!("cannot replace to directory {}{target} with file", self.root);
                return Err(StepError::step(message));
            }
            Ok(_) => {
                self.tree.remove(target, self.now).map_err(failed)?;
            }
            Err(_) => {}
        }
        let link = node.as_file().and_then(|file| file.link());
        if let Some(first) = link.and_then(|link| self.links.get(&link)) {
            return self.tree.hard_link(&first.clone(), target, self.now).map_err(failed);
        }
        if let Some(link) = link {
            self.links.insert(link, target.to_owned());
        }
        if self.keeps_metadata() {
            return self.tree.put_shared(target, node.clone(), self.now).map_err(failed);
        }
        let mut copy = (**node).clone();
        let is_link = matches!(copy, Node::Symlink { .. });
        let changed = self.changed(copy.metadata(), false, ROOT);
        let mode = if is_link { copy.metadata().mode } else { changed.mode };
        *copy.metadata_mut() = Metadata { mode, ..changed };
        self.tree.put(target, copy, self.now).map_err(failed)
    }

    /// What a copy has of a node with `metadata` at a place that belongs to `there`.
    fn changed(&self, metadata: &Metadata, is_directory: bool, there: (u32, u32)) -> Metadata {
        let (uid, gid) = self.owner.map_or((metadata.uid, metadata.gid), |owner| given(owner, there));
        let mode = self.mode.and_then(|mode| apply_mode(mode, metadata.mode, is_directory));
        Metadata { mode: mode.unwrap_or(metadata.mode), uid, gid, mtime: metadata.mtime }
    }
}
