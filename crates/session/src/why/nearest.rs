//! The record that a missed step is held against: the nearest one.

use super::files::FileChanges;
use super::parts::{is_classic, own_causes, same_instruction, same_without_parent};
use lab_engine::cache::{Cache, KeyParts, Record, StepKind};
use std::sync::Arc;

/// The most records that are compared in full; the newest ones.
const MOST: usize = 16;

/// How a record is akin to a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kinship {
    /// The same instruction after the same step: something that it works on changed.
    Same,
    /// Equal but for the step above.
    Twin,
    /// The same instruction elsewhere.
    Alike,
    /// Another instruction of the kind in the same place: the instruction was edited.
    Sibling,
}

/// What is looked for.
pub(super) struct Nearest<'a> {
    /// The key of the step.
    pub(super) parts: &'a KeyParts,
    /// Whether the step above was run again.
    pub(super) parent_missed: bool,
    /// The record that belongs to the step above: the one it hit, or the nearest one.
    pub(super) previous: Option<&'a Record>,
    /// The keys of the build's other steps. A record of one of their instructions is theirs.
    pub(super) others: &'a [&'a KeyParts],
}

/// The nearest record: of the best kinship, with the fewest causes, the newest.
pub(super) fn find(cache: &Cache, wanted: &Nearest<'_>) -> Option<(Arc<Record>, Kinship)> {
    let mut akin: Vec<(Kinship, &Arc<Record>)> =
        cache.records().rev().filter_map(|record| Some((wanted.kinship(record)?, record))).collect();
    // The sort is stable, so among equals the newest stays first.
    lab_engine::order::sort_by_key(&mut akin, |(kinship, _)| wanted.rank(*kinship));
    let (best, _) = *akin.first()?;
    let ranked = akin.iter().take_while(|(kinship, _)| *kinship == best).take(MOST);
    let count = |record: &Record| {
        let files = FileChanges::between(&record.parts.sources, &wanted.parts.sources, 0);
        let words = common_words(&record.parts, wanted.parts);
        (own_causes(&record.parts, wanted.parts, files).len(), std::cmp::Reverse(words))
    };
    ranked.map(|(_, record)| *record).min_by_key(|record| count(record)).map(|record| (record.clone(), best))
}

impl Nearest<'_> {
    /// The order of preference. Below a step that was run again an equal step says most, as nothing else is new about it;
    /// below one that hit, the record in the same place does.
    fn rank(&self, kinship: Kinship) -> u8 {
        match kinship {
            Kinship::Twin if self.parent_missed => 0,
            Kinship::Same => 1,
            Kinship::Twin => 2,
            Kinship::Alike => 3,
            Kinship::Sibling => 4,
        }
    }

    fn kinship(&self, record: &Record) -> Option<Kinship> {
        let (old, now) = (&record.parts, self.parts);
        if old.kind != now.kind || is_classic(old) != is_classic(now) {
            return None;
        }
        // An instruction that only configures is edited into another of its kind, and not into any.
        if now.kind == StepKind::Configure && keyword(old) != keyword(now) {
            return None;
        }
        let same_place = old.parent == now.parent
            || (old.parent.is_some() && old.parent == self.previous.map(|previous| previous.key));
        if same_without_parent(old, now) {
            return Some(Kinship::Twin);
        }
        if same_instruction(old, now) {
            return Some(if same_place { Kinship::Same } else { Kinship::Alike });
        }
        let is_of_another = self.others.iter().any(|other| same_instruction(old, other));
        (same_place && !is_of_another && now.kind != StepKind::Link).then_some(Kinship::Sibling)
    }
}

fn keyword(parts: &KeyParts) -> Option<&str> {
    parts.instruction.split_whitespace().next()
}

/// How many words the commands or paths have in common: of several edited instructions the most similar is meant.
fn common_words(a: &KeyParts, b: &KeyParts) -> usize {
    let words = lab_engine::order::set(a.instruction.split_whitespace());
    b.instruction.split_whitespace().filter(|word| words.contains(word)).count()
}
