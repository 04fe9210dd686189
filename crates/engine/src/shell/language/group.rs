//! The groups of bash's patterns: `?(…)`, `*(…)`, `+(…)`, `@(…)`, `!(…)`.
//!
//! All ways through a pattern are followed together, as the set of places in the text that they have come to, so that
//! no pattern takes more than the square of a text's length.

use super::pattern::{Item, compile};

/// Alternatives, and how often they may come.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Group {
    /// The character in front.
    kind: char,
    alternatives: Vec<Vec<Item>>,
}

/// Groups within groups, beyond which a parenthesis is a character.
const MAX_DEPTH: u32 = 20;
/// Work that no step limit allows: then nothing matches.
const MOST_WORK: u64 = 1 << 28;

/// The group that begins at `at`, and where it ends.
pub(super) fn read(chars: &[char], at: usize, depth: u32) -> Option<(Group, usize)> {
    let kind = *chars.get(at).filter(|c| matches!(c, '?' | '*' | '+' | '@' | '!'))?;
    if chars.get(at + 1) != Some(&'(') || depth >= MAX_DEPTH {
        return None;
    }
    let (mut alternatives, mut nesting) = (Vec::new(), 0);
    let (mut from, mut here) = (at + 2, at + 2);
    loop {
        match chars.get(here)? {
            '\\' => here += 1,
            '[' => here = class_end(chars, here).unwrap_or(here),
            '(' => nesting += 1,
            ')' if nesting > 0 => nesting -= 1,
            c @ ('|' | ')') if nesting == 0 => {
                alternatives.push(compile(&chars[from..here], Some(depth + 1)));
                from = here + 1;
                if *c == ')' {
                    return Some((Group { kind, alternatives }, from));
                }
            }
            _ => {}
        }
        here += 1;
    }
}

/// The closing bracket of the class that begins at `at`.
fn class_end(chars: &[char], at: usize) -> Option<usize> {
    let first = at + 1 + usize::from(matches!(chars.get(at + 1), Some('!' | '^')));
    (first + 1..chars.len()).find(|end| chars[*end] == ']')
}

/// After how many characters a match of the items can end, and how much work it was to find out.
pub(super) fn ends(items: &[Item], chars: &[char]) -> (Vec<bool>, u64) {
    let mut start = vec![false; chars.len() + 1];
    start[0] = true;
    let mut work = 0;
    let places = walk(items, chars, start, &mut work);
    (places, work)
}

/// The places that the items lead to from any of those that are given.
fn walk(items: &[Item], chars: &[char], from: Vec<bool>, work: &mut u64) -> Vec<bool> {
    let mut here = from;
    for item in items {
        *work += here.len() as u64;
        if *work > MOST_WORK {
            return vec![false; here.len()];
        }
        here = match item {
            Item::Star => {
                let first = here.iter().position(|set| *set).unwrap_or(here.len());
                (0..here.len()).map(|at| at >= first).collect()
            }
            Item::Group(group) => group.walk(chars, here, work),
            item => {
                let mut next = vec![false; here.len()];
                for (at, c) in chars.iter().enumerate() {
                    next[at + 1] = here[at] && item.fits(*c);
                }
                next
            }
        };
    }
    here
}

impl Group {
    fn walk(&self, chars: &[char], from: Vec<bool>, work: &mut u64) -> Vec<bool> {
        match self.kind {
            '@' => self.once(chars, &from, work),
            '?' => union(self.once(chars, &from, work), &from),
            '!' => self.other(chars, &from, work),
            kind => {
                let mut all = if kind == '*' { from.clone() } else { vec![false; from.len()] };
                let mut new = from;
                loop {
                    let next = self.once(chars, &new, work);
                    new = next.iter().zip(&all).map(|(set, known)| *set && !known).collect();
                    if !new.contains(&true) {
                        return all;
                    }
                    all = union(all, &new);
                }
            }
        }
    }

    fn once(&self, chars: &[char], from: &[bool], work: &mut u64) -> Vec<bool> {
        let mut all = vec![false; from.len()];
        for items in &self.alternatives {
            all = union(all, &walk(items, chars, from.to_vec(), work));
        }
        all
    }

    /// Where anything ends that is none of the alternatives.
    fn other(&self, chars: &[char], from: &[bool], work: &mut u64) -> Vec<bool> {
        let mut all = vec![false; from.len()];
        for start in (0..from.len()).filter(|at| from[*at]) {
            let mut alone = vec![false; from.len() - start];
            alone[0] = true;
            let same = self.once(&chars[start..], &alone, work);
            for (length, same) in same.into_iter().enumerate() {
                all[start + length] |= !same;
            }
        }
        all
    }
}

fn union(mut all: Vec<bool>, more: &[bool]) -> Vec<bool> {
    for (set, more) in all.iter_mut().zip(more) {
        *set |= more;
    }
    all
}
