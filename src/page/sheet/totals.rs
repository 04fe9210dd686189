//! The sums under the rows.

use crate::page::hub::Words;
use crate::page::parts::{size, time};
use dockerfile_lab_app::figure;
use dockerfile_lab_app::shared::Shared;
use lab_session::protocol::{BuildView, State};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct TotalsProps {
    pub(super) build: Shared<BuildView>,
}

/// The sums.
pub(super) fn totals_line(words: Words, props: &TotalsProps) -> Html {
    let totals = &props.build.totals;
    if props.build.waiting {
        return html! { <p class="sum" role="status">{ words.t("sum.waiting") }</p> };
    }
    if let Some(recorded) = &props.build.recorded {
        return html! { <div class="sum"><span>{ words.with("recorded.sum", &[("file", &recorded.name)]) }</span><span>{ words.t("sum.build") }{ " " }<span class="fig rec" title={words.t("recorded.figure")}>{ figure::seconds(words.0, totals.seconds.value) }</span></span></div> };
    }
    if props.build.error.is_some() {
        let failed = props.build.steps.iter().find(|step| step.state == State::Failed);
        let text = match failed.filter(|step| step.number > 0) {
            Some(step) => words.with(
                "sum.stopped",
                &[("step", &step.number.to_string()), ("of", &totals.steps.to_string())],
            ),
            None => words.t("sum.notBuilt").to_owned(),
        };
        return html! { <div class="sum"><span>{ text }</span><span>{ words.t("axis.time") }{ " " }{ time(words, totals.seconds) }</span></div> };
    }
    html! {
        <div class="sum">
            <span>{ words.t("sum.image") }{ " " }{ size(words, totals.image_size) }</span>
            <span>{ words.t("sum.build") }{ " " }{ time(words, totals.seconds) }</span>
            <span>{ words.t("sum.rebuilt") }{ " " }{ size(words, totals.rebuilt) }</span>
            <span>{ words.t("sum.push") }{ " " }{ size(words, totals.push) }</span>
        </div>
    }
}
