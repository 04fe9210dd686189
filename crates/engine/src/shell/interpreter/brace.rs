//! Brace expansion of bash: `{a,b}`, `{1..3}`, `{a..e..2}`.

use crate::shell::language::{Part, Word};

/// A character of unquoted text, or a part that stays whole.
#[derive(Clone)]
enum Symbol {
    Char(char),
    Part(Part),
}

/// More words than this are not made of one.
const MOST: usize = 100_000;
/// The most characters of numbers that are filled with zeros.
const MOST_PADDED: usize = 1 << 24;

/// The words that a word becomes; itself if it has no braces.
pub(super) fn expand(word: &Word) -> Vec<Word> {
    let has_brace = word.parts.iter().any(|part| matches!(part, Part::Literal(text) if text.contains('{')));
    if !has_brace {
        return vec![word.clone()];
    }
    let mut symbols = Vec::new();
    for part in &word.parts {
        match part {
            Part::Literal(text) => symbols.extend(text.chars().map(Symbol::Char)),
            other => symbols.push(Symbol::Part(other.clone())),
        }
    }
    expand_symbols(&symbols, 0).iter().map(|symbols| to_word(symbols)).collect()
}

fn to_word(symbols: &[Symbol]) -> Word {
    let mut parts = Vec::new();
    for symbol in symbols {
        match (symbol, parts.last_mut()) {
            (Symbol::Char(c), Some(Part::Literal(text))) => text.push(*c),
            (Symbol::Char(c), _) => parts.push(Part::Literal(c.to_string())),
            (Symbol::Part(part), _) => parts.push(part.clone()),
        }
    }
    Word { parts }
}

fn char_at(symbols: &[Symbol], at: usize) -> Option<char> {
    match symbols.get(at) {
        Some(Symbol::Char(c)) => Some(*c),
        _ => None,
    }
}

fn expand_symbols(symbols: &[Symbol], depth: u32) -> Vec<Vec<Symbol>> {
    if depth > 20 {
        return vec![symbols.to_vec()];
    }
    for start in (0..symbols.len()).filter(|at| char_at(symbols, *at) == Some('{')) {
        let Some((alternatives, end)) = alternatives(symbols, start, depth) else { continue };
        let tails = expand_symbols(&symbols[end..], depth + 1);
        let mut all = Vec::new();
        for alternative in alternatives {
            for tail in &tails {
                if all.len() >= MOST {
                    return all;
                }
                let mut whole = symbols[..start].to_vec();
                whole.extend(alternative.iter().cloned());
                whole.extend(tail.iter().cloned());
                all.push(whole);
            }
        }
        return all;
    }
    vec![symbols.to_vec()]
}

/// What stands between the braces that open at `start`, and where they end.
fn alternatives(symbols: &[Symbol], start: usize, depth: u32) -> Option<(Vec<Vec<Symbol>>, usize)> {
    let mut nesting = 0;
    let mut commas = Vec::new();
    let mut at = start;
    let end = loop {
        match char_at(symbols, at) {
            Some('{') => nesting += 1,
            Some('}') => {
                nesting -= 1;
                if nesting == 0 {
                    break at;
                }
            }
            Some(',') if nesting == 1 => commas.push(at),
            None if at >= symbols.len() => return None,
            _ => {}
        }
        at += 1;
    };
    if commas.is_empty() {
        let inside: Option<String> = (start + 1..end).map(|at| char_at(symbols, at)).collect();
        let values = sequence(&inside?)?;
        return Some((
            values.iter().map(|value| value.chars().map(Symbol::Char).collect()).collect(),
            end + 1,
        ));
    }
    let mut all = Vec::new();
    let mut from = start + 1;
    for to in commas.into_iter().chain([end]) {
        all.extend(expand_symbols(&symbols[from..to], depth + 1));
        from = to + 1;
    }
    Some((all, end + 1))
}

/// `1..5`, `a..e`, with a step as a third part.
fn sequence(text: &str) -> Option<Vec<String>> {
    let parts: Vec<&str> = text.split("..").collect();
    let (from, to, step) = match parts[..] {
        [from, to] => (from, to, 1),
        [from, to, step] => (from, to, step.parse::<i64>().ok()?.checked_abs()?.max(1)),
        _ => return None,
    };
    let numbers = from.parse::<i64>().ok().zip(to.parse::<i64>().ok());
    if let Some((first, last)) = numbers {
        let digits = |text: &str| text.trim_start_matches('-').len();
        let padded =
            [from, to].iter().any(|text| digits(text) > 1 && text.trim_start_matches('-').starts_with('0'));
        let width = if padded { from.len().max(to.len()) } else { 0 };
        let values = steps(first, last, step);
        // What would take too much memory stays as it is written.
        if values.len().saturating_mul(width) > MOST_PADDED {
            return None;
        }
        return Some(values.into_iter().map(|value| padded_with_zeros(value, width)).collect());
    }
    let mut letters =
        [from, to].map(|text| text.chars().next().filter(|c| c.is_ascii_alphabetic() && text.len() == 1));
    let (first, last) = (letters[0].take()?, letters[1].take()?);
    let letter = |value: i64| char::from(value as u8).to_string();
    Some(steps(first as i64, last as i64, step).into_iter().map(letter).collect())
}

/// A number, filled with zeros up to a width that may be wider than formats can have.
fn padded_with_zeros(value: i64, width: usize) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let digits = value.unsigned_abs().to_string();
    let zeros = width.saturating_sub(sign.len() + digits.len());
    format!("{sign}{}{digits}", "0".repeat(zeros))
}

fn steps(first: i64, last: i64, step: i64) -> Vec<i64> {
    let mut values = Vec::new();
    let mut value = first;
    while values.len() < MOST && (if first <= last { value <= last } else { value >= last }) {
        values.push(value);
        let next = if first <= last { value.checked_add(step) } else { value.checked_sub(step) };
        match next {
            Some(next) => value = next,
            None => break,
        }
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> String {
        let words = expand(&Word::literal(text));
        words.iter().map(|word| word.as_literal().unwrap_or("").to_owned()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn forms() {
        assert_eq!(of("a{b,c}d"), "abd acd");
        assert_eq!(of("{a,b{1,2}}x{y,z}"), "axy axz b1xy b1xz b2xy b2xz");
        assert_eq!(of("{1..3}{c..a}"), "1c 1b 1a 2c 2b 2a 3c 3b 3a");
        assert_eq!(of("{08..10}"), "08 09 10");
        assert_eq!(of("{1..9..4}"), "1 5 9");
        assert_eq!(of("{a}"), "{a}");
        assert_eq!(of("{a,b"), "{a,b");
        assert_eq!(of("x{,.bak}"), "x x.bak");
    }
}
