//! The line that runs down from a root cause over the rows that follow it.

use lab_session::protocol::{State, StepView};

/// What the line does in a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rail {
    /// Nothing.
    #[default]
    None,
    /// It begins: the root cause.
    From,
    /// A follower, and more to come.
    Node,
    /// It passes a row that it does not concern.
    Pass,
    /// The last follower.
    Last,
}

impl Rail {
    /// The name in the style sheet.
    pub fn class(self) -> &'static str {
        match self {
            Self::None => "rail",
            Self::From => "rail from",
            Self::Node => "rail node",
            Self::Pass => "rail pass",
            Self::Last => "rail last",
        }
    }
}

/// The line in each row, and how many followers are above it, which delays its drawing.
pub fn rails(steps: &[StepView]) -> Vec<(Rail, u32)> {
    let mut rails = vec![(Rail::None, 0); steps.len()];
    for (at, root) in steps.iter().enumerate().filter(|(_, step)| step.state == State::Miss) {
        let followers: Vec<usize> = steps
            .iter()
            .enumerate()
            .skip(at + 1)
            .filter(|(_, step)| step.state == State::Follows && step.root == Some(root.id))
            .map(|(row, _)| row)
            .collect();
        let Some(last) = followers.last().copied() else { continue };
        rails[at] = (Rail::From, 0);
        for row in at + 1..=last {
            let above = followers.iter().filter(|follower| **follower < row).count() as u32;
            let kind = if row == last {
                Rail::Last
            } else if followers.contains(&row) {
                Rail::Node
            } else {
                Rail::Pass
            };
            // A second root cause between the followers of a first one keeps its own beginning.
            if rails[row].0 == Rail::None && steps[row].state != State::Miss {
                rails[row] = (kind, above + 1);
            }
        }
    }
    rails
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(states: &[(State, Option<u32>)]) -> Vec<Rail> {
        let steps: Vec<StepView> = states
            .iter()
            .enumerate()
            .map(|(id, (state, root))| StepView {
                id: id as u32,
                state: *state,
                root: *root,
                ..StepView::default()
            })
            .collect();
        rails(&steps).into_iter().map(|(rail, _)| rail).collect()
    }

    #[test]
    fn a_line_runs_to_the_last_follower() {
        let states = [
            (State::Hit, None),
            (State::Miss, None),
            (State::Meta, None),
            (State::Follows, Some(1)),
            (State::Follows, Some(1)),
            (State::Meta, None),
        ];
        assert_eq!(rows(&states), [Rail::None, Rail::From, Rail::Pass, Rail::Node, Rail::Last, Rail::None]);
    }

    #[test]
    fn a_miss_without_followers_has_no_line() {
        assert_eq!(rows(&[(State::Miss, None), (State::Meta, None)]), [Rail::None, Rail::None]);
    }

    #[test]
    fn two_causes_have_two_lines() {
        let states =
            [(State::Miss, None), (State::Follows, Some(0)), (State::Miss, None), (State::Follows, Some(2))];
        assert_eq!(rows(&states), [Rail::From, Rail::Last, Rail::From, Rail::Last]);
    }
}
