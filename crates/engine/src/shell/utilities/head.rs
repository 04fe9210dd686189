//! `head`, `tail`, `wc`, `tee`, `yes`: parts and counts of streams.

use super::options;
use super::support::{each_input, in_memory, parse_size};
use crate::shell::bytes::to_bytes;
use crate::shell::{Outcome, Process};

/// `-5` is `-n 5`.
fn with_numbers(process: &mut Process<'_, '_>) {
    let mut is_value = false;
    for word in process.arguments.iter_mut().skip(1) {
        if std::mem::replace(&mut is_value, word == "-n" || word == "-c") {
            continue;
        }
        let digits = word.strip_prefix('-').unwrap_or("");
        if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
            *word = format!("-n{digits}");
        }
    }
}

fn invalid_number(busybox: bool, bytes: bool, text: &str) -> String {
    let what = match (busybox, bytes) {
        (true, _) => "number",
        (false, true) => "number of bytes",
        (false, false) => "number of lines",
    };
    let colon = if busybox { "" } else { ":" };
    format!("invalid {what}{colon} '{text}'")
}

fn header(
    process: &mut Process<'_, '_>,
    first: &mut bool,
    name: &str,
) -> Result<(), crate::shell::Interrupt> {
    let name = if name == "-" { "standard input" } else { name };
    let blank = if std::mem::take(first) { "" } else { "\n" };
    process.output(&format!("{blank}==> {name} <==\n"))
}

/// Prints the beginning of files.
pub(super) fn head(process: &mut Process<'_, '_>) -> Outcome {
    with_numbers(process);
    let options = match options::parse(process, "n:c:qv", &[("lines", 'n'), ("bytes", 'c'), ("quiet", 'q')])?
    {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    let bytes = options.last_of("nc") == Some('c');
    let text = options.value(if bytes { 'c' } else { 'n' }).unwrap_or("10").to_owned();
    let from_end = text.starts_with('-');
    let size = parse_size(text.trim_start_matches(['-', '+']));
    let Some(count) = size.filter(|_| !(text.starts_with('+') && process.is_busybox())) else {
        process.complain(&invalid_number(process.is_busybox(), bytes, &text))?;
        return Ok(1);
    };
    let count = in_memory(count);
    let headers = options.has('v') || options.operands.len() > 1 && !options.has('q');
    let mut first = true;
    each_input(process, &options.operands, |process, input, name| {
        if headers {
            // BusyBox leaves a blank line before every header but that of the first operand.
            first &= !process.is_busybox() || options.operands.first().is_none_or(|word| word == name);
            header(process, &mut first, name)?;
        }
        if from_end {
            let all = process.read_all(input)?;
            let end = if bytes { all.len().saturating_sub(count) } else { line_start_from_end(&all, count) };
            return process.output_bytes(&all[..end]);
        }
        if bytes {
            let mut left = count;
            while left > 0 {
                let block = process.read_some(input, left)?;
                if block.is_empty() {
                    break;
                }
                left -= block.len();
                process.output_bytes(&block)?;
            }
            return Ok(());
        }
        for _ in 0..count {
            let Some(line) = process.read_line(input)? else { break };
            process.output_bytes(&line)?;
        }
        Ok(())
    })
}

/// Where the last `count` lines begin.
fn line_start_from_end(bytes: &[u8], count: usize) -> usize {
    if count == 0 {
        return bytes.len();
    }
    let body = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    let mut ends = body.iter().enumerate().rev().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1);
    ends.nth(count - 1).unwrap_or(0)
}

/// Prints the end of files.
pub(super) fn tail(process: &mut Process<'_, '_>) -> Outcome {
    with_numbers(process);
    let options =
        match options::parse(process, "n:c:qvfFs:", &[("lines", 'n'), ("bytes", 'c'), ("quiet", 'q')])? {
            Ok(options) => options,
            Err(code) => return Ok(code),
        };
    let mut operands = options.operands.clone();
    let bytes = options.last_of("nc") == Some('c');
    let mut text = options.value(if bytes { 'c' } else { 'n' }).unwrap_or("10").to_owned();
    if operands
        .first()
        .is_some_and(|word| word.len() > 1 && word.starts_with('+') && word[1..].parse::<u64>().is_ok())
    {
        text = operands.remove(0);
    }
    let from_start = text.starts_with('+');
    let Some(count) = parse_size(text.trim_start_matches(['-', '+'])) else {
        process.complain(&invalid_number(process.is_busybox(), bytes, &text))?;
        return Ok(1);
    };
    let count = in_memory(count);
    // BusyBox counts only the files that can be opened.
    let busybox = process.is_busybox();
    let files = operands.iter().filter(|path| !busybox || *path == "-" || process.exists(path)).count();
    let headers = options.has('v') || files > 1 && !options.has('q');
    let mut first = true;
    let mut opened = false;
    let code = each_input(process, &operands, |process, input, name| {
        opened = true;
        if headers {
            header(process, &mut first, name)?;
        }
        let all = process.read_all(input)?;
        let start = match (from_start, bytes) {
            (true, true) => count.saturating_sub(1).min(all.len()),
            (true, false) => {
                let mut ends =
                    all.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1);
                if count < 2 { 0 } else { ends.nth(count - 2).unwrap_or(all.len()) }
            }
            (false, true) => all.len().saturating_sub(count),
            (false, false) => line_start_from_end(&all, count),
        };
        process.output_bytes(&all[start..])
    })?;
    if !opened && code != 0 && process.is_busybox() {
        process.complain("no files")?;
    }
    Ok(code)
}

/// Counts lines, words and bytes.
pub(super) fn wc(process: &mut Process<'_, '_>) -> Outcome {
    let long = [("lines", 'l'), ("words", 'w'), ("bytes", 'c'), ("chars", 'm'), ("max-line-length", 'L')];
    let options = match options::parse(process, "lwcmL", &long)? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    let asked: Vec<char> = "lwmcL".chars().filter(|letter| options.has(*letter)).collect();
    let asked = if asked.is_empty() { vec!['l', 'w', 'c'] } else { asked };
    let mut rows: Vec<(Vec<u64>, String)> = Vec::new();
    // Without one, as in most containers, a character is a byte.
    let locale =
        ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(|name| process.env(name).map(str::to_owned));
    let has_locale = locale.is_some_and(|text| text.to_uppercase().contains("UTF"));
    let mut total_size = 0;
    let code = each_input(process, &options.operands, |process, input, name| {
        let opaque = if name == "-" { None } else { process.stat(name).ok().map(|node| node.size()) };
        let bytes = process.read_all(input)?;
        total_size += opaque.unwrap_or(bytes.len() as u64);
        let counts = asked.iter().map(|letter| match letter {
            'l' => bytes.iter().filter(|byte| **byte == b'\n').count() as u64,
            'w' => bytes.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).count() as u64,
            'm' if !has_locale => bytes.len() as u64,
            'm' => String::from_utf8_lossy(&bytes).chars().count() as u64,
            'L' => bytes.split(|byte| *byte == b'\n').map(<[u8]>::len).max().unwrap_or(0) as u64,
            _ => opaque.filter(|_| bytes.is_empty()).unwrap_or(bytes.len() as u64),
        });
        rows.push((counts.collect(), name.to_owned()));
        Ok(())
    })?;
    let several = options.operands.len() > 1;
    if several {
        let totals = (0..asked.len()).map(|at| rows.iter().map(|(counts, _)| counts[at]).sum()).collect();
        rows.push((totals, "total".into()));
    }
    let alone = asked.len() == 1 && !several;
    // GNU takes as many columns as the sizes of all files could need.
    let widest = total_size.to_string().len();
    let width = match (process.is_busybox(), alone) {
        (_, true) => 0,
        (true, _) => 9,
        (false, _) if options.operands.is_empty() => 7,
        (false, _) => widest,
    };
    for (counts, name) in rows {
        let mut line: Vec<String> = counts.iter().map(|count| format!("{count:width$}")).collect();
        if name != "-" && !options.operands.is_empty() {
            line.push(name);
        }
        super::support::print_line(process, &line.join(" "))?;
    }
    Ok(code)
}

/// Copies standard input to files and to standard output.
pub(super) fn tee(process: &mut Process<'_, '_>) -> Outcome {
    let options = match options::parse(process, "ai", &[("append", 'a')])? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    let mut code = 0;
    let mut handles = Vec::new();
    for path in &options.operands {
        let append = options.has('a');
        let how = crate::shell::process::OpenOptions { read: false, write: true, append, truncate: !append };
        match process.open_file(path, how) {
            Ok(handle) => handles.push(handle),
            Err(error) => {
                process.complain(&format!("{path}: {}", error.kind.message()))?;
                code = 1;
            }
        }
    }
    let bytes = process.read_input()?;
    for handle in handles {
        process.write_handle(&handle, &bytes)?;
    }
    process.output_bytes(&bytes)?;
    Ok(code)
}

/// Prints a line again and again.
pub(super) fn yes(process: &mut Process<'_, '_>) -> Outcome {
    let words = process.args().join(" ");
    let line = to_bytes(&format!("{}\n", if process.args().is_empty() { "y" } else { &words }));
    let block = line.repeat((4096 / line.len()).max(1));
    loop {
        process.step(1)?;
        process.output_bytes(&block)?;
    }
}

#[cfg(test)]
mod tests {
    use crate::shell::testing::{sh, shown};

    #[test]
    fn parts() {
        assert_eq!(
            sh(
                "seq 20 | head -n 2; seq 20 | tail -n 2; seq 5 | tail -n +4; seq 5 | head -n -3; seq 3 | head -1"
            ),
            "1\n2\n19\n20\n4\n5\n1\n2\n1\n"
        );
        assert_eq!(
            sh("printf abcdef | head -c 2; printf abcdef | tail -c 2; printf abcdef | tail -c +5"),
            "abefef"
        );
        assert_eq!(sh("head -n 1 /d/a.txt /d/b.txt"), "==> /d/a.txt <==\nalpha\n\n==> /d/b.txt <==\nbravo\n");
        assert_eq!(sh("head -c 4 /dev/zero | wc -c"), "4\n");
    }

    #[test]
    fn missing_files() {
        assert_eq!(
            sh("head -n 1 /nope /d/a.txt 2>&1"),
            "head: /nope: No such file or directory\n\n==> /d/a.txt <==\nalpha\n= 1\n"
        );
        assert_eq!(
            sh("tail -n 1 /nope 2>&1"),
            "tail: can't open '/nope': No such file or directory\ntail: no files\n= 1\n"
        );
        assert_eq!(
            sh("wc -l /nope /d/a.txt 2>&1"),
            "wc: /nope: No such file or directory\n        1 /d/a.txt\n        1 total\n= 1\n"
        );
        assert_eq!(sh("sort /nope 2>&1; echo $?"), "sort: /nope: No such file or directory\n2\n");
        assert_eq!(
            shown("dash", "wc -l /nope /d/a.txt 2>&1"),
            "wc: /nope: No such file or directory\n1 /d/a.txt\n1 total\n= 1\n"
        );
    }

    #[test]
    fn counts() {
        assert_eq!(
            sh("wc /d/a.txt; wc -l /d/a.txt /d/b.txt; wc -l < /d/a.txt"),
            "        1         1         6 /d/a.txt\n        1 /d/a.txt\n        1 /d/b.txt\n        2 total\n1\n"
        );
        assert_eq!(
            shown("dash", "wc /d/a.txt; printf 'a b' | wc"),
            "1 1 6 /d/a.txt\n      0       2       3\n"
        );
        assert_eq!(sh("echo x | tee /f /g; cat /f /g"), "x\nx\nx\n");
    }
}
