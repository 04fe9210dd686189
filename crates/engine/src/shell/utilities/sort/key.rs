//! The keys of `sort`: which part of a line counts, and what of it is compared.

use super::version;
use std::borrow::Cow;
use std::cmp::Ordering;

/// One end of a key: a field, and a character in it; 0 is the whole field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) field: usize,
    pub(super) character: usize,
    /// Whether the characters are counted behind the blanks of the field.
    pub(super) behind_blanks: bool,
}

/// How parts are compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Manner {
    pub(super) numeric: bool,
    pub(super) general: bool,
    pub(super) version: bool,
    pub(super) human: bool,
    pub(super) month: bool,
    pub(super) random: bool,
    pub(super) reverse: bool,
    pub(super) fold: bool,
    pub(super) dictionary: bool,
    pub(super) printable: bool,
}

impl Manner {
    /// Whether there is such a letter.
    pub(super) fn set(&mut self, letter: char) -> bool {
        match letter {
            'n' => self.numeric = true,
            'g' => self.general = true,
            'V' => self.version = true,
            'h' => self.human = true,
            'M' => self.month = true,
            'R' => self.random = true,
            'r' => self.reverse = true,
            'f' => self.fold = true,
            'd' => self.dictionary = true,
            'i' => self.printable = true,
            _ => return false,
        }
        true
    }

    /// The letters of manners that exclude each other, where there are such.
    pub(super) fn conflict(&self) -> Option<String> {
        let text = self.version || self.random || self.dictionary || self.printable;
        let kinds = [self.numeric, self.general, self.human, self.month, text];
        if kinds.iter().filter(|kind| **kind).count() < 2 {
            return None;
        }
        let letters = [
            (self.dictionary, 'd'),
            (self.fold, 'f'),
            (self.general, 'g'),
            (self.human, 'h'),
            (self.printable, 'i'),
            (self.month, 'M'),
            (self.numeric, 'n'),
            (self.random, 'R'),
            (self.version, 'V'),
        ];
        Some(letters.iter().filter(|(set, _)| *set).map(|(_, letter)| letter).collect())
    }
}

/// A part of lines and how it is compared.
#[derive(Clone, Debug, Default)]
pub(super) struct Key {
    /// None for the whole line.
    pub(super) from: Option<Place>,
    pub(super) to: Option<Place>,
    pub(super) manner: Manner,
    pub(super) busybox: bool,
}

/// What is looked at when two lines are compared: worked out once for each line.
pub(super) enum Part<'l> {
    /// A class, and a number within it.
    Number(u8, f64),
    Bytes(Cow<'l, [u8]>),
}

impl Key {
    /// What counts of a line.
    pub(super) fn part<'l>(&self, line: &'l [u8], separator: Option<u8>) -> Part<'l> {
        let range = self.range(line, separator);
        let Manner { numeric, general, month, human, random, fold, dictionary, printable, .. } = self.manner;
        if month {
            Part::Number(0, f64::from(month_of(range, self.busybox)))
        } else if numeric && !self.busybox {
            Part::Number(0, decimal(range).0)
        } else if general || numeric {
            let (class, value) = float(range);
            if general {
                Part::Number(class, value)
            } else {
                Part::Number(0, if class == 2 { value } else { 0.0 })
            }
        } else if human {
            Part::Number(0, with_suffix(range))
        } else if random {
            Part::Number(0, scrambled(range))
        } else if fold || dictionary || printable {
            let is_blank = |byte: u8| byte == b' ' || byte == b'\t';
            let kept = range.iter().filter(|byte| {
                (!dictionary || byte.is_ascii_alphanumeric() || is_blank(**byte))
                    && (!printable || (32..127).contains(*byte))
            });
            Part::Bytes(kept.map(|byte| if fold { byte.to_ascii_uppercase() } else { *byte }).collect())
        } else {
            Part::Bytes(Cow::Borrowed(range))
        }
    }

    /// The order of two parts.
    pub(super) fn compare(&self, a: &Part<'_>, b: &Part<'_>) -> Ordering {
        let order = match (a, b) {
            (Part::Number(class, value), Part::Number(other_class, other)) => {
                class.cmp(other_class).then_with(|| value.total_cmp(other))
            }
            (Part::Bytes(a), Part::Bytes(b)) if self.manner.version && self.busybox => version::by_runs(a, b),
            (Part::Bytes(a), Part::Bytes(b)) if self.manner.version => version::by_name(a, b),
            (Part::Bytes(a), Part::Bytes(b)) => a.cmp(b),
            _ => Ordering::Equal,
        };
        if self.manner.reverse { order.reverse() } else { order }
    }

    fn range<'l>(&self, line: &'l [u8], separator: Option<u8>) -> &'l [u8] {
        let Some(from) = self.from else { return line };
        let field = field_start(line, from.field - 1, separator);
        let start = field + if from.behind_blanks { blanks(&line[field..]) } else { 0 };
        let start = (start + from.character.saturating_sub(1)).min(line.len());
        let end = match self.to {
            None => line.len(),
            Some(to) if to.character == 0 => field_end(line, to.field.max(1) - 1, separator),
            Some(to) => {
                let field = field_start(line, to.field.max(1) - 1, separator);
                let skipped = if to.behind_blanks { blanks(&line[field..]) } else { 0 };
                (field + skipped + to.character).min(line.len())
            }
        };
        &line[start..end.max(start)]
    }
}

fn blanks(text: &[u8]) -> usize {
    text.iter().take_while(|byte| **byte == b' ' || **byte == b'\t').count()
}

/// Where the next field ends: at a separator, or before the blanks behind it.
fn next_end(line: &[u8], start: usize, separator: Option<u8>) -> usize {
    let rest = &line[start..];
    match separator {
        Some(separator) => start + rest.iter().position(|byte| *byte == separator).unwrap_or(rest.len()),
        None => {
            let lead = blanks(rest);
            let word = rest[lead..].iter().take_while(|byte| **byte != b' ' && **byte != b'\t').count();
            start + lead + word
        }
    }
}

fn field_start(line: &[u8], skipped: usize, separator: Option<u8>) -> usize {
    let mut start = 0;
    for _ in 0..skipped {
        let end = next_end(line, start, separator);
        if end >= line.len() {
            return line.len();
        }
        start = end + usize::from(separator.is_some());
    }
    start
}

fn field_end(line: &[u8], skipped: usize, separator: Option<u8>) -> usize {
    next_end(line, field_start(line, skipped, separator), separator)
}

/// The number at the beginning, digits with a point; and where it ends.
fn decimal(text: &[u8]) -> (f64, usize) {
    let start = text.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    let mut at = start;
    let negative = text.get(at) == Some(&b'-');
    at += usize::from(negative);
    let (mut value, mut scale, mut point) = (0.0_f64, 1.0_f64, false);
    let digits = at;
    while let Some(byte) = text.get(at) {
        match byte {
            b'0'..=b'9' if point => {
                value = value * 10.0 + f64::from(byte - b'0');
                scale *= 10.0;
            }
            b'0'..=b'9' => value = value * 10.0 + f64::from(byte - b'0'),
            b'.' if !point => point = true,
            _ => break,
        }
        at += 1;
    }
    if !value.is_finite() || !scale.is_finite() {
        let exact = std::str::from_utf8(&text[digits..at]).ok().and_then(|digits| digits.parse().ok());
        (value, scale) = (exact.unwrap_or(f64::MAX), 1.0);
    }
    // Nothing is no less than zero.
    ((if negative { -value / scale } else { value / scale }) + 0.0, at)
}

/// A number as `strtod` reads it: 0 where there is none, 1 where it is none by its own words, 2 with its value.
fn float(text: &[u8]) -> (u8, f64) {
    let start = text.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    let rest = text[start..].to_ascii_lowercase();
    let (sign, body) = match rest.first() {
        Some(b'-') => (-1.0, &rest[1..]),
        Some(b'+') => (1.0, &rest[1..]),
        _ => (1.0, &rest[..]),
    };
    if body.starts_with(b"nan") {
        return (1, 0.0);
    }
    if body.starts_with(b"inf") {
        return (2, sign * f64::INFINITY);
    }
    if let Some(digits) =
        body.strip_prefix(b"0x").filter(|digits| digits.first().is_some_and(u8::is_ascii_hexdigit))
    {
        let digits = digits.iter().take_while(|byte| byte.is_ascii_hexdigit());
        let value = digits
            .fold(0.0, |value, byte| value * 16.0 + f64::from(char::from(*byte).to_digit(16).unwrap_or(0)));
        return (2, sign * value);
    }
    let mut length = body.iter().take_while(|byte| byte.is_ascii_digit() || **byte == b'.').count();
    if body.get(length) == Some(&b'e') {
        let signed = usize::from(matches!(body.get(length + 1), Some(b'-' | b'+')));
        let digits = body[length + 1 + signed..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        if digits > 0 {
            length += 1 + signed + digits;
        }
    }
    match std::str::from_utf8(&body[..length]).ok().and_then(|digits| digits.parse::<f64>().ok()) {
        Some(value) => (2, sign * value + 0.0),
        None => (0, 0.0),
    }
}

/// The number of a month by its first letters; 0 for what is none.
fn month_of(text: &[u8], strict: bool) -> u8 {
    const MONTHS: &[u8] = b"janfebmaraprmayjunjulaugsepoctnovdec";
    let start = if strict { 0 } else { blanks(text) };
    let Some(name) = text.get(start..start + 3) else { return 0 };
    let found = MONTHS.chunks(3).position(|month| month.eq_ignore_ascii_case(name));
    found.map_or(0, |at| at as u8 + 1)
}

/// A number with `K`, `M` and so on behind it. The suffix counts before the digits.
fn with_suffix(text: &[u8]) -> f64 {
    let (value, at) = decimal(text);
    let letter = text.get(at).copied().unwrap_or(b' ');
    let power = match letter {
        b'k' => 1,
        letter => b"KMGTPEZY".iter().position(|known| *known == letter).map_or(0, |at| at as i32 + 1),
    };
    let magnitude = (f64::from(power) * 1e9 + value.abs().min(9e8)) * value.signum();
    if value == 0.0 { 0.0 } else { magnitude }
}

/// A place that only chance would give, and here the text does.
fn scrambled(text: &[u8]) -> f64 {
    let hash = text.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    (hash >> 11) as f64
}
