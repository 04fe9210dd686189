//! What the panel says before there is anything to explain: how to read a row and a figure.

use crate::page::hub::Words;
use crate::page::parts::{icon, state_class, state_word};
use lab_session::protocol::State;
use yew::prelude::*;

/// The beginning.
pub(super) fn beginning(words: Words) -> Html {
    let states = [
        (State::Hit, words.t("legend.hitLong")),
        (State::Miss, words.t("legend.missLong")),
        (State::Follows, words.t("legend.followsLong")),
        (State::Meta, words.t("legend.metaLong")),
    ];
    html! {
        <article class="why">
            <div><p class="say">{ words.t("empty.title") }</p><p class="against">{ words.t("empty.text") }</p></div>
            <section>
                <h2 class="h">{ words.t("empty.row") }</h2>
                <ul class="legend">
                    { for states.map(|(state, text)| html! {
                        <li><i class={format!("p-{}", state_class(state))}></i>{ state_word(words, state) }<span>{ text }</span></li>
                    }) }
                    <li><i></i><span class="held">{ icon("shield") }</span><span>{ words.t("legend.heldLong") }</span></li>
                </ul>
            </section>
            <section>
                <h2 class="h">{ words.t("empty.figure") }</h2>
                <ul class="legend two">
                    <li><span class="fig">{ "3.57 kB" }</span><span>{ words.t("legend.computed") }</span></li>
                    <li><span class="mod">{ words.with("unit.seconds", &[("n", "6.5")]) }</span><span>{ words.t("legend.modelled") }</span></li>
                </ul>
            </section>
        </article>
    }
}
