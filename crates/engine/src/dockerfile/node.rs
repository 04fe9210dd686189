//! From a logical line to a syntax node: the keyword, its flags and its words, each instruction by its own grammar.

use super::arguments::KeyValue;
use super::ast::Heredoc;
use super::json::{self, JsonArray};
use super::quote::quote;
use super::words::{quoted_words, split_all, split_blank, split_command};
use crate::case::Case;

/// An instruction as words.
#[derive(Clone, Debug, Default)]
pub(super) struct Node {
    /// As written.
    pub(super) keyword: String,
    /// With their leading `--`.
    pub(super) flags: Vec<String>,
    pub(super) arguments: Vec<String>,
    /// The arguments of `ENV` and `LABEL`.
    pub(super) pairs: Vec<KeyValue>,
    /// Whether the arguments were a JSON array.
    pub(super) json: bool,
    /// The instruction behind `ONBUILD`.
    pub(super) trigger: Option<Box<Node>>,
    pub(super) heredocs: Vec<Heredoc>,
    /// The whole line.
    pub(super) original: String,
}

/// Nesting of `ONBUILD` that is followed; more is an error anyway.
const DEPTH: usize = 50;

impl Node {
    /// Reads a line. The error is BuildKit's text.
    pub(super) fn parse(line: &str, escape: char) -> Result<Self, SyntaxError> {
        Self::parse_nested(line, escape, 0)
    }

    fn parse_nested(line: &str, escape: char, depth: usize) -> Result<Self, SyntaxError> {
        let command = split_command(line);
        let rest = command.rest.as_str();
        let mut node = Self {
            keyword: command.keyword,
            flags: command.flags,
            original: line.to_owned(),
            ..Self::default()
        };
        match node.keyword.lower().as_str() {
            "add" | "copy" | "volume" if !node.take_json(rest)? && !rest.is_empty() => {
                node.arguments = split_all(rest);
            }
            "cmd" | "entrypoint" | "run" | "shell" => node.take_json_or_text(rest)?,
            "expose" | "from" if !rest.is_empty() => node.arguments = split_all(rest),
            "maintainer" | "stopsignal" | "user" | "workdir" if !rest.is_empty() => {
                node.arguments = vec![rest.to_owned()];
            }
            "arg" => node.arguments = quoted_words(rest, escape),
            "env" => node.pairs = pairs(rest, "ENV", escape)?,
            "label" => node.pairs = pairs(rest, "LABEL", escape)?,
            "healthcheck" => node.take_healthcheck(rest)?,
            "onbuild" if !rest.is_empty() && depth < DEPTH => {
                let trigger = Self::parse_nested(rest, escape, depth + 1)?;
                node.arguments =
                    std::iter::once(trigger.keyword.clone()).chain(trigger.arguments.clone()).collect();
                node.trigger = Some(Box::new(trigger));
            }
            _ => {}
        }
        Ok(node)
    }

    /// Whether heredocs may follow the line.
    pub(super) fn takes_heredocs(&self) -> bool {
        let node = match &self.trigger {
            Some(trigger) if self.keyword.eq_ignore_ascii_case("onbuild") => trigger,
            _ => self,
        };
        let known = ["add", "copy", "run"].iter().any(|name| node.keyword.eq_ignore_ascii_case(name));
        known && !node.json
    }

    /// Takes the arguments from a JSON array, if it is one.
    fn take_json(&mut self, text: &str) -> Result<bool, SyntaxError> {
        match json::read(text) {
            JsonArray::Strings(strings) => {
                self.arguments.extend(strings);
                self.json = true;
                Ok(true)
            }
            JsonArray::NotOnlyStrings => Err(SyntaxError {
                code: "parse/json-array",
                message: "when using JSON array syntax, arrays must be comprised of strings only".into(),
                place: text.to_owned(),
            }),
            JsonArray::Invalid => Ok(false),
        }
    }

    fn take_json_or_text(&mut self, text: &str) -> Result<(), SyntaxError> {
        if !text.is_empty() && !self.take_json(text)? {
            self.arguments.push(text.to_owned());
        }
        Ok(())
    }

    /// A word, and behind it what other commands have.
    fn take_healthcheck(&mut self, text: &str) -> Result<(), SyntaxError> {
        let (kind, command) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        if kind.is_empty() {
            return Ok(());
        }
        self.arguments.push(kind.to_owned());
        self.take_json_or_text(command.trim_start())
    }
}

/// An error in the words of a line.
#[derive(Debug)]
pub(super) struct SyntaxError {
    pub(super) code: &'static str,
    pub(super) message: String,
    /// The part of the line that it is about.
    pub(super) place: String,
}

/// The pairs of `ENV` and `LABEL`: `name=value …`, or `name value` in the old form.
fn pairs(text: &str, keyword: &str, escape: char) -> Result<Vec<KeyValue>, SyntaxError> {
    let words = quoted_words(text, escape);
    let Some(first) = words.first() else { return Ok(Vec::new()) };
    if !first.contains('=') {
        let (name, value) = split_blank(text).ok_or_else(|| SyntaxError {
            code: "parse/missing-value",
            message: format!("{keyword} must have two arguments"),
            place: text.to_owned(),
        })?;
        return Ok(vec![KeyValue { name: name.to_owned(), value: value.to_owned(), legacy: true }]);
    }
    let pair = |word: &String| match word.split_once('=') {
        Some((name, value)) => Ok(KeyValue { name: name.to_owned(), value: value.to_owned(), legacy: false }),
        None => Err(SyntaxError {
            code: "parse/missing-equals",
            message: format!(
                "Syntax error - can't find = in {}. Must be of the form: name=value",
                quote(word)
            ),
            place: word.clone(),
        }),
    };
    words.iter().map(pair).collect()
}
