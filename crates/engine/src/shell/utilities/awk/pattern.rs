//! Regular expressions as awk writes them, turned into those of the shell's own module.

use super::dialect::Dialect;
use super::failure::Failure;
use crate::shell::bytes::byte_char;
use crate::shell::regex::{Regex, Syntax};

/// Compiles an expression; with a line where it stands in the program itself.
pub(super) fn compile(text: &str, dialect: Dialect, line: Option<usize>) -> Result<Regex, Failure> {
    Regex::new(&translate(text, dialect), Syntax::Extended, false).map_err(|error| {
        let reason = match error {
            "Unmatched ( or \\(" => "missing ')'",
            error if error.starts_with("Unmatched [") => "missing ']'",
            error => error,
        };
        match (dialect, line) {
            (Dialect::Busybox, _) => {
                // What the C library of Alpine says, and the applet repeats.
                Failure::Plain(format!("bad regex '{text}': {error}"))
            }
            (Dialect::Mawk, Some(line)) => {
                Failure::Syntax(line, format!("regular expression compile failed ({reason})\n{text}"))
            }
            (Dialect::Mawk, None) => {
                Failure::Running(format!("regular expression compile failed ({reason})\n{text}"))
            }
            (Dialect::Gawk, _) => Failure::Running(format!("invalid regexp: {error}: /{text}/")),
        }
    })
}

/// The same expression without what only awk has: `\/`, `\"`, `\052`, and backslashes between brackets.
fn translate(text: &str, dialect: Dialect) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    // Where a bracket expression began.
    let mut bracket: Option<usize> = None;
    while let Some(c) = chars.next() {
        if c == '\\' {
            let Some(next) = chars.next() else {
                out.push_str("\\\\");
                break;
            };
            let literal = match next {
                'a' => '\x07',
                'f' => '\x0c',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'v' => '\x0b',
                '0'..='7' => octal(next, &mut chars),
                '/' | '"' | '&' => next,
                other if bracket.is_some() => other,
                // Not in extended expressions: the digit itself.
                '8' | '9' => next,
                'y' => {
                    out.push_str("\\b");
                    continue;
                }
                other => {
                    out.push('\\');
                    out.push(other);
                    continue;
                }
            };
            push_literal(&mut out, literal, bracket.is_some());
            continue;
        }
        match bracket {
            None if c == '[' => {
                out.push('[');
                if chars.next_if_eq(&'^').is_some() {
                    out.push('^');
                }
                bracket = Some(out.len());
                continue;
            }
            Some(start) if c == ']' && out.len() > start => bracket = None,
            Some(_) if c == '[' && chars.peek() == Some(&':') => {
                // A class: up to its own end.
                out.push('[');
                while let Some(c) = chars.next() {
                    out.push(c);
                    if c == ':' && chars.peek() == Some(&']') {
                        out.extend(chars.next());
                        break;
                    }
                }
                continue;
            }
            // The mawk of Debian 12 has no intervals.
            None if c == '{' && dialect == Dialect::Mawk => out.push('\\'),
            _ => {}
        }
        out.push(c);
    }
    out
}

fn octal(first: char, chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> char {
    let mut value = first.to_digit(8).unwrap_or(0);
    for _ in 0..2 {
        let Some(digit) = chars.next_if(|c| c.is_digit(8)) else { break };
        value = value * 8 + digit.to_digit(8).unwrap_or(0);
    }
    byte_char(value as u8)
}

/// A character that stands for itself.
fn push_literal(out: &mut String, c: char, in_bracket: bool) {
    if in_bracket {
        // Named, as that means nothing else anywhere between brackets.
        if "\\]^-[".contains(c) {
            out.push_str("[.");
            out.push(c);
            out.push_str(".]");
            return;
        }
    } else if "\\^$.[]|()*+?{}".contains(c) {
        out.push('\\');
    }
    out.push(c);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn translations() {
        let matches = |pattern: &str, text: &str| {
            let regex = compile(pattern, Dialect::Mawk, None).unwrap();
            regex.find(text, 0).map(|found| (found.start(), found.end()))
        };
        assert_eq!(matches("a\\/b", "xa/b"), Some((1, 4)));
        assert_eq!(matches("[\\]x]+", "a]x"), Some((1, 3)));
        assert_eq!(matches("[a\\-z]+", "b-a"), Some((1, 3)));
        assert_eq!(matches("[\\\\]", "a\\"), Some((1, 2)));
        assert_eq!(matches("\\052", "a*"), Some((1, 2)));
        assert_eq!(matches("[[:digit:]\\.]+", "v1.2"), Some((1, 4)));
        assert_eq!(matches("\\t|\\.", "a.b\t"), Some((1, 2)));
        assert_eq!(matches("[]a]+", "x]a"), Some((1, 3)));
        assert_eq!(matches("[^]]", "]a"), Some((1, 2)));
    }
}
