//! What a program consists of.

use super::builtins::Builtin;
use super::value::Text;
use crate::shell::regex::Regex;
use std::rc::Rc;

/// A program.
#[derive(Debug, Default)]
pub(super) struct Program {
    pub begin: Vec<Vec<Statement>>,
    pub rules: Vec<Rule>,
    pub end: Vec<Vec<Statement>>,
    pub functions: Vec<Function>,
    /// The names of the global variables; [`special`] has the first ones.
    pub globals: Vec<String>,
    /// Which of them are arrays.
    pub arrays: Vec<bool>,
}

/// What is done with a record.
#[derive(Debug)]
pub(super) struct Rule {
    pub pattern: Pattern,
    pub action: Vec<Statement>,
}

/// Which records.
#[derive(Debug)]
pub(super) enum Pattern {
    All,
    When(Expr),
    /// From one record to another; the number tells the ranges apart.
    Range(Expr, Expr, usize),
}

/// A function of the program.
#[derive(Debug, Default)]
pub(super) struct Function {
    pub name: String,
    pub parameters: Vec<String>,
    /// Which of the parameters are arrays.
    pub arrays: Vec<bool>,
    pub body: Vec<Statement>,
    pub is_defined: bool,
}

/// A variable, by its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Var {
    Global(usize),
    Local(usize),
}

/// The places of the variables that mean something.
pub(super) mod special {
    pub(in super::super) const NF: usize = 0;
    pub(in super::super) const NR: usize = 1;
    pub(in super::super) const FNR: usize = 2;
    pub(in super::super) const FS: usize = 3;
    pub(in super::super) const OFS: usize = 4;
    pub(in super::super) const RS: usize = 5;
    pub(in super::super) const ORS: usize = 6;
    pub(in super::super) const SUBSEP: usize = 7;
    pub(in super::super) const CONVFMT: usize = 8;
    pub(in super::super) const OFMT: usize = 9;
    pub(in super::super) const RSTART: usize = 10;
    pub(in super::super) const RLENGTH: usize = 11;
    pub(in super::super) const FILENAME: usize = 12;
    pub(in super::super) const ENVIRON: usize = 13;
    pub(in super::super) const ARGC: usize = 14;
    pub(in super::super) const ARGV: usize = 15;
    /// In the order of the places.
    pub(in super::super) const NAMES: [&str; 16] = [
        "NF", "NR", "FNR", "FS", "OFS", "RS", "ORS", "SUBSEP", "CONVFMT", "OFMT", "RSTART", "RLENGTH",
        "FILENAME", "ENVIRON", "ARGC", "ARGV",
    ];
}

/// A statement.
#[derive(Debug)]
pub(super) enum Statement {
    Expr(Expr),
    Print(Vec<Expr>, Option<Redirection>),
    Printf(Vec<Expr>, Option<Redirection>),
    If(Expr, Vec<Statement>, Vec<Statement>),
    While(Expr, Vec<Statement>),
    DoWhile(Vec<Statement>, Expr),
    For(Option<Box<Statement>>, Option<Expr>, Option<Box<Statement>>, Vec<Statement>),
    ForIn(Var, Var, Vec<Statement>),
    Block(Vec<Statement>),
    Delete(Var, Option<Vec<Expr>>),
    Exit(Option<Expr>),
    Return(Option<Expr>),
    Next,
    NextFile,
    Break,
    Continue,
}

/// Where `print` prints to.
#[derive(Debug)]
pub(super) struct Redirection {
    pub kind: RedirectionKind,
    pub target: Expr,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RedirectionKind {
    Truncate,
    Append,
    Pipe,
}

/// An operator on two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Power,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Less,
    LessOrEqual,
    Equal,
    NotEqual,
    Greater,
    GreaterOrEqual,
}

/// Where `getline` reads from.
#[derive(Debug)]
pub(super) enum Source {
    Input,
    File(Expr),
    Command(Expr),
}

/// An expression.
#[derive(Debug)]
pub(super) enum Expr {
    Number(f64),
    Text(Text),
    Regex(Rc<Regex>),
    Var(Var),
    Field(Box<Expr>),
    Element(Var, Vec<Expr>),
    Assign(Box<Expr>, Box<Expr>),
    Update(Arithmetic, Box<Expr>, Box<Expr>),
    /// `++` and `--`: the place, what is added, and whether the old value counts.
    Step(Box<Expr>, f64, bool),
    Conditional(Box<[Expr; 3]>),
    And(Box<Expr>, Box<Expr>),
    Or(Box<Expr>, Box<Expr>),
    Not(Box<Expr>),
    Negative(Box<Expr>),
    Positive(Box<Expr>),
    Arithmetic(Arithmetic, Box<Expr>, Box<Expr>),
    Compare(Comparison, Box<Expr>, Box<Expr>),
    Concat(Vec<Expr>),
    Match {
        negated: bool,
        text: Box<Expr>,
        regex: Box<Expr>,
    },
    In(Vec<Expr>, Var),
    Call(usize, Vec<Expr>),
    Builtin(Builtin, Vec<Expr>),
    Getline(Box<Source>, Option<Box<Expr>>),
    /// Several expressions in parentheses: for `print` and `in` only.
    Group(Vec<Expr>),
}

impl Expr {
    /// Whether it can be assigned to.
    pub(super) fn is_place(&self) -> bool {
        matches!(self, Self::Var(_) | Self::Field(_) | Self::Element(..))
    }
}
