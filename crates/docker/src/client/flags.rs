//! Reads the words behind a command as pflag does, with its messages.

use super::spec::{Command, Flag};
use std::collections::BTreeMap;

/// What was said: the values of each option in their order, and the arguments.
#[derive(Clone, Debug, Default)]
pub(crate) struct Options {
    values: BTreeMap<String, Vec<String>>,
    /// What is no option.
    pub arguments: Vec<String>,
}

impl Options {
    /// Whether a switch is on.
    pub(crate) fn is_on(&self, name: &str) -> bool {
        self.value(name) == Some("true")
    }

    /// Whether an option was given at all.
    pub(crate) fn is_given(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    /// The last value of an option.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.values.get(name)?.last().map(String::as_str)
    }

    /// All values of an option.
    pub(crate) fn all(&self, name: &str) -> &[String] {
        self.values.get(name).map_or(&[], Vec::as_slice)
    }

    /// A number.
    pub(crate) fn number(&self, name: &str) -> Option<i64> {
        self.value(name)?.parse().ok()
    }
}

/// What was wrong, or that help was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Misuse {
    /// A message.
    Message(String),
    /// `--help`.
    Help,
}

/// Commands whose own words may begin with a dash: options end at their first argument.
const PASSING: [&str; 6] = ["run", "create", "exec", "top", "container run", "help"];

/// Reads options and arguments of a command.
pub(super) fn parse(command: &Command, words: &[String], client: u32) -> Result<Options, Misuse> {
    let passes = PASSING.contains(&command.means.as_str());
    parse_with(&command.options, words, client, passes)
}

/// Reads words by a list of options; `passes` ends them at the first argument.
pub(super) fn parse_with(
    flags: &[Flag],
    words: &[String],
    client: u32,
    passes: bool,
) -> Result<Options, Misuse> {
    let mut reader = Reader { flags, client, options: Options::default(), words: words.iter() };
    while let Some(word) = reader.words.next() {
        if word == "--" {
            break;
        }
        if let Some(long) = word.strip_prefix("--") {
            reader.long(word, long)?;
        } else if let Some(letters) = word.strip_prefix('-').filter(|letters| !letters.is_empty()) {
            reader.letters(letters)?;
        } else {
            reader.options.arguments.push(word.clone());
            if passes {
                break;
            }
        }
    }
    reader.options.arguments.extend(reader.words.cloned());
    Ok(reader.options)
}

struct Reader<'a> {
    flags: &'a [Flag],
    client: u32,
    options: Options,
    words: std::slice::Iter<'a, String>,
}

impl Reader<'_> {
    fn long(&mut self, word: &str, long: &str) -> Result<(), Misuse> {
        let message = |text: String| Err(Misuse::Message(text));
        let (name, value) = match long.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (long, None),
        };
        if name.is_empty() || name.starts_with('-') || name.starts_with('=') {
            return message(format!("bad flag syntax: {word}"));
        }
        let flag = self.flags.iter().find(|flag| flag.name == name && flag.is_in(self.client));
        let Some(flag) = flag else {
            return if name == "help" {
                Err(Misuse::Help)
            } else {
                message(format!("unknown flag: --{name}"))
            };
        };
        let value = match (value, &flag.kind) {
            (Some(value), _) => value.to_owned(),
            (None, None) => "true".to_owned(),
            (None, Some(_)) => match self.words.next() {
                Some(value) => value.clone(),
                None => return message(format!("flag needs an argument: --{name}")),
            },
        };
        self.put(flag, value)
    }

    fn letters(&mut self, letters: &str) -> Result<(), Misuse> {
        let mut rest = letters;
        while let Some(letter) = rest.chars().next() {
            let whole = rest;
            rest = &rest[letter.len_utf8()..];
            let flag = self.flags.iter().find(|flag| flag.letter == Some(letter) && flag.is_in(self.client));
            let Some(flag) = flag else {
                if letter == 'h' {
                    return Err(Misuse::Help);
                }
                return Err(Misuse::Message(format!("unknown shorthand flag: '{letter}' in -{whole}")));
            };
            if let Some(value) = rest.strip_prefix('=') {
                return self.put(flag, value.to_owned());
            }
            if flag.kind.is_none() {
                self.put(flag, "true".to_owned())?;
                continue;
            }
            if !rest.is_empty() {
                return self.put(flag, rest.to_owned());
            }
            return match self.words.next() {
                Some(value) => self.put(flag, value.clone()),
                None => Err(Misuse::Message(format!("flag needs an argument: '{letter}' in -{whole}"))),
            };
        }
        Ok(())
    }

    fn put(&mut self, flag: &Flag, value: String) -> Result<(), Misuse> {
        let value = super::values::check(flag, value).map_err(Misuse::Message)?;
        self.options.values.entry(flag.name.clone()).or_default().extend(value);
        Ok(())
    }
}
