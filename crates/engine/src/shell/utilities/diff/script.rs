//! Which lines two texts do not have in common: Myers' algorithm, with the hunks moved down as GNU moves them.

use crate::shell::{Interrupt, Process};

/// So many differences are looked for at best; beyond, the rest is taken as changed.
const MOST_DIFFERENCES: usize = 2_000;

/// A place where lines `from.0..from.1` of the first text stand for `to.0..to.1` of the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) from: (usize, usize),
    pub(super) to: (usize, usize),
}

/// The changes that make the second text of the first.
pub(super) fn changes(
    process: &mut Process<'_, '_>,
    a: &[&[u8]],
    b: &[&[u8]],
) -> Result<Vec<Change>, Interrupt> {
    let (a, b) = (numbered(a, b), numbered(b, a));
    let start = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let end = a[start..].iter().rev().zip(b[start..].iter().rev()).take_while(|(a, b)| a == b).count();
    let mut removed = vec![false; a.len()];
    let mut added = vec![false; b.len()];
    let (a_end, b_end) = (a.len() - end, b.len() - end);
    mark(
        process,
        (&a[start..a_end], &mut removed[start..a_end]),
        (&b[start..b_end], &mut added[start..b_end]),
    )?;
    slide(&a, &mut removed, &added);
    slide(&b, &mut added, &removed);
    Ok(collect(&removed, &added))
}

/// Lines as numbers, equal ones for equal lines of either text.
fn numbered(own: &[&[u8]], other: &[&[u8]]) -> Vec<usize> {
    let mut all: Vec<&[u8]> = own.iter().chain(other).copied().collect();
    crate::order::sort(&mut all);
    all.dedup();
    own.iter().map(|line| all.binary_search(line).unwrap_or(0)).collect()
}

/// Marks what is removed and what is added.
fn mark(
    process: &mut Process<'_, '_>,
    (a, removed): (&[usize], &mut [bool]),
    (b, added): (&[usize], &mut [bool]),
) -> Result<(), Interrupt> {
    let most = (a.len() + b.len()).min(MOST_DIFFERENCES);
    let offset = most + 1;
    // For each diagonal the furthest place, for each number of differences.
    let mut reach = vec![0_usize; 2 * offset + 1];
    let mut history = Vec::new();
    for differences in 0..=most {
        process.step(1 + differences as u64 / 8)?;
        history.push(reach[offset - differences..=offset + differences].to_vec());
        let mut diagonal = offset - differences;
        while diagonal <= offset + differences {
            let down = diagonal == offset - differences
                || diagonal != offset + differences && reach[diagonal - 1] < reach[diagonal + 1];
            let mut x = if down { reach[diagonal + 1] } else { reach[diagonal - 1] + 1 };
            let mut y = x + offset - diagonal;
            while x < a.len() && y < b.len() && a[x] == b[y] {
                x += 1;
                y += 1;
            }
            reach[diagonal] = x;
            if x >= a.len() && y >= b.len() {
                trace_back(&history, offset, (a.len(), removed), (b.len(), added));
                return Ok(());
            }
            diagonal += 2;
        }
    }
    removed.fill(true);
    added.fill(true);
    Ok(())
}

fn trace_back(
    history: &[Vec<usize>],
    offset: usize,
    (mut x, removed): (usize, &mut [bool]),
    (mut y, added): (usize, &mut [bool]),
) {
    for (differences, reach) in history.iter().enumerate().skip(1).rev() {
        let diagonal = x + offset - y;
        let first = offset - differences;
        let at = |diagonal: usize| reach.get(diagonal.wrapping_sub(first)).copied().unwrap_or(0);
        let down =
            diagonal == first || diagonal != offset + differences && at(diagonal - 1) < at(diagonal + 1);
        let (before_x, before) =
            if down { (at(diagonal + 1), diagonal + 1) } else { (at(diagonal - 1), diagonal - 1) };
        let before_y = before_x + offset - before;
        if down {
            added[before_y] = true;
        } else {
            removed[before_x] = true;
        }
        (x, y) = (before_x, before_y);
    }
}

/// Moves runs of changed lines down while the line behind a run equals its first one, so that they are where people
/// expect them; a run that meets another one grows by it. Runs that stand against changes of the other text stay.
fn slide(lines: &[usize], changed: &mut [bool], other: &[bool]) {
    let mut at = 0;
    let mut opposite = 0;
    while at < lines.len() {
        if !changed[at] {
            // Both go over what they have in common.
            while other.get(opposite) == Some(&true) {
                opposite += 1;
            }
            opposite += 1;
            at += 1;
            continue;
        }
        let mut start = at;
        let mut end = at;
        while changed.get(end) == Some(&true) {
            end += 1;
        }
        while end < lines.len() && lines[start] == lines[end] && other.get(opposite) != Some(&true) {
            changed[start] = false;
            changed[end] = true;
            start += 1;
            end += 1;
            opposite += 1;
            while changed.get(end) == Some(&true) {
                end += 1;
            }
        }
        at = end;
    }
}

fn collect(removed: &[bool], added: &[bool]) -> Vec<Change> {
    let mut changes = Vec::new();
    let (mut x, mut y) = (0, 0);
    while x < removed.len() || y < added.len() {
        let (from, to) = (x, y);
        while removed.get(x) == Some(&true) {
            x += 1;
        }
        while added.get(y) == Some(&true) {
            y += 1;
        }
        if x > from || y > to {
            changes.push(Change { from: (from, x), to: (to, y) });
        } else {
            x += 1;
            y += 1;
        }
    }
    changes
}
