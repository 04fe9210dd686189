//! `split`: one file in pieces of the same size.

use super::options;
use super::support::{count_of, in_memory, parse_size, read_inputs};
use crate::shell::{Outcome, Process};

/// Where the pieces go.
struct Pieces<'o> {
    prefix: &'o str,
    suffix: &'o str,
    width: usize,
    /// `a`, `0`, or `x` for hexadecimal.
    digits: char,
    number: usize,
}

impl Pieces<'_> {
    /// The next name; none where all are used up.
    fn name(&mut self) -> Option<String> {
        let alphabet: &[u8] = match self.digits {
            '0' => b"0123456789",
            'x' => b"0123456789abcdef",
            _ => b"abcdefghijklmnopqrstuvwxyz",
        };
        let mut rest = self.number;
        self.number += 1;
        let mut letters = vec!['a'; self.width];
        for letter in letters.iter_mut().rev() {
            *letter = char::from(alphabet[rest % alphabet.len()]);
            rest /= alphabet.len();
        }
        let letters: String = letters.into_iter().collect();
        (rest == 0).then(|| format!("{}{letters}{}", self.prefix, self.suffix))
    }
}

/// Cuts a file into pieces of so many lines, bytes, or into so many.
pub(super) fn split(process: &mut Process<'_, '_>) -> Outcome {
    let long = [
        ("lines", 'l'),
        ("bytes", 'b'),
        ("line-bytes", 'C'),
        ("number", 'n'),
        ("suffix-length", 'a'),
        ("numeric-suffixes", 'd'),
        ("hex-suffixes", 'x'),
        ("additional-suffix", 'S'),
        ("verbose", 'v'),
        ("elide-empty-files", 'e'),
    ];
    let options = match options::parse_as(process, ("l:b:a:", &[]), ("l:b:C:n:a:dxS:ve", &long))? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    let input = options.operands.first().cloned().unwrap_or_else(|| "-".to_owned());
    let (bytes, code) = read_inputs(process, &[input])?;
    if code != 0 {
        return Ok(code);
    }
    let size = |letter, default: u64| options.value(letter).map_or(Some(default), parse_size).map(in_memory);
    let kind = options.last_of("lbCn").unwrap_or('l');
    let Some(count) = size(kind, 1000).filter(|count| *count > 0) else {
        let text = options.value(kind).unwrap_or_default();
        let what = if kind == 'l' { "lines" } else { "bytes" };
        process.complain(&if process.is_busybox() {
            format!("invalid number '{text}'")
        } else {
            format!("invalid number of {what}: '{text}'")
        })?;
        return Ok(1);
    };
    let mut pieces: Vec<&[u8]> = Vec::new();
    match kind {
        'l' => {
            let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
            let mut at = 0;
            for group in lines.chunks(count) {
                let length: usize = group.iter().map(|line| line.len()).sum();
                pieces.push(&bytes[at..at + length]);
                at += length;
            }
        }
        'b' => pieces.extend(bytes.chunks(count)),
        'C' => {
            let (mut start, mut end) = (0, 0);
            for line in bytes.split_inclusive(|byte| *byte == b'\n') {
                if end + line.len() - start > count && end > start {
                    pieces.push(&bytes[start..end]);
                    start = end;
                }
                end += line.len();
            }
            pieces.push(&bytes[start..end]);
        }
        _ => {
            process.step(count as u64)?;
            let each = bytes.len() / count;
            pieces.extend((0..count).map(|at| {
                let end = if at + 1 == count { bytes.len() } else { (at + 1) * each };
                &bytes[at * each..end]
            }));
        }
    }
    let mut names = Pieces {
        prefix: options.operands.get(1).map_or("x", |prefix| prefix),
        suffix: options.value('S').unwrap_or(""),
        width: options.value('a').and_then(count_of).unwrap_or(2).clamp(1, 64),
        digits: if options.has('d') {
            '0'
        } else if options.has('x') {
            'x'
        } else {
            'a'
        },
        number: 0,
    };
    for piece in pieces {
        process.step(1)?;
        let Some(name) = names.name() else {
            process.complain(if process.is_busybox() {
                "suffixes exhausted"
            } else {
                "output file suffixes exhausted"
            })?;
            return Ok(1);
        };
        if options.has('v') {
            process.output(&format!("creating file '{name}'\n"))?;
        }
        if let Err(error) = process.write(&name, piece.to_vec()) {
            super::support::cannot_open(process, &name, &error)?;
            return Ok(1);
        }
    }
    Ok(0)
}
