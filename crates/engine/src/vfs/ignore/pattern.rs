//! Patterns and how they match.

use crate::vfs::glob::{self, BadPattern};
use crate::vfs::path;
use std::fmt;

/// A pattern that makes the whole file invalid. The words are those of BuildKit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IgnoreError {
    /// `!` with nothing behind it.
    IllegalExclusion,
    /// A class that is not closed, or a backslash at the end.
    Syntax(BadPattern),
}

impl fmt::Display for IgnoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::IllegalExclusion => f.write_str("illegal exclusion pattern: \"!\""),
            Self::Syntax(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for IgnoreError {}

/// The patterns of a `.dockerignore`, or of `COPY --exclude`.
///
/// The last pattern that matches a path or one of the directories above it decides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IgnoreMatcher {
    pub(super) patterns: Vec<Pattern>,
    /// Whether what is below an ignored directory can come back only by a pattern that begins with its path.
    pub(super) only_plain_exceptions: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pattern {
    pub(super) text: String,
    /// Begins with `!`: what matches is not ignored.
    pub(super) is_exception: bool,
    form: Form,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Form {
    /// No wildcards.
    Exact,
    /// `text**`.
    Prefix,
    /// `**text`.
    Suffix,
    Tokens(Vec<Token>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Char(char),
    /// `?`: any but a slash.
    Any,
    /// `*`: any number of any but a slash.
    Star,
    /// `**` or `**/` before something: nothing, or anything that ends with a slash.
    Directories,
    /// `**` at the end: anything.
    Rest,
    /// A class, without its `[`. It may match a slash.
    Class(String),
    /// `^` outside of a class, which stands for the begin and so matches nowhere else.
    Begin,
}

impl IgnoreMatcher {
    /// Reads a `.dockerignore`.
    ///
    /// Lines that begin with `#` are comments; blanks around a pattern, and slashes at its begin and end, do not count.
    pub fn parse(text: &str) -> Result<Self, IgnoreError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let lines = text.lines().filter(|line| !line.starts_with('#')).map(str::trim);
        Self::new(lines.filter(|line| !line.is_empty()).map(normalize))
    }

    /// A matcher of patterns that are relative to the root already.
    pub fn new(patterns: impl IntoIterator<Item = impl AsRef<str>>) -> Result<Self, IgnoreError> {
        let mut matcher = Self { patterns: Vec::new(), only_plain_exceptions: true };
        for pattern in patterns {
            let pattern = pattern.as_ref().trim();
            if !pattern.is_empty() {
                matcher.patterns.push(Pattern::new(&path::clean(pattern))?);
            }
        }
        matcher.only_plain_exceptions =
            matcher.patterns.iter().all(|pattern| !pattern.is_exception || pattern.is_plain());
        Ok(matcher)
    }

    /// Whether there is no pattern.
    pub fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }

    /// Whether some pattern brings back what others take out.
    pub fn has_exceptions(&self) -> bool {
        self.patterns.iter().any(|pattern| pattern.is_exception)
    }

    /// Whether one of the patterns takes all there is: `*`, `**` or `**/*`.
    pub fn has_pattern_for_everything(&self) -> bool {
        let everything = |pattern: &&Pattern| matches!(pattern.text.as_str(), "*" | "**" | "**/*");
        self.patterns.iter().filter(|pattern| !pattern.is_exception).any(|pattern| everything(&pattern))
    }

    /// Whether the path (relative or absolute, without `.` and `..`) or a directory above it is ignored.
    pub fn matches(&self, path: &str) -> bool {
        let path = path.trim_matches('/');
        let mut is_ignored = false;
        for pattern in &self.patterns {
            if pattern.is_exception == is_ignored && pattern.matches_with_parents(path) {
                is_ignored = !pattern.is_exception;
            }
        }
        is_ignored
    }

    /// Matches an entry of a directory in a walk. `above` is what the directory gave (empty for the root's entries);
    /// the result says whether the entry is ignored, and which patterns decide on what is below it.
    pub(super) fn step(&self, path: &str, above: &[bool]) -> (bool, Vec<bool>) {
        let mut is_ignored = false;
        let mut matched = vec![false; self.patterns.len()];
        for (index, pattern) in self.patterns.iter().enumerate() {
            let from_above = above.get(index).copied().unwrap_or(false);
            if !from_above && pattern.is_exception != is_ignored {
                continue;
            }
            matched[index] = from_above || pattern.matches(path);
            if matched[index] {
                is_ignored = !pattern.is_exception;
            }
        }
        (is_ignored, matched)
    }

    /// Whether an exception may bring back something below the ignored directory.
    pub(super) fn may_have_exceptions_below(&self, directory: &str) -> bool {
        !self.only_plain_exceptions
            || self.patterns.iter().filter(|pattern| pattern.is_exception).any(|pattern| {
                let text = pattern.without_trailing_glob();
                path::is_within(text, directory)
            })
    }
}

/// A line as a pattern relative to the context.
fn normalize(line: &str) -> String {
    let (mark, pattern) = match line.strip_prefix('!') {
        Some(rest) => ("!", rest.trim()),
        None => ("", line),
    };
    if pattern.is_empty() {
        return mark.to_owned();
    }
    let clean = path::clean(pattern);
    let relative = if clean.len() > 1 { clean.strip_prefix('/').unwrap_or(&clean) } else { &clean };
    format!("{mark}{relative}")
}

impl Pattern {
    fn new(text: &str) -> Result<Self, IgnoreError> {
        let (text, is_exception) = match text.strip_prefix('!') {
            Some("") => return Err(IgnoreError::IllegalExclusion),
            Some(rest) => (rest, true),
            None => (text, false),
        };
        glob::is_match(text, ".").map_err(IgnoreError::Syntax)?;
        Ok(Self { text: text.to_owned(), is_exception, form: Form::of(text) })
    }

    fn without_trailing_glob(&self) -> &str {
        let text = self.text.strip_suffix("/**").unwrap_or(&self.text);
        text.strip_suffix("/*").unwrap_or(text)
    }

    fn is_plain(&self) -> bool {
        !self.without_trailing_glob().contains(['*', '[', ']', '?', '^', '\\'])
    }

    fn matches_with_parents(&self, path: &str) -> bool {
        let parents = path.match_indices('/').map(|(at, _)| &path[..at]);
        self.matches(path) || parents.into_iter().any(|parent| self.matches(parent))
    }

    pub(super) fn matches(&self, path: &str) -> bool {
        match &self.form {
            Form::Exact => path == self.text,
            Form::Prefix => path.starts_with(&self.text[..self.text.len() - 2]),
            Form::Suffix => {
                let suffix = &self.text[2..];
                path.ends_with(suffix) || suffix.strip_prefix('/') == Some(path)
            }
            Form::Tokens(tokens) => match_tokens(tokens, path),
        }
    }
}

impl Form {
    fn of(text: &str) -> Self {
        let mut form = Self::Exact;
        let mut tokens = Vec::new();
        let mut rest = text.chars();
        while let Some(c) = rest.next() {
            let is_first = tokens.is_empty();
            match c {
                '*' if rest.as_str().starts_with('*') => {
                    rest.next();
                    if rest.as_str().starts_with('/') {
                        rest.next();
                    }
                    let is_last = rest.as_str().is_empty();
                    tokens.push(if is_last { Token::Rest } else { Token::Directories });
                    form = match form {
                        _ if is_first => Self::Suffix,
                        Self::Exact if is_last => Self::Prefix,
                        _ => Self::Tokens(Vec::new()),
                    };
                    continue;
                }
                '*' => tokens.push(Token::Star),
                '?' => tokens.push(Token::Any),
                '[' => tokens.push(Token::Class(take_class(&mut rest))),
                ']' => tokens.push(Token::Char(']')),
                '\\' => tokens.push(Token::Char(rest.next().unwrap_or('\\'))),
                '^' => {
                    tokens.push(Token::Begin);
                    continue;
                }
                c => {
                    tokens.push(Token::Char(c));
                    continue;
                }
            }
            form = Self::Tokens(Vec::new());
        }
        if let Self::Tokens(slot) = &mut form {
            *slot = tokens;
        }
        form
    }
}

/// The text of a class up to and with its `]`.
fn take_class(rest: &mut std::str::Chars<'_>) -> String {
    let text = rest.as_str();
    // The syntax was checked when the pattern was read.
    let _ = glob::class(rest, None);
    text[..text.len() - rest.as_str().len()].to_owned()
}

/// Follows all ways through the tokens at once, so that the time is bounded by the lengths multiplied.
fn match_tokens(tokens: &[Token], path: &str) -> bool {
    if !ends_meet(tokens, path) {
        return false;
    }
    // `now[i]`: what was read so far can be matched by the first `i` tokens.
    // `inside[i]`: and a part of a name or more was taken by token `i`, a `**/`.
    let mut now = vec![false; tokens.len() + 1];
    let mut inside = vec![false; tokens.len()];
    now[0] = true;
    skip_optional(tokens, &mut now, true);
    for c in path.chars() {
        let mut next = vec![false; tokens.len() + 1];
        for (index, token) in tokens.iter().enumerate() {
            let is_here = now[index];
            match token {
                Token::Directories => {
                    inside[index] |= is_here;
                    next[index + 1] |= inside[index] && c == '/';
                }
                Token::Rest => next[index] |= is_here,
                Token::Star => next[index] |= is_here && c != '/',
                Token::Any => next[index + 1] |= is_here && c != '/',
                Token::Char(expected) => next[index + 1] |= is_here && c == *expected,
                Token::Class(class) => {
                    next[index + 1] |= is_here && glob::class(&mut class.chars(), Some(c)) == Ok(true);
                }
                Token::Begin => {}
            }
        }
        skip_optional(tokens, &mut next, false);
        now = next;
    }
    now[tokens.len()]
}

/// Goes on behind tokens that may match nothing.
fn skip_optional(tokens: &[Token], now: &mut [bool], at_begin: bool) {
    for (index, token) in tokens.iter().enumerate() {
        let may_be_empty = match token {
            Token::Star | Token::Directories | Token::Rest => true,
            Token::Begin => at_begin,
            _ => false,
        };
        now[index + 1] |= may_be_empty && now[index];
    }
}

/// A quick look at both ends, which tells most paths apart.
fn ends_meet(tokens: &[Token], path: &str) -> bool {
    let letter = |token: &Token| match token {
        Token::Char(c) => Some(*c),
        _ => None,
    };
    let mut start = path.chars();
    let mut end = path.chars();
    tokens.iter().map_while(letter).all(|c| start.next() == Some(c))
        && tokens.iter().rev().map_while(letter).all(|c| end.next_back() == Some(c))
}
