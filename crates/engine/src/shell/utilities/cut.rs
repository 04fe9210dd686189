//! `cut`: parts of lines.

use super::options::{self, Options};
use super::support::{count_of, each_input, fail};
use crate::shell::bytes::{to_bytes, to_text};
use crate::shell::regex::{Regex, Syntax};
use crate::shell::{Interrupt, Outcome, Process};

/// Places from 1, first and last.
type Ranges = Vec<(usize, usize)>;

/// What is cut out of each line.
struct Cutter {
    /// Whether fields are counted and not bytes.
    fields: bool,
    ranges: Ranges,
    delimiter: Delimiter,
    joiner: Option<String>,
    complement: bool,
    /// Whether lines without a delimiter are left out.
    only_delimited: bool,
    /// Whether parts come in the order in which they are written (BusyBox's `-D`).
    as_written: bool,
    end: u8,
}

enum Delimiter {
    Char(char),
    /// BusyBox's `-F`.
    Matching(Regex),
}

/// Prints parts of lines.
pub(super) fn main(process: &mut Process<'_, '_>) -> Outcome {
    let long = [
        ("bytes", 'b'),
        ("characters", 'c'),
        ("fields", 'f'),
        ("delimiter", 'd'),
        ("only-delimited", 's'),
        ("output-delimiter", 'O'),
        ("complement", 'C'),
        ("zero-terminated", 'z'),
    ];
    let options = options::take_as(process, ("b:c:f:d:snF:DO:", &[]), ("b:c:f:d:snO:Cz", &long))?;
    if !process.is_busybox() && process.args().iter().any(|word| word.starts_with("-O")) {
        process.complain("invalid option -- 'O'")?;
        return options::usage_error(process);
    }
    let cutter = cutter(process, &options)?;
    each_input(process, &options.operands, |process, input, _| {
        let bytes = process.read_all(input)?;
        let mut out = Vec::new();
        for line in bytes.split_inclusive(|byte| *byte == cutter.end) {
            let line = line.strip_suffix(&[cutter.end]).unwrap_or(line);
            if let Some(part) = cutter.cut(line) {
                out.extend(part);
                out.push(cutter.end);
            }
        }
        process.output_bytes(&out)
    })
}

impl Cutter {
    fn cut(&self, line: &[u8]) -> Option<Vec<u8>> {
        if !self.fields {
            return Some(self.bytes(line));
        }
        let text = to_text(line);
        let fields: Vec<&str> = match &self.delimiter {
            Delimiter::Char(delimiter) => text.split(*delimiter).collect(),
            Delimiter::Matching(regex) => split(regex, &text),
        };
        if fields.len() < 2 {
            return (!self.only_delimited).then(|| line.to_vec());
        }
        let delimiter = match &self.delimiter {
            Delimiter::Char(delimiter) => delimiter.to_string(),
            Delimiter::Matching(_) => " ".to_owned(),
        };
        let joiner = self.joiner.as_ref().unwrap_or(&delimiter);
        let kept: Vec<&str> = if self.as_written {
            let places = self.ranges.iter().flat_map(|(from, to)| *from..=(*to).min(fields.len()));
            places.filter_map(|place| fields.get(place - 1).copied()).collect()
        } else {
            let fields = fields.iter().enumerate().filter(|(at, _)| self.wants(at + 1));
            fields.map(|(_, field)| *field).collect()
        };
        Some(to_bytes(&kept.join(joiner)))
    }

    /// Without a locale, as in containers, a character is a byte. Only a delimiter that is asked for stands between parts.
    fn bytes(&self, line: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        let mut last = None;
        for (at, byte) in line.iter().enumerate().filter(|(at, _)| self.wants(at + 1)) {
            let begins = self.ranges.iter().any(|(from, _)| *from == at + 1) || last != at.checked_sub(1);
            if let Some(joiner) = self.joiner.as_ref().filter(|_| begins && last.is_some()) {
                out.extend(to_bytes(joiner));
            }
            out.push(*byte);
            last = Some(at);
        }
        out
    }

    fn wants(&self, place: usize) -> bool {
        self.ranges.iter().any(|(from, to)| (*from..=*to).contains(&place)) != self.complement
    }
}

fn split<'t>(regex: &Regex, text: &'t str) -> Vec<&'t str> {
    let (mut fields, mut from, mut at) = (Vec::new(), 0, 0);
    while let Some(found) = regex.find(text, at) {
        if found.end() == found.start() {
            let Some(next) = text[found.end()..].chars().next() else { break };
            at = found.end() + next.len_utf8();
            continue;
        }
        fields.push(&text[from..found.start()]);
        from = found.end();
        at = from;
    }
    fields.push(&text[from..]);
    fields
}

fn cutter(process: &mut Process<'_, '_>, options: &Options) -> Result<Cutter, Interrupt> {
    let busybox = process.is_busybox();
    let Some(kind) = options.last_of("bcfF") else {
        if busybox {
            return fail(process, 1, "expected a list of bytes, characters, or fields");
        }
        return options::misused(process, "you must specify a list of bytes, characters, or fields");
    };
    if options.all().filter(|(letter, _)| "bcfF".contains(*letter)).count() > 1 {
        return options::misused(process, "only one list may be specified");
    }
    let fields = matches!(kind, 'f' | 'F');
    if !fields {
        refuse_field_options(process, options)?;
    }
    let list = options.value(kind).unwrap_or("").to_owned();
    let ranges =
        if busybox { lenient_ranges(process, &list)? } else { strict_ranges(process, &list, fields)? };
    let delimiter = options.value('d').unwrap_or(if kind == 'F' { "[[:space:]][[:space:]]*" } else { "\t" });
    if delimiter.chars().count() > 1 && !busybox {
        return options::misused(process, "the delimiter must be a single character");
    }
    let delimiter = match (kind, Regex::new(delimiter, Syntax::Basic, false)) {
        ('F', Ok(regex)) => Delimiter::Matching(regex),
        ('F', Err(reason)) => return fail(process, 1, &format!("bad regex '{delimiter}': {reason}")),
        _ => Delimiter::Char(delimiter.chars().next().unwrap_or('\0')),
    };
    Ok(Cutter {
        fields,
        ranges,
        delimiter,
        joiner: options.value('O').map(str::to_owned),
        complement: options.has('C'),
        only_delimited: options.has('s'),
        as_written: options.has('D'),
        end: if options.has('z') { 0 } else { b'\n' },
    })
}

/// What only fields have.
fn refuse_field_options(process: &mut Process<'_, '_>, options: &Options) -> Result<(), Interrupt> {
    let (delimiter, only) = if process.is_busybox() {
        ("a delimiter may be specified", "suppressing non-delimited lines makes sense")
    } else {
        ("an input delimiter may be specified", "suppressing non-delimited lines makes sense\n\t")
    };
    let blank = if only.ends_with('\t') { "" } else { " " };
    let text = if options.has('d') {
        format!("{delimiter} only when operating on fields")
    } else if options.has('s') {
        format!("{only}{blank}only when operating on fields")
    } else {
        return Ok(());
    };
    if process.is_busybox() { fail(process, 1, &text) } else { options::misused(process, &text) }
}

/// `1,3-5,7-` as BusyBox reads it: empty parts are nothing, and 0 is 1.
fn lenient_ranges(process: &mut Process<'_, '_>, list: &str) -> Result<Ranges, Interrupt> {
    let mut ranges = Vec::new();
    for part in list.split(',').filter(|part| !part.is_empty()) {
        let (from, to) = part.split_once('-').map_or((part, None), |(from, to)| (from, Some(to)));
        let from_place = if from.is_empty() { 1 } else { place(process, from)?.max(1) };
        let to_place = match to {
            None => from_place,
            Some("") => usize::MAX,
            Some(to) => Some(place(process, to)?).filter(|to| *to > 0).unwrap_or(usize::MAX),
        };
        // The wrong way round there is nothing in a range.
        ranges.push((from_place, to_place));
    }
    if ranges.is_empty() {
        return fail(process, 1, "missing list of positions");
    }
    Ok(ranges)
}

fn place(process: &mut Process<'_, '_>, text: &str) -> Result<usize, Interrupt> {
    let place = super::support::busybox_number(process, text, &[], (0, i32::MAX as u64))?;
    Ok(place as usize)
}

/// The same as GNU reads it.
fn strict_ranges(process: &mut Process<'_, '_>, list: &str, fields: bool) -> Result<Ranges, Interrupt> {
    let mut ranges = Vec::new();
    for part in list.split([',', ' ', '\t']) {
        let (from, to) = part.split_once('-').map_or((part, None), |(from, to)| (from, Some(to)));
        let range = if fields { "invalid field range" } else { "invalid byte or character range" };
        let zero = if fields {
            "fields are numbered from 1"
        } else {
            "byte/character positions are numbered from 1"
        };
        let flaw = if part.is_empty()
            || part.trim_matches('0').is_empty()
            || from.starts_with('0') && from.trim_matches('0').is_empty()
        {
            zero.to_owned()
        } else if part == "-" {
            "invalid range with no endpoint: -".to_owned()
        } else if to.is_some_and(|to| to.contains('-')) {
            range.to_owned()
        } else {
            let first = if from.is_empty() { Some(1) } else { count_of(from) };
            let last = match to {
                None => first,
                Some("") => Some(usize::MAX),
                Some(to) => count_of(to),
            };
            match (first, last) {
                (Some(first), Some(last)) if last >= first => {
                    ranges.push((first, last));
                    continue;
                }
                (Some(_), Some(_)) => "invalid decreasing range".to_owned(),
                _ if fields => format!("invalid field value '{part}'"),
                _ => format!("invalid byte/character position '{part}'"),
            }
        };
        return options::misused(process, &flaw);
    }
    Ok(ranges)
}

#[cfg(test)]
mod tests {
    use crate::shell::testing::{sh, shown};

    #[test]
    fn pieces() {
        assert_eq!(
            sh("echo a:b:c | cut -d: -f1,3; echo abcdef | cut -c2-4; echo abc | cut -f1"),
            "a:c\nbcd\nabc\n"
        );
        assert_eq!(shown("dash", "echo abcdef | cut -b 2-3,5 --output-delimiter=:"), "bc:e\n");
        assert_eq!(sh("echo one two three | cut -DF 3,1"), "three one\n");
    }

    #[test]
    fn lists() {
        assert_eq!(sh("echo abc | cut -c 0; echo a,b | cut -d, -f 1,2,"), "a\na,b\n");
        assert_eq!(
            sh("cut -c1 -d:"),
            "! cut: a delimiter may be specified only when operating on fields\n= 1\n"
        );
        assert_eq!(
            shown("dash", "cut -c 1-2-3"),
            "! cut: invalid byte or character range\n! Try 'cut --help' for more information.\n= 1\n"
        );
    }
}
