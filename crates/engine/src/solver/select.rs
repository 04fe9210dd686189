//! Which files a source of `COPY` or `ADD` selects, and the digest of what it selects.

use crate::cache::{SourceKey, SourceOrigin};
use crate::digest::Hasher;
use crate::graph::{CopyAction, Source};
use crate::vfs::ignore::IgnoreMatcher;
use crate::vfs::{Directory, Follow, Node, Tree, glob, path};
use std::sync::Arc;

/// Why nothing can be selected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum SelectError {
    /// The path is not there.
    Missing(String),
    /// The directory in which a pattern is looked for is not there.
    MissingDirectory(String),
    /// A pattern that is none.
    BadPattern(String),
}

/// What an action selects: absolute paths as they are seen in the source, with their nodes.
pub(super) type Matches = Vec<(String, Arc<Node>)>;

/// Finds what an action selects in the files of its source.
///
/// With `include` or `excludes` directories are made anew with only what is left in them; else everything is shared.
pub(super) fn select(tree: &Tree, action: &CopyAction, excludes: &[String]) -> Result<Matches, SelectError> {
    let found = if action.wildcard && glob::has_wildcards(&action.path) {
        expand(tree, &action.path)?
    } else {
        vec![(action.path.clone(), follow(tree, &action.path)?)]
    };
    if action.include.is_empty() && excludes.is_empty() {
        return Ok(found);
    }
    for pattern in action.include.iter().filter(|pattern| !glob::has_wildcards(pattern)) {
        // A pattern without wildcards must be there.
        let place = path::join(&action.path, pattern);
        tree.lstat(&place).map_err(|_| SelectError::Missing(path::clean(&format!("/{pattern}"))))?;
    }
    let filter = Filter::new(&action.include, excludes)?;
    let is_pattern = found.len() > 1 || found.first().is_some_and(|(place, _)| *place != action.path);
    let kept = found.into_iter().filter_map(|(place, node)| {
        if is_pattern && filter.excludes.matches(path::name(&place)) {
            return None;
        }
        match &*node {
            Node::Directory(directory) => {
                let left = filter.directory(directory, "", filter.include.is_none());
                Some((place, Arc::new(Node::Directory(left))))
            }
            _ => Some((place, node)),
        }
    });
    Ok(kept.collect())
}

fn follow(tree: &Tree, place: &str) -> Result<Arc<Node>, SelectError> {
    let missing = || SelectError::Missing(place.to_owned());
    tree.locate(place, Follow::Yes).ok().and_then(|located| located.node.cloned()).ok_or_else(missing)
}

/// What a path with wildcards matches, part by part. A part without wildcards is taken literally only up to the first with.
fn expand(tree: &Tree, pattern: &str) -> Result<Matches, SelectError> {
    let bad = |_| SelectError::BadPattern(pattern.to_owned());
    let parts: Vec<&str> = path::parts(pattern).collect();
    let literal = parts.iter().take_while(|part| !glob::has_wildcards(part)).count();
    let base = format!("/{}", parts[..literal].join("/"));
    let missing = |_| SelectError::MissingDirectory(base.clone());
    let start = tree.stat(&base).map_err(missing)?;
    let mut found = vec![(base.clone(), Arc::new(start.clone()))];
    for (at, part) in parts.iter().enumerate().skip(literal) {
        let is_last = at + 1 == parts.len();
        let mut next = Vec::new();
        for (place, node) in &found {
            let Node::Directory(directory) = &**node else { continue };
            for (name, child) in directory.entries() {
                if glob::is_match(part, name).map_err(bad)? && (is_last || child.is_directory()) {
                    next.push((path::join(place, name), child.clone()));
                }
            }
        }
        found = next;
    }
    // What a pattern matches is followed if it is a link, as a source that is named is.
    let followed = |(place, node): (String, Arc<Node>)| match &*node {
        Node::Symlink { .. } => follow(tree, &place).ok().map(|node| (place, node)),
        _ => Some((place, node)),
    };
    Ok(found.into_iter().filter_map(followed).collect())
}

/// `--parents` and `--exclude`.
struct Filter {
    include: Option<IgnoreMatcher>,
    excludes: IgnoreMatcher,
}

impl Filter {
    fn new(include: &[String], excludes: &[String]) -> Result<Self, SelectError> {
        let matcher = |patterns: &[String]| {
            let patterns = patterns.iter().map(|pattern| pattern.trim_matches('/'));
            IgnoreMatcher::new(patterns).map_err(|error| SelectError::BadPattern(error.to_string()))
        };
        let include = if include.is_empty() { None } else { Some(matcher(include)?) };
        Ok(Self { include, excludes: matcher(excludes)? })
    }

    /// What is left of a directory. `inside` says whether it or one above it is included as a whole.
    fn directory(&self, directory: &Directory, place: &str, inside: bool) -> Directory {
        let mut left = Directory::new(directory.metadata);
        for (name, child) in directory.entries() {
            let place = if place.is_empty() { name.to_string() } else { format!("{place}/{name}") };
            let included = inside || self.include.as_ref().is_none_or(|include| include.matches(&place));
            let excluded = self.excludes.matches(&place);
            match &**child {
                Node::Directory(below) => {
                    let below = self.directory(below, &place, included);
                    if included && !excluded || !below.is_empty() {
                        left.insert(name, Node::Directory(below));
                    }
                }
                _ if included && !excluded => left.insert_shared(name, child.clone()),
                _ => {}
            }
        }
        left
    }
}

/// The part of a key that stands for a source.
pub(super) fn source_key(source: &Source, place: String, matches: Matches) -> SourceKey {
    let mut hasher = Hasher::new();
    let (mut files, mut bytes) = (0, 0);
    for (at, node) in &matches {
        // The path itself is part of the key; only of several the paths have to be told apart.
        if *at != place {
            hasher.field(at.as_bytes());
        }
        hasher.write(node.content_digest().as_bytes());
        match &**node {
            Node::Directory(directory) => {
                let summary = directory.summary();
                files += summary.files;
                bytes += summary.bytes;
            }
            other => {
                files += 1;
                bytes += other.size();
            }
        }
    }
    SourceKey { path: place, origin: origin(source), matches, digest: hasher.finish(), files, bytes }
}

fn origin(source: &Source) -> SourceOrigin {
    match source {
        Source::Vertex { name, image: true, .. } => SourceOrigin::Image(name.clone()),
        Source::Vertex { name, .. } => SourceOrigin::Stage(name.clone()),
        Source::Inline { .. } => SourceOrigin::Inline,
        Source::Context | Source::Empty | Source::Remote(_) => SourceOrigin::Context,
    }
}
