//! What the marks mean.

use super::step_row::is_unknown;
use crate::page::hub::Words;
use crate::page::parts::{icon, state_class, state_word};
use dockerfile_lab_app::shared::Shared;
use lab_session::protocol::{BuildView, State, StepView};
use yew::prelude::*;

/// The legend; of what is seldom there only what the build has.
pub(super) fn legend(words: Words, build: Option<&Shared<BuildView>>) -> Html {
    let has = |is: fn(&StepView) -> bool| build.is_some_and(|build| build.steps.iter().any(is));
    let states = [
        (State::Hit, words.t("legend.hit")),
        (State::Miss, words.t("legend.miss")),
        (State::Follows, words.t("legend.follows")),
        (State::Meta, words.t("legend.meta")),
    ];
    html! {
        <ul class="key" aria-label={words.t("legend.label")}>
            { for states.map(|(state, text)| html! {
                <li><i class={format!("p-{}", state_class(state))}></i>{ state_word(words, state) }{ text }</li>
            }) }
            <li><span class="fig">{ "1.2 kB" }</span>{ words.t("legend.firm") }</li>
            <li><span class="mod">{ "1.2 MB" }</span>{ words.t("legend.about") }</li>
            if has(|step| step.held) { <li><span class="held">{ icon("shield") }</span><em>{ words.t("row.held") }</em>{ words.t("legend.heldLong") }</li> }
            if has(|step| step.stand_in.is_some()) { <li><em>{ words.t("row.standIn") }</em>{ words.t("legend.standIn") }</li> }
            if has(is_unknown) { <li><span class="unsim-l">{ icon("off") }</span><em>{ words.t("row.notSimulated") }</em>{ words.t("legend.notSimulated") }</li> }
        </ul>
    }
}
