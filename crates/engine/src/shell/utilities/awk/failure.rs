//! What ends a program before its end.

use super::dialect::Dialect;
use crate::shell::Interrupt;

/// Why control leaves where it is.
#[derive(Debug)]
pub(super) enum Stop {
    /// The process ends.
    Interrupt(Interrupt),
    /// `exit`.
    Exit,
    /// `next`.
    Next,
    /// `nextfile`.
    NextFile,
    /// An error that ends the program.
    Failed(Failure),
}

impl From<Interrupt> for Stop {
    fn from(interrupt: Interrupt) -> Self {
        Self::Interrupt(interrupt)
    }
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// A message that ends the program.
#[derive(Debug, PartialEq)]
pub(super) enum Failure {
    /// In the text of the program, with the line.
    Syntax(usize, String),
    /// Functions that are called and not there, with the line.
    Undefined(usize, Vec<String>),
    /// While it runs.
    Running(String),
    /// With nothing but the name of the program before it.
    Plain(String),
}

impl Failure {
    /// The lines to be printed; `place` says where in the input the program was.
    pub(super) fn text(&self, dialect: Dialect, name: &str, source: &str, place: &str) -> String {
        match (self, dialect) {
            (Self::Plain(text), _) => format!("{name}: {text}\n"),
            (Self::Undefined(line, names), Dialect::Mawk) => names
                .iter()
                .map(|function| format!("{name}: line {line}: function {function} never defined\n"))
                .collect(),
            (Self::Undefined(line, _), Dialect::Busybox) => {
                format!("{name}: cmd. line:{line}: Call to undefined function\n")
            }
            (Self::Undefined(_, names), Dialect::Gawk) => {
                let function = names.last().map_or("", |name| name);
                format!("{name}: cmd. line:1: fatal: function `{function}' not defined\n")
            }
            (Self::Syntax(line, text), Dialect::Mawk) => {
                let at = if text.starts_with("unexpected character") { "" } else { "line " };
                let file = if source.is_empty() { String::new() } else { format!("{source}: ") };
                format!("{name}: {file}{at}{line}: {text}\n")
            }
            (Self::Syntax(line, text), _) => {
                let source = if source.is_empty() { "cmd. line" } else { source };
                format!("{name}: {source}:{line}: {text}\n")
            }
            (Self::Running(text), Dialect::Mawk) => format!("{name}: run time error: {text}\n{place}"),
            (Self::Running(text), Dialect::Busybox) => format!("{name}: cmd. line:1: {text}\n"),
            (Self::Running(text), Dialect::Gawk) => format!("{name}: cmd. line:1: fatal: {text}\n"),
        }
    }
}
