//! `sort`: lines in order, by whole lines or by keys.

use super::options;
use super::support::read_inputs;
use crate::shell::bytes::{to_bytes, to_text};
use crate::shell::{Outcome, Process};
use std::cmp::Ordering;

/// How a part of a line is compared.
#[derive(Clone, Default)]
struct Key {
    from: (usize, usize),
    to: Option<(usize, usize)>,
    numeric: bool,
    general: bool,
    version: bool,
    human: bool,
    month: bool,
    /// Whether a number may have a sign before it and an exponent, as for the applet of BusyBox.
    lenient: bool,
    reverse: bool,
    fold: bool,
    blanks: bool,
    dictionary: bool,
}

impl Key {
    fn set(&mut self, letter: char) {
        match letter {
            'n' => self.numeric = true,
            'g' => self.general = true,
            'V' => self.version = true,
            'h' => self.human = true,
            'M' => self.month = true,
            'r' => self.reverse = true,
            'f' => self.fold = true,
            'b' => self.blanks = true,
            'd' => self.dictionary = true,
            _ => {}
        }
    }

    fn is_plain(&self) -> bool {
        !(self.numeric
            || self.general
            || self.version
            || self.human
            || self.month
            || self.reverse
            || self.fold
            || self.blanks
            || self.dictionary)
    }

    /// `2,3n`, `1.2`
    fn parse(text: &str) -> Option<Self> {
        let mut key = Self::default();
        for (at, part) in text.splitn(2, ',').enumerate() {
            let digits = part.trim_end_matches(|c: char| c.is_ascii_alphabetic());
            part[digits.len()..].chars().for_each(|letter| key.set(letter));
            let (field, char) = digits.split_once('.').unwrap_or((digits, "0"));
            let place = (field.parse().ok()?, char.parse().ok()?);
            if at == 0 { key.from = place } else { key.to = Some(place) }
        }
        (key.from.0 > 0).then_some(key)
    }

    fn part<'l>(&self, line: &'l str, separator: Option<char>) -> &'l str {
        if self.from.0 == 0 {
            return line;
        }
        let fields = field_ranges(line, separator);
        let char_at = |start: usize, end: usize, count: usize| {
            line[start..end].char_indices().nth(count).map_or(end, |(offset, _)| start + offset)
        };
        let start = match fields.get(self.from.0 - 1) {
            Some((start, end)) => {
                let blanks = if self.blanks {
                    line[*start..*end].len() - line[*start..*end].trim_start().len()
                } else {
                    0
                };
                char_at(start + blanks, line.len(), self.from.1.saturating_sub(1))
            }
            None => line.len(),
        };
        let end = match self.to.and_then(|(field, char)| Some((fields.get(field.checked_sub(1)?)?, char))) {
            Some(((_, end), 0)) => *end,
            Some(((start, end), char)) => char_at(*start, *end, char),
            None => line.len(),
        };
        &line[start..end.max(start)]
    }

    fn compare(&self, a: &str, b: &str) -> Ordering {
        let order = if self.month {
            month(a).cmp(&month(b))
        } else if self.numeric && self.lenient {
            float(a).total_cmp(&float(b))
        } else if self.numeric {
            number(a).total_cmp(&number(b))
        } else if self.general {
            float(a).total_cmp(&float(b))
        } else if self.human {
            human(a).total_cmp(&human(b))
        } else if self.version {
            version(a, b)
        } else {
            let clean = |text: &str| -> String {
                let text = if self.blanks { text.trim_start() } else { text };
                let kept =
                    text.chars().filter(|c| !self.dictionary || c.is_alphanumeric() || c.is_whitespace());
                kept.map(|c| if self.fold { c.to_ascii_uppercase() } else { c }).collect()
            };
            if self.fold || self.blanks || self.dictionary { clean(a).cmp(&clean(b)) } else { a.cmp(b) }
        };
        if self.reverse { order.reverse() } else { order }
    }
}

/// Where the fields of a line are. Without a separator a field begins with the blanks before it.
fn field_ranges(line: &str, separator: Option<char>) -> Vec<(usize, usize)> {
    let mut ranges = Vec::new();
    let mut start = 0;
    match separator {
        Some(separator) => {
            for (at, c) in line.char_indices().filter(|(_, c)| *c == separator) {
                ranges.push((start, at));
                start = at + c.len_utf8();
            }
        }
        None => {
            let mut inside = false;
            for (at, c) in line.char_indices() {
                let blank = c == ' ' || c == '\t';
                if blank && inside {
                    ranges.push((start, at));
                    start = at;
                }
                inside = !blank;
            }
        }
    }
    ranges.push((start, line.len()));
    ranges
}

fn number(text: &str) -> f64 {
    let text = text.trim_start();
    let length = text
        .char_indices()
        .take_while(|(at, c)| c.is_ascii_digit() || *c == '.' || *c == '-' && *at == 0)
        .map(|(at, _)| at + 1)
        .last()
        .unwrap_or(0);
    text[..length].parse().unwrap_or(0.0)
}

fn float(text: &str) -> f64 {
    let text = text.trim();
    text.parse().unwrap_or_else(|_| number(text.strip_prefix('+').unwrap_or(text)))
}

/// The number of a month by its first letters; 0 for what is none.
fn month(text: &str) -> usize {
    const MONTHS: &str = "janfebmaraprmayjunjulaugsepoctnovdec";
    let name: String = text.trim_start().chars().take(3).map(|c| c.to_ascii_lowercase()).collect();
    match MONTHS.find(&name) {
        Some(at) if name.len() == 3 && at % 3 == 0 => at / 3 + 1,
        _ => 0,
    }
}

fn human(text: &str) -> f64 {
    let suffix = text.trim().trim_end_matches('B').chars().last().unwrap_or(' ');
    let power = "KMGTP".find(suffix.to_ascii_uppercase()).map_or(0, |at| at as i32 + 1);
    number(text) * 1024_f64.powi(power)
}

/// Compares as versions: runs of digits by their value.
fn version(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a, b);
    loop {
        let digits = |text: &str| text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let (x, y) = (digits(a), digits(b));
        if x > 0 && y > 0 {
            let strip = |text: &str| text.trim_start_matches('0').to_owned();
            let (left, right) = (strip(&a[..x]), strip(&b[..y]));
            let order = left.len().cmp(&right.len()).then_with(|| left.cmp(&right));
            if order != Ordering::Equal {
                return order;
            }
            (a, b) = (&a[x..], &b[y..]);
            continue;
        }
        match (a.chars().next(), b.chars().next()) {
            (None, None) => return Ordering::Equal,
            (left, right) if left == right => {
                let width = left.map_or(0, char::len_utf8);
                (a, b) = (&a[width..], &b[width..]);
            }
            (left, right) => return left.cmp(&right),
        }
    }
}

/// Sorts lines.
pub(super) fn sort(process: &mut Process<'_, '_>) -> Outcome {
    let long = [
        ("numeric-sort", 'n'),
        ("reverse", 'r'),
        ("unique", 'u'),
        ("key", 'k'),
        ("field-separator", 't'),
        ("output", 'o'),
        ("version-sort", 'V'),
        ("human-numeric-sort", 'h'),
        ("month-sort", 'M'),
        ("general-numeric-sort", 'g'),
        ("dictionary-order", 'd'),
        ("ignore-leading-blanks", 'b'),
        ("ignore-nonprinting", 'i'),
        ("merge", 'm'),
        ("parallel", '1'),
        ("buffer-size", 'S'),
        ("temporary-directory", 'T'),
        ("ignore-case", 'f'),
        ("stable", 's'),
        ("check", 'c'),
        ("zero-terminated", 'z'),
    ];
    let options = match options::parse(process, "nrgfbdiuVhszcCmMk:t:o:T:S:1:", &long)? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    let busybox = process.is_busybox();
    let mut global = Key { lenient: busybox, ..Key::default() };
    options.all().for_each(|(letter, _)| {
        if letter != 'k' {
            global.set(letter)
        }
    });
    let separator =
        options.value('t').and_then(|text| if text == "\\t" { Some('\t') } else { text.chars().next() });
    let mut keys = Vec::new();
    for text in options.values('k') {
        let Some(mut key) = Key::parse(text) else {
            process.complain(&format!("bad field specification: '{text}'"))?;
            return Ok(2);
        };
        key.lenient = busybox;
        if key.is_plain() {
            key = Key { from: key.from, to: key.to, ..global.clone() };
        }
        keys.push(key);
    }
    if keys.is_empty() {
        keys.push(global.clone());
    }
    let (bytes, code) = read_inputs(process, &options.operands)?;
    if code != 0 {
        return Ok(2);
    }
    let end = if options.has('z') { '\0' } else { '\n' };
    let text = to_text(&bytes);
    let mut all: Vec<&str> = text.strip_suffix(end).unwrap_or(&text).split(end).collect();
    if bytes.is_empty() {
        all.clear();
    }
    process.step(1 + all.len() as u64 / 4)?;
    let by_keys = |a: &str, b: &str| {
        keys.iter()
            .map(|key| key.compare(key.part(a, separator), key.part(b, separator)))
            .find(|order| *order != Ordering::Equal)
            .unwrap_or(Ordering::Equal)
    };
    let whole = |a: &str, b: &str| {
        let last = if options.has('s') || options.has('u') && !busybox { Ordering::Equal } else { a.cmp(b) };
        by_keys(a, b).then(if global.reverse { last.reverse() } else { last })
    };
    if options.has('c') {
        let limit = if options.has('u') { Ordering::Equal } else { Ordering::Greater };
        let Some(at) = all.windows(2).position(|pair| whole(pair[0], pair[1]) >= limit) else { return Ok(0) };
        let text = if busybox {
            format!("Check line {}\n", at + 1)
        } else {
            let name = options.operands.first().map_or("-", |path| path);
            format!("sort: {name}:{}: disorder: {}\n", at + 2, all[at + 1])
        };
        process.error_output(&text)?;
        return Ok(1);
    }
    crate::order::sort_by(&mut all, |a, b| whole(a, b));
    if options.has('u') {
        all.dedup_by(|a, b| by_keys(a, b) == Ordering::Equal);
    }
    let mut out = String::new();
    for line in all {
        out.push_str(line);
        out.push(end);
    }
    match options.value('o') {
        Some(path) => {
            if let Err(error) = process.write(path, to_bytes(&out)) {
                super::support::cannot_open(process, path, &error)?;
                return Ok(1);
            }
        }
        None => process.output(&out)?,
    }
    Ok(0)
}

#[cfg(test)]
mod tests {
    use crate::shell::testing::sh;

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
    }
}
