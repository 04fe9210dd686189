//! Two files that are looked at side by side.

use super::options;
use super::support::{fail, open_file};
use crate::shell::bytes::to_text;
use crate::shell::{Interrupt, Outcome, Process};

/// The lines of two files.
pub(super) type TwoFiles = (Vec<String>, Vec<String>);

/// The lines of two files that are named; what is wrong ends the utility.
pub(super) fn two_files(
    process: &mut Process<'_, '_>,
    operands: &[String],
    end: u8,
) -> Result<TwoFiles, Interrupt> {
    if operands.len() < 2 {
        return options::misused(process, &options::missing_operand(operands));
    }
    options::no_more_than(process, operands, 2)?;
    let mut sides = Vec::new();
    for path in operands {
        if path == "-" {
            sides.push(lines(&process.read_input()?, end));
            continue;
        }
        match open_file(process, path) {
            Ok(input) => sides.push(lines(&process.read_all(&input)?, end)),
            Err(error) => return fail(process, 1, &format!("{path}: {}", error.kind.message())),
        }
    }
    let second = sides.pop().unwrap_or_default();
    Ok((sides.pop().unwrap_or_default(), second))
}

fn lines(bytes: &[u8], end: u8) -> Vec<String> {
    let mut lines: Vec<String> = bytes.split(|byte| *byte == end).map(to_text).collect();
    if lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines
}

/// What a look at the order of the lines finds, and whether it is always looked at.
pub(super) struct OrderCheck {
    /// `--check-order`: the first line out of order ends the utility.
    pub(super) strict: bool,
    /// `--nocheck-order`.
    pub(super) off: bool,
    /// Which sides were complained about.
    told: [bool; 2],
}

impl OrderCheck {
    pub(super) fn new(strict: bool, off: bool) -> Self {
        Self { strict, off, told: [false; 2] }
    }

    /// Says once for a side that it is not sorted. `message` is what the utility says of it.
    pub(super) fn disorder(
        &mut self,
        process: &mut Process<'_, '_>,
        side: usize,
        message: &str,
    ) -> Result<(), Interrupt> {
        if self.off || std::mem::replace(&mut self.told[side], true) {
            return Ok(());
        }
        process.complain(message)?;
        if self.strict { Err(Interrupt::Exit(1)) } else { Ok(()) }
    }

    /// The exit code, after the last word about it.
    pub(super) fn end(&self, process: &mut Process<'_, '_>) -> Outcome {
        if self.told == [false; 2] { Ok(0) } else { fail(process, 1, "input is not in sorted order") }
    }
}
