//! The right side of `s`: from its text to pieces, and from pieces to what stands in the line.

use super::script::Piece;
use crate::shell::regex::Match;

/// The pieces of a replacement; BusyBox knows nothing of upper and lower case, nor of characters by their numbers.
pub(super) fn pieces(text: &str, busybox: bool) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut literal = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        let piece = match c {
            '&' => Piece::Group(0),
            '\\' => match chars.next() {
                Some(digit @ '0'..='9') => Piece::Group(digit as usize - '0' as usize),
                Some(case @ ('U' | 'L' | 'u' | 'l' | 'E')) if !busybox => Piece::Case(case),
                Some(other) => {
                    literal.push(match other {
                        'n' => '\n',
                        't' => '\t',
                        'r' => '\r',
                        'f' => '\x0c',
                        'v' => '\x0b',
                        'a' => '\x07',
                        other => other,
                    });
                    continue;
                }
                None => continue,
            },
            c => {
                literal.push(c);
                continue;
            }
        };
        if !literal.is_empty() {
            pieces.push(Piece::Text(std::mem::take(&mut literal)));
        }
        pieces.push(piece);
    }
    if !literal.is_empty() {
        pieces.push(Piece::Text(literal));
    }
    pieces
}

/// How long what a match is replaced by is, but for letters that are longer in the other case.
pub(super) fn replaced_length(replacement: &[Piece], text: &str, found: &Match) -> usize {
    let lengths = replacement.iter().map(|piece| match piece {
        Piece::Text(part) => part.len(),
        Piece::Group(group) => found.text(text, *group).unwrap_or("").len(),
        Piece::Case(_) => 0,
    });
    lengths.fold(0, usize::saturating_add)
}

/// Adds what a match is replaced by.
pub(super) fn replace_into(out: &mut String, replacement: &[Piece], text: &str, found: &Match) {
    let (mut mode, mut once) = ('E', None);
    for piece in replacement {
        let part = match piece {
            Piece::Text(part) => part.as_str(),
            Piece::Group(group) => found.text(text, *group).unwrap_or(""),
            Piece::Case(case @ ('u' | 'l')) => {
                once = Some(*case);
                continue;
            }
            Piece::Case(case) => {
                mode = *case;
                continue;
            }
        };
        let mut part = match mode {
            'U' => part.to_uppercase(),
            'L' => part.to_lowercase(),
            _ => part.to_owned(),
        };
        if let Some((case, first)) = once.zip(part.chars().next()) {
            let changed =
                if case == 'u' { first.to_uppercase().to_string() } else { first.to_lowercase().to_string() };
            part.replace_range(..first.len_utf8(), &changed);
            once = None;
        }
        out.push_str(&part);
    }
}
