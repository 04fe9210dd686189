//! `sub`, `gsub` and `gensub`.

use super::ast::Expr;
use super::dialect::Dialect;
use super::failure::Stop;
use super::interpreter::{Evaluated, Interpreter};
use super::value::Value;
use crate::shell::regex::{Match, Regex};

/// A piece of what is put in the place of a match.
enum Piece {
    Text(String),
    /// A group; 0 is the whole match.
    Group(usize),
}

/// A replacement: `&` is the match, `\&` the sign itself, and with `groups` `\1` is a group.
fn pieces(text: &str, groups: bool) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut literal = String::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let group = match c {
            '&' => Some(0),
            '\\' => match chars.peek() {
                Some('&' | '\\') => {
                    literal.extend(chars.next());
                    None
                }
                Some(digit @ '0'..='9') if groups => {
                    let group = digit.to_digit(10).unwrap_or(0) as usize;
                    chars.next();
                    Some(group)
                }
                _ => {
                    literal.push('\\');
                    None
                }
            },
            other => {
                literal.push(other);
                None
            }
        };
        if let Some(group) = group {
            pieces.push(Piece::Text(std::mem::take(&mut literal)));
            pieces.push(Piece::Group(group));
        }
    }
    pieces.push(Piece::Text(literal));
    pieces
}

fn replacement_length(pieces: &[Piece], found: &Match, text: &str) -> usize {
    let lengths = pieces.iter().map(|piece| match piece {
        Piece::Text(literal) => literal.len(),
        Piece::Group(group) => found.text(text, *group).unwrap_or("").len(),
    });
    lengths.fold(0, usize::saturating_add)
}

fn push_replacement(out: &mut String, pieces: &[Piece], found: &Match, text: &str) {
    for piece in pieces {
        match piece {
            Piece::Text(literal) => out.push_str(literal),
            Piece::Group(group) => out.push_str(found.text(text, *group).unwrap_or("")),
        }
    }
}

/// Which matches are replaced.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Which {
    All,
    /// From 1.
    Only(usize),
}

impl Interpreter<'_, '_, '_> {
    /// Replaces matches: the new text and how many there were.
    fn replace(
        &mut self,
        regex: &Regex,
        text: &str,
        pieces: &[Piece],
        which: Which,
    ) -> Result<(String, usize), Stop> {
        let mut out = String::new();
        let (mut copied, mut search, mut seen, mut replaced) = (0, 0, 0, 0);
        let mut last_end = None;
        while let Some(found) = regex.find(text, search) {
            self.process.step(1)?;
            let (start, end) = (found.start(), found.end());
            // An empty match right behind another one is none.
            if !(start == end && last_end == Some(start)) {
                seen += 1;
                if which == Which::All || which == Which::Only(seen) {
                    let longer = start - copied + replacement_length(pieces, &found, text);
                    self.process.machine.check_size(out.len().saturating_add(longer))?;
                    self.process.step(longer as u64 >> 12)?;
                    out.push_str(&text[copied..start]);
                    push_replacement(&mut out, pieces, &found, text);
                    copied = end;
                    replaced += 1;
                    if which != Which::All {
                        break;
                    }
                }
                last_end = Some(end);
            }
            search = end;
            if start == end {
                let Some(next) = text[end..].chars().next() else { break };
                search += next.len_utf8();
            }
        }
        out.push_str(&text[copied..]);
        self.process.machine.check_size(out.len())?;
        Ok((out, replaced))
    }

    /// `sub` and `gsub`: the number of replacements.
    pub(super) fn substitute(&mut self, arguments: &[Expr], all: bool) -> Evaluated {
        let regex = self.regex(&arguments[0])?;
        let replacement = self.text(&arguments[1])?;
        let text = self.text(&arguments[2])?;
        if !regex.is_match(&text) {
            return Ok(Value::Number(0.0));
        }
        let which = if all { Which::All } else { Which::Only(1) };
        let (new, count) = self.replace(&regex, &text, &pieces(&replacement, false), which)?;
        if count > 0 && arguments[2].is_place() {
            self.store(&arguments[2], Value::Text(new.into()))?;
        }
        Ok(Value::Number(count as f64))
    }

    /// `gensub`: the new text; the source stays as it is.
    pub(super) fn general_substitute(&mut self, arguments: &[Expr]) -> Evaluated {
        let regex = self.regex(&arguments[0])?;
        let replacement = self.text(&arguments[1])?;
        let how = self.text(&arguments[2])?;
        let which = if how.starts_with(['g', 'G']) {
            Which::All
        } else {
            let number = Value::Text(how).number(self.dialect) as usize;
            match (number, self.dialect) {
                (0, Dialect::Busybox) => Which::All,
                (number, _) => Which::Only(number.max(1)),
            }
        };
        let text = match arguments.get(3) {
            Some(text) => self.text(text)?,
            None => self.record_text()?,
        };
        let (new, _) = self.replace(&regex, &text, &pieces(&replacement, true), which)?;
        Ok(Value::Text(new.into()))
    }
}
