//! Values: numbers, strings, and strings of the input that may be numbers.

use super::dialect::Dialect;
use crate::shell::utilities::format_float;
use std::cmp::Ordering;
use std::rc::Rc;

/// Text, every byte of it one character.
pub(super) type Text = Rc<str>;

/// The value of a variable, element, field or expression.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    /// Never assigned: 0 and the empty string at once.
    Unset,
    Number(f64),
    Text(Text),
    /// Came from outside: a number as well if it looks like one.
    Input(Text),
}

impl Value {
    pub(super) fn text_of(text: &str) -> Self {
        Self::Text(text.into())
    }

    pub(super) fn truth_of(holds: bool) -> Self {
        Self::Number(f64::from(u8::from(holds)))
    }

    /// As a number.
    pub(super) fn number(&self, dialect: Dialect) -> f64 {
        match self {
            Self::Unset => 0.0,
            Self::Number(number) => *number,
            Self::Text(text) | Self::Input(text) => leading_number(text, dialect).0,
        }
    }

    /// As a string; `format` is `CONVFMT` or `OFMT`.
    pub(super) fn text(&self, dialect: Dialect, format: &str) -> Text {
        match self {
            Self::Unset => "".into(),
            Self::Number(number) => number_text(*number, dialect, format).into(),
            Self::Text(text) | Self::Input(text) => text.clone(),
        }
    }

    /// As a condition.
    pub(super) fn truth(&self, dialect: Dialect) -> bool {
        match self {
            Self::Unset => false,
            Self::Number(number) => *number != 0.0,
            Self::Text(text) => !text.is_empty(),
            Self::Input(text) => match looks_numeric(text, dialect) {
                Some(number) => number != 0.0,
                None => !text.is_empty(),
            },
        }
    }

    /// The number that it is for a comparison, unless it is a string there.
    fn numeric(&self, dialect: Dialect) -> Option<f64> {
        match self {
            Self::Unset => Some(0.0),
            Self::Number(number) => Some(*number),
            Self::Text(_) => None,
            Self::Input(text) => looks_numeric(text, dialect),
        }
    }

    /// Compares as numbers where both are, and as strings elsewhere; nothing with what is no number (NaN).
    pub(super) fn compare(&self, other: &Self, dialect: Dialect, format: &str) -> Option<Ordering> {
        if let (Some(left), Some(right)) = (self.numeric(dialect), other.numeric(dialect)) {
            return left.partial_cmp(&right);
        }
        Some(self.text(dialect, format).cmp(&other.text(dialect, format)))
    }
}

/// The number that a text is as a whole, blanks around it aside.
fn looks_numeric(text: &str, dialect: Dialect) -> Option<f64> {
    let first = text.trim_start_matches([' ', '\t', '\n', '\r']).bytes().next()?;
    if !(first.is_ascii_digit() || b"+-.iInN".contains(&first)) {
        return None;
    }
    let (number, end) = leading_number(text, dialect);
    (end > 0 && text[end..].bytes().all(|byte| byte.is_ascii_whitespace())).then_some(number)
}

/// The number at the beginning of a text, and where it ends; 0 where there is none.
pub(super) fn leading_number(text: &str, dialect: Dialect) -> (f64, usize) {
    let bytes = text.as_bytes();
    let mut at = bytes.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    let start = at;
    if let Some(b'+' | b'-') = bytes.get(at) {
        at += 1;
    }
    let negative = bytes.get(start) == Some(&b'-');
    let signed = |number: f64| if negative { -number } else { number };
    let digits_from = at;
    let digits = |from: usize| bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    if bytes.get(at) == Some(&b'0')
        && dialect.reads_hexadecimal()
        && let Some((number, end)) = integer_of_c(text, at, dialect)
    {
        return (signed(number), end);
    }
    let whole = digits(at);
    at += whole;
    if whole <= 15 && !matches!(bytes.get(at), Some(b'.' | b'e' | b'E')) && whole > 0 {
        let number = bytes[digits_from..at].iter().fold(0_u64, |sum, byte| sum * 10 + u64::from(byte - b'0'));
        return (signed(number as f64), at);
    }
    let mut fraction = 0;
    if bytes.get(at) == Some(&b'.') {
        fraction = digits(at + 1);
        at += if whole + fraction > 0 { 1 + fraction } else { 0 };
    }
    if whole + fraction == 0 {
        return word_number(text, start, digits_from, dialect)
            .map_or((0.0, 0), |(number, end)| (signed(number), end));
    }
    if let Some(b'e' | b'E') = bytes.get(at) {
        let sign = usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        let exponent = digits(at + 1 + sign);
        if exponent > 0 {
            at += 1 + sign + exponent;
        }
    }
    (signed(text[digits_from..at].parse().unwrap_or(0.0)), at)
}

/// `0x1f`, and with BusyBox `017`.
fn integer_of_c(text: &str, at: usize, dialect: Dialect) -> Option<(f64, usize)> {
    let rest = &text[at + 1..];
    let hexadecimal = rest.starts_with(['x', 'X']);
    let (digits, radix) = if hexadecimal { (&rest[1..], 16) } else { (rest, 8) };
    if !hexadecimal && (dialect != Dialect::Busybox || !rest.starts_with(|c: char| c.is_ascii_digit())) {
        return None;
    }
    let length = digits.bytes().take_while(|byte| char::from(*byte).is_digit(radix)).count();
    if length == 0 {
        return hexadecimal.then_some((0.0, at + 1));
    }
    let number = digits[..length]
        .chars()
        .fold(0.0, |sum, digit| sum * f64::from(radix) + f64::from(digit.to_digit(radix).unwrap_or(0)));
    Some((number, text.len() - digits.len() + length))
}

/// `inf` and `nan`, which the C library reads as numbers; gawk wants a sign before them.
fn word_number(text: &str, start: usize, at: usize, dialect: Dialect) -> Option<(f64, usize)> {
    if dialect == Dialect::Gawk && start == at {
        return None;
    }
    let rest = text.get(at..at + 3)?;
    let number = match rest.to_ascii_lowercase().as_str() {
        "inf" => f64::INFINITY,
        "nan" => f64::NAN,
        _ => return None,
    };
    let long = text.get(at..at + 8).is_some_and(|word| word.eq_ignore_ascii_case("infinity"));
    Some((number, at + if long { 8 } else { 3 }))
}

/// A number as a string: a whole one with all its digits, another by `format`.
pub(super) fn number_text(number: f64, dialect: Dialect, format: &str) -> String {
    if number == number.trunc() {
        match dialect {
            Dialect::Mawk if number.abs() <= 2_147_483_647.0 => return (number as i64).to_string(),
            Dialect::Busybox if number.abs() < 9.2e18 => return (number as i64).to_string(),
            Dialect::Gawk if number.abs() < 1e16 => return (number as i64).to_string(),
            Dialect::Gawk if number.is_finite() => return format!("{number:.0}"),
            _ => {}
        }
    }
    if !number.is_finite() {
        return special_text(number, dialect);
    }
    if format == "%.6g" {
        return format_float(number, 'g', Some(6));
    }
    super::format::sprintf(format, &[Value::Number(number)], dialect, "sprintf").unwrap_or_default()
}

/// What is no finite number. Its sign is that of the processors that these programs run on.
pub(super) fn special_text(number: f64, dialect: Dialect) -> String {
    let text = if number.is_nan() {
        "-nan"
    } else if number < 0.0 {
        "-inf"
    } else if dialect == Dialect::Gawk {
        "+inf"
    } else {
        "inf"
    };
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_texts() {
        for (text, number, end) in [
            ("12abc", 12.0, 2),
            (" +3.5e2x", 350.0, 7),
            ("1e+", 1.0, 1),
            (".", 0.0, 0),
            (".5", 0.5, 2),
            ("-", 0.0, 0),
            ("0x1A", 26.0, 4),
            ("", 0.0, 0),
            ("12345678901234567890", 12_345_678_901_234_567_890.0, 20),
        ] {
            assert_eq!(leading_number(text, Dialect::Mawk), (number, end), "{text}");
        }
        assert_eq!(leading_number("010", Dialect::Busybox).0, 8.0);
        assert_eq!(leading_number("0x1A", Dialect::Gawk).0, 0.0);
        assert!(leading_number("nano", Dialect::Mawk).0.is_nan());
        assert_eq!(looks_numeric(" 10 ", Dialect::Gawk), Some(10.0));
        assert_eq!(looks_numeric("10x", Dialect::Gawk), None);
    }

    #[test]
    fn texts_of_numbers() {
        let of = |number, dialect| number_text(number, dialect, "%.6g");
        assert_eq!(of(2_147_483_648.0, Dialect::Mawk), "2.14748e+09");
        assert_eq!(of(2_147_483_648.0, Dialect::Busybox), "2147483648");
        assert_eq!(of(1e30, Dialect::Gawk), "1000000000000000019884624838656");
        assert_eq!(of(0.1 + 0.2, Dialect::Mawk), "0.3");
        assert_eq!(of(-0.0, Dialect::Mawk), "0");
        assert_eq!(number_text(3.25, Dialect::Mawk, "%.1f"), "3.2");
    }
}
