//! Why a step hit or missed: a sentence, its evidence, what to do.

use super::commands::{CommandsProps, commands};
use super::diff::{DiffProps, diff_block};
use super::empty::beginning;
use super::failed::{FailedProps, failed_panel};
use super::fixes::{FixesProps, fixes};
use super::key_table::{KeyTableProps, key_table};
use super::near::{NearProps, near_misses};
use super::recorded::recorded_panel;
use crate::page::hub::{Hub, Words};
use crate::page::parts::{icon, pieces, state_word};
use crate::page::shell::{door, way_in};
use dockerfile_lab_app::facts::of_step;
use dockerfile_lab_app::model::Dialog;
use dockerfile_lab_app::shared::Shared;
use dockerfile_lab_app::wording;
use lab_session::protocol::{BuildView, Cause, State, StepView, Why};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct WhyTabProps {
    pub(super) build: Option<Shared<BuildView>>,
    pub(super) step: Option<u32>,
    pub(super) why: Option<Shared<Why>>,
    pub(super) dockerfile: AttrValue,
    pub(super) first: bool,
    /// Whether build 1 came with the example.
    pub(super) first_given: bool,
}

/// The tab.
pub(super) fn why_tab(hub: &Hub, words: Words, props: &WhyTabProps) -> Html {
    let Some(build) = props.build.as_ref().filter(|_| !props.first) else {
        return html! { { beginning(words) } };
    };
    if build.waiting {
        return html! { <article class="why"><p class="say" role="status">{ words.t("why.waiting") }</p></article> };
    }
    explained(hub, words, props, build)
}

/// What there is to say about a build.
#[inline(never)]
fn explained(hub: &Hub, words: Words, props: &WhyTabProps, build: &Shared<BuildView>) -> Html {
    if let Some(recorded) = &build.recorded {
        return recorded_panel(words, build, recorded, props.step);
    }
    let step = props.step.and_then(|id| build.steps.iter().find(|step| step.id == id));
    let stopped = build.steps.iter().any(|step| step.state == State::Failed);
    if build.error.is_some() && !stopped {
        // Nothing ran: the text itself, or what it asks for, is at fault.
        return html! {
            <article class="why">
                <header>{ state_word(words, State::Failed) }</header>
                <p class="say">{ pieces(words, &wording::not_built(words.0, build)) }</p>
                { failed_panel(hub, words, &FailedProps { build: build.clone() }) }
            </article>
        };
    }
    let Some(step) = step else { return html! { { beginning(words) } } };
    let failed = step.state == State::Failed;
    let why = props.why.clone();
    // A follower is explained by the evidence of its root.
    let root =
        step.root.and_then(|root| build.steps.get(root as usize)).filter(|_| step.state == State::Follows);
    let evidence = root.and_then(|root| root.why.as_ref()).or(why.as_deref());
    let others = why.as_deref().map(|why| wording::other_causes(words.0, build, why)).unwrap_or_default();
    html! {
        <article class="why">
            <header>{ state_word(words, step.state) }<span>{ wording::place(words.0, build, step) }</span>{ door(hub, words, step) }</header>
            <div>
                <p class="say" id="why-sentence">{ pieces(words, &wording::sentence(words.0, build, step, why.as_deref())) }</p>
                if !others.is_empty() {
                    <ul class="also">{ for others.iter().map(|other| html! { <li>{ pieces(words, other) }</li> }) }</ul>
                }
                { against(words, build, step, why.as_deref()) }
                if props.first_given && why.as_deref().and_then(|why| why.hit_build) == Some(1) {
                    <p class="against">{ words.with("why.given", &[("build", "#1")]) }</p>
                }
                if let Some(said) = wording::stand_in(words.0, step) {
                    <p class="stand-in">{ icon("swap") }<span>{ pieces(words, &said) }</span></p>
                }
            </div>
            { source(hub, words, step) }
            if failed { { way_in(hub, words, step) } }
            { fixes(hub, words, &FixesProps { build: build.clone(), step: step.id, why: why.clone(), dockerfile: props.dockerfile.clone() }) }
            if failed { { failed_panel(hub, words, &FailedProps { build: build.clone() }) } }
            { for evidence.map(|why| diffs(words, why, root)).into_iter().flatten() }
            if let Some(why) = &why {
                if !why.parts.is_empty() { { key_table(words, &KeyTableProps { why: why.clone(), build: build.number }) } }
                if !why.near_misses.is_empty() { { near_misses(words, &NearProps { why: why.clone() }) } }
            }
            if !step.commands.is_empty() { { commands(words, &CommandsProps { build: build.clone(), step: step.id }) } }
        </article>
    }
}

/// The way to where the modelled figures of a step come from.
fn source(hub: &Hub, words: Words, step: &StepView) -> Html {
    if of_step(step).is_empty() {
        return Html::default();
    }
    let (hub, id) = (hub.clone(), step.id);
    let onclick = Callback::from(move |_: MouseEvent| hub.open(Dialog::Facts(id)));
    html! { <p class="source"><button type="button" class="as-link" {onclick}>{ words.t("facts.open") }</button></p> }
}

fn against(words: crate::page::hub::Words, build: &BuildView, step: &StepView, why: Option<&Why>) -> Html {
    let nothing = Why::default();
    let said = match (why, step.state) {
        (None, State::Miss) => Vec::new(),
        (why, _) => wording::against(words.0, build, step, why.unwrap_or(&nothing)),
    };
    if said.is_empty() {
        Html::default()
    } else {
        html! { <p class="against">{ pieces(words, &said) }</p> }
    }
}

/// A block for each changed file whose lines are known; at most three, since the first tells most.
fn diffs(words: crate::page::hub::Words, why: &Why, root: Option<&StepView>) -> Vec<Html> {
    why.causes
        .iter()
        .filter_map(|cause| match cause {
            Cause::FileChanged { path, before, after, diff } if !diff.is_empty() => {
                Some((path, *before, *after, diff))
            }
            _ => None,
        })
        .take(3)
        .map(|(path, before, after, diff)| {
            let hint = root.map(|root| words.with("why.rootLine", &[("line", &(root.line + 1).to_string())]));
            html! { { diff_block(words, &DiffProps { path: path.clone().into(), before, after, lines: diff.clone(), hint: hint.map(AttrValue::from) }) } }
        })
        .collect()
}
