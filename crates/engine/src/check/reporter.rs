//! Collects what the checks find.

use super::config::Config;
use super::ruleset::Rule;
use crate::diagnostic::{Diagnostic, TextEdit};
use crate::dockerfile::Instruction;
use crate::dockerfile::excerpt::Lines;
use crate::text::TextRange;
use std::collections::BTreeSet;

/// Where an instruction stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// The lines that BuildKit marks.
    pub(super) lines: Lines,
    /// The instruction.
    pub(super) range: TextRange,
}

impl Place {
    pub(super) fn of(instruction: &Instruction) -> Self {
        Self { lines: (instruction.start_line, instruction.end_line), range: instruction.range }
    }
}

/// What a check has found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// The check.
    pub rule: &'static Rule,
    /// What is wrong, in BuildKit's words.
    pub message: String,
    /// The lines that BuildKit marks.
    pub lines: Lines,
    /// What an editor shows.
    pub diagnostic: Diagnostic,
}

/// A finding on its way to the reporter.
#[derive(Debug)]
pub(super) struct Finding<'a> {
    place: Place,
    message: String,
    /// Words that are wrong, and what would be right.
    replacement: Option<(Wrong<'a>, String)>,
    /// A variable whose name is probably misspelt, or just unknown.
    variable: Option<(&'a str, Option<&'a str>)>,
    label: Option<(TextRange, &'static str)>,
}

#[derive(Debug)]
enum Wrong<'a> {
    Text(&'a str),
    Range(TextRange),
}

impl<'a> Finding<'a> {
    pub(super) fn new(place: Place, message: impl Into<String>) -> Self {
        Self { place, message: message.into(), replacement: None, variable: None, label: None }
    }

    /// What would be right in place of some text of the instruction.
    pub(super) fn replace(mut self, wrong: &'a str, right: &str) -> Self {
        self.replacement = Some((Wrong::Text(wrong), right.to_owned()));
        self
    }

    /// What would be right in place of a range.
    pub(super) fn replace_range(mut self, wrong: TextRange, right: &str) -> Self {
        self.replacement = Some((Wrong::Range(wrong), right.to_owned()));
        self
    }

    /// The variable that it is about, and the one that was probably meant.
    pub(super) fn rename_variable(mut self, wrong: &'a str, right: Option<&'a str>) -> Self {
        self.variable = Some((wrong, right));
        self
    }

    /// A second place that explains it.
    pub(super) fn label(mut self, range: TextRange, message: &'static str) -> Self {
        self.label = Some((range, message));
        self
    }
}

/// Collects warnings.
pub(super) struct Reporter<'a> {
    text: &'a str,
    config: Config,
    /// With what the comments above the present instruction add.
    active: Config,
    pub(super) warnings: Vec<Warning>,
    failed: BTreeSet<&'static str>,
}

impl<'a> Reporter<'a> {
    pub(super) fn new(text: &'a str, config: Config) -> Self {
        let active = config.clone();
        Self { text, config, active, warnings: Vec::new(), failed: BTreeSet::new() }
    }

    /// Says which instruction is looked at from now on, by the comments above it.
    pub(super) fn at_instruction(&mut self, comments: &[String]) {
        self.active = self.config.with_comments(comments);
    }

    /// Says that the file as a whole is looked at from now on.
    pub(super) fn at_file(&mut self) {
        self.active = self.config.clone();
    }

    pub(super) fn report(&mut self, rule: &'static Rule, finding: Finding<'_>) {
        if !self.active.runs(rule) {
            return;
        }
        if self.active.error {
            self.failed.insert(rule.name);
        }
        let diagnostic = self.diagnostic(rule, &finding);
        let lines = finding.place.lines;
        self.warnings.push(Warning { rule, message: finding.message, lines, diagnostic });
    }

    /// The error that the warnings are, where they were asked to be one.
    pub(super) fn failure(&self) -> Option<String> {
        let rules: Vec<&str> = self.failed.iter().copied().collect();
        (!rules.is_empty()).then(|| format!("lint violation found for rules: {}", rules.join(", ")))
    }

    fn diagnostic(&self, rule: &Rule, finding: &Finding<'_>) -> Diagnostic {
        let range = self.range(finding);
        let mut diagnostic = Diagnostic::warning(rule.name, range, &finding.message);
        if !rule.url.is_empty() {
            diagnostic = diagnostic.url(rule.url);
        }
        if let Some((range, message)) = finding.label {
            diagnostic = diagnostic.label(range, message);
        }
        let right = match (&finding.replacement, finding.variable) {
            (Some((_, right)), _) => right.as_str(),
            (None, Some((_, Some(right)))) => right,
            _ => return diagnostic,
        };
        if range == finding.place.range {
            return diagnostic;
        }
        let title = match right.trim() {
            "" => format!("Remove {}", range.of(self.text).trim()),
            right => format!("Replace with {right}"),
        };
        diagnostic.fix(title, vec![TextEdit { range, replacement: right.to_owned() }])
    }

    /// The words that the finding is about, or the whole instruction where they are not found.
    fn range(&self, finding: &Finding<'_>) -> TextRange {
        let whole = finding.place.range;
        let source = whole.of(self.text);
        let found = match (&finding.replacement, finding.variable) {
            (Some((Wrong::Range(range), _)), _) => return *range,
            (Some((Wrong::Text(wrong), _)), _) => source.find(wrong).map(|at| (at, wrong.len())),
            (None, Some((name, _))) => find_variable(source, name).map(|at| (at, name.len())),
            (None, None) => None,
        };
        found.map_or(whole, |(at, length)| {
            let start = whole.start as usize + at;
            TextRange::new(start, start + length)
        })
    }
}

/// The offset of a variable's name in a reference to it.
fn find_variable(source: &str, name: &str) -> Option<usize> {
    source.match_indices('$').find_map(|(at, _)| {
        let behind = at + 1 + usize::from(source[at + 1..].starts_with('{'));
        let rest = source[behind..].strip_prefix(name)?;
        let ends = !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_');
        ends.then_some(behind)
    })
}
