//! Bracket expressions.

use super::ast::{Ast, Set};
use super::parse::{Parsed, Parser};

const CLASSES: [&str; 12] = [
    "alpha", "digit", "alnum", "upper", "lower", "space", "blank", "punct", "print", "graph", "cntrl",
    "xdigit",
];

impl Parser {
    /// What stands behind `[`.
    pub(super) fn class(&mut self) -> Parsed {
        const UNMATCHED: &str = "Unmatched [, [^, [:, [., or [=";
        let mut set = Set { negated: self.sees("^"), ..Set::default() };
        self.at += usize::from(set.negated);
        let start = self.at;
        loop {
            let c = *self.chars.get(self.at).ok_or(UNMATCHED)?;
            if c == ']' && self.at > start {
                self.at += 1;
                return Ok(Ast::Class(set));
            }
            if self.sees("[:") {
                let end =
                    (self.at + 2..self.chars.len()).find(|end| self.chars[*end..].starts_with(&[':', ']']));
                let end = end.ok_or(UNMATCHED)?;
                let name: String = self.chars[self.at + 2..end].iter().collect();
                if !CLASSES.contains(&name.as_str()) {
                    return Err("Invalid character class name");
                }
                set.classes.push(name);
                self.at = end + 2;
                continue;
            }
            if self.perl_class(&mut set) {
                continue;
            }
            let low = self.class_char().ok_or(UNMATCHED)?;
            if self.sees("-") && self.chars.get(self.at + 1).is_some_and(|c| *c != ']') {
                self.at += 1;
                let high = self.class_char().ok_or(UNMATCHED)?;
                if high < low {
                    return Err("Invalid range end");
                }
                set.ranges.push((low, high));
            } else {
                set.ranges.push((low, low));
            }
        }
    }

    /// A character of a class; `[.x.]` and `[=x=]` are `x`.
    fn class_char(&mut self) -> Option<char> {
        let c = *self.chars.get(self.at)?;
        if c == '['
            && matches!(self.chars.get(self.at + 1), Some('.' | '='))
            && self.chars.get(self.at + 4) == Some(&']')
        {
            let inner = self.chars[self.at + 2];
            self.at += 5;
            return Some(inner);
        }
        self.at += 1;
        // Not POSIX, but what `sed` makes of these.
        if c == '\\' {
            let replacement = match self.chars.get(self.at) {
                Some('n') => Some('\n'),
                Some('t') => Some('\t'),
                _ => None,
            };
            if let Some(replacement) = replacement {
                self.at += 1;
                return Some(replacement);
            }
        }
        Some(c)
    }
}
