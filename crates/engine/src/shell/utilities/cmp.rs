//! `cmp`: two files byte by byte.

use super::options;
use super::support::{cannot_open, gnu_number, in_memory, open_file, parse_size};
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
    options::no_more_than(process, &options.operands, 4)?;
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
    let words: Vec<&str> = options.value('i').unwrap_or("").split(':').collect();
    for (at, side) in sides.iter_mut().enumerate() {
        let word = words.get(at).or(words.first()).copied().filter(|word| !word.is_empty());
        let word = options.operands.get(2 + at).map(String::as_str).or(word);
        let skip = word.and_then(gnu_number).map_or(0, in_memory);
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
        let shown = options.has('b');
        // As wide as the number of the last byte.
        let width = a.len().min(b.len()).to_string().len();
        let width = if process.is_busybox() { 0 } else { width };
        let line = |at: usize, a: u8, b: u8| match shown {
            true => format!("{:width$} {a:3o} {:4} {b:3o} {}\n", at + 1, visible(a), visible(b)),
            false => format!("{:width$} {a:3o} {b:3o}\n", at + 1),
        };
        let text: String = differ.map(|(at, (a, b))| line(at, *a, *b)).collect();
        process.output(&text)?;
    } else if let Some(at) = first_difference {
        if !options.has('s') {
            let line = 1 + a[..at].iter().filter(|byte| **byte == b'\n').count();
            let text = if options.has('b') {
                let (left, right) = (a[at], b[at]);
                let (shown, other) = (visible(left), visible(right));
                format!("byte {}, line {line} is {left:3o} {shown} {right:3o} {other}", at + 1)
            } else {
                format!("char {}, line {line}", at + 1)
            };
            process.output(&format!("{first} {second} differ: {text}\n"))?;
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
            _ if options.has('l') => format!("EOF on {name} after byte {}", bytes.len()),
            Some(b'\n') => format!("EOF on {name} after byte {}, line {lines}", bytes.len()),
            Some(_) => format!("EOF on {name} after byte {}, in line {}", bytes.len(), lines + 1),
        };
        process.complain(&text)?;
    }
    Ok(1)
}

/// A byte as `cat -t` shows it.
fn visible(byte: u8) -> String {
    let (prefix, low) = if byte < 128 { ("", byte) } else { ("M-", byte - 128) };
    match low {
        0..32 => format!("{prefix}^{}", char::from(low + 64)),
        127 => format!("{prefix}^?"),
        _ => format!("{prefix}{}", char::from(low)),
    }
}

#[cfg(test)]
mod tests {
    use crate::shell::testing::{sh, shown};

    #[test]
    fn differences() {
        assert_eq!(
            sh("echo abc > /x; echo axc > /y; cmp /x /y; cmp -l /x /y; cmp /x /y 2 2; echo $?"),
            "/x /y differ: char 2, line 1\n2 142 170\n0\n"
        );
        assert_eq!(
            shown("dash", "echo abc > /x; echo axc > /y; cmp -b /x /y; cmp -lb /x /y; cmp -i 1:0 /x /x"),
            "/x /y differ: byte 2, line 1 is 142 b 170 x\n2 142 b    170 x\n/x /x differ: char 1, line 1\n= 1\n"
        );
    }
}
