//! The forms of `od`: types, and bytes written by them.

use crate::shell::bytes::to_text;
use crate::shell::utilities::format_float;

/// One `-t`: a kind, the bytes that make one value, and whether the characters follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Form {
    kind: char,
    size: usize,
    pub(super) characters: bool,
}

impl Form {
    pub(super) const fn new(kind: char, size: usize) -> Self {
        Self { kind, size, characters: false }
    }

    /// The forms in a type string, or what is wrong with it.
    pub(super) fn parse_all(text: &str) -> Result<Vec<Self>, String> {
        let mut forms = Vec::new();
        let mut rest = text.chars().peekable();
        while let Some(kind) = rest.next() {
            let letters = match kind {
                'd' | 'o' | 'u' | 'x' => "CSIL",
                'f' => "FDL",
                'a' | 'c' => "",
                _ => {
                    let mut byte = [0; 4];
                    let first = to_text(&kind.encode_utf8(&mut byte).as_bytes()[..1]);
                    return Err(format!("invalid character '{first}' in type string '{text}'"));
                }
            };
            let mut digits = String::new();
            while let Some(digit) = rest.next_if(|next| !letters.is_empty() && next.is_ascii_digit()) {
                digits.push(digit);
            }
            let known: &[&str] = if kind == 'f' { &["", "4", "8", "16"] } else { &["", "1", "2", "4", "8"] };
            if !known.contains(&digits.as_str()) {
                let what = if kind == 'f' { "floating point" } else { "integral" };
                return Err(format!(
                    "invalid type string '{text}';\nthis system doesn't provide a {digits}-byte {what} type"
                ));
            }
            let letter = if digits.is_empty() { rest.next_if(|next| letters.contains(*next)) } else { None };
            let size = match (letter, digits.parse()) {
                (_, Ok(size)) => size,
                (Some('C'), _) => 1,
                (Some('S'), _) => 2,
                (Some('L' | 'D'), _) => 8,
                _ if kind == 'f' && letter.is_none() => 8,
                _ if letters.is_empty() => 1,
                _ => 4,
            };
            let mut form = Self::new(kind, size);
            while rest.next_if_eq(&'z').is_some() {
                form.characters = true;
            }
            forms.push(form);
        }
        Ok(forms)
    }

    /// The least that a value takes with the blank before it; one of BusyBox's is narrower.
    fn width(&self, exact: bool) -> usize {
        if exact && self.kind == 'f' && self.size > 4 {
            return 24;
        }
        let at = self.size.trailing_zeros() as usize;
        1 + match self.kind {
            'x' => self.size * 2,
            'o' => [3, 6, 11, 22][at],
            'd' => [4, 6, 11, 20][at],
            'u' => [3, 5, 10, 20][at],
            'f' if self.size == 4 => 15,
            'f' => 24,
            _ => 3,
        }
    }

    /// How wide a row of so many bytes is at least.
    pub(super) fn row_width(&self, bytes: usize) -> usize {
        self.width(false) * bytes.div_ceil(self.size)
    }

    /// A row, made as wide as others of the same bytes where those are wider.
    pub(super) fn row(&self, chunk: &[u8], row: usize, total: usize, exact: bool) -> String {
        let fields = row.div_ceil(self.size).max(1);
        let spare = total.saturating_sub(self.width(exact) * fields);
        let mut text = String::new();
        for (at, group) in chunk.chunks(self.size).enumerate() {
            // What is spare is shared out from the left.
            let left = |at: usize| spare * (fields - at) / fields;
            let width = self.width(exact) + left(at) - left(at + 1);
            text.push_str(&format!("{:>width$}", self.value(group, exact)));
        }
        text
    }

    fn value(&self, group: &[u8], exact: bool) -> String {
        let value = group.iter().rev().fold(0_u64, |value, byte| value << 8 | u64::from(*byte));
        match self.kind {
            'a' => name(group[0]),
            'c' => character(group[0]),
            'x' => format!("{value:0width$x}", width = self.size * 2),
            'o' => format!("{value:0width$o}", width = self.width(exact) - 1),
            'd' => {
                let shift = 64 - 8 * self.size as u32;
                (((value << shift) as i64) >> shift).to_string()
            }
            'u' => value.to_string(),
            _ if self.size == 4 => {
                let value = f32::from_bits(value as u32);
                float(value.into(), &format!("{value:e}"), 6, exact)
            }
            _ => {
                let value = f64::from_bits(value);
                float(value, &format!("{value:e}"), 15, exact)
            }
        }
    }
}

/// A number with decimals: in as few digits as tell it from all others, as GNU writes it, or in as many as BusyBox has.
/// `digits` is the least that a type can hold.
fn float(value: f64, shortest: &str, digits: usize, exact: bool) -> String {
    if exact {
        let decimals = if digits == 6 { 7 } else { 15 };
        return format_float(value, 'e', Some(decimals));
    }
    let mantissa = shortest.split('e').next().unwrap_or("");
    let needed = mantissa.bytes().filter(u8::is_ascii_digit).count();
    // What is below the normal numbers is held by fewer digits.
    let least = if needed < digits && value != 0.0 && value.abs() < if digits == 6 { 1e-37 } else { 1e-307 } {
        1
    } else {
        digits
    };
    format_float(value, 'g', Some(needed.max(least)))
}

/// The name of a character of ASCII; the highest bit does not count.
fn name(byte: u8) -> String {
    const NAMES: [&str; 33] = [
        "nul", "soh", "stx", "etx", "eot", "enq", "ack", "bel", "bs", "ht", "nl", "vt", "ff", "cr", "so",
        "si", "dle", "dc1", "dc2", "dc3", "dc4", "nak", "syn", "etb", "can", "em", "sub", "esc", "fs", "gs",
        "rs", "us", "sp",
    ];
    match byte & 0x7f {
        127 => "del".to_owned(),
        low => {
            NAMES.get(usize::from(low)).map_or_else(|| char::from(low).to_string(), |name| (*name).to_owned())
        }
    }
}

fn character(byte: u8) -> String {
    match byte {
        0 => "\\0".into(),
        7 => "\\a".into(),
        8 => "\\b".into(),
        9 => "\\t".into(),
        10 => "\\n".into(),
        11 => "\\v".into(),
        12 => "\\f".into(),
        13 => "\\r".into(),
        32..=126 => char::from(byte).to_string(),
        _ => format!("{byte:03o}"),
    }
}
