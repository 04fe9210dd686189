//! `wc`: how much there is.

use super::options;
use super::support::{each_input, print_line};
use crate::shell::{Interrupt, Outcome, Process};

/// One line of the answer.
struct Row {
    counts: Vec<u64>,
    name: String,
}

/// Counts lines, words and bytes.
pub(super) fn main(process: &mut Process<'_, '_>) -> Outcome {
    let long = [
        ("lines", 'l'),
        ("words", 'w'),
        ("bytes", 'c'),
        ("chars", 'm'),
        ("max-line-length", 'L'),
        ("files0-from", 'F'),
    ];
    let options = options::take_as(process, ("lwcmL", &[]), ("lwcmLF:", &long))?;
    let mut operands = options.operands.clone();
    if let Some(list) = options.value('F') {
        let text = process.read_text(list).unwrap_or_default();
        operands = text.split('\0').filter(|name| !name.is_empty()).map(str::to_owned).collect();
        if operands.is_empty() {
            return Ok(0);
        }
    }
    let asked: Vec<char> = "lwmcL".chars().filter(|letter| options.has(*letter)).collect();
    let asked = if asked.is_empty() { vec!['l', 'w', 'c'] } else { asked };
    // Without one, as in most containers, a character is a byte.
    let locale =
        ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(|name| process.env(name).map(str::to_owned));
    let has_locale = locale.is_some_and(|text| text.to_uppercase().contains("UTF"));
    let several = operands.len() > 1;
    let width = width(process, &operands, asked.len() == 1 && !several);
    let mut total = vec![0; asked.len()];
    let named = !operands.is_empty();
    let count = |process: &mut Process<'_, '_>, bytes: &[u8], opaque: Option<u64>, name: &str| {
        let counts = asked.iter().map(|letter| counted(*letter, bytes, opaque, has_locale)).collect();
        let row = Row { counts, name: name.to_owned() };
        for ((total, count), letter) in total.iter_mut().zip(&row.counts).zip(&asked) {
            *total = if *letter == 'L' { (*total).max(*count) } else { *total + count };
        }
        print(process, &row, width, named)
    };
    let count = std::cell::RefCell::new(count);
    let mut code = 0;
    let standard = ["-".to_owned()];
    for path in if named { &operands[..] } else { &standard } {
        let opaque = if path == "-" { None } else { process.stat(path).ok().map(|node| node.size()) };
        code |= each_input(process, std::slice::from_ref(path), |process, input, name| {
            let bytes = process.read_all(input)?;
            count.borrow_mut()(process, &bytes, opaque, name)
        })?;
        if path != "-" && process.is_directory(path) {
            count.borrow_mut()(process, &[], None, path)?;
        }
    }
    if several {
        print(process, &Row { counts: total, name: "total".into() }, width, true)?;
    }
    Ok(code)
}

/// How wide the columns are: BusyBox has a fixed width, GNU what the sizes of all files could need.
fn width(process: &mut Process<'_, '_>, operands: &[String], alone: bool) -> usize {
    if alone {
        return 0;
    }
    if process.is_busybox() {
        return 9;
    }
    let standard = ["-".to_owned()];
    let (mut total, mut regular) = (0_u64, true);
    for path in if operands.is_empty() { &standard } else { operands } {
        let node = if path == "-" { process.input_node() } else { process.stat(path).ok() };
        match node {
            Some(node) if node.as_file().is_some() => total += node.size(),
            None if path != "-" => {}
            _ => regular = false,
        }
    }
    let width = total.to_string().len();
    if regular { width } else { width.max(7) }
}

fn counted(letter: char, bytes: &[u8], opaque: Option<u64>, has_locale: bool) -> u64 {
    match letter {
        'l' => bytes.iter().filter(|byte| **byte == b'\n').count() as u64,
        'w' => {
            let words = bytes.split(|byte| byte.is_ascii_whitespace() || *byte == 11);
            // What cannot be printed alone is no word.
            words.filter(|word| word.iter().any(|byte| *byte > 32 && *byte != 127)).count() as u64
        }
        'm' if has_locale => String::from_utf8_lossy(bytes).chars().count() as u64,
        'L' => longest(bytes),
        _ => opaque.filter(|_| bytes.is_empty()).unwrap_or(bytes.len() as u64),
    }
}

/// The columns of the longest line.
fn longest(bytes: &[u8]) -> u64 {
    let (mut most, mut column) = (0_u64, 0);
    for byte in bytes {
        column = match byte {
            b'\n' | b'\r' | 12 => 0,
            b'\t' => (column / 8 + 1) * 8,
            32..=126 => column + 1,
            _ => column,
        };
        most = most.max(column);
    }
    most
}

fn print(process: &mut Process<'_, '_>, row: &Row, width: usize, named: bool) -> Result<(), Interrupt> {
    let mut line: Vec<String> = row.counts.iter().map(|count| format!("{count:width$}")).collect();
    if named {
        line.push(row.name.clone());
    }
    print_line(process, &line.join(" "))
}

#[cfg(test)]
mod tests {
    use crate::shell::testing::{sh, shown};

    #[test]
    fn missing_files() {
        assert_eq!(
            sh("wc -l /nope /d/a.txt 2>&1"),
            "wc: /nope: No such file or directory\n        1 /d/a.txt\n        1 total\n= 1\n"
        );
        assert_eq!(
            shown("dash", "wc -l /nope /d/a.txt 2>&1"),
            "wc: /nope: No such file or directory\n1 /d/a.txt\n1 total\n= 1\n"
        );
    }

    #[test]
    fn counts() {
        assert_eq!(
            sh("wc /d/a.txt; wc -l /d/a.txt /d/b.txt; wc -l < /d/a.txt; printf 'a\\tb' | wc -L"),
            "        1         1         6 /d/a.txt\n        1 /d/a.txt\n        1 /d/b.txt\n        2 total\n1\n9\n"
        );
        assert_eq!(
            shown("dash", "wc /d/a.txt; printf 'a b' | wc"),
            "1 1 6 /d/a.txt\n      0       2       3\n"
        );
        assert_eq!(
            shown("dash", "wc - < /d/a.txt; wc -L /d/a.txt /d"),
            "1 1 6 -\n      5 /d/a.txt\n      0 /d\n      5 total\n! wc: /d: Is a directory\n= 1\n"
        );
    }
}
