//! Runs a program over a text.

use super::ast::Assertion;
use super::compile::Inst;
use super::{Match, Regex};

/// Steps of one search with back-references, which may take exponential time.
const MAX_STEPS: usize = 200_000;
/// Steps that all looks ahead and behind of one search may take: each remembers nothing of the others.
const MAX_LOOK_STEPS: usize = 100 * MAX_STEPS;

/// What one search for a match keeps from one place to the next.
#[derive(Default)]
pub(super) struct Search {
    /// Where no match came from.
    visited: Vec<u64>,
    /// The steps of looks ahead and behind.
    looked: usize,
}

impl Search {
    /// Whether it took too long, so that there is no match.
    pub(super) fn is_given_up(&self) -> bool {
        self.looked > MAX_LOOK_STEPS
    }
}

enum Job {
    Run(usize, usize),
    Restore(usize, Option<usize>),
}

impl Regex {
    /// The match that begins at a place.
    ///
    /// `search` remembers where no match came from, over all places of a search that began at `from`: what failed once
    /// fails again. It grows with what is looked at, so that a match near the beginning of a long text costs little.
    pub(super) fn match_at(
        &self,
        text: &str,
        from: usize,
        start: usize,
        search: &mut Search,
    ) -> Option<Match> {
        let Search { visited, looked } = search;
        self.run(text, (from, start), (0, None), visited, looked)
            .filter(|_| *looked <= MAX_LOOK_STEPS)
            .map(|slots| self.to_match(&slots))
    }

    /// Runs from an instruction on: what was saved. With a limit, only what ends there is a match.
    fn run(
        &self,
        text: &str,
        (from, start): (usize, usize),
        (entry, limit): (usize, Option<usize>),
        visited: &mut Vec<u64>,
        looked: &mut usize,
    ) -> Option<Vec<Option<usize>>> {
        let width = self.program.len();
        let remembers = !self.has_references;
        let slots = self.slots();
        let mut saved: Vec<Option<usize>> = vec![None; slots];
        let mut stack: Vec<Job> = vec![Job::Run(entry, start)];
        let mut best: Option<Vec<Option<usize>>> = None;
        let mut steps = 0;
        while let Some(job) = stack.pop() {
            let (mut pc, mut at) = match job {
                Job::Restore(slot, value) => {
                    saved[slot] = value;
                    continue;
                }
                Job::Run(pc, at) => (pc, at),
            };
            loop {
                if remembers {
                    let bit = (at - from) * width + pc;
                    if visited.len() <= bit / 64 {
                        visited.resize(bit / 64 + 1 + width / 64, 0);
                    }
                    if visited[bit / 64] >> (bit % 64) & 1 == 1 {
                        break;
                    }
                    visited[bit / 64] |= 1 << (bit % 64);
                }
                steps += 1;
                if entry > 0 {
                    *looked += 1;
                    if *looked > MAX_LOOK_STEPS {
                        return None;
                    }
                }
                if !remembers && steps > MAX_STEPS {
                    return best;
                }
                match &self.program[pc] {
                    Inst::Match if limit.is_some_and(|limit| limit != at) => break,
                    Inst::Match => {
                        saved[1] = Some(at);
                        let better = best.as_ref().is_none_or(|best| best[1] < Some(at));
                        if better {
                            best = Some(saved.clone());
                            best.as_mut()?[0] = saved[0].or(Some(start));
                        }
                        if !self.has_alternatives {
                            return best;
                        }
                        break;
                    }
                    Inst::Look { behind, negated, next } => {
                        if self.looks(text, at, pc + 1, *behind, looked) == *negated {
                            break;
                        }
                        if *looked > MAX_LOOK_STEPS {
                            return None;
                        }
                        pc = *next;
                    }
                    Inst::Jump(to) => pc = *to,
                    Inst::Split(first, second) => {
                        stack.push(Job::Run(*second, at));
                        pc = *first;
                    }
                    Inst::Save(slot) => {
                        stack.push(Job::Restore(*slot, saved[*slot]));
                        saved[*slot] = Some(at);
                        pc += 1;
                    }
                    Inst::Progress(slot) => {
                        if saved[*slot] == Some(at) {
                            break;
                        }
                        pc += 1;
                    }
                    Inst::Reference(group) => {
                        let range = saved
                            .get(2 * group)
                            .copied()
                            .flatten()
                            .zip(saved.get(2 * group + 1).copied().flatten());
                        let Some((from, to)) = range else { break };
                        let wanted = &text[from..to];
                        if !text[at..].starts_with(wanted) {
                            break;
                        }
                        at += wanted.len();
                        pc += 1;
                    }
                    simple => match self.simple(simple, text, at) {
                        Some(next) => {
                            at = next;
                            pc += 1;
                        }
                        None => break,
                    },
                }
            }
        }
        best
    }

    /// Whether what begins at an instruction matches from a place on, or up to it.
    fn looks(&self, text: &str, at: usize, entry: usize, behind: bool, looked: &mut usize) -> bool {
        let mut look = |start: usize, limit| {
            let mut visited = Vec::new();
            let found = self.run(text, (start, start), (entry, limit), &mut visited, looked).is_some();
            (found, *looked > MAX_LOOK_STEPS)
        };
        if !behind {
            return look(at, None).0;
        }
        // What is looked for behind is short most of the time: the nearest places come first.
        let starts = [at].into_iter().chain(text[..at].char_indices().rev().map(|(start, _)| start));
        for start in starts {
            let (found, given_up) = look(start, Some(at));
            if found || given_up {
                return found;
            }
        }
        false
    }

    fn slots(&self) -> usize {
        let highest = self.program.iter().filter_map(|inst| match inst {
            Inst::Save(slot) | Inst::Progress(slot) => Some(*slot),
            _ => None,
        });
        highest.max().unwrap_or(1).max(2 * self.groups - 1) + 1
    }

    fn to_match(&self, slots: &[Option<usize>]) -> Match {
        Match((0..self.groups).map(|group| slots[2 * group].zip(slots[2 * group + 1])).collect())
    }

    /// An instruction that looks at one character or none: where it ends.
    fn simple(&self, inst: &Inst, text: &str, at: usize) -> Option<usize> {
        let here = || text[at..].chars().next();
        let before = || text[..at].chars().next_back();
        let is_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
        let holds = match inst {
            Inst::Char(wanted) => {
                let c = here()?;
                let equal = c == *wanted || self.ignore_case && same_letter(c, *wanted);
                return equal.then(|| at + c.len_utf8());
            }
            Inst::Any => return here().map(|c| at + c.len_utf8()),
            Inst::Class(set) => {
                let c = here()?;
                let inside = set.contains(c)
                    || self.ignore_case
                        && (set.contains(c.to_ascii_lowercase()) || set.contains(c.to_ascii_uppercase()));
                return (inside != set.negated).then(|| at + c.len_utf8());
            }
            Inst::Assert(Assertion::Start) => at == 0 || self.lines && before() == Some('\n'),
            Inst::Assert(Assertion::End) => at == text.len() || self.lines && here() == Some('\n'),
            Inst::Assert(Assertion::TextStart) => at == 0,
            Inst::Assert(Assertion::TextEnd) => at == text.len(),
            Inst::Assert(Assertion::WordEdge { negated }) => {
                (is_word(before()) != is_word(here())) != *negated
            }
            Inst::Assert(Assertion::WordStart) => !is_word(before()) && is_word(here()),
            Inst::Assert(Assertion::WordEnd) => is_word(before()) && !is_word(here()),
            _ => false,
        };
        holds.then_some(at)
    }
}

fn same_letter(a: char, b: char) -> bool {
    a.to_lowercase().eq(b.to_lowercase())
}
