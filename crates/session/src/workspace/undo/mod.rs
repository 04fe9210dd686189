//! Undo and redo: former states of the workspace.

mod stored;

use super::Workspace;
use crate::images::Visible;
use std::collections::VecDeque;

/// The most changes that can be taken back. A state shares all that did not change, so it costs little.
const DEPTH: usize = 200;
/// Seconds without an edit after which the next edit of the same file can be taken back by itself.
const PAUSE: i64 = 5;

/// A state to return to.
#[derive(Clone, Debug)]
pub(crate) struct Point {
    /// The workspace as it was.
    pub(crate) workspace: Workspace,
    /// The build that it stood on, where the change was to go to another one. Taking back an edit stays at the build.
    pub(crate) head: Option<Option<u32>>,
    /// The loaded images that were there.
    pub(crate) images: Visible,
}

impl Point {
    /// The present state as it is to be returned to from another one.
    fn for_way_back(self, to: &Self) -> Self {
        Self { head: self.head.filter(|_| to.head.is_some()), ..self }
    }
}

/// The states before and behind the present one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Undo {
    past: VecDeque<Point>,
    future: Vec<Point>,
    /// The file that the last changes were typed into, and when.
    run: Option<(String, i64)>,
}

impl Undo {
    /// Remembers the state before a change. `typed` names the file that the change is typed into: a run of such changes
    /// counts as one.
    pub(crate) fn remember(&mut self, before: Point, typed: Option<&str>, now: i64) {
        self.future.clear();
        let goes_on = match (&self.run, typed) {
            (Some((path, last)), Some(typed)) => path == typed && (0..=PAUSE).contains(&(now - last)),
            _ => false,
        };
        self.run = typed.map(|path| (path.to_owned(), now));
        if !goes_on {
            if self.past.len() == DEPTH {
                self.past.pop_front();
            }
            self.past.push_back(before);
        }
    }

    /// Ends a run of typing, so that the next change is a step of its own.
    pub(crate) fn end_run(&mut self) {
        self.run = None;
    }

    /// The state before the last change, for the present one.
    pub(crate) fn back(&mut self, present: Point) -> Option<Point> {
        self.run = None;
        let point = self.past.pop_back()?;
        self.future.push(present.for_way_back(&point));
        Some(point)
    }

    /// The state that was left by going back, for the present one.
    pub(crate) fn forth(&mut self, present: Point) -> Option<Point> {
        self.run = None;
        let point = self.future.pop()?;
        self.past.push_back(present.for_way_back(&point));
        Some(point)
    }

    /// Whether there is something to take back.
    pub(crate) fn can_undo(&self) -> bool {
        !self.past.is_empty()
    }

    /// Whether something was taken back.
    pub(crate) fn can_redo(&self) -> bool {
        !self.future.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::Settings;

    fn point(head: u32) -> Point {
        Point {
            workspace: Workspace::new(0, Settings::default()),
            head: Some(Some(head)),
            images: Vec::new(),
        }
    }

    fn heads(undo: &mut Undo) -> Vec<u32> {
        std::iter::from_fn(|| undo.back(point(99)).and_then(|point| point.head?)).collect()
    }

    #[test]
    fn a_run_of_typing_is_one_step() {
        let mut undo = Undo::default();
        undo.remember(point(1), Some("a"), 10);
        undo.remember(point(2), Some("a"), 12);
        undo.remember(point(3), Some("b"), 13);
        undo.remember(point(4), Some("b"), 13 + PAUSE + 1);
        undo.end_run();
        undo.remember(point(5), Some("b"), 20);
        undo.remember(point(6), None, 20);
        assert_eq!(heads(&mut undo), [6, 5, 4, 3, 1]);
    }

    #[test]
    fn the_oldest_states_are_forgotten() {
        let mut undo = Undo::default();
        for head in 0..DEPTH as u32 + 3 {
            undo.remember(point(head), None, 0);
        }
        assert_eq!(heads(&mut undo).last(), Some(&3));
    }

    #[test]
    fn a_change_forgets_what_was_taken_back() {
        let mut undo = Undo::default();
        undo.remember(point(1), None, 0);
        undo.back(point(2));
        assert!(undo.can_redo());
        undo.remember(point(3), None, 0);
        assert!(!undo.can_redo());
        assert!(undo.forth(point(4)).is_none());
    }
}
