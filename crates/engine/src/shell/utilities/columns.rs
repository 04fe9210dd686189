//! `comm` and `join`: two sorted files side by side. `expand` and `unexpand`: tabs and blanks.

use super::options;
use super::support::{count_of, each_input, lines, open_file};
use crate::shell::bytes::{push_bytes, to_bytes};
use crate::shell::{ExitCode, Interrupt, Outcome, Process};

/// The lines of two files.
type TwoFiles = (Vec<String>, Vec<String>);

/// The lines of two files that are named.
fn two_files(
    process: &mut Process<'_, '_>,
    operands: &[String],
) -> Result<Result<TwoFiles, ExitCode>, Interrupt> {
    let mut sides = Vec::new();
    for at in 0..2 {
        let Some(path) = operands.get(at) else {
            if process.is_busybox() {
                return super::usage::print(process).map(Err);
            }
            let text = match operands.first() {
                Some(first) => format!("missing operand after '{first}'"),
                None => "missing operand".to_owned(),
            };
            process.complain(&text)?;
            return options::usage_error(process).map(Err);
        };
        if path == "-" {
            sides.push(lines(&process.read_input()?));
            continue;
        }
        match open_file(process, path) {
            Ok(input) => sides.push(lines(&process.read_all(&input)?)),
            Err(error) => {
                process.complain(&format!("{path}: {}", error.kind.message()))?;
                return Ok(Err(1));
            }
        }
    }
    let second = sides.pop().unwrap_or_default();
    Ok(Ok((sides.pop().unwrap_or_default(), second)))
}

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

/// Joins lines of two files that have a field in common.
pub(super) fn join(process: &mut Process<'_, '_>) -> Outcome {
    let options = match options::parse(process, "a:e:i1:2:j:o:t:v:", &[("ignore-case", 'i')])? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    let (first, second) = match two_files(process, &options.operands)? {
        Ok(sides) => sides,
        Err(code) => return Ok(code),
    };
    let separator = options.value('t').and_then(|text| text.chars().next());
    let split = |line: &str| -> Vec<String> {
        match separator {
            Some(separator) => line.split(separator).map(str::to_owned).collect(),
            None => line.split_whitespace().map(str::to_owned).collect(),
        }
    };
    let field = |letter| {
        let text = options.value(letter).or(options.value('j')).unwrap_or("1");
        count_of(text).unwrap_or(1).max(1) - 1
    };
    let fields = [field('1'), field('2')];
    let sides: Vec<Vec<Vec<String>>> =
        [first, second].iter().map(|lines| lines.iter().map(|line| split(line)).collect()).collect();
    let key = |side: usize, at: usize| {
        let text = sides[side][at].get(fields[side]).cloned().unwrap_or_default();
        if options.has('i') { text.to_lowercase() } else { text }
    };
    let wants = |side: &str| options.values('a').chain(options.values('v')).any(|asked| asked == side);
    let joiner = separator.unwrap_or(' ').to_string();
    let form: Vec<&str> = options.values('o').flat_map(|text| text.split([',', ' '])).collect();
    let empty = options.value('e').unwrap_or("");
    let row = |left: Option<usize>, right: Option<usize>| {
        let cell = |side: usize, number: usize| {
            let at = if side == 0 { left } else { right };
            let text = at.and_then(|at| sides[side][at].get(number)).filter(|text| !text.is_empty());
            text.map_or(empty, String::as_str).to_owned()
        };
        let common = match (left, right) {
            (Some(_), _) => cell(0, fields[0]),
            _ => cell(1, fields[1]),
        };
        let mut cells = Vec::new();
        if form.is_empty() {
            cells.push(common);
            for (side, at) in [(0, left), (1, right)] {
                let Some(at) = at else { continue };
                cells
                    .extend((0..sides[side][at].len()).filter(|n| *n != fields[side]).map(|n| cell(side, n)));
            }
        } else {
            for part in &form {
                cells.push(match part.split_once('.').map(|(side, n)| (side, count_of(n))) {
                    Some((side @ ("1" | "2"), Some(number))) => {
                        cell(usize::from(side == "2"), number.max(1) - 1)
                    }
                    _ => common.clone(),
                });
            }
        }
        cells.join(&joiner)
    };
    let mut rows = Vec::new();
    let (mut a, mut b) = (0, 0);
    while a < sides[0].len() || b < sides[1].len() {
        process.step(1)?;
        let order = match (a < sides[0].len(), b < sides[1].len()) {
            (true, true) => key(0, a).cmp(&key(1, b)),
            (true, false) => std::cmp::Ordering::Less,
            _ => std::cmp::Ordering::Greater,
        };
        match order {
            std::cmp::Ordering::Less => {
                if wants("1") {
                    rows.push(row(Some(a), None));
                }
                a += 1;
            }
            std::cmp::Ordering::Greater => {
                if wants("2") {
                    rows.push(row(None, Some(b)));
                }
                b += 1;
            }
            std::cmp::Ordering::Equal => {
                let wanted = key(0, a);
                let a_end = (a..sides[0].len()).find(|at| key(0, *at) != wanted).unwrap_or(sides[0].len());
                let b_end = (b..sides[1].len()).find(|at| key(1, *at) != wanted).unwrap_or(sides[1].len());
                if !options.has('v') {
                    for left in a..a_end {
                        process.step((b_end - b) as u64)?;
                        (b..b_end).for_each(|right| rows.push(row(Some(left), Some(right))));
                    }
                }
                (a, b) = (a_end, b_end);
            }
        }
    }
    let mut out = Vec::new();
    for row in rows {
        push_bytes(&row, &mut out);
        out.push(b'\n');
    }
    process.output_bytes(&out)?;
    Ok(0)
}

/// Where the next tab stop is.
fn next_stop(stops: &[usize], column: usize) -> Option<usize> {
    match stops {
        [every] => Some((column / every + 1).saturating_mul(*every)),
        stops => stops.iter().copied().find(|stop| *stop > column),
    }
}

fn stops(text: Option<&str>) -> Vec<usize> {
    let stops: Vec<usize> =
        text.unwrap_or("8").split([',', ' ']).filter_map(count_of).filter(|stop| *stop > 0).collect();
    if stops.is_empty() { vec![8] } else { stops }
}

/// Blanks in the place of tabs.
pub(super) fn expand(process: &mut Process<'_, '_>) -> Outcome {
    let options = match options::parse(process, "it:", &[("initial", 'i'), ("tabs", 't')])? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    if let Some(text) = options.value('t').filter(|text| process.is_busybox() && text.parse::<u32>().is_err())
    {
        process.complain(&format!("invalid number '{text}'"))?;
        return Ok(1);
    }
    let stops = stops(options.value('t'));
    each_input(process, &options.operands, |process, input, _| {
        let bytes = process.read_all(input)?;
        let mut out = Vec::with_capacity(bytes.len());
        let (mut column, mut initial) = (0_usize, true);
        for byte in bytes {
            match byte {
                b'\t' if initial || !options.has('i') => {
                    let stop = next_stop(&stops, column).unwrap_or(column + 1);
                    process.machine.check_size(out.len().saturating_add(stop - column))?;
                    out.extend(std::iter::repeat_n(b' ', stop - column));
                    column = stop;
                }
                b'\n' => {
                    out.push(byte);
                    (column, initial) = (0, true);
                }
                _ => {
                    out.push(byte);
                    initial &= byte == b' ' || byte == b'\t';
                    column = if byte == 8 { column.saturating_sub(1) } else { column + 1 };
                }
            }
        }
        process.output_bytes(&out)
    })
}

/// Tabs in the place of blanks: of those at the beginning of lines, or of all.
pub(super) fn unexpand(process: &mut Process<'_, '_>) -> Outcome {
    let long = [("all", 'a'), ("first-only", 'f'), ("tabs", 't')];
    let options = match options::parse(process, "aft:", &long)? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    let all = (options.has('a') || options.has('t')) && !options.has('f');
    let stops = stops(options.value('t'));
    each_input(process, &options.operands, |process, input, _| {
        let bytes = process.read_all(input)?;
        let mut out = Vec::with_capacity(bytes.len());
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            let (mut column, mut blanks) = (0_usize, 0_usize);
            let mut initial = true;
            for byte in line {
                let converts = initial || all;
                match byte {
                    b' ' if converts => {
                        blanks += 1;
                        column += 1;
                        if next_stop(&stops, column - 1) == Some(column) {
                            // One blank alone stays what it is, but at the beginning.
                            out.push(if blanks > 1 || initial { b'\t' } else { b' ' });
                            blanks = 0;
                        }
                    }
                    b'\t' if converts => {
                        column = next_stop(&stops, column).unwrap_or(column + 1);
                        out.push(b'\t');
                        blanks = 0;
                    }
                    _ => {
                        out.extend(std::iter::repeat_n(b' ', std::mem::take(&mut blanks)));
                        initial &= *byte == b'\t';
                        out.push(*byte);
                        column += 1;
                    }
                }
            }
            out.extend(std::iter::repeat_n(b' ', blanks));
        }
        process.output_bytes(&out)
    })
}

/// Lines in an order that only chance would have; here always the same.
pub(super) fn shuf(process: &mut Process<'_, '_>) -> Outcome {
    let long = [
        ("echo", 'e'),
        ("input-range", 'i'),
        ("head-count", 'n'),
        ("output", 'o'),
        ("zero-terminated", 'z'),
        ("repeat", 'r'),
        ("random-source", 's'),
    ];
    let options = match options::parse_as(process, ("ei:n:o:z", &[]), ("ei:n:o:zrs:", &long))? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    let mut items: Vec<String> = if let Some(range) = options.value('i') {
        let ends = range.split_once('-').and_then(|(from, to)| Some((from.parse().ok()?, to.parse().ok()?)));
        let Some((from, to)) = ends.filter(|(from, to): &(u64, u64)| from <= to && to - from < 1 << 20)
        else {
            process.complain(&format!("invalid input range: '{range}'"))?;
            return Ok(1);
        };
        process.step((to - from) / 8)?;
        (from..=to).map(|number| number.to_string()).collect()
    } else if options.has('e') {
        options.operands.clone()
    } else {
        let (bytes, code) =
            super::support::read_inputs(process, &options.operands[..options.operands.len().min(1)])?;
        if code != 0 {
            return Ok(code);
        }
        lines(&bytes)
    };
    let most = options.value('n').and_then(count_of).unwrap_or(usize::MAX);
    let end = if options.has('z') { '\0' } else { '\n' };
    if options.has('r') {
        return repeat(process, &options, &items, (most, end));
    }
    for last in (1..items.len()).rev() {
        let other = (process.machine.next_random() % (last as u64 + 1)) as usize;
        items.swap(last, other);
    }
    let text: String = items.iter().take(most).map(|item| format!("{item}{end}")).collect();
    print(process, &options, &text)
}

/// `shuf -r`: any of the lines again and again, without an end if there is no `most`.
fn repeat(
    process: &mut Process<'_, '_>,
    options: &options::Options,
    items: &[String],
    (most, end): (usize, char),
) -> Outcome {
    if items.is_empty() && most > 0 {
        process.complain("no lines to repeat")?;
        return Ok(1);
    }
    let mut text = String::new();
    for _ in 0..most {
        process.step(1)?;
        text.push_str(&items[(process.machine.next_random() % items.len() as u64) as usize]);
        text.push(end);
        process.machine.check_size(text.len())?;
        if text.len() > 1 << 14 && options.value('o').is_none() {
            process.output(&std::mem::take(&mut text))?;
        }
    }
    print(process, options, &text)
}

/// Prints, or writes into the file of `-o`.
fn print(process: &mut Process<'_, '_>, options: &options::Options, text: &str) -> Outcome {
    match options.value('o') {
        Some(path) => {
            if let Err(error) = process.write(path, to_bytes(text)) {
                super::support::cannot_open(process, path, &error)?;
                return Ok(1);
            }
        }
        None => process.output(text)?,
    }
    Ok(0)
}
