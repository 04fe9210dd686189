//! `expand` and `unexpand`: tabs and blanks.

use super::options::{self, Options};
use super::support::{busybox_number, count_of, each_input, fail};
use crate::shell::{Interrupt, Outcome, Process};

/// Where the next tab stop is.
fn next_stop(stops: &[usize], column: usize) -> Option<usize> {
    match stops {
        [every] => Some((column / every + 1).saturating_mul(*every)),
        stops => stops.iter().copied().find(|stop| *stop > column),
    }
}

/// `-4` is `-t 4` for GNU.
fn obsolete_stops(process: &mut Process<'_, '_>) {
    let busybox = process.is_busybox();
    for word in process.arguments.iter_mut().skip(1).filter(|_| !busybox) {
        let digits = word.strip_prefix('-').unwrap_or("");
        if digits.starts_with(|c: char| c.is_ascii_digit())
            && digits.chars().all(|c| c.is_ascii_digit() || c == ',')
        {
            *word = format!("-t{digits}");
        }
    }
}

/// The stops of `-t`: one that repeats, or, for GNU, several that grow.
fn stops(process: &mut Process<'_, '_>, options: &Options) -> Result<Vec<usize>, Interrupt> {
    let Some(text) = options.value('t') else { return Ok(vec![8]) };
    if process.is_busybox() {
        return Ok(vec![busybox_number(process, text, &[], (1, u64::from(u32::MAX)))? as usize]);
    }
    let mut stops: Vec<usize> = Vec::new();
    for part in text.split([',', ' ']).filter(|part| !part.is_empty()) {
        let Some(stop) = count_of(part) else {
            let at = part.trim_start_matches(|c: char| c.is_ascii_digit());
            return fail(process, 1, &format!("tab size contains invalid character(s): ‘{at}’"));
        };
        if stop == 0 {
            return fail(process, 1, "tab size cannot be 0");
        }
        if stops.last().is_some_and(|last| *last >= stop) {
            return fail(process, 1, "tab sizes must be ascending");
        }
        stops.push(stop);
    }
    Ok(if stops.is_empty() { vec![8] } else { stops })
}

/// Blanks in the place of tabs.
pub(super) fn expand(process: &mut Process<'_, '_>) -> Outcome {
    obsolete_stops(process);
    let options = options::take(process, "it:", &[("initial", 'i'), ("tabs", 't')])?;
    let stops = stops(process, &options)?;
    each_input(process, &options.operands, |process, input, _| {
        let bytes = process.read_all(input)?;
        let mut out = Vec::with_capacity(bytes.len());
        let (mut column, mut initial) = (0_usize, true);
        for byte in bytes {
            match byte {
                b'\t' if initial || !options.has('i') => {
                    let stop = next_stop(&stops, column).unwrap_or(column + 1);
                    process.machine.check_size(out.len().saturating_add(stop - column))?;
                    out.extend(std::iter::repeat_n(b' ', stop - column));
                    column = stop;
                }
                b'\n' => {
                    out.push(byte);
                    (column, initial) = (0, true);
                }
                _ => {
                    out.push(byte);
                    initial &= byte == b' ' || byte == b'\t';
                    column = if byte == 8 { column.saturating_sub(1) } else { column + 1 };
                }
            }
        }
        process.output_bytes(&out)
    })
}

/// Tabs in the place of blanks: of those at the beginning of lines, or of all.
pub(super) fn unexpand(process: &mut Process<'_, '_>) -> Outcome {
    let long = [("all", 'a'), ("first-only", 'f'), ("tabs", 't')];
    obsolete_stops(process);
    let options = options::take(process, "aft:", &long)?;
    let all = (options.has('a') || options.has('t')) && !options.has('f');
    let stops = stops(process, &options)?;
    each_input(process, &options.operands, |process, input, _| {
        let bytes = process.read_all(input)?;
        let mut out = Vec::with_capacity(bytes.len());
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            let (mut column, mut blanks) = (0_usize, 0_usize);
            let mut initial = true;
            for byte in line {
                let converts = initial || all;
                match byte {
                    b' ' if converts => {
                        blanks += 1;
                        column += 1;
                        if next_stop(&stops, column - 1) == Some(column) {
                            // One blank alone stays what it is, but at the beginning.
                            out.push(if blanks > 1 || initial { b'\t' } else { b' ' });
                            blanks = 0;
                        }
                    }
                    b'\t' if converts => {
                        column = next_stop(&stops, column).unwrap_or(column + 1);
                        out.push(b'\t');
                        blanks = 0;
                    }
                    _ => {
                        out.extend(std::iter::repeat_n(b' ', std::mem::take(&mut blanks)));
                        initial &= *byte == b'\t';
                        out.push(*byte);
                        column += 1;
                    }
                }
            }
            out.extend(std::iter::repeat_n(b' ', blanks));
        }
        process.output_bytes(&out)
    })
}
