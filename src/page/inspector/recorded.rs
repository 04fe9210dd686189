//! What is known of a step of a build that was made elsewhere: what its log says.

use crate::page::hub::Words;
use crate::page::parts::{pieces, state_word};
use dockerfile_lab_app::figure;
use dockerfile_lab_app::rich::{Piece, rich};
use dockerfile_lab_app::shared::Shared;
use dockerfile_lab_app::wording;
use lab_session::protocol::{BuildView, RecordView, State, StepView};
use yew::prelude::*;

/// More damaged lines than this are told by their number.
const MOST: usize = 8;

/// The panel.
#[inline(never)]
pub(super) fn recorded_panel(
    words: Words,
    build: &Shared<BuildView>,
    recorded: &RecordView,
    step: Option<u32>,
) -> Html {
    let step = step.and_then(|id| build.steps.iter().find(|step| step.id == id));
    html! {
        <article class="why">
            if let Some(step) = step { { of_step(words, build, step) } }
            { of_build(words, build, recorded) }
            if !recorded.damaged.is_empty() { { damaged(words, recorded) } }
        </article>
    }
}

fn of_step(words: Words, build: &BuildView, step: &StepView) -> Html {
    let this = ("step", vec![Piece::Code(wording::short_code(&step.text))]);
    let seconds = step.seconds.map(|seconds| figure::seconds(words.0, seconds.value)).unwrap_or_default();
    let time = ("time", vec![Piece::Strong(seconds)]);
    let key = match step.state {
        State::Hit => "recorded.hit",
        State::Miss | State::Follows => "recorded.ran",
        State::Failed => "recorded.failed",
        State::NotRun => "recorded.notRun",
        State::Meta | State::Skipped => "recorded.absent",
    };
    let output: Vec<&str> = build
        .log
        .iter()
        .filter(|line| {
            line.step == Some(step.id) && matches!(line.kind.as_str(), "output" | "plain" | "error")
        })
        .map(|line| line.text.as_str())
        .collect();
    html! {
        <>
            <header>{ state_word(words, step.state) }<span>{ step.name.clone() }</span></header>
            <p class="say" id="why-sentence">{ pieces(words, &rich(words.0, key, &[this, time])) }</p>
            if !output.is_empty() {
                <section>
                    <h2 class="h">{ words.t("recorded.output") }</h2>
                    <pre class="xc" tabindex="0" aria-label={words.t("recorded.output")}>{ output.join("\n") }</pre>
                </section>
            }
        </>
    }
}

fn of_build(words: Words, build: &BuildView, recorded: &RecordView) -> Html {
    let matched = (recorded.matched.to_string(), recorded.steps.to_string());
    let said = if recorded.matched == recorded.steps {
        words.t("recorded.matched").to_owned()
    } else {
        words.with("recorded.unmatched", &[("n", &matched.0), ("steps", &matched.1)])
    };
    html! {
        <section>
            <h2 class="h">{ words.t("recorded.title") }</h2>
            <dl class="facts one">
                <div><dt>{ words.t("recorded.file") }</dt><dd><code>{ recorded.name.clone() }</code></dd></div>
                <div><dt>{ words.t("recorded.began") }</dt><dd><time>{ utc(recorded.began) }</time></dd></div>
                <div><dt>{ words.t("axis.time") }</dt><dd class="fig">{ figure::seconds(words.0, build.totals.seconds.value) }</dd></div>
            </dl>
            <p class="against">{ said }{ " " }{ words.t("recorded.note") }</p>
        </section>
    }
}

fn damaged(words: Words, recorded: &RecordView) -> Html {
    let count = recorded.damaged.len();
    html! {
        <section class="damaged">
            <h2 class="h">{ words.with("recorded.damaged", &[("n", &count.to_string())]) }</h2>
            <ul>{ for recorded.damaged.iter().take(MOST).map(|line| html! {
                <li><b>{ words.with("recorded.line", &[("n", &line.line.to_string())]) }</b>{ " " }{ line.message.clone() }</li>
            }) }</ul>
            if count > MOST { <p class="against">{ words.with("recorded.more", &[("n", &(count - MOST).to_string())]) }</p> }
        </section>
    }
}

/// A time in the words of no country: `2026-03-01 10:00:00 UTC`.
fn utc(seconds: f64) -> String {
    let date = js_sys::Date::new(&wasm_bindgen::JsValue::from_f64(seconds * 1000.0));
    let text = String::from(date.to_iso_string());
    let (day, clock) = text.split_once('T').unwrap_or((&text, ""));
    format!("{day} {} UTC", clock.get(..8).unwrap_or_default())
}
