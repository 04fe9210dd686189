//! Finding nodes: with and without following symbolic links.

use super::error::{VfsError, VfsErrorKind as Kind};
use super::node::{Directory, Node};
use super::{Tree, path};
use std::sync::Arc;

/// As on Linux.
const MAX_LINKS: usize = 40;
const MAX_NAME: usize = 255;

/// Whether a symbolic link in the last place of a path is followed. Links in other places always are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Follow {
    /// As `stat` does.
    Yes,
    /// As `lstat` does.
    No,
}

/// Where a path leads.
#[derive(Clone, Debug)]
pub struct Located<'a> {
    /// The canonical path: absolute, clean and free of symbolic links (but perhaps for the last part).
    pub path: String,
    /// What is there; `None` where only the last part is missing, so that it could be made.
    pub node: Option<&'a Arc<Node>>,
}

impl Tree {
    /// The node at `path`, taking every part literally: symbolic links are not followed, not even on the way.
    pub fn entry(&self, path: &str) -> Option<&Node> {
        self.entry_shared(path).map(|node| &**node)
    }

    /// As [`Tree::entry`], shared.
    pub fn entry_shared(&self, path: &str) -> Option<&Arc<Node>> {
        path::parts(path).try_fold(self.root_node(), |node, part| node.as_directory()?.get(part))
    }

    /// Follows `path` (absolute) to where it leads.
    ///
    /// All parts but the last must be there; `..` goes to the real parent, as in the kernel.
    pub fn locate(&self, path: &str, follow: Follow) -> Result<Located<'_>, VfsError> {
        locate_below(&self.root, path, follow)
    }

    /// The same as for a process that has the directory at `root` (canonical) as its root: neither `..` nor a link leads
    /// out of it. The canonical path that it gives begins with `root`.
    pub fn locate_below(&self, root: &str, path: &str, follow: Follow) -> Result<Located<'_>, VfsError> {
        let base = self.entry_shared(root).ok_or_else(|| VfsError::new(Kind::NotFound, path))?;
        let mut located = locate_below(base, path, follow)?;
        located.path = path::clean(&format!("{root}{}", located.path));
        Ok(located)
    }

    /// What is at `path`, which must be there.
    pub fn get(&self, path: &str, follow: Follow) -> Result<&Node, VfsError> {
        self.locate(path, follow)?.node.map(|node| &**node).ok_or_else(|| VfsError::new(Kind::NotFound, path))
    }

    /// What is at `path`, following links, as `stat` does.
    pub fn stat(&self, path: &str) -> Result<&Node, VfsError> {
        self.get(path, Follow::Yes)
    }

    /// What is at `path`, not following a link in the last place, as `lstat` does.
    pub fn lstat(&self, path: &str) -> Result<&Node, VfsError> {
        self.get(path, Follow::No)
    }

    /// Whether something is there, following links.
    pub fn exists(&self, path: &str) -> bool {
        self.stat(path).is_ok()
    }

    /// The canonical path of something that is there, as `realpath` gives it.
    pub fn canonical(&self, path: &str) -> Result<String, VfsError> {
        let located = self.locate(path, Follow::Yes)?;
        if located.node.is_none() {
            return Err(VfsError::new(Kind::NotFound, path));
        }
        Ok(located.path)
    }

    /// The directory at `path`, following links.
    pub fn directory(&self, path: &str) -> Result<&Directory, VfsError> {
        self.stat(path)?.as_directory().ok_or_else(|| VfsError::new(Kind::NotADirectory, path))
    }

    /// The content of the file at `path`, following links.
    pub fn read(&self, path: &str) -> Result<&super::Content, VfsError> {
        match self.stat(path)? {
            Node::File(file) => Ok(&file.content),
            Node::Directory(_) => Err(VfsError::new(Kind::IsADirectory, path)),
            _ => Err(VfsError::new(Kind::Invalid, path)),
        }
    }

    /// The text of the file at `path`, following links; `None` when it is missing, opaque or not UTF-8.
    pub fn read_text(&self, path: &str) -> Option<&str> {
        std::str::from_utf8(self.read(path).ok()?.bytes()?).ok()
    }
}

fn locate_below<'a>(base: &'a Arc<Node>, path: &str, follow: Follow) -> Result<Located<'a>, VfsError> {
    let fail = |kind| VfsError::new(kind, path);
    // What is still to be walked, the next part at the end.
    let mut rest: Vec<String> = path::parts(path).rev().map(str::to_owned).collect();
    let must_be_directory = path.ends_with('/') || path.ends_with("/.");
    let mut trail: Vec<(String, &Arc<Node>)> = Vec::new();
    let mut links = 0;
    while let Some(part) = rest.pop() {
        let here = trail.last().map_or(base, |(_, node)| *node);
        let directory = here.as_directory().ok_or_else(|| fail(Kind::NotADirectory))?;
        if part == ".." {
            trail.pop();
            continue;
        }
        if part.len() > MAX_NAME {
            return Err(fail(Kind::NameTooLong));
        }
        let Some(node) = directory.get(&part) else {
            if !rest.is_empty() {
                return Err(fail(Kind::NotFound));
            }
            return Ok(Located { path: path::join(&joined(&trail), &part), node: None });
        };
        match &**node {
            Node::Symlink { target, .. }
                if !rest.is_empty() || follow == Follow::Yes || must_be_directory =>
            {
                links += 1;
                if links > MAX_LINKS {
                    return Err(fail(Kind::TooManyLinks));
                }
                if target.starts_with('/') {
                    trail.clear();
                }
                rest.extend(path::parts(target).rev().map(str::to_owned));
            }
            _ => trail.push((part, node)),
        }
    }
    let node = trail.last().map_or(base, |(_, node)| *node);
    if must_be_directory && !node.is_directory() {
        return Err(fail(Kind::NotADirectory));
    }
    Ok(Located { path: joined(&trail), node: Some(node) })
}

fn joined(trail: &[(String, &Arc<Node>)]) -> String {
    if trail.is_empty() {
        return "/".to_owned();
    }
    trail.iter().fold(String::new(), |mut path, (part, _)| {
        path.push('/');
        path.push_str(part);
        path
    })
}
