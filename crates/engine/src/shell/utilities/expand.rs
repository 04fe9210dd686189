//! `expand` and `unexpand`: tabs and blanks.

use super::options;
use super::support::{count_of, each_input};
use crate::shell::{Outcome, Process};

/// Where the next tab stop is.
fn next_stop(stops: &[usize], column: usize) -> Option<usize> {
    match stops {
        [every] => Some((column / every + 1).saturating_mul(*every)),
        stops => stops.iter().copied().find(|stop| *stop > column),
    }
}

fn stops(text: Option<&str>) -> Vec<usize> {
    let stops: Vec<usize> =
        text.unwrap_or("8").split([',', ' ']).filter_map(count_of).filter(|stop| *stop > 0).collect();
    if stops.is_empty() { vec![8] } else { stops }
}

/// Blanks in the place of tabs.
pub(super) fn expand(process: &mut Process<'_, '_>) -> Outcome {
    let options = match options::parse(process, "it:", &[("initial", 'i'), ("tabs", 't')])? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    if let Some(text) = options.value('t').filter(|text| process.is_busybox() && text.parse::<u32>().is_err())
    {
        process.complain(&format!("invalid number '{text}'"))?;
        return Ok(1);
    }
    let stops = stops(options.value('t'));
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
    let options = match options::parse(process, "aft:", &long)? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    let all = (options.has('a') || options.has('t')) && !options.has('f');
    let stops = stops(options.value('t'));
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
