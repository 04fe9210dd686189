//! Patterns of `${name#pattern}`, `${name%pattern}` and `${name/pattern/text}`.
//!
//! BuildKit turns them into regular expressions. The same results come here from a small matcher with the same
//! preferences: a greedy or a modest `*`, the leftmost place first, no wildcard matches a line break.

#[derive(Clone, Copy, PartialEq, Eq)]
enum Token {
    Char(char),
    AnyChar,
    AnyText,
}

struct Pattern {
    tokens: Vec<Token>,
    greedy: bool,
}

impl Pattern {
    fn parse(source: &str, greedy: bool) -> Result<Self, String> {
        let mut tokens = Vec::new();
        let mut chars = source.chars().peekable();
        while let Some(c) = chars.next() {
            tokens.push(match c {
                '*' if tokens.last() == Some(&Token::AnyText) => continue,
                '*' => Token::AnyText,
                '?' => Token::AnyChar,
                // A slash or brace is escaped only to get it past the lexer.
                '\\' if matches!(chars.peek(), Some('}' | '/')) => continue,
                '\\' => match chars.next() {
                    Some(escaped @ ('*' | '?' | '\\')) => Token::Char(escaped),
                    other => {
                        let other = other.unwrap_or('\u{fffd}');
                        return Err(format!(
                            "invalid pattern ({source}) in substitution: invalid escape '\\{other}'"
                        ));
                    }
                },
                c => Token::Char(c),
            });
        }
        Ok(Self { tokens, greedy })
    }

    /// The end of the preferred match that begins at `start`.
    fn match_at(&self, text: &[char], start: usize) -> Option<usize> {
        let mut failed = vec![false; (self.tokens.len() + 1) * (text.len() + 1)];
        self.step(text, 0, start, &mut failed)
    }

    /// Tries to match from a token and a place on; what failed once is not tried again.
    fn step(&self, text: &[char], mut token: usize, mut at: usize, failed: &mut [bool]) -> Option<usize> {
        loop {
            match self.tokens.get(token) {
                None => return Some(at),
                Some(Token::Char(c)) if text.get(at) == Some(c) => {}
                Some(Token::AnyChar) if text.get(at).is_some_and(|c| *c != '\n') => {}
                Some(Token::AnyText) => break,
                _ => return None,
            }
            token += 1;
            at += 1;
        }
        let longest = at + text[at..].iter().take_while(|c| **c != '\n').count();
        let mut ends: Vec<usize> = (at..=longest).collect();
        if self.greedy {
            ends.reverse();
        }
        for end in ends {
            let key = (token + 1) * (text.len() + 1) + end;
            if failed[key] {
                continue;
            }
            if let Some(found) = self.step(text, token + 1, end, failed) {
                return Some(found);
            }
            failed[key] = true;
        }
        None
    }

    fn find(&self, text: &[char], from: usize) -> Option<(usize, usize)> {
        (from..=text.len()).find_map(|start| self.match_at(text, start).map(|end| (start, end)))
    }
}

/// The value without the part at its beginning that matches.
pub(super) fn trim_prefix(pattern: &str, value: &str, greedy: bool) -> Result<String, String> {
    let pattern = Pattern::parse(pattern, greedy)?;
    let text: Vec<char> = value.chars().collect();
    let end = pattern.match_at(&text, 0).unwrap_or(0);
    Ok(text[end..].iter().collect())
}

/// The value without the part at its end that matches.
pub(super) fn trim_suffix(pattern: &str, value: &str, greedy: bool) -> Result<String, String> {
    let reversed: String = value.chars().rev().collect();
    let rest = trim_prefix(&reverse_pattern(pattern), &reversed, greedy)?;
    Ok(rest.chars().rev().collect())
}

/// The pattern read backwards, with each escape still in front of what it escapes.
fn reverse_pattern(pattern: &str) -> String {
    let mut units: Vec<String> = Vec::new();
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        let mut unit = c.to_string();
        if c == '\\'
            && let Some(escaped) = chars.next()
        {
            unit.push(escaped);
        }
        units.push(unit);
    }
    units.reverse();
    units.concat()
}

/// The value with the first match, or all, replaced.
pub(super) fn replace(pattern: &str, value: &str, replacement: &str, all: bool) -> Result<String, String> {
    let pattern = Pattern::parse(pattern, true)?;
    let text: Vec<char> = value.chars().collect();
    if !all {
        return Ok(match pattern.find(&text, 0) {
            None => value.to_owned(),
            Some((start, end)) => {
                let (before, after): (String, String) =
                    (text[..start].iter().collect(), text[end..].iter().collect());
                before + replacement + &after
            }
        });
    }
    let mut out = String::new();
    let (mut copied, mut from) = (0, 0);
    while from <= text.len() {
        let Some((start, end)) = pattern.find(&text, from) else { break };
        out.extend(&text[copied..start]);
        // An empty match right behind another match does not count.
        if end > copied || start == 0 {
            let found: String = text[start..end].iter().collect();
            out.push_str(&expand_template(replacement, &found));
        }
        copied = end;
        from = if from + 1 > end { from + 1 } else { end };
    }
    out.extend(&text[copied.min(text.len())..]);
    Ok(out)
}

/// Go's templates in replacements: `$0` is the match, other references are empty, `$$` is a dollar sign.
fn expand_template(template: &str, found: &str) -> String {
    let mut out = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        if let Some(after) = after.strip_prefix('$') {
            out.push('$');
            rest = after;
            continue;
        }
        let braced = after.strip_prefix('{');
        let body = braced.unwrap_or(after);
        let length = body.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(body.len());
        let closed = braced.is_none() || body[length..].starts_with('}');
        if length == 0 || !closed {
            out.push('$');
            rest = after;
            continue;
        }
        if &body[..length] == "0" {
            out.push_str(found);
        }
        rest = &body[length + usize::from(braced.is_some())..];
    }
    out.push_str(rest);
    out
}
