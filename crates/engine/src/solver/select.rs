//! Which files a source of `COPY` or `ADD` selects, and the digest of what it selects.

use crate::cache::{Cache, Selection, SourceKey, SourceOrigin};
use crate::digest::Hasher;
use crate::graph::{CopyAction, Source};
use crate::vfs::ignore::IgnoreMatcher;
use crate::vfs::{Directory, Follow, Located, Node, Tree, VfsErrorKind, glob, path};
use std::sync::Arc;

/// Why nothing can be selected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum SelectError {
    /// The path is not there.
    Missing(String),
    /// The directory in which a pattern is looked for is not there.
    MissingDirectory(String),
    /// What has no checksum, in BuildKit's words: a pattern that is none, or links that lead to each other.
    NoChecksum(String),
}

/// What an action selects: absolute paths as they are seen in the source, with their nodes.
pub(super) type Matches = Vec<(String, Arc<Node>)>;

/// Finds what an action selects in the files of its source.
///
/// With `include` or `excludes` directories are made anew with only what is left in them; else everything is shared.
///
/// What a filter leaves of a directory is kept in `cache`: the next time only what changed is looked at.
pub(super) fn select(
    tree: &Tree,
    action: &CopyAction,
    excludes: &[String],
    cache: &mut Cache,
) -> Result<Matches, SelectError> {
    if let Some(place) = missing(tree, action, excludes) {
        return Err(SelectError::Missing(place));
    }
    let is_filtered = !(action.include.is_empty() && excludes.is_empty());
    let found = if has_wildcards(action) {
        expand(tree, action)?
    } else if is_filtered && tree.lstat(&action.path).is_err() {
        return Err(SelectError::MissingDirectory(action.path.clone()));
    } else {
        vec![(action.path.clone(), follow(tree, &action.path)?)]
    };
    if !is_filtered {
        return Ok(found);
    }
    let filter = Filter::new(&action.include, excludes)?;
    // What a pattern matches is there even if it is excluded: only what is below that is judged, as seen from there.
    let kept = found.into_iter().map(|(place, node)| match &*node {
        Node::Directory(_) => {
            let description = format!("{place} {:?} {excludes:?} {:?}", action.include, action.source.name());
            let left = filter.apply(&node, description, cache);
            (place, left)
        }
        _ => (place, node),
    });
    Ok(kept.collect())
}

/// What has to be there for a checksum, and is not. Behind a filter that is only what `--parents` names without
/// wildcards: of nothing there is a checksum too, and then the copy itself finds that nothing is there.
pub(super) fn missing(tree: &Tree, action: &CopyAction, excludes: &[String]) -> Option<String> {
    if !action.include.is_empty() {
        let mut places = action.include.iter().map(|pattern| path::absolute(&action.path, pattern));
        return places.find(|place| !glob::has_wildcards(place) && tree.lstat(place).is_err());
    }
    let is_there = || match tree.stat(&action.path) {
        Ok(_) => true,
        Err(error) => error.kind == VfsErrorKind::TooManyLinks,
    };
    (excludes.is_empty() && !has_wildcards(action) && !is_there()).then(|| action.path.clone())
}

fn has_wildcards(action: &CopyAction) -> bool {
    action.wildcard && glob::has_wildcards(&action.path)
}

/// What is at a place, behind all links.
pub(super) fn follow(tree: &Tree, place: &str) -> Result<Arc<Node>, SelectError> {
    match tree.locate(place, Follow::Yes) {
        Ok(Located { node: Some(node), .. }) => Ok(node.clone()),
        Err(error) if error.kind == VfsErrorKind::TooManyLinks => {
            Err(SelectError::NoChecksum("too many links".to_owned()))
        }
        _ => Err(SelectError::Missing(place.to_owned())),
    }
}

/// What a path with wildcards matches, part by part. A part without wildcards is taken literally only up to the first with.
#[inline(never)]
fn expand(tree: &Tree, action: &CopyAction) -> Result<Matches, SelectError> {
    let bad = |_| SelectError::NoChecksum("syntax error in pattern".to_owned());
    let parts: Vec<&str> = path::parts(&action.path).collect();
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
    // What a pattern matches is followed if it is a link, as a source that is named is; what is below that is not.
    let followed = |(place, node): (String, Arc<Node>)| match &*node {
        // With `--parents` the checksum is of what is below, and so only the copy itself finds that nothing is there.
        Node::Symlink { target, .. } => follow(tree, &place)
            .map_err(|error| match error {
                SelectError::Missing(_) if !action.include.is_empty() => {
                    SelectError::MissingDirectory(path::absolute(path::parent(&place), target))
                }
                error => error,
            })
            .map(|node| (place, node)),
        _ => Ok((place, node)),
    };
    found.into_iter().map(followed).collect()
}

/// `--parents` and `--exclude`.
pub(super) struct Filter {
    include: Option<IgnoreMatcher>,
    excludes: IgnoreMatcher,
}

impl Filter {
    pub(super) fn new(include: &[String], excludes: &[String]) -> Result<Self, SelectError> {
        let matcher = |kind: &str, patterns: &[String]| {
            let trimmed = patterns.iter().map(|pattern| pattern.trim_matches('/'));
            IgnoreMatcher::new(trimmed).map_err(|error| {
                SelectError::NoChecksum(format!("invalid {kind}patterns: [{}]: {error}", patterns.join(" ")))
            })
        };
        let include = if include.is_empty() { None } else { Some(matcher("include", include)?) };
        Ok(Self { include, excludes: matcher("exclude", excludes)? })
    }

    /// Whether a directory can be there only for what is in it: it matches no pattern of `--parents` itself, or is
    /// excluded while something in it is not.
    pub(super) fn has_partial(&self) -> bool {
        self.include.is_some() || self.excludes.has_exceptions()
    }

    /// Whether a path, seen from the source, is included, itself or by a directory above it; and whether it is kept.
    pub(super) fn judge(&self, place: &str, inside: bool) -> (bool, bool) {
        let included = inside || self.include.as_ref().is_none_or(|include| include.matches(place));
        (included, included && !self.excludes.matches(place))
    }

    /// What is left of a directory, with the help of what was left of it the last time.
    fn apply(&self, node: &Arc<Node>, description: String, cache: &mut Cache) -> Arc<Node> {
        let kept = cache.selection(&description);
        if let Some(kept) = kept.filter(|kept| Arc::ptr_eq(&kept.source, node)) {
            return kept.left.clone();
        }
        let known = kept.and_then(|kept| Some((kept.source.as_directory()?, kept.left.as_directory()?)));
        let Node::Directory(directory) = &**node else { return node.clone() };
        let left = Arc::new(self.directory(directory, "", self.include.is_none(), known));
        cache.keep_selection(description, Selection { source: node.clone(), left: left.clone() });
        left
    }

    /// What is left of a directory. `inside` says whether it or one above it is included as a whole; `known` is the
    /// directory as it was before, with what was left of that.
    fn directory(
        &self,
        directory: &Directory,
        place: &str,
        inside: bool,
        known: Option<(&Directory, &Directory)>,
    ) -> Node {
        let nothing = Directory::new(directory.metadata);
        let (before, left) = known.unwrap_or((&nothing, &nothing));
        let mut result = left.clone();
        for entry in before.differences(directory) {
            let known = entry.old.and_then(|old| old.as_directory()).zip(left.get(entry.name));
            let known = known.and_then(|(old, left)| Some((old, left.as_directory()?)));
            match entry.new.and_then(|new| self.entry(new, place, entry.name, inside, known)) {
                Some(kept) => result.insert_shared(entry.name, kept),
                None => result.remove(entry.name),
            }
        }
        let mut node = Node::Directory(result);
        *node.metadata_mut() = directory.metadata;
        node
    }

    fn entry(
        &self,
        node: &Arc<Node>,
        above: &str,
        name: &str,
        inside: bool,
        known: Option<(&Directory, &Directory)>,
    ) -> Option<Arc<Node>> {
        let place = if above.is_empty() { name.to_owned() } else { format!("{above}/{name}") };
        let (included, kept) = self.judge(&place, inside);
        let Node::Directory(directory) = &**node else { return kept.then(|| node.clone()) };
        let below = self.directory(directory, &place, included, known);
        let is_empty = below.as_directory().is_none_or(Directory::is_empty);
        (kept || !is_empty).then(|| Arc::new(below))
    }
}

/// The part of a key that stands for a source.
pub(super) fn source_key(source: &Source, place: String, matches: Matches) -> SourceKey {
    let mut hasher = Hasher::new();
    let (mut files, mut bytes) = (0, 0);
    for (at, node) in &matches {
        // The last part of the path is part of the key; only of several they have to be told apart, as they are seen
        // from the first part of the pattern that is none of a path.
        if *at != place {
            let pattern = path::parts(&place).take_while(|part| !glob::has_wildcards(part)).count();
            let below: Vec<&str> = path::parts(at).skip(pattern).collect();
            hasher.field(below.join("/").as_bytes());
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
