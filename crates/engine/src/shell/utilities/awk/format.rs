//! `printf` and `sprintf`.

use super::dialect::Dialect;
use super::failure::Failure;
use super::value::{Value, special_text};
use crate::shell::bytes::byte_char;
use crate::shell::utilities::format_float;

/// How a value is to be written.
#[derive(Default)]
struct Spec {
    left: bool,
    zero: bool,
    plus: bool,
    space: bool,
    alternate: bool,
    width: usize,
    precision: Option<usize>,
}

/// The values, written as the format says. `function` is who does it, for messages.
pub(super) fn sprintf(
    format: &str,
    values: &[Value],
    dialect: Dialect,
    function: &str,
) -> Result<String, Failure> {
    let mut out = String::with_capacity(format.len() + 16);
    let mut values = values.iter();
    let mut chars = format.chars().peekable();
    let mut conversions = 0;
    while let Some(c) = chars.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        if chars.next_if_eq(&'%').is_some() {
            out.push('%');
            continue;
        }
        if chars.peek().is_none() {
            out.push('%');
            break;
        }
        conversions += 1;
        let mut next = || match values.next() {
            Some(value) => Ok(value.clone()),
            None => missing(format, dialect, function),
        };
        let mut spec = Spec::default();
        while let Some(flag) = chars.next_if(|c| "-0+ #".contains(*c)) {
            match flag {
                '-' => spec.left = true,
                '0' => spec.zero = true,
                '+' => spec.plus = true,
                ' ' => spec.space = true,
                _ => spec.alternate = true,
            }
        }
        if dialect == Dialect::Busybox && chars.clone().take_while(|c| "*.".contains(*c)).any(|c| c == '*') {
            return Err(Failure::Running("%*x formats are not supported".to_owned()));
        }
        if let Some(width) = size(&mut chars, &mut next, dialect)? {
            spec.left |= width < 0;
            spec.width = width.unsigned_abs().min(1 << 16) as usize;
        }
        if chars.next_if_eq(&'.').is_some() {
            let precision = size(&mut chars, &mut next, dialect)?.unwrap_or(0);
            spec.precision = usize::try_from(precision).ok().map(|precision| precision.min(1 << 12));
        }
        while chars.next_if(|c| "hlLqjzt".contains(*c)).is_some() {}
        match chars.next() {
            Some('%') => out.push('%'),
            Some(
                conversion @ ('c' | 's' | 'd' | 'i' | 'o' | 'x' | 'X' | 'u' | 'e' | 'E' | 'f' | 'F' | 'g'
                | 'G'),
            ) => {
                convert(&mut out, &spec, conversion, &next()?, dialect);
            }
            other => return Err(unknown(format, other, conversions, dialect, function)),
        }
    }
    Ok(out)
}

fn missing(format: &str, dialect: Dialect, function: &str) -> Result<Value, Failure> {
    match dialect {
        Dialect::Busybox => Ok(Value::Unset),
        Dialect::Mawk => {
            Err(Failure::Running(format!("not enough arguments passed to {function}(\"{format}\")")))
        }
        Dialect::Gawk => Err(Failure::Running(format!(
            "not enough arguments to satisfy format string\n\t`{format}'\n\t{}^ ran out for this one",
            " ".repeat(format.trim_end().len())
        ))),
    }
}

fn unknown(
    format: &str,
    conversion: Option<char>,
    number: usize,
    dialect: Dialect,
    function: &str,
) -> Failure {
    match dialect {
        Dialect::Busybox => Failure::Running("Invalid format specifier".to_owned()),
        _ if conversion.is_none() => Failure::Running(format!("bad conversion in {function}(\"{format}\")")),
        _ => Failure::Running(format!("improper conversion(number {number}) in {function}(\"{format}\")")),
    }
}

/// A width or precision: digits, or `*` for the next value.
fn size(
    chars: &mut std::iter::Peekable<std::str::Chars<'_>>,
    next: &mut impl FnMut() -> Result<Value, Failure>,
    dialect: Dialect,
) -> Result<Option<i64>, Failure> {
    if chars.next_if_eq(&'*').is_some() {
        return Ok(Some(next()?.number(dialect) as i64));
    }
    let mut size = None;
    while let Some(digit) = chars.next_if(char::is_ascii_digit) {
        let digit = i64::from(digit.to_digit(10).unwrap_or(0));
        size = Some(size.unwrap_or(0_i64).saturating_mul(10).saturating_add(digit));
    }
    Ok(size)
}

fn convert(out: &mut String, spec: &Spec, conversion: char, value: &Value, dialect: Dialect) {
    match conversion {
        's' => {
            let text = value.text(dialect, "%.6g");
            match spec.precision {
                Some(most) => pad(out, spec, &text.chars().take(most).collect::<String>()),
                None => pad(out, spec, &text),
            }
        }
        'c' => {
            let text: String = match value {
                Value::Number(number) => byte_char(*number as i64 as u8).to_string(),
                other => other.text(dialect, "%.6g").chars().take(1).collect(),
            };
            pad(out, spec, &text);
        }
        'e' | 'E' | 'f' | 'F' | 'g' | 'G' => float(out, spec, conversion, value.number(dialect), dialect),
        _ => {
            let number = value.number(dialect);
            if number.is_nan() || dialect == Dialect::Gawk && !number.is_finite() {
                pad(out, spec, &special_text(number, dialect));
            } else if dialect == Dialect::Gawk && number.abs() >= 9.2e18 {
                // Too large for a machine's integer, but not for gawk.
                let digits = format!("{:.0}", number.abs());
                pad_number(out, spec, sign(spec, number < 0.0), &digits);
            } else {
                integer(out, spec, conversion, whole(number, dialect), dialect);
            }
        }
    }
}

/// A number without what is behind the point: mawk's integers have 32 bits, the others' 64.
fn whole(number: f64, dialect: Dialect) -> i64 {
    let number = number as i64;
    if dialect == Dialect::Mawk { number.clamp(i64::from(-i32::MAX), i64::from(i32::MAX)) } else { number }
}

fn integer(out: &mut String, spec: &Spec, conversion: char, value: i64, dialect: Dialect) {
    let bits = if dialect == Dialect::Busybox { value as u64 } else { value.max(0) as u64 };
    match conversion {
        'd' | 'i' => pad_number(out, spec, sign(spec, value < 0), &value.unsigned_abs().to_string()),
        'u' => pad_number(out, spec, "", &bits.to_string()),
        'o' => pad_number(out, spec, if spec.alternate { "0" } else { "" }, &format!("{bits:o}")),
        'x' => {
            pad_number(out, spec, if spec.alternate && bits > 0 { "0x" } else { "" }, &format!("{bits:x}"))
        }
        _ => pad_number(out, spec, if spec.alternate && bits > 0 { "0X" } else { "" }, &format!("{bits:X}")),
    }
}

fn float(out: &mut String, spec: &Spec, conversion: char, number: f64, dialect: Dialect) {
    if !number.is_finite() {
        let text = special_text(number, dialect);
        let text = if spec.plus && !text.starts_with(['-', '+']) { format!("+{text}") } else { text };
        return pad(out, spec, &text);
    }
    let digits = format_float(number.abs(), conversion, spec.precision);
    let negative = number.is_sign_negative();
    let spec = Spec { precision: None, ..Spec { ..*spec } };
    pad_number(out, &spec, sign(&spec, negative), &digits);
}

fn sign(spec: &Spec, negative: bool) -> &'static str {
    match (negative, spec.plus, spec.space) {
        (true, ..) => "-",
        (_, true, _) => "+",
        (_, _, true) => " ",
        _ => "",
    }
}

fn pad(out: &mut String, spec: &Spec, text: &str) {
    let fill = spec.width.saturating_sub(super::builtins::count(text));
    if !spec.left {
        out.extend(std::iter::repeat_n(' ', fill));
    }
    out.push_str(text);
    if spec.left {
        out.extend(std::iter::repeat_n(' ', fill));
    }
}

fn pad_number(out: &mut String, spec: &Spec, sign: &str, digits: &str) {
    let zeros = match spec.precision {
        Some(precision) => precision.saturating_sub(digits.len()),
        None if spec.zero && !spec.left => spec.width.saturating_sub(digits.len() + sign.len()),
        None => 0,
    };
    let digits = if spec.precision == Some(0) && digits == "0" { "" } else { digits };
    pad(out, spec, &format!("{sign}{}{digits}", "0".repeat(zeros)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conversions() {
        let of =
            |format: &str, values: &[Value]| sprintf(format, values, Dialect::Busybox, "printf").unwrap();
        let number = Value::Number;
        assert_eq!(
            of(
                "%5s|%-5s|%05d|%+d|%x|%o",
                &[
                    Value::text_of("a"),
                    Value::text_of("b"),
                    number(42.0),
                    number(5.0),
                    number(255.0),
                    number(8.0)
                ]
            ),
            "    a|b    |00042|+5|ff|10"
        );
        assert_eq!(
            of(
                "%e %g %5.1f %.2s %c%c %%",
                &[
                    number(1234.5),
                    number(0.0001),
                    number(3.125),
                    Value::text_of("xyz"),
                    number(65.0),
                    Value::text_of("hi")
                ]
            ),
            "1.234500e+03 0.0001   3.1 xy Ah %"
        );
        assert_eq!(
            sprintf("%*d|%.*f", &[number(5.0), number(42.0), number(2.0), number(3.125)], Dialect::Mawk, "")
                .unwrap(),
            "   42|3.12"
        );
        assert_eq!(of("%d %s", &[]), "0 ");
        assert_eq!(sprintf("%d", &[number(3e9)], Dialect::Mawk, "printf").unwrap(), "2147483647");
        assert!(sprintf("%d", &[], Dialect::Mawk, "printf").is_err());
        assert!(sprintf("%z", &[number(1.0)], Dialect::Busybox, "printf").is_err());
    }
}
