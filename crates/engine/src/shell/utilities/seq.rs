//! `seq`: numbers in a row.

use super::conversion::Conversion;
use super::options::{self, Options};
use super::support::fail;
use crate::shell::{Interrupt, Outcome, Process};

/// The numbers and how they are written.
struct Row {
    first: f64,
    step: f64,
    last: f64,
    decimals: usize,
    width: usize,
    /// GNU's `-f`: what is before the number, its conversion, and what is after.
    format: Option<(String, Conversion, String)>,
}

/// Prints numbers in a row.
pub(super) fn main(process: &mut Process<'_, '_>) -> Outcome {
    let long = [("separator", 's'), ("equal-width", 'w'), ("format", 'f')];
    if !process.is_busybox() {
        // A negative number is none of GNU's options.
        let negative = |word: &String| {
            word.strip_prefix('-')
                .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit() || c == '.'))
        };
        let mut words = process.args().iter().enumerate();
        let first = words.find_map(|(at, word)| {
            if matches!(word.as_str(), "-s" | "-f" | "--separator" | "--format") {
                return None;
            }
            let is_value =
                at > 0 && matches!(process.args()[at - 1].as_str(), "-s" | "-f" | "--separator" | "--format");
            (!is_value && (negative(word) || !word.starts_with('-'))).then_some(at)
        });
        if let Some(at) = first.filter(|at| negative(&process.args()[*at])) {
            process.arguments.insert(at + 1, "--".to_owned());
        }
    }
    let options = options::take_as(process, ("+ws:", &[]), ("+ws:f:", &long))?;
    let row = row(process, &options)?;
    let separator = options.value('s').unwrap_or("\n").to_owned();
    let mut out = String::new();
    let mut count = 0_u32;
    loop {
        let value = row.first + row.step * f64::from(count);
        if if row.step >= 0.0 { value > row.last + 1e-9 } else { value < row.last - 1e-9 } {
            break;
        }
        if count > 0 {
            out.push_str(&separator);
        }
        out.push_str(&row.shown(value));
        // A step of nothing goes on for ever, and no count is needed for it.
        count = if row.step == 0.0 { 1 } else { count + 1 };
        process.step(u64::from(count.is_multiple_of(16) || row.step == 0.0))?;
        if out.len() > 1 << 16 || row.step == 0.0 && out.len() > 1 << 12 {
            process.output(&std::mem::take(&mut out))?;
        }
    }
    if count > 0 {
        out.push('\n');
    }
    process.output(&out)?;
    Ok(0)
}

impl Row {
    fn shown(&self, value: f64) -> String {
        match &self.format {
            Some((before, conversion, after)) => {
                let mut text = before.clone();
                conversion.float(&mut text, value);
                text + after
            }
            None => fixed(value, self.decimals, self.width),
        }
    }
}

fn row(process: &mut Process<'_, '_>, options: &Options) -> Result<Row, Interrupt> {
    let busybox = process.is_busybox();
    let words = &options.operands;
    if words.is_empty() {
        return options::misused(process, "missing operand");
    }
    options::no_more_than(process, words, 3)?;
    let format = match options.value('f').map(str::to_owned) {
        Some(format) => Some(parse_format(process, &format)?),
        None => None,
    };
    let mut numbers = Vec::new();
    for word in words {
        match number(word, busybox) {
            Some(number) => numbers.push(number),
            None => return options::misused(process, &format!("invalid floating point argument: ‘{word}’")),
        }
    }
    let (first, step, last) = match numbers[..] {
        [first, step, last] => (first, step, last),
        [first, last] => (first, 1.0, last),
        _ => (1.0, 1.0, numbers[0]),
    };
    if step == 0.0 && !busybox {
        return options::misused(process, &format!("invalid Zero increment value: ‘{}’", words[1]));
    }
    // GNU looks at where the numbers begin and how they go on, BusyBox at all of them.
    let decimals_of = |word: &String| word.split_once('.').map_or(0, |(_, digits)| digits.len());
    let counted = if words.len() > 1 { &words[..words.len() - 1] } else { &words[..0] };
    let decimals = counted.iter().map(decimals_of).max().unwrap_or(0);
    let width_of = |word: &String| {
        let own = decimals_of(word);
        let dot = usize::from(own == 0 && decimals > 0);
        (word.len() + dot + decimals).saturating_sub(own)
    };
    let width = if options.has('w') { words.iter().map(width_of).max().unwrap_or(0) } else { 0 };
    Ok(Row { first, step, last, decimals, width, format })
}

fn number(word: &str, busybox: bool) -> Option<f64> {
    let text = word.trim_start();
    let (sign, digits) = text.strip_prefix('-').map_or((1.0, text), |digits| (-1.0, digits));
    let digits = digits.strip_prefix('+').unwrap_or(digits);
    if let Some(hex) = digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
        return u64::from_str_radix(hex, 16).ok().map(|value| sign * value as f64);
    }
    let value: f64 = digits.parse().ok()?;
    (value.is_finite() || !busybox && !value.is_nan()).then_some(sign * value)
}

/// The one conversion of a format, and what stands around it.
fn parse_format(
    process: &mut Process<'_, '_>,
    format: &str,
) -> Result<(String, Conversion, String), Interrupt> {
    let mut texts = vec![String::new()];
    let mut found = None;
    let mut chars = format.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '%' || chars.next_if_eq(&'%').is_some() {
            texts.last_mut().into_iter().for_each(|text| text.push(c));
            continue;
        }
        if chars.peek().is_none() {
            return fail(process, 1, &format!("format ‘{format}’ ends in %"));
        }
        let mut conversion = Conversion::parse(&mut chars, || 0);
        chars.next_if_eq(&'L');
        match chars.next() {
            Some(letter) if "aAeEfFgG".contains(letter) => conversion.letter = letter,
            other => {
                let letter = other.map_or_else(String::new, |c| c.to_string());
                return fail(process, 1, &format!("format ‘{format}’ has unknown %{letter} directive"));
            }
        }
        if found.replace(conversion).is_some() {
            return fail(process, 1, &format!("format ‘{format}’ has too many % directives"));
        }
        texts.push(String::new());
    }
    let Some(conversion) = found else {
        return fail(process, 1, &format!("format ‘{format}’ has no % directive"));
    };
    let after = texts.pop().unwrap_or_default();
    Ok((texts.concat(), conversion, after))
}

/// A number with so many decimals, filled with zeros up to a width; neither is bounded by what formats can have.
fn fixed(value: f64, decimals: usize, width: usize) -> String {
    // No number has more decimals that are not zero.
    let exact = decimals.min(1100);
    let digits = format!("{:.exact$}", value.abs()) + &"0".repeat(decimals - exact);
    let sign = if value.is_sign_negative() && value != 0.0 { "-" } else { "" };
    let zeros = width.saturating_sub(sign.len() + digits.len());
    format!("{sign}{}{digits}", "0".repeat(zeros))
}

#[cfg(test)]
mod tests {
    use crate::shell::testing::{sh, shown};

    #[test]
    fn rows() {
        assert_eq!(
            sh("seq 3; seq 5 -2 1; seq -w 9 10; seq 1 0.5 2; seq -s, 3"),
            "1\n2\n3\n5\n3\n1\n09\n10\n1.0\n1.5\n2.0\n1,2,3\n"
        );
        assert_eq!(sh("seq 1 0 3 | head -n 2; seq 1 2.5"), "1\n1\n1\n2\n");
        assert!(sh("seq -2 0").starts_with("! seq: invalid option -- '2'\n"));
    }

    #[test]
    fn formats() {
        assert_eq!(
            shown("dash", "seq -f 'a%03gb' 2; seq -2 0; seq -f %5.1f 1"),
            "a001b\na002b\n-2\n-1\n0\n  1.0\n"
        );
        assert_eq!(shown("dash", "seq -f x 2"), "! seq: format 'x' has no % directive\n= 1\n");
        assert_eq!(
            shown("dash", "seq 1 0 2"),
            "! seq: invalid Zero increment value: '0'\n! Try 'seq --help' for more information.\n= 1\n"
        );
    }
}
