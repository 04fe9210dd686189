//! Undo and redo as a project keeps them: each state as the difference to the one that it is reached from.
//!
//! What a project keeps is bounded, the nearest states first. States with other loaded images than now are left out, with all
//! beyond them: an image that nothing stands on is not in the project.

use super::super::diff::size_of_changes;
use super::super::{Workspace, apply, check_context, edits};
use super::{Point, Undo};
use crate::images::Visible;
use crate::protocol::{Edit, UndoStep};
use std::sync::Arc;

/// The most states that are kept in each direction.
const MOST_STEPS: usize = 100;
/// The most bytes of files in all of them. They are written with every save.
const MOST_BYTES: u64 = 100_000;

impl Undo {
    /// The states on both ways from the `present` one. `now` is the time that files get where none is given.
    #[inline(never)]
    pub(crate) fn stored(&self, present: &Point, now: i64) -> Vec<UndoStep> {
        let mut left = MOST_BYTES;
        let mut steps = Vec::new();
        way(self.past.iter().rev(), present, now, &mut left, false, &mut steps);
        way(self.future.iter().rev(), present, now, &mut left, true, &mut steps);
        steps
    }

    /// The states that a project has kept, around the `present` one. What cannot be reached ends its way: there is less to take
    /// back, and the project opens. There are so many `builds`.
    #[inline(never)]
    pub(crate) fn open(steps: &[UndoStep], present: &Point, builds: usize, now: i64) -> Self {
        let mut undo = Self::default();
        for redo in [false, true] {
            let mut at = present.workspace.clone();
            for step in steps.iter().filter(|step| step.redo == redo) {
                let Some(point) = reached(step, &mut at, &present.images, builds, now) else { break };
                if redo {
                    undo.future.insert(0, point);
                } else {
                    undo.past.push_front(point);
                }
            }
        }
        undo
    }
}

/// Writes the states of one way, the nearest first, as long as there is room `left`.
fn way<'a>(
    points: impl Iterator<Item = &'a Point>,
    present: &Point,
    now: i64,
    left: &mut u64,
    redo: bool,
    steps: &mut Vec<UndoStep>,
) {
    let mut from = &present.workspace;
    for point in points.take(MOST_STEPS) {
        let to = &point.workspace;
        let size = size_of_changes(&from.tree, &to.tree);
        if size > *left || !is_same(&point.images, &present.images) {
            return;
        }
        *left -= size;
        let mut edits = edits(&from.tree, &to.tree, now);
        if from.settings != to.settings {
            edits.push(Edit::Settings { settings: to.settings.clone() });
        }
        steps.push(UndoStep { edits, moves: point.head.is_some(), head: point.head.flatten(), redo });
        from = to;
    }
}

fn is_same(a: &Visible, b: &Visible) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| Arc::ptr_eq(a, b))
}

/// Goes on from a state to the next one.
fn reached(step: &UndoStep, at: &mut Workspace, images: &Visible, builds: usize, now: i64) -> Option<Point> {
    if step.head.is_some_and(|head| head == 0 || head as usize > builds) {
        return None;
    }
    for edit in &step.edits {
        match edit {
            Edit::Settings { settings } => at.settings = settings.clone(),
            edit => apply(&mut at.tree, edit, now).ok()?,
        }
    }
    check_context(&at.tree, "").ok()?;
    Some(Point { workspace: at.clone(), head: step.moves.then_some(step.head), images: images.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{FileInput, Settings};

    fn point(text: &str, head: Option<Option<u32>>) -> Point {
        let mut workspace = Workspace::new(5, Settings::default());
        let file = FileInput { path: "d/a".into(), text: Some(text.into()), ..FileInput::default() };
        apply(&mut workspace.tree, &Edit::Put { file }, text.len() as i64).unwrap();
        Point { workspace, head, images: Visible::new() }
    }

    fn texts(undo: &mut Undo, present: Point) -> Vec<String> {
        let mut present = present;
        let mut seen = Vec::new();
        while let Some(point) = undo.back(present.clone()) {
            seen.push(point.workspace.tree.read_text("/d/a").unwrap_or_default().to_owned());
            present = point;
        }
        seen
    }

    #[test]
    fn both_ways_come_back_as_they_were() {
        let mut undo = Undo::default();
        for text in ["1", "22", "333"] {
            undo.remember(point(text, Some(Some(1))), None, 0);
        }
        let present = undo.back(point("4444", Some(Some(2)))).unwrap();
        let steps = undo.stored(&present, 9);
        let mut opened = Undo::open(&steps, &present, 2, 9);
        for (known, new) in undo.past.iter().zip(&opened.past) {
            assert!(edits(&known.workspace.tree, &new.workspace.tree, 0).is_empty());
            assert_eq!(known.head, new.head);
        }
        assert_eq!((opened.past.len(), opened.future.len()), (2, 1));
        assert_eq!(opened.clone().forth(present.clone()).unwrap().head, Some(Some(2)));
        assert_eq!(texts(&mut opened, present), ["22", "1"]);
    }

    #[test]
    fn what_is_too_large_ends_the_way() {
        let mut undo = Undo::default();
        let large = "x".repeat(MOST_BYTES as usize + 1);
        for text in ["1", &large, "22", "333"] {
            undo.remember(point(text, None), None, 0);
        }
        let present = point("4444", None);
        let steps = undo.stored(&present, 9);
        assert_eq!(texts(&mut Undo::open(&steps, &present, 0, 9), present), ["333", "22"]);
    }

    #[test]
    fn a_state_that_cannot_be_reached_ends_the_way() {
        let present = point("1", None);
        let gone = UndoStep { edits: vec![Edit::Delete { path: "none".into() }], ..UndoStep::default() };
        let elsewhere = UndoStep { moves: true, head: Some(3), ..UndoStep::default() };
        assert!(!Undo::open(&[gone], &present, 1, 0).can_undo());
        assert!(!Undo::open(&[elsewhere], &present, 2, 0).can_undo());
    }
}
