//! Changes as people read them: the normal form, and hunks with context.

use super::script::Change;

/// A text and its lines, without their ends.
pub(super) struct Side<'t> {
    pub(super) label: String,
    pub(super) lines: Vec<&'t [u8]>,
    /// Whether the last line has its end.
    pub(super) complete: bool,
}

impl<'t> Side<'t> {
    pub(super) fn new(label: String, bytes: &'t [u8]) -> Self {
        let complete = bytes.is_empty() || bytes.ends_with(b"\n");
        let body = bytes.strip_suffix(b"\n").unwrap_or(bytes);
        let lines = if bytes.is_empty() { Vec::new() } else { body.split(|byte| *byte == b'\n').collect() };
        Self { label, lines, complete }
    }

    fn push(&self, out: &mut Vec<u8>, mark: &[u8], at: usize) {
        out.extend(mark);
        out.extend(self.lines[at]);
        out.push(b'\n');
        if at + 1 == self.lines.len() && !self.complete {
            out.extend(b"\\ No newline at end of file\n");
        }
    }
}

/// `3a4,5`, `1,2d0`, `7c7`
pub(super) fn normal(out: &mut Vec<u8>, a: &Side<'_>, b: &Side<'_>, changes: &[Change]) {
    let range = |(from, to): (usize, usize)| match to - from {
        0 => from.to_string(),
        1 => to.to_string(),
        _ => format!("{},{to}", from + 1),
    };
    for change in changes {
        let letter = match (change.from.0 == change.from.1, change.to.0 == change.to.1) {
            (true, _) => 'a',
            (_, true) => 'd',
            _ => 'c',
        };
        out.extend(format!("{}{letter}{}\n", range(change.from), range(change.to)).bytes());
        (change.from.0..change.from.1).for_each(|at| a.push(out, b"< ", at));
        if letter == 'c' {
            out.extend(b"---\n");
        }
        (change.to.0..change.to.1).for_each(|at| b.push(out, b"> ", at));
    }
}

/// Changes that are so near to one another that they share their context.
fn hunks(changes: &[Change], context: usize) -> Vec<&[Change]> {
    let mut hunks = Vec::new();
    let mut start = 0;
    for at in 1..=changes.len() {
        let apart = changes.get(at).is_none_or(|next| next.from.0 - changes[at - 1].from.1 > 2 * context);
        if apart {
            hunks.push(&changes[start..at]);
            start = at;
        }
    }
    hunks
}

/// The lines of a hunk with its context: of the first text, and of the second.
fn extent(a: &Side<'_>, b: &Side<'_>, hunk: &[Change], context: usize) -> ((usize, usize), (usize, usize)) {
    let (first, last) = (hunk[0], hunk[hunk.len() - 1]);
    let before = context.min(first.from.0).min(first.to.0);
    let after = context.min(a.lines.len() - last.from.1).min(b.lines.len() - last.to.1);
    ((first.from.0 - before, last.from.1 + after), (first.to.0 - before, last.to.1 + after))
}

/// `diff -u`
pub(super) fn unified(out: &mut Vec<u8>, a: &Side<'_>, b: &Side<'_>, changes: &[Change], context: usize) {
    out.extend(format!("--- {}\n+++ {}\n", a.label, b.label).bytes());
    let range = |(from, to): (usize, usize)| match to - from {
        0 => format!("{from},0"),
        1 => to.to_string(),
        count => format!("{},{count}", from + 1),
    };
    for hunk in hunks(changes, context) {
        let (from, to) = extent(a, b, hunk, context);
        out.extend(format!("@@ -{} +{} @@\n", range(from), range(to)).bytes());
        let mut at = from.0;
        for change in hunk {
            (at..change.from.0).for_each(|at| a.push(out, b" ", at));
            (change.from.0..change.from.1).for_each(|at| a.push(out, b"-", at));
            (change.to.0..change.to.1).for_each(|at| b.push(out, b"+", at));
            at = change.from.1;
        }
        (at..from.1).for_each(|at| a.push(out, b" ", at));
    }
}

/// `diff -c`
pub(super) fn context(out: &mut Vec<u8>, a: &Side<'_>, b: &Side<'_>, changes: &[Change], context: usize) {
    out.extend(format!("*** {}\n--- {}\n", a.label, b.label).bytes());
    let range = |(from, to): (usize, usize)| match to - from {
        0 | 1 => to.to_string(),
        _ => format!("{},{to}", from + 1),
    };
    for hunk in hunks(changes, context) {
        let (from, to) = extent(a, b, hunk, context);
        out.extend(format!("***************\n*** {} ****\n", range(from)).bytes());
        let side = |out: &mut Vec<u8>, side: &Side<'_>, extent: (usize, usize), first: bool, mark: &[u8]| {
            let of = |change: &Change| if first { change.from } else { change.to };
            // A side on which nothing changes is left out.
            if hunk.iter().all(|change| of(change).0 == of(change).1) {
                return;
            }
            let mut at = extent.0;
            for change in hunk {
                let (start, end) = of(change);
                let both = change.from.0 < change.from.1 && change.to.0 < change.to.1;
                (at..start).for_each(|at| side.push(out, b"  ", at));
                (start..end).for_each(|at| side.push(out, if both { b"! " } else { mark }, at));
                at = end;
            }
            (at..extent.1).for_each(|at| side.push(out, b"  ", at));
        };
        side(out, a, from, true, b"- ");
        out.extend(format!("--- {} ----\n", range(to)).bytes());
        side(out, b, to, false, b"+ ");
    }
}
