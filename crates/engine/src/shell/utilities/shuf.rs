//! `shuf`: lines in another order, which is the same one each time.

use super::options;
use super::support::{count_of, lines};
use crate::shell::bytes::to_bytes;
use crate::shell::{Outcome, Process};

/// The memory of a number that is a line.
const NUMBER: usize = 32;

/// Lines in an order that only chance would have; here always the same.
pub(super) fn shuf(process: &mut Process<'_, '_>) -> Outcome {
    let long = [
        ("echo", 'e'),
        ("input-range", 'i'),
        ("head-count", 'n'),
        ("output", 'o'),
        ("zero-terminated", 'z'),
        ("repeat", 'r'),
        ("random-source", 's'),
    ];
    let options = match options::parse_as(process, ("ei:n:o:z", &[]), ("ei:n:o:zrs:", &long))? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    let mut items: Vec<String> = if let Some(range) = options.value('i') {
        let ends = range.split_once('-').and_then(|(from, to)| Some((from.parse().ok()?, to.parse().ok()?)));
        let Some((from, to)) = ends.filter(|(from, to): &(u64, u64)| from <= to) else {
            process.complain(&format!("invalid input range: '{range}'"))?;
            return Ok(1);
        };
        // All the numbers are made, so that more than fit are the end of the command and no error of its own.
        process
            .machine
            .check_size(usize::try_from(to - from).unwrap_or(usize::MAX).saturating_mul(NUMBER))?;
        process.step((to - from) / 8)?;
        (from..=to).map(|number| number.to_string()).collect()
    } else if options.has('e') {
        options.operands.clone()
    } else {
        let (bytes, code) =
            super::support::read_inputs(process, &options.operands[..options.operands.len().min(1)])?;
        if code != 0 {
            return Ok(code);
        }
        lines(&bytes)
    };
    let most = options.value('n').and_then(count_of).unwrap_or(usize::MAX);
    let end = if options.has('z') { '\0' } else { '\n' };
    if options.has('r') {
        return repeat(process, &options, &items, (most, end));
    }
    for last in (1..items.len()).rev() {
        let other = (process.machine.next_random() % (last as u64 + 1)) as usize;
        items.swap(last, other);
    }
    let text: String = items.iter().take(most).map(|item| format!("{item}{end}")).collect();
    print(process, &options, &text)
}

/// `shuf -r`: any of the lines again and again, without an end if there is no `most`.
fn repeat(
    process: &mut Process<'_, '_>,
    options: &options::Options,
    items: &[String],
    (most, end): (usize, char),
) -> Outcome {
    if items.is_empty() && most > 0 {
        process.complain("no lines to repeat")?;
        return Ok(1);
    }
    let mut text = String::new();
    for _ in 0..most {
        process.step(1)?;
        text.push_str(&items[(process.machine.next_random() % items.len() as u64) as usize]);
        text.push(end);
        process.machine.check_size(text.len())?;
        if text.len() > 1 << 14 && options.value('o').is_none() {
            process.output(&std::mem::take(&mut text))?;
        }
    }
    print(process, options, &text)
}

/// Prints, or writes into the file of `-o`.
fn print(process: &mut Process<'_, '_>, options: &options::Options, text: &str) -> Outcome {
    match options.value('o') {
        Some(path) => {
            if let Err(error) = process.write(path, to_bytes(text)) {
                super::support::cannot_open(process, path, &error)?;
                return Ok(1);
            }
        }
        None => process.output(text)?,
    }
    Ok(0)
}
