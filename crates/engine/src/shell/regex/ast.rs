//! What an expression consists of.

use crate::shell::language::is_in_class;

/// A part of an expression.
#[derive(Clone, Debug)]
pub(super) enum Ast {
    Empty,
    Char(char),
    Any,
    Class(Set),
    Assert(Assertion),
    Group(Box<Ast>, usize),
    Concat(Vec<Ast>),
    Alternate(Vec<Ast>),
    Repeat(Box<Ast>, u32, Option<u32>),
    /// As few times as will do.
    Lazy(Box<Ast>, u32, Option<u32>),
    /// `(?=…)` and the like.
    Look {
        inner: Box<Ast>,
        behind: bool,
        negated: bool,
    },
    /// `\K`: the match begins here.
    Keep,
    Reference(usize),
}

/// What holds between two characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Assertion {
    Start,
    End,
    /// Of the text, even where `^` is of a line.
    TextStart,
    TextEnd,
    WordEdge {
        negated: bool,
    },
    WordStart,
    WordEnd,
}

/// A bracket expression.
#[derive(Clone, Debug, Default)]
pub(super) struct Set {
    pub(super) negated: bool,
    pub(super) ranges: Vec<(char, char)>,
    pub(super) classes: Vec<String>,
}

impl Set {
    /// Whether a character is listed, whatever `negated` says.
    pub(super) fn contains(&self, c: char) -> bool {
        self.ranges.iter().any(|(low, high)| (*low..=*high).contains(&c))
            || self.classes.iter().any(|class| is_in_class(c, class))
    }
}
