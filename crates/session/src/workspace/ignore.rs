//! Which files the `.dockerignore` hides.

use lab_engine::vfs::ignore::{FilterMemo, IgnoreMatcher};
use lab_engine::vfs::{Summary, Tree};

/// The rules, with the files that they left when they were last asked.
#[derive(Debug, Default)]
pub(crate) struct Ignore {
    /// `None` for rules that cannot be read: they hide nothing, and the build says what is wrong with them.
    matcher: Option<IgnoreMatcher>,
    memo: FilterMemo,
}

impl Ignore {
    /// The rules of this text.
    pub(crate) fn new(text: &str) -> Self {
        let matcher = IgnoreMatcher::parse(text).ok().filter(|matcher| !matcher.is_empty());
        Self { matcher, memo: FilterMemo::default() }
    }

    /// Whether the file at this path is hidden.
    pub(crate) fn hides(&self, path: &str) -> bool {
        self.matcher.as_ref().is_some_and(|matcher| matcher.matches(path))
    }

    /// What a build sees of a context.
    pub(crate) fn seen(&mut self, tree: &Tree) -> Summary {
        match &self.matcher {
            Some(matcher) => self.memo.filter(tree, matcher).summary(),
            None => tree.summary(),
        }
    }
}
