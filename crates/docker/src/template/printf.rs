//! `printf`: verbs with flags, width and precision.

use super::value::Value;
use std::iter::Peekable;
use std::str::Chars;

/// What stands where a format ends too early; a width that is too large ends it too, as in Go.
const NO_VERB: &str = "%!(NOVERB)";
/// The largest width and precision.
const MOST: usize = 1_000_000;
/// Digits behind the point that the smallest number has.
const MOST_DIGITS: usize = 1074;

/// Prints values by a format.
pub(super) fn printf(format: &str, arguments: &[Value]) -> String {
    let mut out = String::new();
    let mut arguments = arguments.iter();
    let mut chars = format.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        let (mut left, mut zero, mut plus) = (false, false, false);
        while let Some(flag) = chars.next_if(|c| matches!(c, '-' | '0' | '+' | ' ' | '#')) {
            match flag {
                '-' => left = true,
                '0' => zero = true,
                '+' => plus = true,
                _ => {}
            }
        }
        let Some(width) = number(&mut chars) else {
            out.push_str(NO_VERB);
            break;
        };
        let mut precision = None;
        if chars.next_if_eq(&'.').is_some() {
            precision = number(&mut chars);
            if precision.is_none() {
                out.push_str(NO_VERB);
                break;
            }
        }
        let Some(verb) = chars.next() else {
            out.push_str(NO_VERB);
            break;
        };
        if verb == '%' {
            out.push('%');
            continue;
        }
        let shown = match arguments.next() {
            Some(value) => verb_of(verb, value, precision, plus),
            None => format!("%!{verb}(MISSING)"),
        };
        let missing = width.saturating_sub(shown.chars().count());
        let fill = if zero && !left { "0" } else { " " };
        out.push_str(&if left { shown + &" ".repeat(missing) } else { fill.repeat(missing) + &shown });
    }
    out
}

/// The digits that come next, 0 if there are none; nothing if the number is beyond what a format may ask for.
fn number(chars: &mut Peekable<Chars<'_>>) -> Option<usize> {
    let mut number = 0;
    while let Some(digit) = chars.next_if(char::is_ascii_digit) {
        number = number * 10 + digit.to_digit(10).unwrap_or(0) as usize;
        if number > MOST {
            return None;
        }
    }
    Some(number)
}

/// A number with so many digits behind its point.
fn fixed(number: f64, precision: usize) -> String {
    // No number has digits other than 0 behind these.
    let shown = precision.min(MOST_DIGITS);
    let zeros = if number.is_finite() { precision - shown } else { 0 };
    format!("{number:.shown$}{}", "0".repeat(zeros))
}

fn verb_of(verb: char, value: &Value, precision: Option<usize>, plus: bool) -> String {
    match (verb, value) {
        ('q', value) => format!("{:?}", value.print()),
        ('d', Value::Int(number)) => {
            if plus {
                format!("{number:+}")
            } else {
                number.to_string()
            }
        }
        ('x', Value::Int(number)) => format!("{number:x}"),
        ('f', Value::Float(number)) => fixed(*number, precision.unwrap_or(6)),
        ('s', Value::Text(text)) => match precision {
            Some(most) => text.chars().take(most).collect(),
            None => text.clone(),
        },
        ('v' | 's', value) => value.print(),
        ('t', Value::Bool(value)) => value.to_string(),
        ('T', _) => "string".to_owned(),
        (verb, value) => {
            let kind = match value {
                Value::Int(_) => "int",
                Value::Float(_) => "float64",
                Value::Bool(_) => "bool",
                _ => "string",
            };
            format!("%!{verb}({kind}={})", value.print())
        }
    }
}
