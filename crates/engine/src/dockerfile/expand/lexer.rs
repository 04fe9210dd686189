//! The lexer: one pass over the characters of a word.

use super::{Expander, pattern};
use std::collections::BTreeSet;

type Lookup<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Nesting of `${…}` that is followed; a deeper one is an error instead of an exhausted stack.
const DEPTH: usize = 200;

/// What stands for the end of the text where a message names a character.
const NO_CHARACTER: char = '\u{fffd}';

pub(super) struct Lexer<'a> {
    options: Expander,
    chars: Vec<char>,
    at: usize,
    raw_escapes: bool,
    depth: usize,
    lookup: Lookup<'a>,
    pub(super) matched: BTreeSet<String>,
    pub(super) unmatched: BTreeSet<String>,
}

/// Collects words while the text grows.
#[derive(Default)]
struct Words {
    word: String,
    words: Vec<String>,
    in_word: bool,
}

impl Words {
    fn add(&mut self, c: char) {
        if !c.is_whitespace() {
            self.add_raw(c);
        } else if self.in_word && !self.word.is_empty() {
            self.words.push(std::mem::take(&mut self.word));
            self.in_word = false;
        }
    }

    fn add_raw(&mut self, c: char) {
        self.word.push(c);
        self.in_word = true;
    }

    fn add_raw_text(&mut self, text: &str) {
        self.word.push_str(text);
        self.in_word = true;
    }

    fn finish(mut self) -> Vec<String> {
        if !self.word.is_empty() {
            self.words.push(self.word);
        }
        self.words
    }
}

impl<'a> Lexer<'a> {
    pub(super) fn new(options: Expander, word: &str, lookup: Lookup<'a>) -> Self {
        // Go's scanner drops a byte order mark in front.
        let chars = word.strip_prefix('\u{feff}').unwrap_or(word).chars().collect();
        Self {
            options,
            chars,
            at: 0,
            raw_escapes: options.raw_escapes,
            depth: 0,
            lookup,
            matched: BTreeSet::new(),
            unmatched: BTreeSet::new(),
        }
    }

    pub(super) fn until_end(&mut self) -> Result<(String, Vec<String>), String> {
        self.until(None, self.raw_escapes)
    }

    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek();
        self.at += usize::from(c.is_some());
        c
    }

    /// Reads up to `stop`, which is taken as well, or to the end where there is none.
    fn until(&mut self, stop: Option<char>, raw_escapes: bool) -> Result<(String, Vec<String>), String> {
        if self.depth == DEPTH {
            return Err("too deeply nested".into());
        }
        self.depth += 1;
        let before = std::mem::replace(&mut self.raw_escapes, raw_escapes);
        let result = self.until_inner(stop);
        self.raw_escapes = before;
        self.depth -= 1;
        result
    }

    fn until_inner(&mut self, stop: Option<char>) -> Result<(String, Vec<String>), String> {
        let mut text = String::new();
        let mut words = Words::default();
        while let Some(c) = self.peek() {
            if Some(c) == stop {
                self.at += 1;
                return Ok((text, words.finish()));
            }
            match c {
                '$' => {
                    let value = self.dollar()?;
                    value.chars().for_each(|c| words.add(c));
                    text.push_str(&value);
                }
                '\'' | '"' if !self.options.skip_quotes => {
                    let value = if c == '"' { self.double_quoted()? } else { self.single_quoted()? };
                    words.add_raw_text(&value);
                    text.push_str(&value);
                }
                _ if c == self.options.escape => {
                    self.at += 1;
                    if self.raw_escapes {
                        words.add_raw(c);
                        text.push(c);
                    }
                    let Some(escaped) = self.next() else { break };
                    words.add_raw(escaped);
                    text.push(escaped);
                }
                _ => {
                    self.at += 1;
                    words.add(c);
                    text.push(c);
                }
            }
        }
        match stop {
            Some(stop) => Err(format!("unexpected end of statement while looking for matching {stop}")),
            None => Ok((text, words.finish())),
        }
    }

    fn single_quoted(&mut self) -> Result<String, String> {
        let mut text = String::new();
        self.quote_mark(&mut text);
        loop {
            match self.peek() {
                None => {
                    return Err("unexpected end of statement while looking for matching single-quote".into());
                }
                Some('\'') => {
                    self.quote_mark(&mut text);
                    return Ok(text);
                }
                Some(c) => {
                    self.at += 1;
                    text.push(c);
                }
            }
        }
    }

    fn double_quoted(&mut self) -> Result<String, String> {
        let mut text = String::new();
        self.quote_mark(&mut text);
        loop {
            match self.peek() {
                None => {
                    return Err("unexpected end of statement while looking for matching double-quote".into());
                }
                Some('"') => {
                    self.quote_mark(&mut text);
                    return Ok(text);
                }
                Some('$') => text.push_str(&self.dollar()?),
                Some(c) if c == self.options.escape => {
                    self.at += 1;
                    if self.raw_escapes {
                        text.push(c);
                    }
                    match self.peek() {
                        None => {}
                        Some(escaped) if matches!(escaped, '"' | '$') || escaped == c => {
                            self.at += 1;
                            text.push(escaped);
                        }
                        Some(_) => text.push(c),
                    }
                }
                Some(c) => {
                    self.at += 1;
                    text.push(c);
                }
            }
        }
    }

    /// Takes the quotation mark at the present place.
    fn quote_mark(&mut self, text: &mut String) {
        if let Some(mark) = self.next()
            && self.options.raw_quotes
        {
            text.push(mark);
        }
    }

    fn dollar(&mut self) -> Result<String, String> {
        self.at += 1;
        if self.peek() == Some('{') {
            return self.braced();
        }
        let name = self.name();
        if name.is_empty() {
            return Ok("$".into());
        }
        Ok(match self.variable(&name) {
            None if self.options.skip_unset => format!("${name}"),
            value => value.unwrap_or_default(),
        })
    }

    fn braced(&mut self) -> Result<String, String> {
        self.at += 1;
        match self.peek() {
            None => return Err("syntax error: missing '}'".into()),
            Some('{' | '}' | ':') => return Err("syntax error: bad substitution".into()),
            _ => {}
        }
        let name = self.name();
        let modifier = self.next();
        match modifier {
            Some('}') => Ok(match self.variable(&name) {
                None if self.options.skip_unset => format!("${{{name}}}"),
                value => value.unwrap_or_default(),
            }),
            Some(':') => {
                let operator = self.next().unwrap_or(NO_CHARACTER);
                self.modified(&name, operator, true)
            }
            Some(operator @ ('+' | '-' | '?' | '#' | '%')) => self.modified(&name, operator, false),
            Some('/') => self.replaced(&name),
            other => Err(unsupported(&other.unwrap_or(NO_CHARACTER).to_string())),
        }
    }

    /// `${name-word}` and its relatives, from behind the operator on.
    fn modified(&mut self, name: &str, operator: char, colon: bool) -> Result<String, String> {
        let shown = if colon { format!(":{operator}") } else { operator.to_string() };
        let is_pattern = matches!(operator, '#' | '%');
        if colon && is_pattern {
            return Err(unsupported(&shown));
        }
        let (word, _) = self.until(Some('}'), is_pattern).map_err(|error| {
            if self.peek().is_none() { "syntax error: missing '}'".into() } else { error }
        })?;
        let value = self.variable(name);
        if self.options.skip_unset && value.is_none() {
            return Ok(format!("${{{name}{shown}{word}}}"));
        }
        let usable = value.as_ref().is_some_and(|value| !(colon && value.is_empty()));
        match operator {
            '-' => Ok(if usable { value.unwrap_or_default() } else { word }),
            '+' => Ok(if usable { word } else { String::new() }),
            '?' if usable => Ok(value.unwrap_or_default()),
            '?' => {
                let reason = match &value {
                    _ if !word.is_empty() => word,
                    None => "is not allowed to be unset".into(),
                    Some(_) => "is not allowed to be empty".into(),
                };
                Err(format!("{name}: {reason}"))
            }
            '#' | '%' => {
                let (word, greedy) = match word.strip_prefix(operator) {
                    Some(rest) => (rest, true),
                    None => (word.as_str(), false),
                };
                let value = value.unwrap_or_default();
                let trim = if operator == '#' { pattern::trim_prefix } else { pattern::trim_suffix };
                trim(word, &value, greedy)
            }
            _ => Err(unsupported(&shown)),
        }
    }

    /// `${name/pattern/replacement}` and `${name//pattern/replacement}`, from behind the first slash on.
    fn replaced(&mut self, name: &str) -> Result<String, String> {
        let all = self.peek() == Some('/');
        self.at += usize::from(all);
        let (pattern, _) = self.until(Some('/'), true).map_err(|error| {
            if self.peek().is_none() { "syntax error: missing '/' in ${}".into() } else { error }
        })?;
        let (replacement, _) = self.until(Some('}'), true).map_err(|error| {
            if self.peek().is_none() { "syntax error: missing '}'".into() } else { error }
        })?;
        let value = self.variable(name);
        if self.options.skip_unset && value.is_none() {
            return Ok(format!("${{{name}/{pattern}/{replacement}}}"));
        }
        pattern::replace(&pattern, &value.unwrap_or_default(), &replacement, all)
    }

    /// A name, a number or one special parameter; empty where there is none of these.
    fn name(&mut self) -> String {
        let start = self.at;
        match self.peek() {
            Some(c) if is_digit(c) => {
                while self.peek().is_some_and(is_digit) {
                    self.at += 1;
                }
            }
            Some('@' | '*' | '#' | '?' | '-' | '$' | '!') => self.at += 1,
            _ => {
                while self.peek().is_some_and(|c| c.is_alphabetic() || is_digit(c) || c == '_') {
                    self.at += 1;
                }
            }
        }
        self.chars[start..self.at].iter().collect()
    }

    fn variable(&mut self, name: &str) -> Option<String> {
        let value = (self.lookup)(name);
        let set = if value.is_some() { &mut self.matched } else { &mut self.unmatched };
        set.insert(name.to_owned());
        value
    }
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || !c.is_ascii() && c.is_numeric()
}

fn unsupported(modifier: &str) -> String {
    format!("unsupported modifier ({modifier}) in substitution")
}
