//! What the marks mean.

use crate::page::hub::use_words;
use crate::page::parts::{state_class, state_word};
use lab_session::protocol::State;
use yew::prelude::*;

/// The legend.
#[component]
pub(super) fn Legend() -> Html {
    let words = use_words();
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
        </ul>
    }
}
