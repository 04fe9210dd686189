//! `tac`: the last line first.

use super::options;
use super::support::each_input;
use crate::shell::bytes::bytewise;
use crate::shell::regex::{Regex, Syntax};
use crate::shell::{Outcome, Process};

/// Prints the lines of files, the last one first.
pub(super) fn main(process: &mut Process<'_, '_>) -> Outcome {
    let long = [("before", 'b'), ("regex", 'r'), ("separator", 's')];
    let options = options::take_as(process, ("", &[]), ("brs:", &long))?;
    let separator = options.value('s').unwrap_or("\n").to_owned();
    let regex = match options.has('r').then(|| Regex::new(&separator, Syntax::Extended, false)) {
        Some(Ok(regex)) => Some(regex),
        Some(Err(reason)) => return super::support::fail(process, 1, reason),
        None => None,
    };
    each_input(process, &options.operands, |process, input, _| {
        let bytes = process.read_all(input)?;
        let ends = match &regex {
            Some(regex) => matches(regex, &bytes),
            None => occurrences(&separator, &bytes),
        };
        let mut pieces = Vec::new();
        let mut from = 0;
        for (start, end) in ends {
            let cut = if options.has('b') { start } else { end };
            pieces.push(&bytes[from..cut]);
            from = cut;
        }
        pieces.push(&bytes[from..]);
        pieces.reverse();
        process.output_bytes(&pieces.concat())
    })
}

/// Where a separator is; an empty one is a NUL.
fn occurrences(separator: &str, bytes: &[u8]) -> Vec<(usize, usize)> {
    let separator = if separator.is_empty() { b"\0" } else { separator.as_bytes() };
    let (mut at, mut found) = (0, Vec::new());
    while at + separator.len() <= bytes.len() {
        if bytes[at..].starts_with(separator) {
            found.push((at, at + separator.len()));
            at += separator.len();
        } else {
            at += 1;
        }
    }
    found
}

/// Where an expression matches: looked for from the end, as the program does it, each match as short as that makes it.
fn matches(regex: &Regex, bytes: &[u8]) -> Vec<(usize, usize)> {
    let text = bytewise(bytes);
    let places: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let mut found = Vec::new();
    let mut end = places.len() - 1;
    let mut start = end;
    while start > 0 {
        start -= 1;
        let part = &text[..places[end]];
        if let Some(found_here) = regex.find(part, places[start])
            && found_here.start() == places[start]
            && found_here.end() > found_here.start()
        {
            let stop = places.partition_point(|place| *place < found_here.end());
            found.push((start, stop));
            end = start;
        }
    }
    found.reverse();
    found
}

#[cfg(test)]
mod tests {
    use crate::shell::testing::{sh, shown};

    #[test]
    fn backwards() {
        assert_eq!(sh("printf 'a\\nb\\n' | tac; printf '1\\n2' | tac"), "b\na\n21\n");
        assert_eq!(
            shown(
                "dash",
                "printf a,b,c, | tac -s,; printf ,a,b | tac -b -s ,; printf a1b22c | tac -rs '[0-9]+'"
            ),
            "c,b,a,,b,ac2b2a1"
        );
    }
}
