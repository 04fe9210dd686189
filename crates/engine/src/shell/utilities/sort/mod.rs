//! `sort`: lines in order, by whole lines or by keys.

mod key;
mod version;

use super::options::{self, Options};
use super::support::{cannot_open, fail, read_inputs};
use crate::shell::bytes::to_text;
use crate::shell::{Interrupt, Outcome, Process};
use key::{Key, Manner, Part, Place};
use std::cmp::Ordering;

const LONG: &[(&str, char)] = &[
    ("numeric-sort", 'n'),
    ("reverse", 'r'),
    ("unique", 'u'),
    ("key", 'k'),
    ("field-separator", 't'),
    ("output", 'o'),
    ("version-sort", 'V'),
    ("human-numeric-sort", 'h'),
    ("month-sort", 'M'),
    ("random-sort", 'R'),
    ("general-numeric-sort", 'g'),
    ("dictionary-order", 'd'),
    ("ignore-leading-blanks", 'b'),
    ("ignore-nonprinting", 'i'),
    ("merge", 'm'),
    ("parallel", '1'),
    ("batch-size", '2'),
    ("compress-program", '3'),
    ("random-source", '4'),
    ("debug", '5'),
    ("buffer-size", 'S'),
    ("temporary-directory", 'T'),
    ("ignore-case", 'f'),
    ("stable", 's'),
    ("check", 'c'),
    ("zero-terminated", 'z'),
];

/// How lines are compared.
struct Order {
    keys: Vec<Key>,
    separator: Option<u8>,
    /// Whether lines whose keys are the same are compared as a whole, and the other way round.
    last_resort: Option<bool>,
}

/// A line and what is compared of it.
struct Line<'l> {
    bytes: &'l [u8],
    parts: Vec<Part<'l>>,
}

impl Order {
    fn line<'l>(&self, bytes: &'l [u8]) -> Line<'l> {
        // A line that is compared as it is need not be taken apart.
        let plain =
            self.keys.len() == 1 && self.keys[0].from.is_none() && self.keys[0].manner == Manner::default();
        let parts = if plain {
            Vec::new()
        } else {
            self.keys.iter().map(|key| key.part(bytes, self.separator)).collect()
        };
        Line { bytes, parts }
    }

    fn by_keys(&self, a: &Line<'_>, b: &Line<'_>) -> Ordering {
        if a.parts.is_empty() {
            return a.bytes.cmp(b.bytes);
        }
        for (at, key) in self.keys.iter().enumerate() {
            let order = key.compare(&a.parts[at], &b.parts[at]);
            if order != Ordering::Equal {
                return order;
            }
        }
        Ordering::Equal
    }

    fn compare(&self, a: &Line<'_>, b: &Line<'_>) -> Ordering {
        self.by_keys(a, b).then_with(|| match self.last_resort {
            Some(reverse) if reverse => b.bytes.cmp(a.bytes),
            Some(_) => a.bytes.cmp(b.bytes),
            None => Ordering::Equal,
        })
    }
}

/// Sorts lines.
pub(super) fn main(process: &mut Process<'_, '_>) -> Outcome {
    let busybox = process.is_busybox();
    let old = if busybox { Vec::new() } else { old_keys(process) };
    let short = "nrgfbdiuVhszcCmMRk:t:o:T:S:y:1:2:3:4:5";
    let options = options::take_as(process, ("nrgfbdiuVszcmMk:t:o:T:S:", LONG), (short, LONG))?;
    let order = order(process, &options, old)?;
    let (bytes, code) = read_inputs(process, &options.operands)?;
    if code != 0 {
        return Ok(2);
    }
    let end = if options.has('z') { 0 } else { b'\n' };
    let mut lines: Vec<Line<'_>> = Vec::new();
    if !bytes.is_empty() {
        let text = bytes.strip_suffix(&[end]).unwrap_or(&bytes);
        lines.extend(text.split(|byte| *byte == end).map(|line| order.line(line)));
    }
    process.step(1 + lines.len() as u64 / 4)?;
    if options.last_of("cC").is_some() {
        return check(process, &options, &order, &lines);
    }
    // BusyBox turns round what is the same, too, where the last key does.
    if busybox && options.has('s') && order.keys.last().is_some_and(|key| key.manner.reverse) {
        lines.reverse();
    }
    crate::order::sort_by(&mut lines, |a, b| order.compare(a, b));
    if options.has('u') {
        lines.dedup_by(|a, b| order.by_keys(a, b) == Ordering::Equal);
    }
    let mut out = Vec::with_capacity(bytes.len() + 1);
    for line in lines {
        out.extend_from_slice(line.bytes);
        out.push(end);
    }
    match options.value('o') {
        Some(path) => {
            if let Err(error) = process.write(path, out) {
                cannot_open(process, path, &error)?;
                return Ok(2);
            }
        }
        None => process.output_bytes(&out)?,
    }
    Ok(0)
}

/// Says where the lines are not in order.
fn check(process: &mut Process<'_, '_>, options: &Options, order: &Order, lines: &[Line<'_>]) -> Outcome {
    let wrong = |pair: &[Line<'_>]| {
        if options.has('u') {
            order.by_keys(&pair[0], &pair[1]) != Ordering::Less
        } else {
            order.compare(&pair[0], &pair[1]) == Ordering::Greater
        }
    };
    let Some(at) = lines.windows(2).position(wrong) else { return Ok(0) };
    let quiet = options.has('C') || matches!(options.value('c'), Some("quiet" | "silent"));
    let text = if process.is_busybox() {
        format!("Check line {}\n", at + 1)
    } else {
        let name = options.operands.first().map_or("-", |path| path);
        format!("sort: {name}:{}: disorder: {}\n", at + 2, to_text(lines[at + 1].bytes))
    };
    if !quiet {
        process.error_output(&text)?;
    }
    Ok(1)
}

fn order(process: &mut Process<'_, '_>, options: &Options, old: Vec<String>) -> Result<Order, Interrupt> {
    let busybox = process.is_busybox();
    let mut global = Key { busybox, ..Key::default() };
    for (letter, _) in options.all().filter(|(letter, _)| *letter != 'k') {
        global.manner.set(letter);
    }
    let blanks = options.has('b');
    let mut keys = Vec::new();
    for text in options.values('k').map(str::to_owned).chain(old) {
        let (mut key, own) = match parse(&text, busybox) {
            Ok(parsed) => parsed,
            Err(flaw) => return fail(process, 2, &flaw),
        };
        if !own {
            key.manner = global.manner;
            for place in [&mut key.from, &mut key.to].into_iter().flatten() {
                place.behind_blanks |= blanks;
            }
        }
        keys.push(key);
    }
    if keys.is_empty() {
        if blanks {
            global.from = Some(Place { field: 1, character: 0, behind_blanks: true });
        }
        keys.push(global.clone());
    }
    if let Some(letters) = keys.iter().find_map(|key| key.manner.conflict()).filter(|_| !busybox) {
        return fail(process, 2, &format!("options ‘-{letters}’ are incompatible"));
    }
    let separator = separator(process, options)?;
    let compares = !options.has('s') && (busybox || !options.has('u'));
    Ok(Order { keys, separator, last_resort: compares.then_some(global.manner.reverse) })
}

fn separator(process: &mut Process<'_, '_>, options: &Options) -> Result<Option<u8>, Interrupt> {
    let Some(text) = options.value('t') else { return Ok(None) };
    match text.as_bytes() {
        [byte] => Ok(Some(*byte)),
        b"\\0" if !process.is_busybox() => Ok(Some(0)),
        _ if process.is_busybox() => fail(process, 2, "bad -t parameter"),
        [] => fail(process, 2, "empty tab"),
        _ => fail(process, 2, &format!("multi-character tab ‘{text}’")),
    }
}

/// `+1` was once `-k 2`: such words, as keys, taken from the arguments.
fn old_keys(process: &mut Process<'_, '_>) -> Vec<String> {
    let is_old = |word: &String| {
        word.strip_prefix('+').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    };
    let mut keys = Vec::new();
    let words = std::mem::take(&mut process.arguments);
    for (at, word) in words.into_iter().enumerate() {
        if at == 0 || !is_old(&word) {
            process.arguments.push(word);
            continue;
        }
        let digits: String = word[1..].chars().take_while(char::is_ascii_digit).collect();
        let rest = &word[1 + digits.len()..];
        let field = digits.parse::<usize>().map_or(1, |field| field.saturating_add(1));
        keys.push(format!("{field}{rest}"));
    }
    keys
}

/// `2.1,3n`, and whether it has letters of its own. What is wrong with it is said in the words of the program.
fn parse(text: &str, busybox: bool) -> Result<(Key, bool), String> {
    let mut key = Key { busybox, ..Key::default() };
    let mut own = false;
    let mut rest = text;
    for end in [false, true] {
        let mut place = Place::default();
        let field = number(&mut rest);
        match field {
            // BusyBox takes a comma without anything behind it for none.
            None if end && busybox => break,
            _ if busybox && field.unwrap_or(0) == 0 => return Err("bad field specification".to_owned()),
            None if end => {
                return Err(format!("invalid number after ‘,’: invalid count at start of ‘{rest}’"));
            }
            None => return Err(format!("invalid number at field start: invalid count at start of ‘{rest}’")),
            Some(0) => return Err(format!("field number is zero: invalid field specification ‘{text}’")),
            Some(number) => place.field = number,
        }
        if let Some(after) = rest.strip_prefix('.') {
            rest = after;
            place.character = match number(&mut rest) {
                Some(0) if !end && busybox => return Err("bad field specification".to_owned()),
                Some(0) if !end => {
                    return Err(format!("character offset is zero: invalid field specification ‘{text}’"));
                }
                Some(number) => number,
                None if busybox => return Err("bad field specification".to_owned()),
                None => return Err(format!("invalid number after ‘.’: invalid count at start of ‘{rest}’")),
            };
        }
        while let Some(letter) = rest.chars().next().filter(|letter| *letter != ',') {
            own = true;
            place.behind_blanks |= letter == 'b';
            if letter != 'b' && !key.manner.set(letter) {
                return Err(if busybox {
                    "unknown key option".to_owned()
                } else {
                    format!("stray character in field spec: invalid field specification ‘{text}’")
                });
            }
            rest = &rest[letter.len_utf8()..];
        }
        if end {
            key.to = Some(place)
        } else {
            key.from = Some(place)
        }
        match rest.strip_prefix(',') {
            Some(after) if !end => rest = after,
            _ => break,
        }
    }
    Ok((key, own))
}

/// Takes the digits at the beginning.
fn number(text: &mut &str) -> Option<usize> {
    let length = text.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, rest) = text.split_at(length);
    *text = rest;
    (length > 0).then(|| digits.parse().unwrap_or(usize::MAX / 2))
}

#[cfg(test)]
mod tests {
    use crate::shell::testing::{sh, shown};

    #[test]
    fn sorted() {
        assert_eq!(
            sh(
                "printf 'b\\na\\nc\\na\\n' | sort -u; printf '10\\n9\\n' | sort -n; printf '1.10\\n1.9\\n' | sort -V"
            ),
            "a\nb\nc\n9\n10\n1.9\n1.10\n"
        );
        assert_eq!(
            sh("printf 'x 2\\ny 1\\nz 10\\n' | sort -k2,2n; printf 'a:3\\nb:1\\n' | sort -t: -k2 -r"),
            "y 1\nx 2\nz 10\na:3\nb:1\n"
        );
        assert_eq!(
            sh("printf '9e2\\n50\\nnan\\nx\\n-inf\\n0x10\\n' | sort -g"),
            "x\nnan\n-inf\n0x10\n50\n9e2\n"
        );
        assert_eq!(shown("dash", "printf '2K\\n1000\\n1M\\n3\\n' | sort -h"), "3\n1000\n2K\n1M\n");
    }

    #[test]
    fn wrong_keys() {
        assert_eq!(sh("sort -k 1x"), "! sort: unknown key option\n= 2\n");
        assert_eq!(
            shown("dash", "sort -k 0"),
            "! sort: field number is zero: invalid field specification '0'\n= 2\n"
        );
        assert_eq!(shown("dash", "sort -nM"), "! sort: options '-Mn' are incompatible\n= 2\n");
        assert_eq!(shown("dash", "sort -t ab"), "! sort: multi-character tab 'ab'\n= 2\n");
    }
}
