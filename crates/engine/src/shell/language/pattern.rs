//! Shell patterns: `*`, `?`, `[…]`, and bash's groups such as `@(a|b)`.

use super::group::{self, Group};

/// A compiled pattern.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::shell) struct Pattern(Vec<Item>);

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Item {
    Char(char),
    Any,
    Star,
    Class { negated: bool, ranges: Vec<(char, char)>, names: Vec<String> },
    Group(Group),
}

impl Pattern {
    /// Compiles a pattern in which a backslash takes the meaning from the next character.
    pub(in crate::shell) fn new(text: &str) -> Self {
        let chars: Vec<char> = text.chars().collect();
        Self(compile(&chars, None))
    }

    /// As [`Pattern::new`], with the groups of bash's `extglob`.
    pub(in crate::shell) fn extended(text: &str) -> Self {
        let chars: Vec<char> = text.chars().collect();
        Self(compile(&chars, Some(0)))
    }

    /// Whether it is the pattern of the empty text alone.
    pub(in crate::shell) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether there is a group in it.
    pub(in crate::shell) fn is_grouped(&self) -> bool {
        self.0.iter().any(|item| matches!(item, Item::Group(_)))
    }

    /// Of a pattern with groups: after how many characters of a text a match can end, and how much work that was.
    pub(in crate::shell) fn ends(&self, chars: &[char]) -> (Vec<bool>, u64) {
        group::ends(&self.0, chars)
    }

    /// How many characters a text has at least that matches, and whether it may have more.
    pub(in crate::shell) fn length(&self) -> (usize, bool) {
        if self.is_grouped() {
            return (0, true);
        }
        let stars = self.stars();
        (self.0.len() - stars, stars > 0)
    }

    /// Whether a text has to be gone through to know if it matches: where there are two stars or more.
    pub(in crate::shell) fn is_long_work(&self) -> bool {
        self.stars() > 1
    }

    fn stars(&self) -> usize {
        self.0.iter().filter(|item| **item == Item::Star).count()
    }

    /// Whether what stands in front of the first star and behind the last one fits the ends of a text.
    pub(in crate::shell) fn fits_ends(&self, chars: &[char]) -> bool {
        let star = |item: &Item| *item == Item::Star;
        let fits = |items: &[Item], chars: &[char]| items.iter().zip(chars).all(|(item, c)| item.fits(*c));
        let Some(first) = self.0.iter().position(star) else {
            return self.0.len() == chars.len() && fits(&self.0, chars);
        };
        let last = self.0.iter().rposition(star).unwrap_or(first);
        let (head, tail) = (&self.0[..first], &self.0[last + 1..]);
        chars.len() >= head.len() + tail.len()
            && fits(head, chars)
            && fits(tail, &chars[chars.len() - tail.len()..])
    }

    /// Whether the whole text matches.
    pub(in crate::shell) fn matches(&self, text: &str) -> bool {
        let chars: Vec<char> = text.chars().collect();
        self.matches_chars(&chars)
    }

    /// As [`Pattern::matches`], for text that is taken apart already.
    pub(in crate::shell) fn matches_chars(&self, chars: &[char]) -> bool {
        if self.is_grouped() {
            return self.ends(chars).0[chars.len()];
        }
        if !self.is_long_work() || !self.fits_ends(chars) {
            return self.fits_ends(chars);
        }
        let items = &self.0;
        let (mut item, mut at) = (0, 0);
        // Where to go on when what follows the last star does not fit.
        let mut retry: Option<(usize, usize)> = None;
        while at < chars.len() {
            match items.get(item) {
                Some(Item::Star) => {
                    retry = Some((item + 1, at));
                    item += 1;
                }
                Some(other) if other.fits(chars[at]) => {
                    item += 1;
                    at += 1;
                }
                _ => match retry {
                    Some((after, from)) => {
                        retry = Some((after, from + 1));
                        item = after;
                        at = from + 1;
                    }
                    None => return false,
                },
            }
        }
        items[item..].iter().all(|item| *item == Item::Star)
    }
}

/// The items of a pattern; `groups` is how deep it lies in groups, where there are any.
pub(super) fn compile(chars: &[char], groups: Option<u32>) -> Vec<Item> {
    let mut items = Vec::new();
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        if let Some((group, end)) = groups.and_then(|depth| group::read(chars, at, depth)) {
            items.push(Item::Group(group));
            at = end;
            continue;
        }
        at += 1;
        match c {
            '\\' if at < chars.len() => {
                items.push(Item::Char(chars[at]));
                at += 1;
            }
            '?' => items.push(Item::Any),
            '*' => {
                if items.last() != Some(&Item::Star) {
                    items.push(Item::Star);
                }
            }
            '[' => match class(chars, at) {
                Some((item, end)) => {
                    items.push(item);
                    at = end;
                }
                None => items.push(Item::Char('[')),
            },
            _ => items.push(Item::Char(c)),
        }
    }
    items
}

impl Item {
    pub(super) fn fits(&self, c: char) -> bool {
        match self {
            Self::Char(wanted) => *wanted == c,
            Self::Any => true,
            Self::Star | Self::Group(_) => false,
            Self::Class { negated, ranges, names } => {
                let inside = ranges.iter().any(|(low, high)| (*low..=*high).contains(&c))
                    || names.iter().any(|name| is_in_class(c, name));
                inside != *negated
            }
        }
    }
}

/// A bracket expression whose inside begins at `at`; the item and where it ends.
fn class(chars: &[char], mut at: usize) -> Option<(Item, usize)> {
    let negated = matches!(chars.get(at), Some('!' | '^'));
    at += usize::from(negated);
    let (mut ranges, mut names) = (Vec::new(), Vec::new());
    let start = at;
    loop {
        let mut c = *chars.get(at)?;
        if c == ']' && at > start {
            return Some((Item::Class { negated, ranges, names }, at + 1));
        }
        if c == '[' && chars.get(at + 1) == Some(&':') {
            let end = (at + 2..chars.len()).find(|end| chars[*end..].starts_with(&[':', ']']));
            if let Some(end) = end {
                names.push(chars[at + 2..end].iter().collect());
                at = end + 2;
                continue;
            }
        }
        if c == '\\' {
            at += 1;
            c = *chars.get(at)?;
        }
        at += 1;
        if chars.get(at) == Some(&'-') && chars.get(at + 1).is_some_and(|c| *c != ']') {
            let mut high = chars[at + 1];
            at += 2;
            if high == '\\' {
                high = *chars.get(at)?;
                at += 1;
            }
            ranges.push((c, high));
        } else {
            ranges.push((c, c));
        }
    }
}

/// Whether a character is in a class such as `[:alpha:]`, in the C locale.
pub(in crate::shell) fn is_in_class(c: char, name: &str) -> bool {
    match name {
        "alpha" => c.is_ascii_alphabetic(),
        "digit" => c.is_ascii_digit(),
        "alnum" => c.is_ascii_alphanumeric(),
        "upper" => c.is_ascii_uppercase(),
        "lower" => c.is_ascii_lowercase(),
        "space" => c.is_ascii_whitespace() || c == '\x0b',
        "blank" => c == ' ' || c == '\t',
        "punct" => c.is_ascii_punctuation(),
        "print" => c == ' ' || c.is_ascii_graphic(),
        "graph" => c.is_ascii_graphic(),
        "cntrl" => c.is_ascii_control(),
        "xdigit" => c.is_ascii_hexdigit(),
        _ => false,
    }
}

/// Whether a name matches a pattern, for `find -name` and the like.
pub(in crate::shell) fn matches_glob(pattern: &str, name: &str) -> bool {
    Pattern::new(pattern).matches(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matching() {
        for (pattern, text) in [
            ("a*c", "abbc"),
            ("*", ""),
            ("?", "é"),
            ("[a-c]x", "bx"),
            ("[!a-c]", "d"),
            ("[]]", "]"),
            ("[[:digit:]_]*", "7x"),
            ("a\\*", "a*"),
            ("*.tar.*", "x.tar.tar.gz"),
            ("[", "["),
            ("[a", "[a"),
        ] {
            assert!(Pattern::new(pattern).matches(text), "{pattern} {text}");
        }
        for (pattern, text) in [("a*c", "abd"), ("?", ""), ("[a-c]", "d"), ("a\\*", "ab"), ("", "x")] {
            assert!(!Pattern::new(pattern).matches(text), "{pattern} {text}");
        }
    }

    #[test]
    fn groups() {
        for (pattern, text) in [
            ("@(a|b)c", "bc"),
            ("*.@(tar|zip)", "x.zip"),
            ("?(a)b", "b"),
            ("+(ab|c)", "abcab"),
            ("*(x)", ""),
            ("!(*.txt)", "a.md"),
            ("!(a)", ""),
            ("a!(b)c", "abbc"),
            ("@(a|@(b|c*)d)", "cxxd"),
            ("@(a", "@(a"),
            ("@([)]|b)", ")"),
            ("+([0-9]).*", "12.x"),
        ] {
            assert!(Pattern::extended(pattern).matches(text), "{pattern} {text}");
        }
        for (pattern, text) in
            [("@(a|b)", "ab"), ("!(a)", "a"), ("+(a)", ""), ("a!(b)c", "abc"), ("!(*.txt)", "a.txt")]
        {
            assert!(!Pattern::extended(pattern).matches(text), "{pattern} {text}");
        }
        assert!(Pattern::new("@(a|b)").matches("@(a|b)"));
    }
}
