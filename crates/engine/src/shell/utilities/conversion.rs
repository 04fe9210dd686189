//! Conversions as `%-05.2f`, for `printf`, awk's `printf` and `seq -f`.

use super::format_float;
use std::iter::{Peekable, repeat_n};
use std::str::Chars;

/// The most characters that a conversion fills up to.
const MOST: u64 = 1 << 16;

/// A conversion taken apart.
#[derive(Clone, Copy, Default)]
pub(super) struct Conversion {
    left: bool,
    zero: bool,
    plus: bool,
    space: bool,
    alternate: bool,
    width: usize,
    pub(super) precision: Option<usize>,
    /// What is to be written: `d`, `s`, `g` and so on.
    pub(super) letter: char,
}

impl Conversion {
    /// Reads flags, width and precision behind a `%`; `star` gives the values of `*`. The letter is still to come.
    pub(super) fn parse(chars: &mut Peekable<Chars<'_>>, mut star: impl FnMut() -> i64) -> Self {
        let mut conversion = Self::default();
        while let Some(flag) = chars.next_if(|c| "-0+ #".contains(*c)) {
            match flag {
                '-' => conversion.left = true,
                '0' => conversion.zero = true,
                '+' => conversion.plus = true,
                ' ' => conversion.space = true,
                _ => conversion.alternate = true,
            }
        }
        if let Some(width) = size(chars, &mut star) {
            conversion.left |= width < 0;
            conversion.width = width.unsigned_abs().min(MOST) as usize;
        }
        if chars.next_if_eq(&'.').is_some() {
            let precision = size(chars, &mut star).unwrap_or(0);
            conversion.precision =
                u64::try_from(precision).ok().map(|precision| precision.min(MOST) as usize);
        }
        conversion
    }

    /// Writes a text whose length was counted already, filled up with blanks.
    pub(super) fn pad(&self, out: &mut String, text: &str, length: usize) {
        let fill = self.width.saturating_sub(length);
        if !self.left {
            out.extend(repeat_n(' ', fill));
        }
        out.push_str(text);
        if self.left {
            out.extend(repeat_n(' ', fill));
        }
    }

    /// Writes a whole number with its sign.
    pub(super) fn signed(&self, out: &mut String, value: i64) {
        self.number(out, self.sign(value < 0), &value.unsigned_abs().to_string());
    }

    /// Writes digits with a sign, as they are too long for [`Conversion::signed`].
    pub(super) fn digits(&self, out: &mut String, negative: bool, digits: &str) {
        self.number(out, self.sign(negative), digits);
    }

    /// Writes a whole number without a sign, by the letter: `u`, `o`, `x`, `X`.
    pub(super) fn unsigned(&self, out: &mut String, value: u64) {
        let prefix = match self.letter {
            'o' if self.alternate => "0",
            'x' if self.alternate && value > 0 => "0x",
            'X' if self.alternate && value > 0 => "0X",
            _ => "",
        };
        let digits = match self.letter {
            'o' => format!("{value:o}"),
            'x' => format!("{value:x}"),
            'X' => format!("{value:X}"),
            _ => value.to_string(),
        };
        self.number(out, prefix, &digits);
    }

    /// Writes a number with decimals, by the letter: `a`, `e`, `f`, `g` and their capitals.
    pub(super) fn float(&self, out: &mut String, value: f64) {
        let sign = self.sign(value.is_sign_negative());
        let digits = match self.letter {
            'a' | 'A' if value.is_finite() => hexadecimal(value.abs(), self.letter == 'A'),
            letter => format_float(value.abs(), letter, self.precision),
        };
        let zero = self.zero && value.is_finite();
        let plain = Self { precision: None, zero, ..*self };
        match digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
            Some(rest) => plain.number(out, &format!("{sign}{}", &digits[..2]), rest),
            None => plain.number(out, sign, &digits),
        }
    }

    /// Whether numbers that are not negative have a sign too.
    pub(super) fn has_plus(&self) -> bool {
        self.plus
    }

    fn sign(&self, negative: bool) -> &'static str {
        match (negative, self.plus, self.space) {
            (true, ..) => "-",
            (_, true, _) => "+",
            (_, _, true) => " ",
            _ => "",
        }
    }

    fn number(&self, out: &mut String, sign: &str, digits: &str) {
        let digits = if self.precision == Some(0) && digits == "0" { "" } else { digits };
        let zeros = match self.precision {
            Some(precision) => precision.saturating_sub(digits.len()),
            None if self.zero && !self.left => self.width.saturating_sub(digits.len() + sign.len()),
            None => 0,
        };
        let text = format!("{sign}{}{digits}", "0".repeat(zeros));
        self.pad(out, &text, text.len());
    }
}

/// Digits, or `*` for a value.
fn size(chars: &mut Peekable<Chars<'_>>, star: &mut impl FnMut() -> i64) -> Option<i64> {
    if chars.next_if_eq(&'*').is_some() {
        return Some(star());
    }
    let mut size = None;
    while let Some(digit) = chars.next_if(char::is_ascii_digit) {
        let digit = i64::from(digit.to_digit(10).unwrap_or(0));
        size = Some(size.unwrap_or(0_i64).saturating_mul(10).saturating_add(digit));
    }
    size
}

/// As the C library writes a `long double`: its first digit holds four bits.
fn hexadecimal(value: f64, upper: bool) -> String {
    if value == 0.0 {
        return if upper { "0X0P+0" } else { "0x0p+0" }.to_owned();
    }
    let (mut mantissa, mut exponent) = (value, 0);
    while mantissa >= 16.0 {
        mantissa /= 2.0;
        exponent += 1;
    }
    while mantissa < 8.0 {
        mantissa *= 2.0;
        exponent -= 1;
    }
    let mut text = format!("{:x}", mantissa as u8);
    mantissa = mantissa.fract();
    if mantissa > 0.0 {
        text.push('.');
    }
    while mantissa > 0.0 {
        mantissa *= 16.0;
        text.push_str(&format!("{:x}", mantissa as u8));
        mantissa = mantissa.fract();
    }
    let text = format!("0x{text}p{exponent:+}");
    if upper { text.to_uppercase() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str, write: impl Fn(&Conversion, &mut String)) -> String {
        let mut chars = text.chars().peekable();
        let mut conversion = Conversion::parse(&mut chars, || 3);
        conversion.letter = chars.next().unwrap();
        let mut out = String::new();
        write(&conversion, &mut out);
        out
    }

    #[test]
    fn forms() {
        assert_eq!(of("-5d", |conversion, out| conversion.signed(out, -42)), "-42  ");
        assert_eq!(of("+05d", |conversion, out| conversion.signed(out, 42)), "+0042");
        assert_eq!(of(".0d", |conversion, out| conversion.signed(out, 0)), "");
        assert_eq!(of("#x", |conversion, out| conversion.unsigned(out, 255)), "0xff");
        assert_eq!(of("*.*f", |conversion, out| conversion.float(out, 2.5)), "2.500");
        assert_eq!(of("08.1f", |conversion, out| conversion.float(out, -2.5)), "-00002.5");
        assert_eq!(of("05f", |conversion, out| conversion.float(out, f64::INFINITY)), "  inf");
        assert_eq!(of("a", |conversion, out| conversion.float(out, 1.0)), "0x8p-3");
    }
}
