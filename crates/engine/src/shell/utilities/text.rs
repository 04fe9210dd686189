//! `sort`, `uniq`, `cut`, `tr`, `paste`, `fold`: lines taken apart and put together.

use super::options;
use super::support::{each_input, lines, open_file, print_line, read_inputs};
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
        let order = if self.numeric {
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
    text.trim().parse().unwrap_or_else(|_| number(text))
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
        ("ignore-case", 'f'),
        ("stable", 's'),
        ("check", 'c'),
        ("zero-terminated", 'z'),
    ];
    let options = match options::parse(process, "nrgfbdiuVhszcmMk:t:o:T:S:", &long)? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    let mut global = Key::default();
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
        return Ok(if process.is_busybox() { 1 } else { 2 });
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
        let last = if options.has('s') || options.has('u') { Ordering::Equal } else { a.cmp(b) };
        by_keys(a, b).then(if global.reverse { last.reverse() } else { last })
    };
    if options.has('c') {
        let unsorted = all.windows(2).any(|pair| by_keys(pair[0], pair[1]) == Ordering::Greater);
        return Ok(i32::from(unsorted));
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

/// Drops lines that repeat the one before.
pub(super) fn uniq(process: &mut Process<'_, '_>) -> Outcome {
    let long =
        [("count", 'c'), ("repeated", 'd'), ("unique", 'u'), ("ignore-case", 'i'), ("skip-fields", 'f')];
    let options = match options::parse(process, "cduif:s:w:", &long)? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    let number = |letter| options.value(letter).and_then(|text| text.parse::<usize>().ok());
    let key = |line: &str| -> String {
        let mut rest = line;
        for _ in 0..number('f').unwrap_or(0) {
            if rest.is_empty() {
                break;
            }
            rest = rest.trim_start();
            rest = &rest[rest.find(char::is_whitespace).unwrap_or(rest.len())..];
        }
        let chars = rest.chars().skip(number('s').unwrap_or(0)).take(number('w').unwrap_or(usize::MAX));
        chars.map(|c| if options.has('i') { c.to_ascii_lowercase() } else { c }).collect()
    };
    let inputs = &options.operands[..options.operands.len().min(1)];
    let (bytes, code) = read_inputs(process, inputs)?;
    let mut groups: Vec<(String, usize)> = Vec::new();
    for line in lines(&bytes) {
        match groups.last_mut() {
            Some((last, count)) if key(last) == key(&line) => *count += 1,
            _ => groups.push((line, 1)),
        }
    }
    let mut out = String::new();
    for (line, count) in groups {
        if options.has('d') && count < 2 || options.has('u') && count > 1 {
            continue;
        }
        if options.has('c') {
            out.push_str(&format!("{count:7} "));
        }
        out.push_str(&line);
        out.push('\n');
    }
    match options.operands.get(1) {
        Some(path) => {
            if let Err(error) = process.write(path, to_bytes(&out)) {
                super::support::cannot_open(process, path, &error)?;
                return Ok(1);
            }
        }
        None => process.output(&out)?,
    }
    Ok(code)
}

/// `1,3-5,7-` as ranges from 1.
fn ranges(text: &str) -> Option<Vec<(usize, usize)>> {
    let mut ranges = Vec::new();
    for part in text.split(',') {
        let (from, to) = part.split_once('-').unwrap_or((part, part));
        let from = if from.is_empty() { 1 } else { from.parse().ok()? };
        let to = if to.is_empty() { usize::MAX } else { to.parse().ok()? };
        if from == 0 || to < from {
            return None;
        }
        ranges.push((from, to));
    }
    Some(ranges)
}

/// Prints parts of lines.
pub(super) fn cut(process: &mut Process<'_, '_>) -> Outcome {
    let long = [
        ("bytes", 'b'),
        ("characters", 'c'),
        ("fields", 'f'),
        ("delimiter", 'd'),
        ("only-delimited", 's'),
        ("output-delimiter", 'O'),
        ("complement", 'C'),
    ];
    let options = match options::parse(process, "b:c:f:d:snO:C", &long)? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    let Some(kind) = options.last_of("bcf") else {
        process.complain(if process.is_busybox() {
            "expected a list of bytes, characters, or fields"
        } else {
            "you must specify a list of bytes, characters, or fields"
        })?;
        return Ok(1);
    };
    let list = options.value(kind).unwrap_or("");
    let Some(ranges) = ranges(list) else {
        process.complain(&format!("invalid byte, character or field list '{list}'"))?;
        return Ok(1);
    };
    let delimiter = options.value('d').and_then(|text| text.chars().next()).unwrap_or('\t');
    let joiner = options.value('O').map_or_else(|| delimiter.to_string(), str::to_owned);
    let complement = options.has('C');
    let wanted = |at: usize| ranges.iter().any(|(from, to)| (*from..=*to).contains(&at)) != complement;
    each_input(process, &options.operands, |process, input, _| {
        let bytes = process.read_all(input)?;
        let mut out = Vec::new();
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            let line = line.strip_suffix(b"\n").unwrap_or(line);
            if kind == 'b' {
                out.extend(line.iter().enumerate().filter(|(at, _)| wanted(at + 1)).map(|(_, byte)| *byte));
            } else {
                let text = to_text(line);
                if kind == 'c' {
                    let chars: String =
                        text.chars().enumerate().filter(|(at, _)| wanted(at + 1)).map(|(_, c)| c).collect();
                    out.extend(to_bytes(&chars));
                } else if text.contains(delimiter) {
                    let fields = text.split(delimiter).enumerate().filter(|(at, _)| wanted(at + 1));
                    out.extend(to_bytes(&fields.map(|(_, field)| field).collect::<Vec<_>>().join(&joiner)));
                } else if options.has('s') {
                    continue;
                } else {
                    out.extend(line);
                }
            }
            out.push(b'\n');
        }
        process.output_bytes(&out)
    })
}

/// The characters of a set of `tr`, as bytes; the second value is where a `[x*]` fills up.
fn tr_set(text: &str) -> Vec<u8> {
    let (text, _) = crate::shell::escape::unescape(text, crate::shell::escape::Style::Format);
    let bytes = to_bytes(&text);
    let mut set = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at..].starts_with(b"[:")
            && let Some(end) = bytes[at + 2..].windows(2).position(|pair| pair == b":]")
        {
            let name = String::from_utf8_lossy(&bytes[at + 2..at + 2 + end]).into_owned();
            set.extend((0..=255_u8).filter(|byte| {
                byte.is_ascii() && crate::shell::language::is_in_class(char::from(*byte), &name)
            }));
            at += end + 4;
        } else if at + 2 < bytes.len() && bytes[at + 1] == b'-' && bytes[at + 2] >= bytes[at] {
            set.extend(bytes[at]..=bytes[at + 2]);
            at += 3;
        } else {
            set.push(bytes[at]);
            at += 1;
        }
    }
    set
}

/// Replaces, deletes and squeezes characters.
pub(super) fn tr(process: &mut Process<'_, '_>) -> Outcome {
    let long = [("delete", 'd'), ("squeeze-repeats", 's'), ("complement", 'c'), ("truncate-set1", 't')];
    let options = match options::parse(process, "+cCdst", &long)? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    let Some(first) = options.operands.first() else {
        process.complain("missing operand")?;
        return Ok(1);
    };
    let mut from = tr_set(first);
    if options.has('c') || options.has('C') {
        from = (0..=255).filter(|byte| !from.contains(byte)).collect();
    }
    let to = options.operands.get(1).map(|text| tr_set(text));
    let mut map: Vec<Option<u8>> = (0..=255).map(Some).collect();
    let mut squeezed = [false; 256];
    let delete = options.has('d');
    if delete {
        from.iter().for_each(|byte| map[usize::from(*byte)] = None);
    } else if let Some(to) = to.as_ref().filter(|to| !to.is_empty()) {
        for (at, byte) in from.iter().enumerate() {
            map[usize::from(*byte)] = Some(to[at.min(to.len() - 1)]);
        }
    }
    if options.has('s') {
        to.as_ref().unwrap_or(&from).iter().for_each(|byte| squeezed[usize::from(*byte)] = true);
    }
    let bytes = process.read_input()?;
    let mut out = Vec::with_capacity(bytes.len());
    let mut last = None;
    for byte in bytes.iter().filter_map(|byte| map[usize::from(*byte)]) {
        if !(squeezed[usize::from(byte)] && last == Some(byte)) {
            out.push(byte);
        }
        last = Some(byte);
    }
    process.output_bytes(&out)?;
    Ok(0)
}

/// Puts lines of several files side by side.
pub(super) fn paste(process: &mut Process<'_, '_>) -> Outcome {
    let options = match options::parse(process, "d:s", &[("delimiters", 'd'), ("serial", 's')])? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    let (delimiters, _) = crate::shell::escape::unescape(
        options.value('d').unwrap_or("\t"),
        crate::shell::escape::Style::Format,
    );
    let delimiters: Vec<char> = delimiters.chars().collect();
    let delimiter =
        |at: usize| delimiters.get(at % delimiters.len().max(1)).map_or_else(String::new, char::to_string);
    let mut columns = Vec::new();
    let standard = ["-".to_owned()];
    for path in if options.operands.is_empty() { &standard[..] } else { &options.operands } {
        if path == "-" {
            let bytes = process.read_input()?;
            columns.push(lines(&bytes));
            continue;
        }
        match open_file(process, path) {
            Ok(input) => {
                let bytes = process.read_all(&input)?;
                columns.push(lines(&bytes));
            }
            Err(error) => {
                super::support::cannot_open(process, path, &error)?;
                return Ok(1);
            }
        }
    }
    // `paste - -` shares the lines of standard input among its columns.
    let shared = options.operands.iter().filter(|path| *path == "-").count();
    if shared > 1 && !options.has('s') {
        let all: Vec<String> = columns.iter().flatten().cloned().collect();
        columns = (0..shared).map(|at| all.iter().skip(at).step_by(shared).cloned().collect()).collect();
    }
    if options.has('s') {
        columns = columns.into_iter().map(|column| vec![join(&column, &delimiter)]).collect();
        for column in columns {
            print_line(process, &column[0])?;
        }
        return Ok(0);
    }
    let rows = columns.iter().map(Vec::len).max().unwrap_or(0);
    for row in 0..rows {
        let cells: Vec<String> =
            columns.iter().map(|column| column.get(row).cloned().unwrap_or_default()).collect();
        print_line(process, &join(&cells, &delimiter))?;
    }
    Ok(0)
}

fn join(cells: &[String], delimiter: &dyn Fn(usize) -> String) -> String {
    let mut line = String::new();
    for (at, cell) in cells.iter().enumerate() {
        if at > 0 {
            line.push_str(&delimiter(at - 1));
        }
        line.push_str(cell);
    }
    line
}

/// Breaks long lines.
pub(super) fn fold(process: &mut Process<'_, '_>) -> Outcome {
    let options = match options::parse(process, "bsw:", &[("width", 'w'), ("spaces", 's')])? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    let width = options.value('w').and_then(|text| text.parse::<usize>().ok()).unwrap_or(80).max(1);
    each_input(process, &options.operands, |process, input, _| {
        let bytes = process.read_all(input)?;
        for line in lines(&bytes) {
            let mut rest: Vec<char> = line.chars().collect();
            while rest.len() > width {
                let blank = rest[..width].iter().rposition(|c| *c == ' ').map(|at| at + 1);
                let tail = rest.split_off(blank.filter(|_| options.has('s')).unwrap_or(width));
                print_line(process, &rest.iter().collect::<String>())?;
                rest = tail;
            }
            print_line(process, &rest.iter().collect::<String>())?;
        }
        Ok(())
    })
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
        assert_eq!(
            sh("printf 'a\\na\\nb\\n' | uniq -c; printf 'a\\na\\nb\\n' | uniq -d"),
            "      2 a\n      1 b\na\n"
        );
        assert_eq!(sh("seq 3 | uniq -f 999999999999; printf 'a x\nb x\n' | uniq -f 1"), "1\na x\n");
    }

    #[test]
    fn pieces() {
        assert_eq!(
            sh("echo a:b:c | cut -d: -f1,3; echo abcdef | cut -c2-4; echo abc | cut -f1"),
            "a:c\nbcd\nabc\n"
        );
        assert_eq!(
            sh(
                "echo hello | tr a-y b-z; echo 'a  b' | tr -s ' '; echo a1b2 | tr -d 0-9; echo aXb | tr -cd '[:upper:]'"
            ),
            "ifmmp\na b\nab\nX"
        );
        assert_eq!(
            sh(
                "printf 'a\\nb\\nc\\n' | paste -s -d,; seq 4 | paste - -; echo abcdef | fold -w 4; echo 'x y' | tr ' ' '\\n'"
            ),
            "a,b,c\n1\t2\n3\t4\nabcd\nef\nx\ny\n"
        );
    }
}
