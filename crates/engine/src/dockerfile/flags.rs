//! Flags of instructions: `--name=value`.

use super::suggest::{nearest, with_suggestion};
use crate::case::Case;
use std::collections::BTreeMap;

/// What a flag takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FlagKind {
    /// Nothing, `true` or `false`.
    Bool,
    /// A value.
    Text,
    /// A value; the flag may be repeated.
    Texts,
}

/// An error in a flag.
#[derive(Debug)]
pub(super) struct FlagError {
    pub(super) code: &'static str,
    pub(super) message: String,
    /// The flag with its dashes, without its value.
    pub(super) flag: String,
    /// The name that was probably meant.
    pub(super) suggestion: Option<&'static str>,
}

/// The flags that were used, with their values.
#[derive(Debug, Default)]
pub(super) struct Flags(BTreeMap<&'static str, Vec<String>>);

impl Flags {
    /// Reads the flags of an instruction that knows those in `known`.
    pub(super) fn parse(flags: &[String], known: &[(&'static str, FlagKind)]) -> Result<Self, FlagError> {
        let mut used = Self::default();
        for word in flags {
            let (flag, value) = match word.split_once('=') {
                Some((flag, value)) => (flag, Some(value)),
                None => (word.as_str(), None),
            };
            let name = flag.strip_prefix("--").unwrap_or(flag);
            let error = |code, message: String, suggestion| FlagError {
                code,
                message: with_suggestion(message, suggestion),
                flag: flag.to_owned(),
                suggestion,
            };
            let Some(&(name, kind)) = known.iter().find(|(known, _)| *known == name) else {
                let suggestion = nearest(name, known.iter().map(|(name, _)| *name));
                return Err(error("parse/unknown-flag", format!("unknown flag: {flag}"), suggestion));
            };
            if used.0.contains_key(name) && kind != FlagKind::Texts {
                let message = format!("duplicate flag specified: {flag}");
                return Err(error("parse/repeated-flag", message, None));
            }
            let missing =
                || error("parse/missing-flag-value", format!("missing a value on flag: {flag}"), None);
            let value = match (kind, value) {
                (FlagKind::Bool, Some("")) => return Err(missing()),
                (FlagKind::Bool, value) => match value.unwrap_or("true").lower() {
                    value if value == "true" || value == "false" => value,
                    _ => {
                        let value = value.unwrap_or("");
                        let message = format!("expecting boolean value for flag {flag}, not: {value}");
                        return Err(error("parse/flag-value", message, None));
                    }
                },
                (_, Some(value)) => value.to_owned(),
                (_, None) => return Err(missing()),
            };
            used.0.entry(name).or_default().push(value);
        }
        Ok(used)
    }

    /// The value of a flag; an empty one counts as none.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.0.get(name).and_then(|values| values.last()).filter(|value| !value.is_empty()).cloned()
    }

    /// All values of a flag.
    pub(super) fn texts(&self, name: &str) -> Vec<String> {
        self.0.get(name).cloned().unwrap_or_default()
    }

    /// The value of a flag, or `None` where it was not used.
    pub(super) fn bool(&self, name: &str) -> Option<bool> {
        self.0.get(name).and_then(|values| values.last()).map(|value| value == "true")
    }
}
