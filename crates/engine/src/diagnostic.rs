//! What the engine has to say about a text: errors, warnings and hints with their place.

use crate::text::TextRange;
use std::borrow::Cow;

/// How grave a [`Diagnostic`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing; the build is what the person asked for.
    Hint,
    /// A build check of BuildKit, or something the lab does not simulate.
    Warning,
    /// The build cannot start or cannot go on.
    Error,
}

/// A second place that helps to understand a diagnostic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub range: TextRange,
    /// What is to be seen there.
    pub message: String,
}

/// One replacement in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextEdit {
    /// What goes.
    pub range: TextRange,
    /// What comes in its place.
    pub replacement: String,
}

/// A change that would settle a diagnostic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as the text of a button.
    pub title: String,
    /// The replacements, in the order of the text and without overlap.
    pub edits: Vec<TextEdit>,
}

/// A finding in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// BuildKit's name for its checks (`UndefinedVar`), else a name with its area in front (`parse/unknown-flag`).
    pub code: Cow<'static, str>,
    /// How grave.
    pub severity: Severity,
    /// Where.
    pub range: TextRange,
    /// One sentence, in BuildKit's words where BuildKit has words for it.
    pub message: String,
    /// Further places.
    pub labels: Vec<Label>,
    /// Advice, for instance “did you mean RUN?”.
    pub help: Option<String>,
    /// A change that settles it.
    pub fix: Option<Fix>,
    /// Where to read more.
    pub url: Option<Cow<'static, str>>,
}

impl Diagnostic {
    /// A finding with no more than a code, a place and a message.
    pub fn new(
        code: impl Into<Cow<'static, str>>,
        severity: Severity,
        range: TextRange,
        message: impl Into<String>,
    ) -> Self {
        Self {
            code: code.into(),
            severity,
            range,
            message: message.into(),
            labels: Vec::new(),
            help: None,
            fix: None,
            url: None,
        }
    }

    /// An error.
    pub fn error(code: impl Into<Cow<'static, str>>, range: TextRange, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Error, range, message)
    }

    /// A warning.
    pub fn warning(code: impl Into<Cow<'static, str>>, range: TextRange, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Warning, range, message)
    }

    /// Adds advice.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds a fix.
    #[must_use]
    pub fn fix(mut self, title: impl Into<String>, edits: Vec<TextEdit>) -> Self {
        self.fix = Some(Fix { title: title.into(), edits });
        self
    }

    /// Adds a second place.
    #[must_use]
    pub fn label(mut self, range: TextRange, message: impl Into<String>) -> Self {
        self.labels.push(Label { range, message: message.into() });
        self
    }

    /// Adds an address to read more at.
    #[must_use]
    pub fn url(mut self, url: impl Into<Cow<'static, str>>) -> Self {
        self.url = Some(url.into());
        self
    }
}
