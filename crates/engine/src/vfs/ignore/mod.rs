//! `.dockerignore`: which files of a folder are not part of the build context.
//!
//! Takes the text of the file and gives an [`IgnoreMatcher`]; [`filter`] takes a tree and a matcher and gives the tree of
//! what is left, and a [`FilterMemo`] makes the next call cost only what changed since.
//! The rules are those of BuildKit: the Dockerfile and `.dockerignore` themselves are ignored when a pattern says so
//! (BuildKit fetches both separately), and a directory that is ignored comes back as soon as something in it does.

mod filter;
mod pattern;

pub use filter::{FilterMemo, filter};
pub use pattern::{IgnoreError, IgnoreMatcher};

#[cfg(test)]
mod tests;
