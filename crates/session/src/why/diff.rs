//! The difference of two texts by lines, with the part of each line that really differs.
//!
//! Lines are matched by Myers' algorithm between the common start and end. Texts that differ in too much to be worth
//! the search are shown as one block that went and one that came.

use crate::protocol::{DiffKind, DiffLine};

/// Lines around a change that are shown.
const CONTEXT: usize = 2;
/// The most inserted and removed lines that the search looks for.
const MOST_CHANGES: usize = 400;
/// The most lines of a diff that are shown.
const MOST_LINES: usize = 200;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Same,
    Removed,
    Added,
}

/// The lines around the changes, gaps marked; empty for equal texts.
pub(crate) fn lines(before: &str, after: &str) -> Vec<DiffLine> {
    let old: Vec<&str> = before.split_inclusive('\n').collect();
    let new: Vec<&str> = after.split_inclusive('\n').collect();
    let steps = script(&old, &new);
    if steps.iter().all(|step| *step == Step::Same) {
        return Vec::new();
    }
    let mut lines = Vec::new();
    let (mut at_old, mut at_new) = (0, 0);
    for step in &steps {
        let (text, number, kind) = match step {
            Step::Same => (new[at_new], at_new, DiffKind::Same),
            Step::Removed => (old[at_old], at_old, DiffKind::Removed),
            Step::Added => (new[at_new], at_new, DiffKind::Added),
        };
        at_old += usize::from(*step != Step::Added);
        at_new += usize::from(*step != Step::Removed);
        let text = text.trim_end_matches(['\n', '\r']).to_owned();
        lines.push(DiffLine { kind, line: number as u32 + 1, text, from: 0, to: 0 });
    }
    mark_words(&mut lines);
    shorten(lines)
}

/// What to do with each line, first to last.
fn script(old: &[&str], new: &[&str]) -> Vec<Step> {
    let start = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let (rest_old, rest_new) = (&old[start..], &new[start..]);
    let end = rest_old.iter().rev().zip(rest_new.iter().rev()).take_while(|(a, b)| a == b).count();
    let (middle_old, middle_new) = (&rest_old[..rest_old.len() - end], &rest_new[..rest_new.len() - end]);
    let mut steps = vec![Step::Same; start];
    match myers(middle_old, middle_new) {
        Some(middle) => steps.extend(middle),
        None => {
            steps.extend(std::iter::repeat_n(Step::Removed, middle_old.len()));
            steps.extend(std::iter::repeat_n(Step::Added, middle_new.len()));
        }
    }
    steps.extend(std::iter::repeat_n(Step::Same, end));
    steps
}

/// The shortest script by Myers' greedy search; `None` if it is longer than is worth looking for.
fn myers(old: &[&str], new: &[&str]) -> Option<Vec<Step>> {
    let (n, m) = (old.len() as isize, new.len() as isize);
    let bound = (n + m).min(MOST_CHANGES as isize);
    let offset = bound + 1;
    let at = |k: isize| (k + offset) as usize;
    let mut furthest = vec![0_isize; (2 * bound + 3) as usize];
    let mut trace = Vec::new();
    for d in 0..=bound {
        trace.push(furthest.clone());
        for k in (-d..=d).step_by(2) {
            let down = k == -d || (k != d && furthest[at(k - 1)] < furthest[at(k + 1)]);
            let mut x = if down { furthest[at(k + 1)] } else { furthest[at(k - 1)] + 1 };
            while x < n && x - k < m && old[x as usize] == new[(x - k) as usize] {
                x += 1;
            }
            furthest[at(k)] = x;
            if x >= n && x - k >= m {
                return Some(backtrack(&trace, n, m, offset));
            }
        }
    }
    None
}

fn backtrack(trace: &[Vec<isize>], n: isize, m: isize, offset: isize) -> Vec<Step> {
    let (mut x, mut y) = (n, m);
    let mut steps = Vec::new();
    for (d, furthest) in trace.iter().enumerate().rev() {
        let d = d as isize;
        let k = x - y;
        let value = |k: isize| furthest[(k + offset) as usize];
        let down = k == -d || (k != d && value(k - 1) < value(k + 1));
        let from_k = if down { k + 1 } else { k - 1 };
        let from_x = if d == 0 { 0 } else { value(from_k) };
        let from_y = if d == 0 { 0 } else { from_x - from_k };
        while x > from_x && y > from_y {
            steps.push(Step::Same);
            x -= 1;
            y -= 1;
        }
        if d > 0 {
            steps.push(if down { Step::Added } else { Step::Removed });
            (x, y) = (from_x, from_y);
        }
    }
    steps.reverse();
    steps
}

/// In each block of removed lines that added ones follow, marks what differs between the first and the first, the second
/// and the second, and so on.
fn mark_words(lines: &mut [DiffLine]) {
    let mut at = 0;
    while at < lines.len() {
        let removed = lines[at..].iter().take_while(|line| line.kind == DiffKind::Removed).count();
        let added = lines[at + removed..].iter().take_while(|line| line.kind == DiffKind::Added).count();
        for pair in 0..removed.min(added) {
            let (left, right) = lines.split_at_mut(at + removed + pair);
            mark_pair(&mut left[at + pair], &mut right[0]);
        }
        for line in &mut lines[at + removed.min(added)..at + removed] {
            line.to = utf16(&line.text);
        }
        for line in &mut lines[at + removed + removed.min(added)..at + removed + added] {
            line.to = utf16(&line.text);
        }
        at += (removed + added).max(1);
    }
}

/// Marks the words between the common start and the common end of two lines.
fn mark_pair(old: &mut DiffLine, new: &mut DiffLine) {
    let (a, b) = (words(&old.text), words(&new.text));
    let start = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let end = a[start..].iter().rev().zip(b[start..].iter().rev()).take_while(|(a, b)| a == b).count();
    let range = |words: &[&str]| {
        let length = |words: &[&str]| words.iter().map(|word| utf16(word)).sum::<u32>();
        let from = length(&words[..start]);
        (from, from + length(&words[start..words.len() - end]))
    };
    let (old_range, new_range) = (range(&a), range(&b));
    (old.from, old.to) = old_range;
    (new.from, new.to) = new_range;
}

/// Runs of letters, digits and `_`; every other character is a word of its own.
fn words(text: &str) -> Vec<&str> {
    let is_letter = |c: char| c.is_alphanumeric() || c == '_';
    let mut words = Vec::new();
    let mut from = 0;
    let mut previous = None;
    for (at, c) in text.char_indices() {
        if previous.is_some_and(|previous| !(is_letter(previous) && is_letter(c))) {
            words.push(&text[from..at]);
            from = at;
        }
        previous = Some(c);
    }
    if from < text.len() {
        words.push(&text[from..]);
    }
    words
}

fn utf16(text: &str) -> u32 {
    text.encode_utf16().count() as u32
}

/// Leaves out equal lines that are far from every change.
fn shorten(lines: Vec<DiffLine>) -> Vec<DiffLine> {
    let mut near = vec![false; lines.len()];
    for at in (0..lines.len()).filter(|at| lines[*at].kind != DiffKind::Same) {
        let end = (at + CONTEXT + 1).min(lines.len());
        near[at.saturating_sub(CONTEXT)..end].fill(true);
    }
    let mut shown: Vec<DiffLine> = Vec::new();
    for (line, near) in lines.into_iter().zip(near) {
        let gap = shown.last().is_some_and(|line| line.kind == DiffKind::Gap);
        if near && shown.len() < MOST_LINES {
            shown.push(line);
        } else if !gap {
            shown.push(DiffLine { kind: DiffKind::Gap, line: 0, text: String::new(), from: 0, to: 0 });
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A diff as text: a sign, the line, and the part that differs in brackets.
    fn show(before: &str, after: &str) -> Vec<String> {
        let sign = |kind| match kind {
            DiffKind::Same => ' ',
            DiffKind::Removed => '-',
            DiffKind::Added => '+',
            DiffKind::Gap => '~',
        };
        let mut shown = Vec::new();
        for line in lines(before, after) {
            let units: Vec<u16> = line.text.encode_utf16().collect();
            let part = |from: u32, to: u32| String::from_utf16_lossy(&units[from as usize..to as usize]);
            let text = if line.from < line.to {
                let (head, mid) = (part(0, line.from), part(line.from, line.to));
                format!("{head}[{mid}]{}", part(line.to, units.len() as u32))
            } else {
                line.text.clone()
            };
            shown.push(format!("{}{text}", sign(line.kind)));
        }
        shown
    }

    #[test]
    fn equal_texts_have_no_diff() {
        assert!(lines("a\nb\n", "a\nb\n").is_empty());
        assert!(lines("", "").is_empty());
    }

    #[test]
    fn a_changed_word_is_marked_in_its_line() {
        assert_eq!(
            show("a\nlisten(3000)\nc\n", "a\nlisten(8080)\nc\n"),
            [" a", "-listen([3000])", "+listen([8080])", " c"]
        );
        assert_eq!(show("say 😀 old", "say 😀 new"), ["-say 😀 [old]", "+say 😀 [new]"]);
    }

    #[test]
    fn lines_come_and_go() {
        assert_eq!(show("a\nb\n", "a\nx\nb\n"), [" a", "+[x]", " b"]);
        assert_eq!(show("a\nx\nb\n", "a\nb\n"), [" a", "-[x]", " b"]);
        assert_eq!(show("", "a\n"), ["+[a]"]);
        assert_eq!(show("a\n", ""), ["-[a]"]);
        assert_eq!(show("a\nb\nc\na\nb\nb\na\n", "c\nb\na\nb\na\nc\n").len(), 9);
    }

    #[test]
    fn lines_far_from_a_change_are_left_out() {
        let before: String = (0..20).map(|n| format!("{n}\n")).collect();
        let after = before.replace("10\n", "ten\n");
        assert_eq!(show(&before, &after), ["~", " 8", " 9", "-[10]", "+[ten]", " 11", " 12", "~"]);
    }

    #[test]
    fn a_diff_turns_the_old_text_into_the_new_one() {
        let texts = [
            "",
            "a\n",
            "a\nb\n",
            "b\na\n",
            "a\nb\nc\na\nb\nb\na\n",
            "c\nb\na\nb\na\nc\n",
            "x\ny\nz\n",
            "a\nx\nb\n",
        ];
        for before in texts {
            for after in texts {
                let old: Vec<&str> = before.split_inclusive('\n').collect();
                let new: Vec<&str> = after.split_inclusive('\n').collect();
                let (mut at_old, mut at_new) = (0, 0);
                for step in script(&old, &new) {
                    match step {
                        Step::Same => {
                            assert_eq!(old[at_old], new[at_new]);
                            (at_old, at_new) = (at_old + 1, at_new + 1);
                        }
                        Step::Removed => at_old += 1,
                        Step::Added => at_new += 1,
                    }
                }
                assert_eq!((at_old, at_new), (old.len(), new.len()), "{before:?} {after:?}");
            }
        }
    }

    #[test]
    fn texts_with_nothing_in_common_are_two_blocks() {
        let before: String = (0..500).map(|n| format!("old {n}\n")).collect();
        let after: String = (0..500).map(|n| format!("new {n}\n")).collect();
        let shown = lines(&before, &after);
        assert_eq!(shown.len(), MOST_LINES + 1);
        assert_eq!(shown.last().map(|line| line.kind), Some(DiffKind::Gap));
    }
}
