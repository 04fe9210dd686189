//! What a script of `sed` consists of.

use crate::shell::regex::Regex;
use std::collections::BTreeMap;

/// An address.
#[derive(Clone)]
pub(super) enum Address {
    Line(usize),
    Last,
    /// `first~step`
    Step(usize, usize),
    /// `None` for the last expression that was used.
    Regex(Option<Regex>),
    /// `+n`, as a second address.
    Offset(usize),
    /// `~n`, as a second address: the next line whose number is a multiple.
    Multiple(usize),
}

/// A command with its addresses.
pub(super) struct Command {
    pub(super) from: Option<Address>,
    pub(super) to: Option<Address>,
    pub(super) negated: bool,
    pub(super) action: Action,
}

pub(super) enum Action {
    BlockStart(usize),
    BlockEnd,
    Substitute(Box<Substitution>),
    Translate(BTreeMap<char, char>),
    Append(String),
    Insert(String),
    Change(String),
    Branch(String),
    BranchIf(String),
    BranchUnless(String),
    Label(String),
    Read(String),
    /// `R`
    ReadLine(String),
    Write(String),
    /// `W`
    WriteFirst(String),
    /// `e`; an empty command stands for the pattern space.
    Run(String),
    /// `l`, with the length of its lines.
    List(usize),
    /// `d D p P n N g G h H x = F z`
    Simple(char),
    Quit(char, i32),
}

pub(super) struct Substitution {
    pub(super) regex: Option<Regex>,
    pub(super) replacement: Vec<Piece>,
    pub(super) global: bool,
    pub(super) nth: usize,
    pub(super) print: bool,
    /// Whether the result is run as a command.
    pub(super) evaluate: bool,
    pub(super) file: Option<String>,
}

/// A part of a replacement.
pub(super) enum Piece {
    Text(String),
    Group(usize),
    /// `\U`, `\L`, `\u`, `\l`, `\E`
    Case(char),
}
