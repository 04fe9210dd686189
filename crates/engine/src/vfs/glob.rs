//! Wildcards as Go's `filepath.Match` understands them: `*`, `?`, `[a-z]`, `[^a-z]` and `\` before any of these.
//!
//! A slash is matched by neither `*` nor `?`.

use std::fmt;

/// A pattern that is not well formed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadPattern;

impl fmt::Display for BadPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("syntax error in pattern")
    }
}

impl std::error::Error for BadPattern {}

/// Whether the whole `name` matches `pattern`.
///
/// The pattern is checked to its end even where the name does not match.
pub fn is_match(pattern: &str, name: &str) -> Result<bool, BadPattern> {
    let (mut pattern, mut name) = (pattern, name);
    while !pattern.is_empty() {
        let (has_star, chunk, rest) = next_chunk(pattern);
        pattern = rest;
        if has_star && chunk.is_empty() {
            return Ok(!name.contains('/'));
        }
        let direct = match_chunk(chunk, name)?;
        if let Some(left) = direct
            && (left.is_empty() || !pattern.is_empty())
        {
            name = left;
            continue;
        }
        match if has_star { match_later(chunk, name, pattern.is_empty())? } else { None } {
            Some(left) => name = left,
            None => return check(pattern).map(|()| false),
        }
    }
    Ok(name.is_empty())
}

/// Whether the text has a wildcard that is not escaped.
pub fn has_wildcards(text: &str) -> bool {
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => drop(chars.next()),
            '*' | '?' | '[' => return true,
            _ => {}
        }
    }
    false
}

/// Whether a pattern is well formed.
fn check(mut pattern: &str) -> Result<(), BadPattern> {
    while !pattern.is_empty() {
        let (_, chunk, rest) = next_chunk(pattern);
        match_chunk(chunk, "")?;
        pattern = rest;
    }
    Ok(())
}

/// Tries the chunk behind a star at each later place, as far as no slash is skipped.
fn match_later<'n>(chunk: &str, name: &'n str, is_last: bool) -> Result<Option<&'n str>, BadPattern> {
    for (at, c) in name.char_indices() {
        if c == '/' {
            break;
        }
        let left = match_chunk(chunk, &name[at + c.len_utf8()..])?;
        // The last chunk has to reach the end of the name.
        if let Some(left) = left
            && (!is_last || left.is_empty())
        {
            return Ok(Some(left));
        }
    }
    Ok(None)
}

/// The next part without a star, whether stars stand before it, and what follows.
fn next_chunk(pattern: &str) -> (bool, &str, &str) {
    let chunk = pattern.trim_start_matches('*');
    let has_star = chunk.len() < pattern.len();
    let (mut in_class, mut escaped) = (false, false);
    for (at, c) in chunk.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '[' => in_class = true,
            ']' => in_class = false,
            '*' if !in_class => return (has_star, &chunk[..at], &chunk[at..]),
            _ => {}
        }
    }
    (has_star, chunk, "")
}

/// What is left of `name` behind the chunk; `None` where it does not match.
fn match_chunk<'n>(chunk: &str, name: &'n str) -> Result<Option<&'n str>, BadPattern> {
    // After a mismatch the rest of the chunk is only checked.
    let mut name = Some(name);
    let mut rest = chunk.chars();
    while let Some(c) = rest.next() {
        let taken = name.and_then(|name| name.chars().next());
        let is_hit = match c {
            '[' => {
                let hit = class(&mut rest, taken)?;
                taken.is_some() && hit
            }
            '?' => taken.is_some_and(|taken| taken != '/'),
            '\\' => taken == Some(rest.next().ok_or(BadPattern)?),
            c => taken == Some(c),
        };
        name = name.filter(|_| is_hit).map(|name| &name[taken.map_or(0, char::len_utf8)..]);
    }
    Ok(name)
}

/// Reads a class behind its `[` and says whether it has the character.
pub(super) fn class(rest: &mut std::str::Chars<'_>, taken: Option<char>) -> Result<bool, BadPattern> {
    let negated = rest.as_str().starts_with('^');
    if negated {
        rest.next();
    }
    let mut is_hit = false;
    let mut is_first = true;
    loop {
        if rest.as_str().starts_with(']') && !is_first {
            rest.next();
            return Ok(is_hit != negated);
        }
        is_first = false;
        let low = class_char(rest)?;
        let mut high = low;
        if rest.as_str().starts_with('-') {
            rest.next();
            high = class_char(rest)?;
        }
        is_hit |= taken.is_some_and(|taken| low <= taken && taken <= high);
    }
}

/// One character of a class. At least the `]` must follow.
fn class_char(rest: &mut std::str::Chars<'_>) -> Result<char, BadPattern> {
    let c = match rest.next() {
        None | Some('-' | ']') => return Err(BadPattern),
        Some('\\') => rest.next().ok_or(BadPattern)?,
        Some(c) => c,
    };
    if rest.as_str().is_empty() { Err(BadPattern) } else { Ok(c) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_go_does() {
        let yes = Ok(true);
        let no = Ok(false);
        let bad = Err(BadPattern);
        for (pattern, name, expected) in [
            ("abc", "abc", yes),
            ("*", "abc", yes),
            ("*c", "abc", yes),
            ("a*", "a", yes),
            ("a*", "ab/c", no),
            ("a*/b", "abc/b", yes),
            ("a*/b", "a/c/b", no),
            ("a*b*c*d*e*/f", "axbxcxdxexxx/f", yes),
            ("a*b*c*d*e*/f", "axbxcxdxexxx/fff", no),
            ("a*b?c*x", "abxbbxdbxebxczzx", yes),
            ("a*b?c*x", "abxbbxdbxebxczzy", no),
            ("ab[c]", "abc", yes),
            ("ab[e-g]", "abc", no),
            ("ab[^e-g]", "abc", yes),
            ("a\\*b", "a*b", yes),
            ("a\\*b", "ab", no),
            ("a?b", "a☺b", yes),
            ("a[^a]b", "a☺b", yes),
            ("a???b", "a☺b", no),
            ("[a-ζ]*", "α", yes),
            ("*[a-ζ]", "A", no),
            ("a?b", "a/b", no),
            ("a*b", "a/b", no),
            ("[\\]a]", "]", yes),
            ("[\\-]", "-", yes),
            ("[x\\-]", "z", no),
            ("[]a]", "]", bad),
            ("[-]", "-", bad),
            ("[x-]", "x", bad),
            ("[-x]", "x", bad),
            ("\\", "a", bad),
            ("[a-b-c]", "a", bad),
            ("[", "a", bad),
            ("[^", "a", bad),
            ("[^bc", "a", bad),
            ("a[", "a", bad),
            ("a[", "ab", bad),
            ("a[", "x", bad),
            ("a/b[", "x", bad),
            ("*x", "xxx", yes),
        ] {
            assert_eq!(is_match(pattern, name), expected, "{pattern} {name}");
        }
    }

    #[test]
    fn wildcards_can_be_escaped() {
        assert!(has_wildcards("a*") && has_wildcards("a[") && has_wildcards("\\\\?"));
        assert!(!has_wildcards("a\\*b\\[") && !has_wildcards("a"));
    }
}
