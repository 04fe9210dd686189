//! Where the modelled figures of a step come from: the entries of the catalogue, with their quality, date and origin.

use super::hub::{Words, use_words};
use super::overlay::Modal;
use super::parts::{size, time};
use crate::lab::facts::{Found, find};
use dockerfile_lab_app::facts::{About, Fact, of_step};
use dockerfile_lab_app::figure;
use dockerfile_lab_app::wording;
use lab_session::protocol::{State, StepView};
use lab_session::text::decimal::fixed;
use yew::prelude::*;

/// More times than this would hide the rest.
const MOST_TIMES: usize = 12;

#[derive(Properties, PartialEq)]
pub(super) struct FactsProps {
    pub(super) step: StepView,
}

type Known = Vec<(Fact, Result<Found, String>)>;

/// The dialog.
#[component]
pub(super) fn FactsDialog(props: &FactsProps) -> Html {
    let words = use_words();
    let known = use_state(|| None::<Known>);
    {
        let known = known.clone();
        use_effect_with(of_step(&props.step), move |facts| {
            let facts = facts.clone();
            wasm_bindgen_futures::spawn_local(async move {
                let mut all = Vec::new();
                for fact in facts {
                    let found = find(&fact).await;
                    all.push((fact, found));
                }
                known.set(Some(all));
            });
        });
    }
    let step = &props.step;
    let seconds = if step.state == State::Hit { step.saved.or(step.seconds) } else { step.seconds };
    html! {
        <Modal title={words.t("facts.title")} class="broad facts-d">
            <p><code>{ wording::short_code(&step.text) }</code></p>
            <dl class="facts">
                if let Some(figure) = step.size { <div><dt>{ words.t("axis.size") }</dt><dd>{ size(words, figure) }</dd></div> }
                if let Some(figure) = seconds { <div><dt>{ words.t("axis.time") }</dt><dd>{ time(words, figure) }</dd></div> }
            </dl>
            { match &*known {
                None => html! { <p role="status">{ words.t("files.loading") }</p> },
                Some(known) => html! { <ul class="takes">{ for known.iter().map(|(fact, found)| html! { <li>{ one(words, fact, found) }</li> }) }</ul> },
            } }
            <p class="against">{ words.t("facts.note") }</p>
        </Modal>
    }
}

fn one(words: Words, fact: &Fact, found: &Result<Found, String>) -> Html {
    let about = words.t(match fact.about {
        About::Size => "axis.size",
        About::Time => "axis.time",
    });
    let place = format!("catalog/{}.json", fact.part);
    let head = html! {
        <h3>{ about }{ ": " }<a href={place.clone()} target="_blank" rel="noreferrer"><code>{ place.clone() }</code></a>if !fact.entry.is_empty() { <span><code>{ fact.entry.clone() }</code></span> }</h3>
    };
    match found {
        Err(error) => html! { <>{ head }<p class="wrong">{ error.clone() }</p></> },
        Ok(found) => html! {
            <>
                { head }
                <p>{ quality(words, found) }{ formula(words, found) }</p>
                { for found.origins.iter().map(|origin| html! { <p class="origin" lang="en">{ origin.clone() }</p> }) }
                if !found.evidence.is_empty() {
                    <ul class="origin" lang="en">{ for found.evidence.iter().take(MOST_TIMES).map(|(what, seconds)| html! {
                        <li>{ what.clone() }<span class="nowrap">{ figure::seconds(words.0, *seconds) }</span></li>
                    }) }</ul>
                }
            </>
        },
    }
}

/// How good it is, and of which day.
fn quality(words: Words, found: &Found) -> String {
    let said = words.t(match found.quality.as_str() {
        "published" | "exact" => "facts.published",
        "measured" => "facts.measured",
        "fitted" | "derived" => "facts.fitted",
        "" => return format!("{}.", found.date),
        _ => "facts.estimated",
    });
    let mut text = words.with("facts.quality", &[("quality", said), ("date", &found.date)]);
    if let Some(percent) = found.published {
        text.push(' ');
        text.push_str(&words.with("facts.percent", &[("n", &fixed(percent, 0))]));
    }
    text
}

/// How the seconds of a step are made of it.
fn formula(words: Words, found: &Found) -> String {
    let Some([base, megabyte, count]) = found.seconds else { return String::new() };
    let number = |value: f64| fixed(value, if value < 0.1 { 3 } else { 2 });
    let mut parts = vec![words.with("facts.base", &[("n", &number(base))])];
    if megabyte > 0.0 {
        parts.push(words.with("facts.perMegabyte", &[("n", &number(megabyte))]));
    }
    if count > 0.0 {
        parts.push(words.with("facts.perCount", &[("n", &number(count))]));
    }
    let sum = parts.join(" + ");
    if found.scale == 1.0 { format!(" {sum}.") } else { format!(" ({sum}) × {}.", number(found.scale)) }
}
