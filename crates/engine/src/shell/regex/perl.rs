//! What only Perl's expressions have.

use super::Syntax;
use super::ast::{Assertion, Ast, Set};
use super::parse::{Parsed, Parser};

impl Parser {
    /// A group that begins with `(?`.
    pub(super) fn perl_group(&mut self, nesting: u32) -> Parsed {
        const KINDS: [(&str, bool, bool); 4] =
            [("(?=", false, false), ("(?!", false, true), ("(?<=", true, false), ("(?<!", true, true)];
        if self.take("", "(?i)") {
            self.ignore_case = true;
            return Ok(Ast::Empty);
        }
        let look = KINDS.into_iter().find(|(text, ..)| self.take("", text));
        let mut group = None;
        if look.is_none() && !self.take("", "(?:") {
            if !(self.take("", "(?<") || self.take("", "(?P<")) {
                return Err("unrecognized character after (? or (?-");
            }
            while self.chars.get(self.at).is_some_and(|c| *c != '>') {
                self.at += 1;
            }
            self.at += 1;
            self.groups += 1;
            group = Some(self.groups);
        }
        let inner = self.alternatives(nesting + 1)?;
        if !self.take("", ")") {
            return Err("missing closing parenthesis");
        }
        let inner = Box::new(inner);
        Ok(match (look, group) {
            (Some((_, behind, negated)), _) => Ast::Look { inner, behind, negated },
            (None, Some(group)) => Ast::Group(inner, group),
            // Alternatives without a group of their own must still stay together.
            (None, None) => Ast::Concat(vec![*inner]),
        })
    }

    /// What an escaped letter means that means nothing elsewhere.
    pub(super) fn perl_escape(&mut self, letter: char) -> Option<Ast> {
        let class = |negated, class: &str| {
            Ast::Class(Set { negated, classes: vec![class.to_owned()], ..Set::default() })
        };
        Some(match letter {
            'd' => class(false, "digit"),
            'D' => class(true, "digit"),
            'h' => class(false, "blank"),
            'H' => class(true, "blank"),
            'K' => Ast::Keep,
            'A' => Ast::Assert(Assertion::TextStart),
            'z' | 'Z' => Ast::Assert(Assertion::TextEnd),
            'r' => Ast::Char('\r'),
            'f' => Ast::Char('\x0c'),
            'e' => Ast::Char('\x1b'),
            // No marks of words here, as GNU has them elsewhere.
            '<' | '>' | '`' | '\'' => Ast::Char(letter),
            _ => return None,
        })
    }

    /// A class by its letter between brackets.
    pub(super) fn perl_class(&mut self, set: &mut Set) -> bool {
        if self.syntax != Syntax::Perl || !self.sees("\\") {
            return false;
        }
        let class = match self.chars.get(self.at + 1) {
            Some('d') => "digit",
            Some('s') => "space",
            Some('h') => "blank",
            Some('w') => {
                set.ranges.push(('_', '_'));
                "alnum"
            }
            Some(c) if c.is_ascii_punctuation() => {
                set.ranges.push((*c, *c));
                self.at += 2;
                return true;
            }
            _ => return false,
        };
        set.classes.push(class.to_owned());
        self.at += 2;
        true
    }
}
