//! `printf` and `sprintf`.

use super::dialect::Dialect;
use super::failure::Failure;
use super::value::{Value, special_text};
use crate::shell::bytes::byte_char;
use crate::shell::utilities::conversion::Conversion;

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
        if dialect == Dialect::Busybox && has_star(&chars) {
            return Err(Failure::Running("%*x formats are not supported".to_owned()));
        }
        let mut lacking = None;
        let mut conversion = Conversion::parse(&mut chars, || match next() {
            Ok(value) => value.number(dialect) as i64,
            Err(failure) => {
                lacking = Some(failure);
                0
            }
        });
        if let Some(failure) = lacking {
            return Err(failure);
        }
        while chars.next_if(|c| "hlLqjzt".contains(*c)).is_some() {}
        match chars.next() {
            Some('%') => out.push('%'),
            Some(letter) if "csdioxXueEfFgG".contains(letter) => {
                conversion.letter = letter;
                convert(&mut out, &conversion, &next()?, dialect);
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

/// Whether a width or precision is to come from the values.
fn has_star(rest: &std::iter::Peekable<std::str::Chars<'_>>) -> bool {
    rest.clone().find(|c| !"-0+ #.".contains(*c) && !c.is_ascii_digit()) == Some('*')
}

fn convert(out: &mut String, conversion: &Conversion, value: &Value, dialect: Dialect) {
    match conversion.letter {
        's' => {
            let text = value.text(dialect, "%.6g");
            match conversion.precision {
                Some(most) => pad(out, conversion, &text.chars().take(most).collect::<String>()),
                None => pad(out, conversion, &text),
            }
        }
        'c' => {
            let text: String = match value {
                Value::Number(number) => byte_char(*number as i64 as u8).to_string(),
                other => other.text(dialect, "%.6g").chars().take(1).collect(),
            };
            pad(out, conversion, &text);
        }
        'e' | 'E' | 'f' | 'F' | 'g' | 'G' => {
            let number = value.number(dialect);
            if number.is_finite() {
                conversion.float(out, number);
            } else {
                let text = special_text(number, dialect);
                let text = if conversion.has_plus() && !text.starts_with(['-', '+']) {
                    format!("+{text}")
                } else {
                    text
                };
                pad(out, conversion, &text);
            }
        }
        _ => {
            let number = value.number(dialect);
            if number.is_nan() || dialect == Dialect::Gawk && !number.is_finite() {
                pad(out, conversion, &special_text(number, dialect));
            } else if dialect == Dialect::Gawk && number.abs() >= 9.2e18 {
                // Too large for a machine's integer, but not for gawk.
                conversion.digits(out, number < 0.0, &format!("{:.0}", number.abs()));
            } else {
                integer(out, conversion, whole(number, dialect), dialect);
            }
        }
    }
}

/// A number without what is behind the point: mawk's integers have 32 bits, the others' 64.
fn whole(number: f64, dialect: Dialect) -> i64 {
    let number = number as i64;
    if dialect == Dialect::Mawk { number.clamp(i64::from(-i32::MAX), i64::from(i32::MAX)) } else { number }
}

fn integer(out: &mut String, conversion: &Conversion, value: i64, dialect: Dialect) {
    match conversion.letter {
        'd' | 'i' => conversion.signed(out, value),
        _ if dialect == Dialect::Busybox => conversion.unsigned(out, value as u64),
        _ => conversion.unsigned(out, value.max(0) as u64),
    }
}

fn pad(out: &mut String, conversion: &Conversion, text: &str) {
    conversion.pad(out, text, super::builtins::count(text));
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
