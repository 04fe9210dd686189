//! `csplit`: a file in pieces, cut at lines that are named by their number or by an expression.

use super::options::{self, Options};
use super::support::{count_of, read_inputs};
use crate::shell::regex::{Regex, Syntax};
use crate::shell::{Interrupt, Outcome, Process};

/// Cuts a file at lines that are named by their number or by an expression.
pub(super) fn main(process: &mut Process<'_, '_>) -> Outcome {
    let long = [
        ("prefix", 'f'),
        ("digits", 'n'),
        ("quiet", 's'),
        ("silent", 's'),
        ("elide-empty-files", 'z'),
        ("keep-files", 'k'),
        ("suffix-format", 'b'),
        ("suppress-matched", '1'),
    ];
    let options = match options::parse(process, "+f:n:sqzkb:1", &long)? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    let Some((input, patterns)) = options.operands.split_first() else {
        process.complain("missing operand")?;
        return options::usage_error(process);
    };
    let (bytes, code) = read_inputs(process, std::slice::from_ref(input))?;
    if code != 0 {
        return Ok(code);
    }
    let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
    let mut cuts: Vec<(usize, usize)> = Vec::new();
    let mut start = 0;
    let mut search = 0;
    let mut previous: Option<&String> = None;
    for pattern in patterns {
        let (repeated, times) = match pattern.strip_prefix('{').and_then(|text| text.strip_suffix('}')) {
            Some("*") => (previous, usize::MAX),
            Some(number) => (previous, count_of(number).unwrap_or(0)),
            None => (Some(pattern), 1),
        };
        let Some(text) = repeated else { continue };
        let is_repeat = !std::ptr::eq(text, pattern);
        let number = count_of(text);
        for turn in 0..times {
            process.step(1)?;
            // The first time is that of the pattern itself.
            let repetition = turn.saturating_add(usize::from(is_repeat));
            let place = match number {
                Some(number) => line_number(number.saturating_mul(repetition + 1), lines.len(), start),
                None => place_of(text, &lines, start, search),
            };
            match place {
                Ok(place) => {
                    if !place.skips {
                        cuts.push((start, place.at));
                    }
                    (start, search) = (place.at, place.search);
                    if options.has('1') {
                        start = (start + 1).min(lines.len());
                    }
                }
                Err(()) if times == usize::MAX && number.is_none() => break,
                Err(()) => {
                    // The pieces up to here and the rest have been written by then, and are removed again.
                    if options.has('k') {
                        cuts.push((start, lines.len()));
                        write_cuts(process, &options, &lines, &cuts)?;
                    } else if !(options.has('s') || options.has('q')) {
                        for (from, to) in cuts.iter().filter(|(from, to)| from < to || !options.has('z')) {
                            process.output(&format!("{}\n", lines[*from..*to].concat().len()))?;
                        }
                        process.output(&format!("{}\n", lines[start..].concat().len()))?;
                    }
                    let again =
                        if repetition > 0 { format!(" on repetition {repetition}") } else { String::new() };
                    let what = if number.is_none() { "match not found" } else { "line number out of range" };
                    process.complain(&format!("'{text}': {what}{again}"))?;
                    return Ok(1);
                }
            }
        }
        previous = Some(text);
    }
    cuts.push((start, lines.len()));
    write_cuts(process, &options, &lines, &cuts)?;
    Ok(0)
}

/// Where a pattern cuts.
struct Place {
    at: usize,
    /// Whether what is before it is dropped.
    skips: bool,
    /// Where the next expression begins to search.
    search: usize,
}

/// The line with a number.
fn line_number(number: usize, lines: usize, start: usize) -> Result<Place, ()> {
    // A number that has gone by leaves an empty piece.
    let at = number.saturating_sub(1).max(start);
    if at < lines { Ok(Place { at, skips: false, search: at }) } else { Err(()) }
}

/// The line that an expression means.
fn place_of(text: &str, lines: &[&[u8]], start: usize, search: usize) -> Result<Place, ()> {
    let delimiter = text.chars().next().filter(|c| *c == '/' || *c == '%').ok_or(())?;
    let (body, offset) = text[1..].rsplit_once(delimiter).ok_or(())?;
    let regex = Regex::new(body, Syntax::Basic, false).map_err(|_| ())?;
    let found = (search..lines.len()).find(|at| {
        let line = lines[*at];
        regex.is_match(&crate::shell::bytes::to_text(line.strip_suffix(b"\n").unwrap_or(line)))
    });
    let found = found.ok_or(())?;
    let at = (found as i64).saturating_add(offset.parse::<i64>().unwrap_or(0));
    let at = usize::try_from(at).map_err(|_| ())?.clamp(start, lines.len());
    // With a negative offset the line that matched is still to come; it must not match once more.
    Ok(Place { at, skips: delimiter == '%', search: at.max(found) + 1 })
}

fn write_cuts(
    process: &mut Process<'_, '_>,
    options: &Options,
    lines: &[&[u8]],
    cuts: &[(usize, usize)],
) -> Result<(), Interrupt> {
    let width = options.value('n').and_then(count_of).unwrap_or(2).min(20);
    let mut number = 0;
    for (from, to) in cuts {
        let piece = lines[*from..*to].concat();
        if piece.is_empty() && options.has('z') {
            continue;
        }
        let suffix = match options.value('b') {
            Some(format) => suffix(format, number),
            None => format!("{number:0width$}"),
        };
        let name = format!("{}{suffix}", options.value('f').unwrap_or("xx"));
        number += 1;
        if !(options.has('s') || options.has('q')) {
            process.output(&format!("{}\n", piece.len()))?;
        }
        if let Err(error) = process.write(&name, piece) {
            super::support::cannot_open(process, &name, &error)?;
        }
    }
    Ok(())
}

/// A number by a format of `printf`.
fn suffix(format: &str, number: usize) -> String {
    let Some((before, rest)) = format.split_once('%') else { return format.to_owned() };
    let length = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').len();
    let (digits, rest) = rest.split_at(length);
    let width = digits.trim_start_matches('.').parse::<usize>().unwrap_or(0).min(64);
    let text = match rest.chars().next() {
        Some('x') => format!("{number:x}"),
        Some('X') => format!("{number:X}"),
        Some('o') => format!("{number:o}"),
        _ => number.to_string(),
    };
    let fills_with_zeros = digits.starts_with(['0', '.']);
    let text = if fills_with_zeros { format!("{text:0>width$}") } else { format!("{text:>width$}") };
    format!("{before}{text}{}", rest.get(1..).unwrap_or_default())
}
