//! Word expansion: quotes, escapes and variables, as BuildKit's Dockerfile lexer treats them.
//!
//! Input: one word (or text) and the variables that are set. Output: the expanded word, the same split into words,
//! and which names were found and which were not. It resembles a POSIX shell but is not one: there are no command
//! substitutions, fields are split only at blanks, and patterns know `*` and `?` but no classes.

mod lexer;
mod pattern;

use super::quote::quote;
use std::collections::BTreeSet;

/// Variables that can be looked up by name.
pub trait Variables {
    /// The value, or `None` where it is not set.
    fn get(&self, name: &str) -> Option<&str>;
    /// All names in their order.
    fn names(&self) -> Vec<&str>;
}

/// Pairs in their order; of several with one name the last one counts.
impl Variables for [(String, String)] {
    fn get(&self, name: &str) -> Option<&str> {
        self.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    fn names(&self) -> Vec<&str> {
        self.iter().map(|(key, _)| key.as_str()).collect()
    }
}

impl Variables for Vec<(String, String)> {
    fn get(&self, name: &str) -> Option<&str> {
        Variables::get(self.as_slice(), name)
    }

    fn names(&self) -> Vec<&str> {
        self.iter().map(|(key, _)| key.as_str()).collect()
    }
}

/// No variables at all.
impl Variables for () {
    fn get(&self, _: &str) -> Option<&str> {
        None
    }

    fn names(&self) -> Vec<&str> {
        Vec::new()
    }
}

/// How to expand.
#[derive(Clone, Copy, Debug)]
pub struct Expander {
    /// The escape character of the Dockerfile.
    pub escape: char,
    /// Quotes stay in the result.
    pub raw_quotes: bool,
    /// Escape characters stay in the result.
    pub raw_escapes: bool,
    /// Quotes are ordinary characters.
    pub skip_quotes: bool,
    /// References to names that are not set stay as they are.
    pub skip_unset: bool,
}

/// What came out of an expansion.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expansion {
    /// The whole text.
    pub text: String,
    /// The text split at blanks that were not quoted.
    pub words: Vec<String>,
    /// Names that were used and are set.
    pub matched: BTreeSet<String>,
    /// Names that were used and are not set, also where a default stepped in.
    pub unmatched: BTreeSet<String>,
}

/// Why a word could not be expanded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpandError {
    /// BuildKit's text.
    pub message: String,
    /// Names that were used and are not set, up to the place of the error.
    pub unmatched: BTreeSet<String>,
}

impl Expander {
    /// Expansion of arguments, with the escape character of the Dockerfile.
    pub fn new(escape: char) -> Self {
        Self { escape, raw_quotes: false, raw_escapes: false, skip_quotes: false, skip_unset: false }
    }

    /// Expansion of the files that are given as heredocs: quotes mean nothing there, and the escape is always `\`.
    pub fn for_files() -> Self {
        Self { skip_quotes: true, ..Self::new('\\') }
    }

    /// Expansion of a `RUN` for its step name: quotes and unknown variables stay.
    pub fn for_step_name(escape: char) -> Self {
        Self { raw_quotes: true, skip_unset: true, ..Self::new(escape) }
    }

    /// Expands `word`.
    pub fn expand<V: Variables + ?Sized>(&self, word: &str, variables: &V) -> Result<Expansion, ExpandError> {
        let lookup = |name: &str| variables.get(name).map(str::to_owned);
        let mut lexer = lexer::Lexer::new(*self, word, &lookup);
        match lexer.until_end() {
            Ok((text, words)) => {
                Ok(Expansion { text, words, matched: lexer.matched, unmatched: lexer.unmatched })
            }
            Err(reason) => Err(ExpandError {
                message: format!("failed to process {}: {reason}", quote(word)),
                unmatched: lexer.unmatched,
            }),
        }
    }
}

#[cfg(test)]
mod tests;
