//! What separates fields, and the splitting at it.

use crate::shell::regex::Regex;
use std::rc::Rc;

/// A separator.
#[derive(Clone, Debug)]
pub(super) enum Separator {
    /// Runs of blanks and newlines; those around the text do not count.
    Blanks,
    /// One character, whatever it means in expressions.
    Char(char),
    /// Between all characters.
    Nothing,
    Regex(Rc<Regex>),
}

impl Separator {
    /// The parts of a text. In a record of several lines each newline separates as well.
    pub(super) fn split<'t>(&self, text: &'t str, newlines: bool, parts: &mut Vec<&'t str>) {
        if text.is_empty() {
            return;
        }
        match self {
            Self::Blanks => {
                parts.extend(
                    text.split([' ', '\t', '\n', '\r', '\x0b', '\x0c']).filter(|part| !part.is_empty()),
                );
            }
            Self::Char(separator) if newlines => parts.extend(text.split([*separator, '\n'])),
            Self::Char(separator) => parts.extend(text.split(*separator)),
            Self::Nothing => {
                let mut rest = text;
                while let Some(c) = rest.chars().next() {
                    let (part, behind) = rest.split_at(c.len_utf8());
                    if !(newlines && c == '\n') {
                        parts.push(part);
                    }
                    rest = behind;
                }
            }
            Self::Regex(regex) if newlines => {
                text.split('\n').for_each(|line| split_at_matches(regex, line, parts));
            }
            Self::Regex(regex) => split_at_matches(regex, text, parts),
        }
    }
}

fn split_at_matches<'t>(regex: &Regex, text: &'t str, parts: &mut Vec<&'t str>) {
    let (mut from, mut search) = (0, 0);
    while let Some(found) = regex.find(text, search) {
        if found.start() == found.end() {
            // Nothing separates nothing.
            let Some(next) = text[found.end()..].chars().next() else { break };
            search = found.end() + next.len_utf8();
            continue;
        }
        parts.push(&text[from..found.start()]);
        from = found.end();
        search = from;
    }
    parts.push(&text[from..]);
}
