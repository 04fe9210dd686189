//! What can be done about a miss or a finding, as buttons that say what they gain.

use crate::page::hub::{Hub, Words};
use crate::page::parts::{icon, pieces};
use dockerfile_lab_app::shared::Shared;
use dockerfile_lab_app::wording;
use lab_session::protocol::{BuildView, FileInput, Remedy, Request, Why};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct FixesProps {
    pub(super) build: Shared<BuildView>,
    pub(super) step: u32,
    pub(super) why: Option<Shared<Why>>,
    pub(super) dockerfile: AttrValue,
}

/// A remedy as a button has it: label, gain, request.
pub(in crate::page) fn remedy(words: Words, remedy: &Remedy, dockerfile: &str) -> (String, String, Request) {
    let gain = |hits: &u32, steps: &u32| {
        words.with("fix.hits", &[("hits", &hits.to_string()), ("steps", &steps.to_string())])
    };
    match remedy {
        Remedy::RevertFile { path, build, hits, steps } => (
            words.with("fix.revertFile", &[("path", path)]),
            gain(hits, steps),
            Request::RevertFile { path: path.clone(), build: *build },
        ),
        Remedy::RevertDockerfile { build, hits, steps } => (
            words.with("fix.revertDockerfile", &[("build", &format!("#{build}"))]),
            gain(hits, steps),
            Request::RevertFile { path: dockerfile.to_owned(), build: *build },
        ),
        Remedy::Reorder { text, files, run, hits, steps, known, .. } => (
            match wording::listed(words.0, files) {
                Some(files) => words.with("fix.copyFirst", &[("files", &files)]),
                None => words.with("fix.runFirst", &[("run", &wording::short_code(run))]),
            },
            match wording::gain(words.0, remedy).filter(|_| *known) {
                Some(saved) => words.with("fix.saves", &[("time", &saved)]),
                None => gain(hits, steps),
            },
            // As one file that is put, and not as something that is typed: one step back takes it back.
            Request::PutFiles {
                files: vec![FileInput {
                    path: dockerfile.to_owned(),
                    text: Some(text.clone()),
                    ..FileInput::default()
                }],
            },
        ),
    }
}

/// The first remedy of a reason.
pub(in crate::page) fn first_remedy(
    words: Words,
    why: &Why,
    dockerfile: &str,
) -> Option<(String, String, Request)> {
    why.remedies.first().map(|first| remedy(words, first, dockerfile))
}

/// The buttons.
#[inline(never)]
pub(super) fn fixes(hub: &Hub, words: Words, props: &FixesProps) -> Html {
    let remedies = props.why.as_ref().map(|why| why.remedies.as_slice()).unwrap_or_default();
    let step = props.build.steps.iter().find(|step| step.id == props.step);
    let findings: Vec<_> = props
        .build
        .diagnostics
        .iter()
        // What stopped the build stands above already.
        .filter(|found| found.severity != "error" || found.fix.is_some())
        .filter(|found| step.is_some_and(|step| step.line <= found.line && found.line <= step.end_line))
        .collect();
    if remedies.is_empty() && findings.is_empty() {
        return Html::default();
    }
    html! {
        <section class="fixes" aria-label={words.t("fix.label")}>
            { for remedies.iter().enumerate().map(|(index, one)| {
                let (label, gain, request) = remedy(words, one, &props.dockerfile);
                let said = wording::reordered(words.0, one);
                let sign = if said.is_some() { "swap" } else { "undo" };
                html! {
                    <>
                        { button(hub, index == 0, sign, label, Some(gain), request) }
                        if let Some(said) = said { <p class="measured">{ pieces(words, &said) }</p> }
                    </>
                }
            }) }
            { for findings.iter().map(|found| {
                let fix = found.fix.clone();
                let hub = hub.clone();
                let button = fix.map(|fix| html! { <button type="button" class="fix" onclick={let title = fix.clone(); move |_: MouseEvent| hub.fix(&title)}>{ icon("swap") }{ fix.title }</button> });
                if found.severity == "error" {
                    // What is wrong is said above; here is what helps.
                    return html! { { for button } };
                }
                html! {
                    <div class="finding">
                        <p><code>{ found.code.clone() }</code>{ " " }{ found.message.clone() }
                            if let Some(url) = &found.url { { " " }<a href={url.clone()} target="_blank" rel="noreferrer">{ words.t("fix.more") }</a> }
                        </p>
                        { for button }
                    </div>
                }
            }) }
        </section>
    }
}

fn button(
    hub: &Hub,
    best: bool,
    sign: &'static str,
    label: String,
    gain: Option<String>,
    request: Request,
) -> Html {
    let hub = hub.clone();
    let onclick = Callback::from(move |_: MouseEvent| {
        hub.send(request.clone());
    });
    html! {
        <button type="button" class={if best { "fix best" } else { "fix" }} {onclick}>
            { icon(sign) }<b>{ label }</b>{ for gain.map(|gain| html! { <span>{ gain }</span> }) }
        </button>
    }
}
