//! How many steps hit, and what that saved.

use crate::page::hub::use_words;
use crate::page::parts::{state_class, time};
use dockerfile_lab_app::shared::Shared;
use lab_session::protocol::{BuildView, State};
use yew::prelude::*;

/// More steps than this are a number, not pips.
const MOST_PIPS: usize = 16;

#[derive(Properties, PartialEq)]
pub(in crate::page) struct HitsProps {
    pub(in crate::page) build: Option<Shared<BuildView>>,
}

/// `4/5` with a pip for each step.
#[component]
pub(in crate::page) fn Hits(props: &HitsProps) -> Html {
    let words = use_words();
    let Some(build) = props.build.as_ref().filter(|build| !build.empty && !build.waiting) else {
        return html! { <span class="grow"></span> };
    };
    let pips: Vec<State> = build
        .steps
        .iter()
        .filter(|step| step.number > 0 && step.state != State::Skipped)
        .map(|step| step.state)
        .collect();
    html! {
        <dl class="read">
            <div>
                if pips.len() <= MOST_PIPS {
                    <span class="pips" aria-hidden="true">
                        { for pips.iter().map(|state| html! { <i class={format!("p-{}", state_class(*state))}></i> }) }
                    </span>
                }
                <dt>{ words.t("top.hits") }</dt>
                <dd class="fig">{ format!("{}/{}", build.totals.hits, build.totals.steps) }</dd>
            </div>
            <div title={words.t("top.savedHint")}><dt>{ words.t("top.saved") }</dt><dd>{ time(words, build.totals.saved) }</dd></div>
        </dl>
    }
}
