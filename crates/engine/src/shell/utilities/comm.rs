//! `comm`: what two sorted files have in common.

use super::options;
use super::two_files::two_files;
use crate::shell::bytes::push_bytes;
use crate::shell::{Outcome, Process};

/// Lines that only the first has, that only the second has, and that both have, in three columns.
pub(super) fn comm(process: &mut Process<'_, '_>) -> Outcome {
    let long = [("output-delimiter", 'O'), ("total", 'T'), ("zero-terminated", 'z'), ("nocheck-order", 'N')];
    let options = match options::parse_as(process, ("123", &[]), ("123O:TzN", &long))? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    let (first, second) = match two_files(process, &options.operands)? {
        Ok(sides) => sides,
        Err(code) => return Ok(code),
    };
    let delimiter = options.value('O').unwrap_or("\t");
    let prefix = |column: usize| {
        let before = (1..column).filter(|before| !options.has(char::from(b'0' + *before as u8)));
        delimiter.repeat(before.count())
    };
    let mut counts = [0_usize; 3];
    let mut out = Vec::new();
    let mut emit = |column: usize, line: &str| {
        counts[column - 1] += 1;
        if !options.has(char::from(b'0' + column as u8)) {
            push_bytes(&format!("{}{line}\n", prefix(column)), &mut out);
        }
    };
    let (mut first, mut second) = (first.iter().peekable(), second.iter().peekable());
    loop {
        match (first.peek(), second.peek()) {
            (None, None) => break,
            (Some(a), Some(b)) if a == b => {
                emit(3, a);
                first.next();
                second.next();
            }
            (Some(a), b) if b.is_none_or(|b| a < b) => {
                emit(1, a);
                first.next();
            }
            (_, b) => {
                emit(2, b.map_or("", |line| line));
                second.next();
            }
        }
    }
    if options.has('T') {
        let [one, two, both] = counts;
        push_bytes(&format!("{one}{delimiter}{two}{delimiter}{both}{delimiter}total\n"), &mut out);
    }
    process.output_bytes(&out)?;
    Ok(0)
}
