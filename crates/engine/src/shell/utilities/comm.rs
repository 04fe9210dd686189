//! `comm`: what two sorted files have in common.

use super::options;
use super::two_files::{OrderCheck, two_files};
use crate::shell::bytes::push_bytes;
use crate::shell::{Outcome, Process};

/// Lines that only the first has, that only the second has, and that both have, in three columns.
pub(super) fn comm(process: &mut Process<'_, '_>) -> Outcome {
    let long = [
        ("output-delimiter", 'O'),
        ("total", 'T'),
        ("zero-terminated", 'z'),
        ("nocheck-order", 'N'),
        ("check-order", 'C'),
    ];
    let options = options::take_as(process, ("123", &[]), ("123O:TzNC", &long))?;
    let end = if options.has('z') { 0 } else { b'\n' };
    let (first, second) = two_files(process, &options.operands, end)?;
    let delimiter = match options.value('O') {
        Some("") => "\0",
        given => given.unwrap_or("\t"),
    };
    let hidden = |column: usize| options.has(char::from(b'0' + column as u8));
    let prefix = |column: usize| delimiter.repeat((1..column).filter(|before| !hidden(*before)).count());
    let mut counts = [0_usize; 3];
    let mut out = Vec::new();
    let mut check = OrderCheck::new(options.has('C'), options.has('N') || process.is_busybox());
    let (mut a, mut b) = (0, 0);
    let mut unpaired = false;
    while a < first.len() || b < second.len() {
        let (column, line) = match (first.get(a), second.get(b)) {
            (Some(left), Some(right)) if left == right => (3, left),
            (Some(left), right) if right.is_none_or(|right| left < right) => (1, left),
            (_, right) => (2, right.unwrap_or(&first[0])),
        };
        unpaired |= column != 3;
        counts[column - 1] += 1;
        if !hidden(column) {
            push_bytes(&(prefix(column) + line), &mut out);
            out.push(end);
        }
        for (side, lines, at) in [(0, &first, &mut a), (1, &second, &mut b)] {
            if column != 3 && column != side + 1 {
                continue;
            }
            *at += 1;
            let disorder = *at < lines.len() && lines[*at] < lines[*at - 1];
            if disorder && (unpaired || check.strict) {
                process.output_bytes(&std::mem::take(&mut out))?;
                check.disorder(process, side, &format!("file {} is not in sorted order", side + 1))?;
            }
        }
    }
    if options.has('T') {
        let [one, two, both] = counts;
        push_bytes(&format!("{one}{delimiter}{two}{delimiter}{both}{delimiter}total"), &mut out);
        out.push(end);
    }
    process.output_bytes(&out)?;
    check.end(process)
}

#[cfg(test)]
mod tests {
    use crate::shell::testing::shown;

    #[test]
    fn columns() {
        let made = "printf 'a\\nb\\n' > /x; printf 'b\\nc\\n' > /y; ";
        assert_eq!(shown("dash", &format!("{made}comm /x /y; comm -12 /x /y")), "a\n\t\tb\n\tc\nb\n");
        assert_eq!(
            shown("dash", "printf 'b\\na\\n' > /x; comm /x /dev/null"),
            "b\na\n! comm: file 1 is not in sorted order\n! comm: input is not in sorted order\n= 1\n"
        );
    }
}
