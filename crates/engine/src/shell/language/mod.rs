//! The shell's language: from text to a syntax tree.
//!
//! Input: the text of a script and the dialect. Output: one complete command after the other, as a shell reads them,
//! or a [`SyntaxError`]. It knows nothing of variables, files or processes.

mod arithmetic;
mod ast;
mod braced;
mod group;
mod lexer;
mod parser;
mod pattern;
#[cfg(test)]
mod tests;
mod word;

pub(super) use arithmetic::{Variables, evaluate};
pub(super) use ast::*;
pub(super) use parser::{Parser, is_name, is_reserved};
pub(super) use pattern::{Pattern, is_in_class, matches_glob};

/// Whose language and messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// BusyBox ash.
    Ash,
    /// Debian's dash.
    Dash,
    /// GNU bash.
    Bash,
}

/// Text that is no script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SyntaxError {
    /// The line, from 1.
    pub line: u32,
    /// What is wrong.
    pub kind: SyntaxErrorKind,
}

/// What is wrong with a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum SyntaxErrorKind {
    /// A token that does not fit, and what should be there; `newline`, `end of file`, `word` and `redirection` stand
    /// for those.
    Unexpected(String, Option<&'static str>),
    /// A quote, or what stands in braces or parentheses, has no end.
    Unterminated(&'static str),
    /// `${…}` that is none.
    BadSubstitution,
    /// Something else, in the words of ash; dash writes it large.
    Other(&'static str),
    /// More nesting than the parser goes into.
    TooDeep,
}

impl SyntaxError {
    /// The message as a shell words it, without its name in front.
    pub(super) fn message(&self, dialect: Dialect) -> String {
        let quoted = |token: &str| match token {
            "newline" | "end of file" | "word" | "redirection" => token.to_owned(),
            _ => format!("\"{token}\""),
        };
        let expecting = |expected: &Option<&str>| match expected {
            Some("word") => " (expecting word)".to_owned(),
            Some(expected) => format!(" (expecting \"{expected}\")"),
            None => String::new(),
        };
        match (&self.kind, dialect) {
            (SyntaxErrorKind::Unexpected(token, expected), Dialect::Ash) => {
                format!("syntax error: unexpected {}{}", quoted(token), expecting(expected))
            }
            (SyntaxErrorKind::Unexpected(token, expected), Dialect::Dash) => {
                format!("{}: Syntax error: {} unexpected{}", self.line, quoted(token), expecting(expected))
            }
            (SyntaxErrorKind::Unexpected(token, _), Dialect::Bash) if token == "end of file" => {
                format!("line {}: syntax error: unexpected end of file", self.line)
            }
            (SyntaxErrorKind::Unexpected(token, _), Dialect::Bash) => {
                format!("line {}: syntax error near unexpected token `{token}'", self.line)
            }
            (SyntaxErrorKind::Unterminated(what), Dialect::Ash) => {
                format!("syntax error: unterminated {}", what.trim_start_matches("single "))
            }
            (SyntaxErrorKind::Unterminated(what), Dialect::Dash) => {
                format!("{}: Syntax error: Unterminated {}", self.line, what.trim_start_matches("single "))
            }
            (SyntaxErrorKind::Unterminated(what), Dialect::Bash) => {
                let end = match *what {
                    "quoted string" => '"',
                    "single quoted string" => '\'',
                    "backquoted string" => '`',
                    _ => ')',
                };
                format!("line {}: unexpected EOF while looking for matching `{end}'", self.line)
            }
            (SyntaxErrorKind::Other(text), Dialect::Dash) => {
                let (first, rest) = text.split_at(1);
                format!("{}: Syntax error: {}{rest}", self.line, first.to_uppercase())
            }
            (SyntaxErrorKind::Other(text), Dialect::Ash) => format!("syntax error: {text}"),
            (SyntaxErrorKind::Other(text), Dialect::Bash) => {
                format!("line {}: syntax error: {text}", self.line)
            }
            (SyntaxErrorKind::BadSubstitution, Dialect::Ash) => "syntax error: bad substitution".to_owned(),
            (SyntaxErrorKind::BadSubstitution, _) => format!("{}: Bad substitution", self.line),
            (SyntaxErrorKind::TooDeep, _) => "syntax error: nested too deeply".to_owned(),
        }
    }
}
