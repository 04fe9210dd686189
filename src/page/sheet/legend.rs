//! What the marks mean.

use crate::page::hub::Words;
use crate::page::parts::{state_class, state_word};
use lab_session::protocol::State;
use yew::prelude::*;

/// The legend.
pub(super) fn legend(words: Words) -> Html {
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
        </ul>
    }
}
