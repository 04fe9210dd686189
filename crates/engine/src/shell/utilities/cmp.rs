//! `cmp`: two files byte by byte.

use super::options;
use super::support::{cannot_open, in_memory, open_file, parse_size};
use crate::shell::{Outcome, Process};

/// Compares two files: 0 if they are equal, 1 if not, 2 if that cannot be said.
pub(super) fn main(process: &mut Process<'_, '_>) -> Outcome {
    let long = [
        ("silent", 's'),
        ("quiet", 's'),
        ("verbose", 'l'),
        ("bytes", 'n'),
        ("print-bytes", 'b'),
        ("ignore-initial", 'i'),
    ];
    let options = match options::parse_as(process, ("sln:", &[]), ("sln:bi:", &long))? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    let Some(first) = options.operands.first().cloned() else {
        if process.is_busybox() {
            super::usage::print(process)?;
            return Ok(2);
        }
        process.complain("missing operand after 'cmp'")?;
        return options::usage_error(process);
    };
    let second = options.operands.get(1).cloned().unwrap_or_else(|| "-".to_owned());
    let mut sides = Vec::new();
    for path in [&first, &second] {
        if path == "-" {
            sides.push(process.read_input()?);
            continue;
        }
        match open_file(process, path) {
            Ok(input) => sides.push(process.read_all(&input)?),
            Err(error) => {
                if !options.has('s') {
                    cannot_open(process, path, &error)?;
                }
                return Ok(2);
            }
        }
    }
    // Opaque files have no bytes to look at, but digests.
    if let (Ok(a), Ok(b)) = (process.read(&first), process.read(&second))
        && (a.is_opaque() || b.is_opaque())
    {
        return Ok(i32::from(a.digest() != b.digest()));
    }
    let size = |letter| options.value(letter).and_then(parse_size).map(in_memory);
    let skip = size('i').unwrap_or(0);
    for side in &mut sides {
        side.drain(..skip.min(side.len()));
        side.truncate(size('n').unwrap_or(usize::MAX));
    }
    compare(process, &options, (&first, &sides[0]), (&second, &sides[1]))
}

fn compare(
    process: &mut Process<'_, '_>,
    options: &options::Options,
    (first, a): (&str, &[u8]),
    (second, b): (&str, &[u8]),
) -> Outcome {
    let mut differ = a.iter().zip(b).enumerate().filter(|(_, (a, b))| a != b).peekable();
    let first_difference = differ.peek().map(|(at, _)| *at);
    if options.has('l') {
        let text: String = differ.map(|(at, (a, b))| format!("{} {a:3o} {b:3o}\n", at + 1)).collect();
        process.output(&text)?;
    } else if let Some(at) = first_difference {
        if !options.has('s') {
            let line = 1 + a[..at].iter().filter(|byte| **byte == b'\n').count();
            process.output(&format!("{first} {second} differ: char {}, line {line}\n", at + 1))?;
        }
        return Ok(1);
    }
    if a.len() == b.len() {
        return Ok(i32::from(first_difference.is_some()));
    }
    if !options.has('s') {
        let (name, bytes) = if a.len() < b.len() { (first, a) } else { (second, b) };
        let lines = bytes.iter().filter(|byte| **byte == b'\n').count();
        let text = match bytes.last() {
            _ if process.is_busybox() => format!("EOF on {name}"),
            None => format!("EOF on {name} which is empty"),
            Some(b'\n') => format!("EOF on {name} after byte {}, line {lines}", bytes.len()),
            Some(_) => format!("EOF on {name} after byte {}, in line {}", bytes.len(), lines + 1),
        };
        process.complain(&text)?;
    }
    Ok(1)
}
