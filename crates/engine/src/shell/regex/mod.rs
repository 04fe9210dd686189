//! Regular expressions of POSIX, basic and extended, with GNU's additions and back-references, and much of Perl's.
//!
//! A backtracking machine that remembers where it has been, so that its time is bounded by the product of pattern and
//! text unless there are back-references. Of several matches at one place the longest is taken, as POSIX wants it.

mod ast;
mod class;
mod compile;
mod machine;
mod parse;
mod perl;
#[cfg(test)]
mod tests;

use ast::Assertion;
use compile::{Compiler, Inst};
use machine::Search;
use parse::Parser;

/// Which syntax.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Syntax {
    /// `grep`, `sed`: groups and intervals need backslashes.
    Basic,
    /// `grep -E`, `sed -E`, `awk`.
    Extended,
    /// `grep -P`: the first of several matches counts, not the longest.
    Perl,
}

/// A compiled expression.
#[derive(Clone, Debug)]
pub(crate) struct Regex {
    program: Vec<Inst>,
    groups: usize,
    ignore_case: bool,
    /// Whether `^` and `$` hold at every line.
    lines: bool,
    has_references: bool,
    has_alternatives: bool,
    /// The text that every match begins with.
    prefix: String,
    /// Whether the prefix is the whole expression.
    is_literal: bool,
}

/// A match: the places of the whole and of each group, as byte offsets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Match(Vec<Option<(usize, usize)>>);

impl Match {
    /// Where the match begins.
    pub(crate) fn start(&self) -> usize {
        self.0[0].map_or(0, |(start, _)| start)
    }

    /// Where it ends.
    pub(crate) fn end(&self) -> usize {
        self.0[0].map_or(0, |(_, end)| end)
    }

    /// The text of a group; 0 is the whole.
    pub(crate) fn text<'t>(&self, text: &'t str, group: usize) -> Option<&'t str> {
        let (start, end) = (*self.0.get(group)?)?;
        text.get(start..end)
    }

    /// The number of groups, the whole included.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }
}

impl Regex {
    /// Compiles an expression; the error is what the C library says of it.
    pub(crate) fn new(text: &str, syntax: Syntax, ignore_case: bool) -> Result<Self, &'static str> {
        let mut parser = Parser::new(text, syntax);
        let ast = parser.parse()?;
        let mut compiler = Compiler { program: Vec::new(), slots: 2 * (parser.groups + 1) };
        compiler.emit(&ast)?;
        let mut program = compiler.program;
        program.push(Inst::Match);
        let ignore_case = ignore_case || parser.ignore_case;
        let (prefix, is_literal) = if ignore_case { (String::new(), false) } else { compile::prefix(&ast) };
        Ok(Self {
            program,
            groups: parser.groups + 1,
            ignore_case,
            lines: false,
            has_references: parser.references,
            has_alternatives: parser.alternatives && syntax != Syntax::Perl,
            prefix,
            is_literal,
        })
    }

    /// The same with `^` and `$` at every line of the text.
    pub(crate) fn by_lines(self) -> Self {
        Self { lines: true, ..self }
    }

    /// Whether there is a match anywhere.
    pub(crate) fn is_match(&self, text: &str) -> bool {
        self.find(text, 0).is_some()
    }

    /// The number of groups, the whole not counted.
    pub(crate) fn groups(&self) -> usize {
        self.groups - 1
    }

    /// The first match that begins at `from` or behind it. The text before counts for `^` and word edges.
    pub(crate) fn find(&self, text: &str, from: usize) -> Option<Match> {
        if self.is_literal && !self.prefix.is_empty() {
            let start = text.get(from..)?.find(&self.prefix)? + from;
            return Some(Match(vec![Some((start, start + self.prefix.len()))]));
        }
        let anchored = self.begins_at_the_start() && !self.has_alternatives;
        let mut start = from;
        let mut search = Search::default();
        loop {
            if !self.prefix.is_empty() {
                start += text.get(start..)?.find(&self.prefix)?;
            }
            if anchored && start > 0 {
                return None;
            }
            if let Some(found) = self.match_at(text, from, start, &mut search) {
                return Some(found);
            }
            if search.is_given_up() {
                return None;
            }
            start += text.get(start..)?.chars().next()?.len_utf8();
        }
    }

    fn begins_at_the_start(&self) -> bool {
        let first = self.program.iter().find(|inst| !matches!(inst, Inst::Save(_)));
        matches!(first, Some(Inst::Assert(Assertion::Start))) && !self.lines
    }
}
