//! `tail`: the end of files.

use super::head::{Part, header, line_start_from_end, part, with_numbers};
use super::options;
use super::support::{each_input, fail};
use crate::shell::{Interrupt, Outcome, Process};

/// Prints the end of files. Nothing is added to a file while it is read, so that following it is over at once.
pub(super) fn main(process: &mut Process<'_, '_>) -> Outcome {
    with_numbers(process);
    let long = [
        ("lines", 'n'),
        ("bytes", 'c'),
        ("quiet", 'q'),
        ("silent", 'q'),
        ("verbose", 'v'),
        ("zero-terminated", 'z'),
        ("follow", 'f'),
        ("retry", 'F'),
        ("sleep-interval", 's'),
    ];
    let options = options::take_as(process, ("n:c:qvfFs:", &[]), ("n:c:qvfFs:z", &long))?;
    let mut operands = options.operands.clone();
    let is_number =
        |word: &String| word.len() > 1 && word.starts_with('+') && word[1..].parse::<u64>().is_ok();
    let number = operands.first().is_some_and(is_number).then(|| operands.remove(0));
    let part = part(process, &options, number)?;
    // BusyBox counts only the files that can be opened.
    let busybox = process.is_busybox();
    let files = operands.iter().filter(|path| !busybox || *path == "-" || process.exists(path)).count();
    let headers = options.last_of("qv").map_or(files > 1, |last| last == 'v');
    let mut first = true;
    let mut opened = files > 0;
    let code = each_input(process, &operands, |process, input, name| {
        opened = true;
        if headers {
            header(process, &mut first, name)?;
        }
        let all = process.read_all(input)?;
        process.output_bytes(&all[start(&part, &all)..])
    })?;
    if !opened && code != 0 && busybox { no_files(process, code) } else { Ok(code) }
}

fn no_files(process: &mut Process<'_, '_>, code: i32) -> Result<i32, Interrupt> {
    fail(process, code, "no files")
}

/// Where the part begins.
fn start(part: &Part, all: &[u8]) -> usize {
    let Part { bytes, count, end, .. } = *part;
    match (part.sign == Some('+'), bytes) {
        (true, true) => count.saturating_sub(1).min(all.len()),
        (true, false) if count < 2 => 0,
        (true, false) => {
            let mut ends = all.iter().enumerate().filter(|(_, byte)| **byte == end).map(|(at, _)| at + 1);
            ends.nth(count - 2).unwrap_or(all.len())
        }
        (false, true) => all.len().saturating_sub(count),
        (false, false) => line_start_from_end(all, count, end),
    }
}

#[cfg(test)]
mod tests {
    use crate::shell::testing::{sh, shown};

    #[test]
    fn parts() {
        assert_eq!(sh("seq 20 | tail -n 2; seq 5 | tail -n +4"), "19\n20\n4\n5\n");
        assert_eq!(sh("printf abcdef | tail -c 2; printf abcdef | tail -c +5"), "efef");
        assert_eq!(shown("dash", "printf 'a\\0b\\0' | tail -zn 1 | od -An -c"), "   b  \\0\n");
    }

    #[test]
    fn missing_files() {
        assert_eq!(
            sh("tail -n 1 /nope 2>&1"),
            "tail: can't open '/nope': No such file or directory\ntail: no files\n= 1\n"
        );
    }
}
