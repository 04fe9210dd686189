//! Why a build failed: what can be mended at the press of a button, then the words in which it is reported.

use crate::page::hub::{Hub, Words};
use crate::page::parts::{CopyButton, icon};
use dockerfile_lab_app::mend;
use dockerfile_lab_app::model::{Action, TakeBack};
use dockerfile_lab_app::shared::Shared;
use lab_session::protocol::{BuildErrorView, BuildView, Request};
use yew::prelude::*;

/// The file that hides others from builds.
const IGNORE: &str = ".dockerignore";

#[derive(Properties, PartialEq)]
pub(super) struct FailedProps {
    pub(super) build: Shared<BuildView>,
}

/// The panel.
#[inline(never)]
pub(super) fn failed_panel(hub: &Hub, words: Words, props: &FailedProps) -> Html {
    let Some(error) = &props.build.error else { return Html::default() };
    let is_limit = error.code == "build/limit-reached";
    let source = if is_limit { "failed.asLab" } else { "failed.asPrinted" };
    html! {
        <>
            { mending(hub, words, &props.build) }
            <section>
                <h2 class="h">{ words.t("failed.where") }<span>{ words.t(source) }</span><CopyButton text={report(&props.build, error)} label={words.t("copy.label")} /></h2>
                <pre class="xc" tabindex="0" aria-label={words.t("failed.where")}>
                    { for printed(&props.build, error).iter().map(|line| html! { <>{ line }{ "\n" }</> }) }
                    { for error.source.lines().map(|line| {
                        if line.contains(">>>") { html! { <><b>{ line.to_owned() }</b>{ "\n" }</> } } else { html! { <>{ line.to_owned() }{ "\n" }</> } }
                    }) }
                    { message(error, is_limit) }
                </pre>
            </section>
        </>
    }
}

/// The whole report as a text.
fn report(build: &BuildView, error: &BuildErrorView) -> String {
    let mut lines = printed(build, error);
    lines.extend(error.source.lines().map(str::to_owned));
    format!("{}\nERROR: {}\n", lines.join("\n"), error.message)
}

/// The step that failed and what it printed last, between rules as BuildKit draws them.
fn printed(build: &BuildView, error: &BuildErrorView) -> Vec<String> {
    let step = error.step.and_then(|step| build.steps.get(step as usize));
    let Some(step) = step.filter(|step| !step.name.is_empty()) else { return error.output.clone() };
    let rule = || "------".to_owned();
    let mut lines = vec![rule(), format!(" > {}:", step.name)];
    lines.extend(error.output.iter().cloned());
    lines.push(rule());
    lines
}

/// The last line. What the lab itself has to say does not come in the words of BuildKit.
fn message(error: &BuildErrorView, is_limit: bool) -> Html {
    if is_limit {
        return html! { <b>{ error.message.strip_prefix("failed to solve: ").unwrap_or(&error.message).to_owned() }</b> };
    }
    html! { <><b>{ "ERROR" }</b>{ format!(": {}", error.message) }</> }
}

/// The buttons: the names that may have been meant, and the file that is missing.
fn mending(hub: &Hub, words: Words, build: &Shared<BuildView>) -> Html {
    let store = hub.model();
    let model = &store.0;
    // What is looked at in the past cannot be mended there.
    if build.number.is_some() && model.past.is_some() {
        return Html::default();
    }
    let text = model.workspace.dockerfile_text.as_deref().unwrap_or_default();
    let mut buttons: Vec<Html> = Vec::new();
    let mut push = |sign: &'static str, label: String, onclick: Callback<MouseEvent>| {
        let class = if buttons.is_empty() { "fix best" } else { "fix" };
        buttons
            .push(html! { <button type="button" {class} {onclick}>{ icon(sign) }<b>{ label }</b></button> });
    };
    for fix in mend::fixes(words.0, text, build) {
        let (hub, title) = (hub.clone(), fix.title.clone());
        push("swap", title, Callback::from(move |_| hub.fix(&fix)));
    }
    let missing = mend::missing_path(text, build);
    let hidden = missing.as_ref().filter(|(path, _)| model.entries.iter().any(|entry| entry.path == *path));
    if let Some((path, _)) = hidden {
        let open = hub.clone();
        push(
            "file",
            words.t("failed.openIgnore").to_owned(),
            Callback::from(move |_| open.act(Action::OpenFile(IGNORE.to_owned()))),
        );
        return html! {
            <section class="fixes"><p class="against">{ words.with("failed.hidden", &[("path", path)]) }</p>{ buttons }</section>
        };
    }
    if let Some((path, is_directory)) = missing {
        let key = if is_directory { "failed.createFolder" } else { "failed.create" };
        push("plus", words.with(key, &[("path", &path)]), create(hub, words, path, is_directory));
    }
    if buttons.is_empty() {
        Html::default()
    } else {
        html! { <section class="fixes" aria-label={words.t("fix.label")}>{ buttons }</section> }
    }
}

/// Makes what is missing; it can be taken back.
fn create(hub: &Hub, words: Words, path: String, is_directory: bool) -> Callback<MouseEvent> {
    let hub = hub.clone();
    Callback::from(move |_| {
        hub.send(if is_directory {
            Request::MakeDirectory { path: path.clone() }
        } else {
            Request::EditFile { path: path.clone(), text: String::new() }
        });
        let text = words.with("toast.created", &[("path", &path)]);
        hub.act(Action::Toast { text, alarm: false, undo: Some(TakeBack::Edit) });
    })
}
