//! The ways into a shell: a button on every step that has a state, and a large one on a step that failed.

use crate::page::dom;
use crate::page::hub::{Hub, Words};
use crate::page::parts::{icon, small_icon};
use lab_session::protocol::{State, StepView};
use yew::prelude::*;

/// Whether a step has a state that a shell can open in.
#[inline(never)]
pub(in crate::page) fn opens_on(step: &StepView) -> bool {
    match step.state {
        State::Hit | State::Miss | State::Follows => true,
        State::Meta => !step.stage.is_empty(),
        State::Failed => !step.name.is_empty(),
        State::NotRun | State::Skipped => false,
    }
}

/// The button at the head of a step that did not fail.
#[inline(never)]
pub(in crate::page) fn door(hub: &Hub, words: Words, step: &StepView) -> Html {
    if !opens_on(step) || step.state == State::Failed {
        return Html::default();
    }
    let title = dom::with_keys(words.t("shell.onResult"), "Ctrl+`").replace('⌘', "⌃");
    html! {
        <button type="button" class="btn tight sh-door" {title} onclick={opening(hub, step)}>{ small_icon("shell") }{ words.t("shell.open") }</button>
    }
}

/// The button of a step that failed.
#[inline(never)]
pub(in crate::page) fn way_in(hub: &Hub, words: Words, step: &StepView) -> Html {
    if !opens_on(step) {
        return Html::default();
    }
    let hint = if step.keyword == "RUN" { words.t("shell.onFailure") } else { words.t("shell.onAbove") };
    html! {
        <section class="fixes">
            <button type="button" class="fix sh-way" onclick={opening(hub, step)}>{ icon("shell") }<b>{ words.t("shell.openHere") }</b><span>{ hint }</span></button>
        </section>
    }
}

fn opening(hub: &Hub, step: &StepView) -> Callback<MouseEvent> {
    let (hub, id) = (hub.clone(), step.id);
    Callback::from(move |_| super::open(&hub, id))
}
