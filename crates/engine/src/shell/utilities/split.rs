//! `split` and `csplit`: one file in pieces.

use super::options;
use super::support::{count_of, in_memory, parse_size, read_inputs};
use crate::shell::regex::{Regex, Syntax};
use crate::shell::{Interrupt, Outcome, Process};

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

/// Cuts a file at lines that are named by their number or by an expression.
pub(super) fn csplit(process: &mut Process<'_, '_>) -> Outcome {
    let long = [
        ("prefix", 'f'),
        ("digits", 'n'),
        ("quiet", 's'),
        ("silent", 's'),
        ("elide-empty-files", 'z'),
        ("keep-files", 'k'),
    ];
    let options = match options::parse(process, "+f:n:sqzkb:", &long)? {
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
                }
                Err(()) if times == usize::MAX && number.is_none() => break,
                Err(()) => {
                    // The pieces up to here and the rest have been written by then, and are removed again.
                    if !(options.has('s') || options.has('q')) {
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
    options: &options::Options,
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
        let name = format!("{}{number:0width$}", options.value('f').unwrap_or("xx"));
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
