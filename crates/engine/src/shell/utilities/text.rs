//! `uniq`, `cut`, `tr`, `paste`, `fold`: lines taken apart and put together.

use super::options;
use super::support::{count_of, each_input, lines, open_file, print_line, read_inputs};
use crate::shell::bytes::{to_bytes, to_text};
use crate::shell::{Outcome, Process};

/// Drops lines that repeat the one before.
pub(super) fn uniq(process: &mut Process<'_, '_>) -> Outcome {
    let long =
        [("count", 'c'), ("repeated", 'd'), ("unique", 'u'), ("ignore-case", 'i'), ("skip-fields", 'f')];
    let options = match options::parse(process, "cduif:s:w:", &long)? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    let number = |letter| options.value(letter).and_then(count_of);
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

/// What is wrong with a list of ranges.
enum Problem {
    NoNumber,
    Zero,
    Decreasing,
}

/// `1,3-5,7-` as ranges from 1. BusyBox lets pass what can never be there.
fn ranges(text: &str, lenient: bool) -> Result<Vec<(usize, usize)>, Problem> {
    let mut ranges = Vec::new();
    for part in text.split([',', ' ']) {
        let (from, to) = part.split_once('-').unwrap_or((part, part));
        let number = |text: &str, empty| match text {
            "" => Ok(empty),
            text => count_of(text).ok_or(Problem::NoNumber),
        };
        if part.is_empty() || part == "-" {
            return Err(Problem::NoNumber);
        }
        let (from, to) = (number(from, 1)?, number(to, usize::MAX)?);
        if from == 0 && !lenient {
            return Err(Problem::Zero);
        }
        if to < from && !lenient {
            return Err(Problem::Decreasing);
        }
        ranges.push((from, to));
    }
    Ok(ranges)
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
    let options = match options::parse_as(process, ("b:c:f:d:sn", &[]), ("b:c:f:d:snO:Cz", &long))? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    let busybox = process.is_busybox();
    let Some(kind) = options.last_of("bcf") else {
        if busybox {
            process.complain("expected a list of bytes, characters, or fields")?;
            return Ok(1);
        }
        process.complain("you must specify a list of bytes, characters, or fields")?;
        return options::usage_error(process);
    };
    let list = options.value(kind).unwrap_or("");
    let ranges = match ranges(list, busybox) {
        Ok(ranges) => ranges,
        Err(problem) => {
            if busybox {
                process.complain(&format!("invalid range {list}"))?;
                return Ok(1);
            }
            process.complain(&match problem {
                Problem::Zero if kind == 'f' => "fields are numbered from 1".to_owned(),
                Problem::Zero => "byte/character positions are numbered from 1".to_owned(),
                Problem::Decreasing => "invalid decreasing range".to_owned(),
                Problem::NoNumber if kind == 'f' => format!("invalid field value '{list}'"),
                Problem::NoNumber => format!("invalid byte/character position '{list}'"),
            })?;
            return options::usage_error(process);
        }
    };
    if options.value('d').is_some_and(|text| text.chars().count() > 1) && !busybox {
        process.complain("the delimiter must be a single character")?;
        return options::usage_error(process);
    }
    let delimiter = options.value('d').and_then(|text| text.chars().next()).unwrap_or('\t');
    let joiner = options.value('O').map_or_else(|| delimiter.to_string(), str::to_owned);
    let complement = options.has('C');
    let wanted = |at: usize| ranges.iter().any(|(from, to)| (*from..=*to).contains(&at)) != complement;
    each_input(process, &options.operands, |process, input, _| {
        let bytes = process.read_all(input)?;
        let mut out = Vec::new();
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            let line = line.strip_suffix(b"\n").unwrap_or(line);
            // Without a locale, as in containers, a character is a byte.
            if kind != 'f' {
                out.extend(line.iter().enumerate().filter(|(at, _)| wanted(at + 1)).map(|(_, byte)| *byte));
            } else {
                let text = to_text(line);
                if text.contains(delimiter) {
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
        } else if at + 2 < bytes.len() && bytes[at + 1] == b'-' {
            // The wrong way round there is nothing in a range.
            set.extend(bytes[at]..=bytes[at + 2]);
            at += 3;
        } else {
            set.push(bytes[at]);
            at += 1;
        }
    }
    set
}

/// A range of a set whose ends are the wrong way round.
fn reversed_range(set: &str) -> Option<String> {
    let chars: Vec<char> = set.chars().collect();
    let mut at = 0;
    while at + 2 < chars.len() {
        if chars[at] == '\\' || chars[at] == '[' && chars[at + 1] == ':' {
            at += 2;
        } else if chars[at + 1] == '-' {
            if chars[at + 2] < chars[at] && chars[at + 2] != '\\' {
                return Some(chars[at..at + 3].iter().collect());
            }
            at += 3;
        } else {
            at += 1;
        }
    }
    None
}

/// Replaces, deletes and squeezes characters.
pub(super) fn tr(process: &mut Process<'_, '_>) -> Outcome {
    let long = [("delete", 'd'), ("squeeze-repeats", 's'), ("complement", 'c'), ("truncate-set1", 't')];
    let options = match options::parse_as(process, ("+cCds", &[]), ("+cCdst", &long))? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    let busybox = process.is_busybox();
    let Some(first) = options.operands.first() else {
        if busybox {
            return super::usage::print(process);
        }
        process.complain("missing operand")?;
        return options::usage_error(process);
    };
    let wants_two = options.has('d') == options.has('s');
    if !busybox && wants_two && options.operands.len() < 2 {
        process.complain(&format!("missing operand after '{first}'"))?;
        process.error_output(if options.has('d') {
            "Two strings must be given when both deleting and squeezing repeats.\n"
        } else {
            "Two strings must be given when translating.\n"
        })?;
        return options::usage_error(process);
    }
    if let Some(range) = options.operands.iter().find_map(|set| reversed_range(set)).filter(|_| !busybox) {
        process.complain(&format!("range-endpoints of '{range}' are in reverse collating sequence order"))?;
        return Ok(1);
    }
    let mut from = tr_set(first);
    if options.has('c') || options.has('C') {
        from = (0..=255).filter(|byte| !from.contains(byte)).collect();
    }
    let to = options.operands.get(1).map(|text| tr_set(text));
    if options.has('t')
        && let Some(to) = &to
    {
        from.truncate(to.len());
    }
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
        // BusyBox leaves a file out that has ended.
        let busybox = process.is_busybox();
        let cells: Vec<String> = columns
            .iter()
            .filter(|column| !busybox || row < column.len())
            .map(|column| column.get(row).cloned().unwrap_or_default())
            .collect();
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
    let width = options.value('w').and_then(count_of).unwrap_or(80).max(1);
    each_input(process, &options.operands, |process, input, _| {
        let bytes = process.read_all(input)?;
        let mut out = Vec::with_capacity(bytes.len());
        let (mut column, mut start) = (0_usize, 0);
        for byte in bytes {
            let next = match byte {
                _ if options.has('b') => column + 1,
                b'\t' => (column / 8 + 1) * 8,
                8 => column.saturating_sub(1),
                b'\r' => 0,
                // What goes on a character takes no column.
                0x80..0xc0 => column,
                _ => column + 1,
            };
            if byte == b'\n' {
                out.push(byte);
                (column, start) = (0, out.len());
                continue;
            }
            if next > width && out.len() > start {
                let blank = out[start..].iter().rposition(|byte| *byte == b' ' || *byte == b'\t');
                let at = blank.filter(|_| options.has('s')).map_or(out.len(), |at| start + at + 1);
                let moved = out.split_off(at);
                out.push(b'\n');
                start = out.len();
                column = moved.len();
                out.extend(moved);
                column = if byte == b'\t' { (column / 8 + 1) * 8 } else { column + 1 };
            } else {
                column = next;
            }
            out.push(byte);
        }
        process.output_bytes(&out)
    })
}

#[cfg(test)]
mod tests {
    use crate::shell::testing::sh;

    #[test]
    fn repeated() {
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
