//! Backslash sequences, as `echo -e`, `printf` and `$'…'` understand them.

use super::bytes::byte_char;

/// Whose sequences.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// `$'…'`: `\e`, `\cX`, `\uXXXX`, `\nnn`.
    Ansi,
    /// `echo -e` and `%b`: `\0nnn`, `\c` ends the output.
    Echo,
    /// The format of `printf`: `\nnn`.
    Format,
}

/// The text with its sequences replaced, and whether `\c` ended it.
pub(crate) fn unescape(text: &str, style: Style) -> (String, bool) {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        let Some(next) = chars.next() else {
            out.push('\\');
            break;
        };
        match next {
            'a' => out.push('\x07'),
            'b' => out.push('\x08'),
            'f' => out.push('\x0c'),
            'n' => out.push('\n'),
            'r' => out.push('\r'),
            't' => out.push('\t'),
            'v' => out.push('\x0b'),
            'e' | 'E' if style != Style::Format => out.push('\x1b'),
            '\\' => out.push('\\'),
            'c' if style == Style::Echo => return (out, true),
            '\'' | '"' | '?' if style == Style::Ansi => out.push(next),
            '"' if style == Style::Format => out.push('"'),
            'x' => match digits(&mut chars, 16, 2) {
                Some(value) => out.push(byte_char(value as u8)),
                None => out.push_str("\\x"),
            },
            'u' if style != Style::Format => push_unicode(&mut out, &mut chars, 'u', 4),
            'U' if style != Style::Format => push_unicode(&mut out, &mut chars, 'U', 8),
            '0' if style == Style::Echo => out.push(byte_char(digits(&mut chars, 8, 3).unwrap_or(0) as u8)),
            '0'..='7' if style != Style::Echo || next != '0' => {
                let first = next.to_digit(8).unwrap_or(0);
                let mut value = first;
                for _ in 0..2 {
                    let Some(digit) = chars.peek().and_then(|c| c.to_digit(8)) else { break };
                    value = value * 8 + digit;
                    chars.next();
                }
                out.push(byte_char(value as u8));
            }
            _ => {
                out.push('\\');
                out.push(next);
            }
        }
    }
    (out, false)
}

type Chars<'a> = std::iter::Peekable<std::str::Chars<'a>>;

fn digits(chars: &mut Chars<'_>, radix: u32, most: usize) -> Option<u32> {
    let mut value = None;
    for _ in 0..most {
        let Some(digit) = chars.peek().and_then(|c| c.to_digit(radix)) else { break };
        value = Some(value.unwrap_or(0_u32).wrapping_mul(radix).wrapping_add(digit));
        chars.next();
    }
    value
}

fn push_unicode(out: &mut String, chars: &mut Chars<'_>, letter: char, most: usize) {
    match digits(chars, 16, most) {
        Some(value) => out.extend(char::from_u32(value)),
        None => {
            out.push('\\');
            out.push(letter);
        }
    }
}

/// A text as `$'…'`.
pub(super) fn ansi_quoted(text: &str) -> String {
    let mut out = String::from("$'");
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            '\x07' => out.push_str("\\a"),
            '\x08' => out.push_str("\\b"),
            '\x0b' => out.push_str("\\v"),
            '\x0c' => out.push_str("\\f"),
            '\x1b' => out.push_str("\\E"),
            '\'' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => out.push_str(&format!("\\{:03o}", u32::from(c))),
            c => out.push(c),
        }
    }
    out + "'"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles() {
        let of = |text, style| unescape(text, style).0;
        assert_eq!(of(r"a\tb\x41\0101\q", Style::Echo), "a\tbAA\\q");
        assert_eq!(of(r"\101\n\\", Style::Format), "A\n\\");
        assert_eq!(of(r"\u00e9\'\e", Style::Ansi), "é'\x1b");
        assert_eq!(unescape(r"a\cb", Style::Echo), ("a".into(), true));
        assert_eq!(super::super::bytes::to_bytes(&of(r"\377", Style::Format)), [255]);
    }
}
