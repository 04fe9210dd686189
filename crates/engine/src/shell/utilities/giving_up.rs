//! How most utilities give up: they say what is wrong, and end with [`Interrupt::Exit`], which `?` passes on.
//!
//! What nearly every `RUN` uses does without these, so that they are no part of what a page fetches first.

use super::options::{self, Options};
use crate::shell::{ExitCode, Interrupt, Process};

/// As [`options::parse`], where what is wrong ends the utility.
pub(super) fn take(
    process: &mut Process<'_, '_>,
    short: &str,
    long: &[(&str, char)],
) -> Result<Options, Interrupt> {
    options::parse(process, short, long)?.map_err(Interrupt::Exit)
}

/// As [`take`], with the options of BusyBox's applet and those of GNU.
pub(super) fn take_as(
    process: &mut Process<'_, '_>,
    busybox: (&str, &[(&str, char)]),
    gnu: (&str, &[(&str, char)]),
) -> Result<Options, Interrupt> {
    let (short, long) = if process.is_busybox() { busybox } else { gnu };
    take(process, short, long)
}

/// Ends a utility that has an operand too many: GNU's name it, BusyBox prints how it wants to be called.
pub(super) fn no_more_than(
    process: &mut Process<'_, '_>,
    operands: &[String],
    most: usize,
) -> Result<(), Interrupt> {
    let Some(extra) = operands.get(most) else { return Ok(()) };
    misused(process, &format!("extra operand ‘{extra}’"))
}

/// Ends a utility that was called wrongly; only GNU's say in which way.
pub(super) fn misused<T>(process: &mut Process<'_, '_>, what: &str) -> Result<T, Interrupt> {
    options::missing(process, what).and_then(|code| Err(Interrupt::Exit(code)))
}

/// Says what is wrong, and ends the utility.
pub(super) fn fail<T>(process: &mut Process<'_, '_>, code: ExitCode, what: &str) -> Result<T, Interrupt> {
    process.complain(what)?;
    Err(Interrupt::Exit(code))
}

/// The factors that BusyBox's applets know most often.
pub(super) const BKM: &[(&str, u64)] = &[("b", 512), ("k", 1024), ("m", 1 << 20)];

/// A number as BusyBox reads one: digits and a suffix, within a range. What is none ends the applet.
pub(super) fn busybox_number(
    process: &mut Process<'_, '_>,
    text: &str,
    suffixes: &[(&str, u64)],
    range: (u64, u64),
) -> Result<u64, Interrupt> {
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let suffix = &text[digits.len()..];
    let factor = suffixes.iter().find(|(name, _)| *name == suffix).map(|(_, factor)| *factor);
    let factor = factor.or(suffix.is_empty().then_some(1));
    let value = factor.zip(digits.parse::<u64>().ok()).and_then(|(factor, value)| value.checked_mul(factor));
    let Some(value) = value.filter(|_| digits.starts_with(|c: char| c.is_ascii_digit())) else {
        return fail(process, 1, &format!("invalid number '{text}'"));
    };
    if !(range.0..=range.1).contains(&value) {
        let (from, to) = range;
        return fail(process, 1, &format!("number {text} is not in {from}..{to} range"));
    }
    Ok(value)
}

/// A number as GNU's programs read one: digits, and a suffix as `k`, `kB`, `KiB` or `b`.
pub(super) fn gnu_number(text: &str) -> Option<u64> {
    let text = text.trim_start().trim_start_matches('+');
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, suffix) = text.split_at(digits);
    let number = match number {
        "" if suffix.is_empty() => return None,
        "" => 1,
        digits => digits.parse::<u64>().unwrap_or(u64::MAX),
    };
    let (letter, rest) = suffix.split_at(suffix.chars().next().map_or(0, char::len_utf8));
    let base: u64 = match rest {
        "" | "iB" => 1024,
        "B" | "D" => 1000,
        _ => return None,
    };
    let power = match letter {
        "" => 0,
        "b" if rest.is_empty() => return Some(number.saturating_mul(512)),
        "k" | "K" => 1,
        "m" => 2,
        letter => "MGTPEZYRQ".find(letter)? as u32 + 2,
    };
    Some(number.saturating_mul(base.saturating_pow(power)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_gnu() {
        for (text, number) in
            [("12", 12), ("2k", 2048), ("1kB", 1000), ("1KiB", 1024), ("3b", 1536), ("1M", 1 << 20)]
        {
            assert_eq!(gnu_number(text), Some(number), "{text}");
        }
        assert_eq!(gnu_number("99999999999999999999"), Some(u64::MAX));
        assert!(gnu_number("1X").is_none() && gnu_number("").is_none());
    }
}
