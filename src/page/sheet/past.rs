//! A build of the timeline, as it was: its instructions as text beside its rows.

use super::steps::{LineBoxes, StepList};
use crate::page::hub::Words;
use dockerfile_lab_app::shared::Shared;
use lab_session::protocol::BuildView;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct PastProps {
    pub(super) build: Shared<BuildView>,
    pub(super) selected: Option<u32>,
}

/// The build.
pub(super) fn past_build(words: Words, props: &PastProps) -> Html {
    html! {
        <>
            <ol class="past-src" aria-label={words.t("past.source")}>
                { for props.build.steps.iter().map(|step| {
                    let (keyword, rest) = step.text.split_once(char::is_whitespace).unwrap_or((&step.text, ""));
                    html! {
                        <li class={(props.selected == Some(step.id)).then_some("sel")} value={(step.line + 1).to_string()} title={step.text.clone()}>
                            <i>{ step.line + 1 }</i><span><b>{ keyword.to_owned() }</b>{ format!(" {rest}") }</span>
                        </li>
                    }
                }) }
            </ol>
            <StepList build={props.build.clone()} lines={LineBoxes(Shared::new(Vec::new()))} selected={props.selected} fresh=false />
        </>
    }
}
