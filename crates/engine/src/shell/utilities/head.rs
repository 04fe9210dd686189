//! `head`: the beginning of files.

use super::options;
use super::support::{BKM, busybox_number, each_input, fail, gnu_number, in_memory};
use crate::shell::{Input, Interrupt, Outcome, Process};

/// What is counted, how often, and from where.
pub(super) struct Part {
    /// Bytes, and not lines.
    pub bytes: bool,
    pub count: usize,
    /// The sign that was written before the number.
    pub sign: Option<char>,
    /// What ends a line.
    pub end: u8,
}

/// `-5` is `-n 5`.
pub(super) fn with_numbers(process: &mut Process<'_, '_>) {
    // GNU's once had letters behind the number, too; BusyBox complains of them later.
    let busybox = process.is_busybox();
    let mut is_value = false;
    for word in process.arguments.iter_mut().skip(1) {
        if std::mem::replace(&mut is_value, word == "-n" || word == "-c") {
            continue;
        }
        let digits = word.strip_prefix('-').unwrap_or("");
        if digits.starts_with(|c: char| c.is_ascii_digit())
            && (busybox || digits.chars().all(|c| c.is_ascii_digit() || "bkmcl".contains(c)))
        {
            let bytes = !busybox && digits.contains('c');
            let number: String = digits.chars().filter(|c| busybox || !"cl".contains(*c)).collect();
            *word = format!("-{}{number}", if bytes { 'c' } else { 'n' });
        }
    }
}

/// The part that the options ask for.
pub(super) fn part(
    process: &mut Process<'_, '_>,
    options: &options::Options,
    operand: Option<String>,
) -> Result<Part, Interrupt> {
    let bytes = options.last_of("nc") == Some('c');
    let given = options.value(if bytes { 'c' } else { 'n' }).unwrap_or("10").to_owned();
    let text = operand.unwrap_or(given);
    let sign = text.chars().next().filter(|c| matches!(c, '+' | '-'));
    let digits = text.strip_prefix(['+', '-']).unwrap_or(&text);
    let count = if process.is_busybox() {
        // `head` knows no `+`.
        let digits = if process.name() == "head" && sign == Some('+') { &text } else { digits };
        busybox_number(process, digits, BKM, (0, u64::MAX))?
    } else {
        let what = if bytes { "bytes" } else { "lines" };
        match gnu_number(digits).filter(|_| digits.starts_with(|c: char| c.is_ascii_digit())) {
            Some(count) => count,
            None => return fail(process, 1, &format!("invalid number of {what}: '{text}'")),
        }
    };
    let end = if options.has('z') { 0 } else { b'\n' };
    Ok(Part { bytes, count: in_memory(count), sign, end })
}

/// Prints the name of a file above its lines.
pub(super) fn header(process: &mut Process<'_, '_>, first: &mut bool, name: &str) -> Result<(), Interrupt> {
    let busybox_stdin = process.is_busybox() && process.name() == "tail";
    let name = if name == "-" && !busybox_stdin { "standard input" } else { name };
    let blank = if std::mem::take(first) { "" } else { "\n" };
    process.output(&format!("{blank}==> {name} <==\n"))
}

/// Where the last lines begin.
pub(super) fn line_start_from_end(bytes: &[u8], count: usize, end: u8) -> usize {
    if count == 0 {
        return bytes.len();
    }
    let body = bytes.strip_suffix(&[end]).unwrap_or(bytes);
    let mut ends = body.iter().enumerate().rev().filter(|(_, byte)| **byte == end).map(|(at, _)| at + 1);
    ends.nth(count - 1).unwrap_or(0)
}

/// Prints the beginning of files.
pub(super) fn main(process: &mut Process<'_, '_>) -> Outcome {
    with_numbers(process);
    let long = [
        ("lines", 'n'),
        ("bytes", 'c'),
        ("quiet", 'q'),
        ("silent", 'q'),
        ("verbose", 'v'),
        ("zero-terminated", 'z'),
    ];
    let options = options::take_as(process, ("n:c:qv", &[]), ("n:c:qvz", &long))?;
    let part = part(process, &options, None)?;
    let headers = options.last_of("qv").map_or(options.operands.len() > 1, |last| last == 'v');
    let mut first = true;
    each_input(process, &options.operands, |process, input, name| {
        if headers {
            // BusyBox leaves a blank line before every header but that of the first operand.
            first &= !process.is_busybox() || options.operands.first().is_none_or(|word| word == name);
            header(process, &mut first, name)?;
        }
        print(process, input, &part)
    })
}

fn print(process: &mut Process<'_, '_>, input: &Input, part: &Part) -> Result<(), Interrupt> {
    let Part { bytes, count, end, .. } = *part;
    if part.sign == Some('-') {
        let all = process.read_all(input)?;
        let stop =
            if bytes { all.len().saturating_sub(count) } else { line_start_from_end(&all, count, end) };
        return process.output_bytes(&all[..stop]);
    }
    let mut left = count;
    while left > 0 {
        if bytes {
            let block = process.read_some(input, left)?;
            if block.is_empty() {
                break;
            }
            left -= block.len();
            process.output_bytes(&block)?;
        } else {
            let Some(line) = process.read_until(input, end)? else { break };
            left -= 1;
            process.output_bytes(&line)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::shell::testing::{sh, shown};

    #[test]
    fn parts() {
        assert_eq!(sh("seq 20 | head -n 2; seq 5 | head -n -3; seq 3 | head -1"), "1\n2\n1\n2\n1\n");
        assert_eq!(sh("printf abcdef | head -c 2; printf abcdef | head -c3"), "ababc");
        assert_eq!(sh("head -n 1 /d/a.txt /d/b.txt"), "==> /d/a.txt <==\nalpha\n\n==> /d/b.txt <==\nbravo\n");
        assert_eq!(sh("head -c 4 /dev/zero | wc -c"), "4\n");
    }

    #[test]
    fn wrong() {
        assert_eq!(
            sh("head -n 1 /nope /d/a.txt 2>&1"),
            "head: /nope: No such file or directory\n\n==> /d/a.txt <==\nalpha\n= 1\n"
        );
        assert_eq!(sh("seq 3 | head -n 1K"), "! head: invalid number '1K'\n= 1\n");
        assert_eq!(shown("dash", "seq 3000 | head -n 1K | wc -l"), "1024\n");
    }
}
