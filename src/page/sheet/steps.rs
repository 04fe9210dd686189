//! The rows beside the editor, each level with the first line of its instruction.

use super::step_row::StepRow;
use crate::page::editor::LineBox;
use crate::page::hub::use_words;
use dockerfile_lab_app::rail;
use dockerfile_lab_app::shared::Shared;
use lab_session::protocol::BuildView;
use yew::prelude::*;

/// Where the editor's lines are.
#[derive(Clone, PartialEq)]
pub(in crate::page) struct LineBoxes(pub(in crate::page) Shared<Vec<LineBox>>);

impl LineBoxes {
    fn of(&self, line: u32) -> Option<LineBox> {
        self.0.get(line as usize).copied()
    }

    /// The end of the last line.
    fn bottom(&self) -> f64 {
        self.0.last().map_or(0.0, |line| line.top + line.height)
    }
}

#[derive(Properties, PartialEq)]
pub(in crate::page) struct StepListProps {
    pub(in crate::page) build: Shared<BuildView>,
    pub(in crate::page) lines: LineBoxes,
    pub(in crate::page) selected: Option<u32>,
    pub(in crate::page) fresh: bool,
    /// The row of the step that runs at this moment.
    #[prop_or_default]
    pub(in crate::page) running: Option<u32>,
}

/// The rows.
#[component]
pub(in crate::page) fn StepList(props: &StepListProps) -> Html {
    let words = use_words();
    let steps = &props.build.steps;
    let rails = rail::rails(steps);
    let placed = !props.lines.0.is_empty();
    html! {
        <ol class={classes!("steps", placed.then_some("placed"))} aria-label={words.t("sheet.steps")}
            ~style={format!("--h:{}px", props.lines.bottom())}>
            { for steps.iter().enumerate().map(|(index, step)| {
                let from = props.lines.of(step.line);
                let to = props.lines.of(step.end_line);
                // Down to the next row, so that the rail does not break at blank lines and comments.
                let next = steps.get(index + 1).and_then(|next| props.lines.of(next.line)).map(|line| line.top);
                let place = from.zip(to).map(|(from, to)| {
                    let end = to.top + to.height;
                    (from.top, end - from.top, next.unwrap_or(end).max(end) - from.top)
                });
                html! {
                    <StepRow key={step.id} build={props.build.clone()} {index} {place}
                        rail={rails[index].0} order={rails[index].1} fresh={props.fresh} selected={props.selected == Some(step.id)} running={props.running == Some(step.id)} />
                }
            }) }
        </ol>
    }
}
