//! What an expression of `find` consists of.

use crate::shell::regex::Regex;
use std::cmp::Ordering;

/// A condition or an action.
pub(super) enum Test {
    And(Box<Test>, Box<Test>),
    Or(Box<Test>, Box<Test>),
    /// Both, of which the last one counts.
    List(Box<Test>, Box<Test>),
    Not(Box<Test>),
    Name(String, bool),
    Path(String, bool),
    /// Where a symbolic link leads to.
    LinkTo(String, bool),
    Regex(Box<Regex>),
    Kind(String),
    /// The kind of what a link leads to.
    TargetKind(String),
    /// Another name of the file at this place.
    SameFile(String),
    Inode(Number),
    Size(Number, u64),
    Time(Number, i64),
    Newer(i64),
    Perm(PermTest, u32),
    User(Option<u32>),
    Group(Option<u32>),
    NoUser,
    NoGroup,
    Links(Number),
    Empty,
    Access(char),
    True,
    False,
    Prune,
    Quit,
    Delete,
    Print(char),
    Printf(String),
    /// As `Printf`, at the end of a file.
    WriteTo(String, String),
    /// `-exec … ;`, `-exec … +`, `-execdir`.
    Exec {
        words: Vec<String>,
        in_directory: bool,
        /// `-ok`: asked for before.
        asks: bool,
    },
    ExecAll(usize),
}

#[derive(Clone, Copy)]
pub(super) enum PermTest {
    Exact,
    All,
    Any,
}

/// `+5`, `-5`, `5`
#[derive(Clone, Copy)]
pub(super) struct Number(Ordering, i64);

impl Number {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (order, digits) = match text.strip_prefix('+') {
            Some(digits) => (Ordering::Greater, digits),
            None => match text.strip_prefix('-') {
                Some(digits) => (Ordering::Less, digits),
                None => (Ordering::Equal, text),
            },
        };
        Some(Self(order, digits.parse().ok()?))
    }

    /// Whether a value is as the number says.
    pub(super) fn fits(self, value: i64) -> bool {
        value.cmp(&self.1) == self.0
    }
}

/// A whole expression, with the options that count for all of it.
pub(super) struct Expression {
    pub(super) test: Test,
    /// The commands of `-exec … +`.
    pub(super) batches: Vec<Vec<String>>,
    pub(super) min_depth: usize,
    pub(super) max_depth: usize,
    pub(super) depth_first: bool,
    /// Whether links are followed, as with `-L`.
    pub(super) follows: bool,
}
