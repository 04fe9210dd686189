//! `column`: lists in columns, and tables.

use super::options::{self, Options};
use super::support::{count_of, lines, read_inputs};
use crate::shell::bytes::to_bytes;
use crate::shell::{Interrupt, Outcome, Process};

const LONG: &[(&str, char)] = &[
    ("table", 't'),
    ("separator", 's'),
    ("output-separator", 'o'),
    ("output-width", 'c'),
    ("columns", 'c'),
    ("fillrows", 'x'),
    ("table-columns", 'N'),
    ("table-right", 'R'),
    ("table-columns-limit", 'l'),
    ("table-noheadings", 'd'),
    ("table-hide", 'H'),
    ("table-order", 'O'),
    ("keep-empty-lines", 'L'),
    ("json", 'J'),
    ("table-name", 'n'),
];

/// Sets lines in columns; with `-t` their words.
pub(super) fn main(process: &mut Process<'_, '_>) -> Outcome {
    let options = match options::parse(process, "ts:o:c:xN:R:l:dH:O:LJn:", LONG)? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    let (bytes, code) = read_inputs(process, &options.operands)?;
    let mut lines = lines(&bytes);
    if !options.has('L') {
        lines.retain(|line| !line.trim().is_empty());
    }
    process.step(bytes.len() as u64 / 64)?;
    let text = match () {
        () if options.has('J') => json(&options, &lines),
        () if options.has('t') => table(process, &options, &lines)?,
        () => list(&options, &lines),
    };
    process.output_bytes(&to_bytes(&text))?;
    Ok(code)
}

fn width(text: &str) -> usize {
    text.chars().count()
}

/// The words of the lines, with the headings first.
fn cells(options: &Options, lines: &[String]) -> Vec<Vec<String>> {
    let most = options.value('l').and_then(count_of).unwrap_or(usize::MAX).max(1);
    let split = |line: &String| -> Vec<String> {
        let mut cells: Vec<String> = match options.value('s') {
            Some(separators) => line.split(|c| separators.contains(c)).map(str::to_owned).collect(),
            None => line.split_whitespace().map(str::to_owned).collect(),
        };
        if cells.len() > most {
            let separator = options.value('s').and_then(|text| text.chars().next()).unwrap_or(' ');
            let rest = cells.split_off(most - 1).join(&separator.to_string());
            cells.push(rest);
        }
        cells
    };
    lines.iter().map(split).collect()
}

fn names(options: &Options) -> Vec<String> {
    options.value('N').map_or_else(Vec::new, |names| names.split(',').map(str::to_owned).collect())
}

/// The places of columns that are named by their number or heading.
fn places(options: &Options, letter: char, count: usize) -> Vec<usize> {
    let names = names(options);
    let one = |word: &str| match word.parse::<usize>() {
        Ok(number) => number.checked_sub(1),
        Err(_) if word == "-" => count.checked_sub(1),
        Err(_) => names.iter().position(|name| name == word),
    };
    options.value(letter).map_or_else(Vec::new, |words| words.split(',').filter_map(one).collect())
}

fn table(process: &mut Process<'_, '_>, options: &Options, lines: &[String]) -> Result<String, Interrupt> {
    let mut rows = cells(options, lines);
    let names = names(options);
    if !names.is_empty() && !options.has('d') {
        rows.insert(0, names);
    }
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let (right, hidden) = (places(options, 'R', count), places(options, 'H', count));
    let mut order = places(options, 'O', count);
    order.extend((0..count).filter(|at| !order.contains(at)).collect::<Vec<_>>());
    order.retain(|at| !hidden.contains(at) && *at < count);
    let widths: Vec<usize> = (0..count)
        .map(|at| rows.iter().filter_map(|row| row.get(at)).map(|cell| width(cell)).max().unwrap_or(0))
        .collect();
    let separator = options.value('o').unwrap_or("  ");
    let mut text = String::new();
    // All rows are equally wide: a wide one among many is much more than was read.
    let padded = |(turn, at): (usize, &usize)| {
        let is_padded = turn + 1 < order.len() || right.contains(at);
        if is_padded { widths[*at] + separator.len() } else { 0 }
    };
    let each: usize = order.iter().enumerate().map(padded).sum();
    process.machine.check_size(each.saturating_mul(rows.len()))?;
    for row in &rows {
        process.step(1 + each as u64 / 64)?;
        for (turn, at) in order.iter().enumerate() {
            let cell = row.get(*at).map_or("", String::as_str);
            let fill = " ".repeat(widths[*at] - width(cell));
            let is_last = turn + 1 == order.len();
            match (right.contains(at), is_last) {
                (true, _) => text.push_str(&format!("{fill}{cell}")),
                (false, true) => text.push_str(cell),
                (false, false) => text.push_str(&format!("{cell}{fill}")),
            }
            if !is_last {
                text.push_str(separator);
            }
        }
        text.push('\n');
    }
    Ok(text)
}

fn json(options: &Options, lines: &[String]) -> String {
    let quoted = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    let names = names(options);
    let rows: Vec<String> = cells(options, lines)
        .iter()
        .map(|row| {
            let fields: Vec<String> = names
                .iter()
                .enumerate()
                .map(|(at, name)| {
                    let cell = row.get(at).map_or("null".to_owned(), |cell| quoted(cell));
                    format!("         {}: {cell}", quoted(&name.to_lowercase()))
                })
                .collect();
            format!("{{\n{}\n      }}", fields.join(",\n"))
        })
        .collect();
    let name = options.value('n').unwrap_or("table");
    format!("{{\n   {}: [\n      {}\n   ]\n}}\n", quoted(name), rows.join(","))
}

/// Lines in as many columns as fit, each as wide as the next tabulator after the longest.
fn list(options: &Options, lines: &[String]) -> String {
    const TAB: usize = 8;
    let room = options.value('c').and_then(count_of).unwrap_or(80);
    let each = (lines.iter().map(|line| width(line)).max().unwrap_or(0) + TAB) & !(TAB - 1);
    if each >= room {
        return lines.iter().map(|line| format!("{line}\n")).collect();
    }
    let columns = room / each;
    let rows = lines.len().div_ceil(columns);
    let mut text = String::new();
    for row in 0..rows {
        let at = |column: usize| {
            if options.has('x') { row * columns + column } else { column * rows + row }
        };
        let here: Vec<&String> = (0..columns)
            .filter(|column| options.has('x') || *column * rows < lines.len())
            .filter_map(|column| lines.get(at(column)))
            .collect();
        for (column, line) in here.iter().enumerate() {
            text.push_str(line);
            if column + 1 < here.len() {
                text.push_str(&"\t".repeat((each - width(line)).div_ceil(TAB)));
            }
        }
        text.push('\n');
    }
    text
}
