//! A tree without what is ignored.

use super::pattern::IgnoreMatcher;
use crate::vfs::{Directory, Node, Tree};
use std::sync::Arc;

/// The last tree that was filtered, with its result.
///
/// While the patterns stay the same, filtering an edited form of that tree costs what was edited.
#[derive(Clone, Debug, Default)]
pub struct FilterMemo(Option<Filtered>);

#[derive(Clone, Debug)]
struct Filtered {
    matcher: IgnoreMatcher,
    source: Tree,
    result: Tree,
}

/// `tree` without what `matcher` ignores.
///
/// What is not ignored is shared with `tree`. An ignored directory is there if something in it is not ignored.
pub fn filter(tree: &Tree, matcher: &IgnoreMatcher) -> Tree {
    matcher.filter_from(None, tree)
}

impl FilterMemo {
    /// As [`filter`], reusing what the last call found.
    pub fn filter(&mut self, tree: &Tree, matcher: &IgnoreMatcher) -> Tree {
        let last = self.0.take().filter(|last| last.matcher == *matcher);
        if let Some(last) = &last
            && last.source.is_same(tree)
        {
            let result = last.result.clone();
            self.0 = Some(last.clone());
            return result;
        }
        let result = matcher.filter_from(last.as_ref().map(|last| (&last.source, &last.result)), tree);
        self.0 = Some(Filtered { matcher: matcher.clone(), source: tree.clone(), result: result.clone() });
        result
    }
}

/// A directory that was filtered before: as it was, and what was left of it.
type Known<'a> = (&'a Directory, Option<&'a Directory>);

impl IgnoreMatcher {
    fn filter_from(&self, known: Option<(&Tree, &Tree)>, tree: &Tree) -> Tree {
        if self.is_empty() {
            return tree.clone();
        }
        let known = known.map(|(source, result)| (source.root(), Some(result.root())));
        let root = self.directory(tree.root(), "", &[], known);
        tree.with_part_of(Arc::new(Node::Directory(root)))
    }

    /// The part of a directory that is not ignored. `path` is relative and has a slash at its end, or is empty.
    fn directory(
        &self,
        directory: &Directory,
        path: &str,
        above: &[bool],
        known: Option<Known<'_>>,
    ) -> Directory {
        let nothing = Directory::new(directory.metadata);
        let (before, left) = known.unwrap_or((&nothing, None));
        let mut result = left.unwrap_or(&nothing).clone();
        result.summary.take();
        result.metadata = directory.metadata;
        for entry in before.differences(directory) {
            let known = entry.old.and_then(|old| old.as_directory()).map(|old| {
                let left = left.and_then(|left| left.get(entry.name)?.as_directory());
                (old, left)
            });
            let kept =
                entry.new.and_then(|new| self.entry(new, &format!("{path}{}", entry.name), above, known));
            match kept {
                Some(node) => result.insert_shared(entry.name, node),
                None => drop(result.entries_mut().remove(&**entry.name)),
            }
        }
        result
    }

    fn entry(
        &self,
        node: &Arc<Node>,
        path: &str,
        above: &[bool],
        known: Option<Known<'_>>,
    ) -> Option<Arc<Node>> {
        let (is_ignored, matched) = self.step(path, above);
        let Node::Directory(directory) = &**node else { return (!is_ignored).then(|| node.clone()) };
        if is_ignored && !self.may_have_exceptions_below(path) {
            return None;
        }
        let left = self.directory(directory, &format!("{path}/"), &matched, known);
        if is_ignored && left.is_empty() {
            return None;
        }
        let is_whole = left.len() == directory.len() && left.differences(directory).next().is_none();
        Some(if is_whole { node.clone() } else { Arc::new(Node::Directory(left)) })
    }
}
