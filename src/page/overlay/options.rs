//! The options of the builds to come, and the command that they amount to.

use super::dialog::Modal;
use crate::page::dom;
use crate::page::hub::{Words, use_hub, use_words};
use crate::page::parts::CopyButton;
use dockerfile_lab_app::command::{self, Remark, remarks};
use dockerfile_lab_app::model::Action;
use dockerfile_lab_app::shared::Shared;
use lab_session::protocol::{BuildView, Request, Settings, WorkspaceView};
use lab_session::text::reference;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct OptionsProps {
    pub(super) workspace: Shared<WorkspaceView>,
    pub(super) build: Option<Shared<BuildView>>,
}

/// The fields as they are written.
#[derive(Clone, PartialEq)]
struct Draft {
    tags: String,
    file: String,
    target: String,
    arguments: String,
    labels: String,
    no_cache: bool,
    stages: String,
}

impl Draft {
    fn of(settings: &Settings) -> Self {
        Self {
            tags: settings.tags.join(" "),
            file: settings.dockerfile.clone(),
            target: settings.target.clone(),
            arguments: settings.build_args.join("\n"),
            labels: settings.labels.join("\n"),
            no_cache: settings.no_cache,
            stages: settings.no_cache_stages.join(" "),
        }
    }

    fn settings(&self, before: &Settings) -> Settings {
        let words = |text: &str| -> Vec<String> {
            let split = text.split(|c: char| c.is_whitespace() || c == ',');
            split.filter(|word| !word.is_empty()).map(str::to_owned).collect()
        };
        let lines = |text: &str| -> Vec<String> {
            text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
        };
        Settings {
            tags: words(&self.tags),
            dockerfile: self.file.trim().to_owned(),
            target: self.target.trim().to_owned(),
            build_args: lines(&self.arguments),
            labels: lines(&self.labels),
            no_cache: self.no_cache,
            no_cache_stages: words(&self.stages),
            ..before.clone()
        }
    }
}

/// The dialog.
#[component]
pub(super) fn OptionsDialog(props: &OptionsProps) -> Html {
    let hub = use_hub();
    let words = use_words();
    let before = props.workspace.settings.clone();
    let draft = use_state(|| Draft::of(&before));
    let settings = draft.settings(&before);
    let wrong = settings.tags.iter().find(|tag| !reference::is_valid(tag));
    let of_arguments = remarks(&settings.build_args, false);
    let of_labels = remarks(&settings.labels, true);
    let is_wrong = wrong.is_some() || [&of_arguments, &of_labels].iter().any(|list| has_error(list));
    let set = |change: fn(&mut Draft, String)| {
        let draft = draft.clone();
        Callback::from(move |event: InputEvent| {
            use wasm_bindgen::JsCast;
            let Some(target) = event.target() else { return };
            let value = match target.dyn_into::<web_sys::HtmlInputElement>() {
                Ok(input) => input.value(),
                Err(target) => target.unchecked_into::<web_sys::HtmlTextAreaElement>().value(),
            };
            let mut next = (*draft).clone();
            change(&mut next, value);
            draft.set(next);
        })
    };
    let on_no_cache = {
        let draft = draft.clone();
        Callback::from(move |_: Event| draft.set(Draft { no_cache: !draft.no_cache, ..(*draft).clone() }))
    };
    let clear = {
        let draft = draft.clone();
        Callback::from(move |_: MouseEvent| draft.set(Draft::of(&Settings::default())))
    };
    let apply = {
        let (hub, settings) = (hub.clone(), settings.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if settings != before {
                hub.send(Request::SetSettings { settings: settings.clone() });
            }
            hub.act(Action::Dialog(None));
        })
    };
    let text = command::docker_build(&settings);
    html! {
        <Modal title={words.t("options.title")}>
            <form onsubmit={apply}>
                <p>{ words.t("options.text") }</p>
                <div class="fields">
                    <label class="field">{ name(words.t("options.tags"), "-t") }<input type="text" value={draft.tags.clone()} oninput={set(|draft, value| draft.tags = value)}
                        aria-invalid={wrong.is_some().then_some("true")} autofocus={!dom::media("(pointer: coarse)")} placeholder="shop:1.0" spellcheck="false" autocapitalize="off" /></label>
                    <label class="field">{ name(words.t("options.target"), "--target") }<input type="text" list="stages" value={draft.target.clone()} oninput={set(|draft, value| draft.target = value)}
                        placeholder={words.t("options.lastStage")} spellcheck="false" autocapitalize="off" /></label>
                </div>
                if let Some(tag) = wrong { <p class="wrong" role="alert">{ words.with("error.buildInvalidTag", &[("subject", tag)]) }</p> }
                <datalist id="stages">{ for stages(props.build.as_deref()).into_iter().map(|stage| html! { <option value={stage} /> }) }</datalist>
                <label class="field">{ name(words.t("options.arguments"), "--build-arg") }<textarea rows="2" value={draft.arguments.clone()} oninput={set(|draft, value| draft.arguments = value)}
                    placeholder={argument_hint(props.build.as_deref())} spellcheck="false" autocapitalize="off"
                    aria-invalid={has_error(&of_arguments).then_some("true")} aria-describedby="of-arguments" /></label>
                { said(words, "of-arguments", &of_arguments) }
                <label class="check"><input type="checkbox" checked={draft.no_cache} onchange={on_no_cache} /><span>{ words.t("options.noCache") }{ " " }<code>{ "--no-cache" }</code></span></label>
                <div class="fields">
                    <label class="field">{ name(words.t("options.noCacheStages"), "--no-cache-filter") }<input type="text" value={draft.stages.clone()} oninput={set(|draft, value| draft.stages = value)}
                        disabled={draft.no_cache} spellcheck="false" autocapitalize="off" /></label>
                    <label class="field">{ name(words.t("options.file"), "-f") }<input type="text" value={draft.file.clone()} oninput={set(|draft, value| draft.file = value)}
                        placeholder="Dockerfile" spellcheck="false" autocapitalize="off" /></label>
                </div>
                <label class="field">{ name(words.t("options.labels"), "--label") }<textarea rows="2" value={draft.labels.clone()} oninput={set(|draft, value| draft.labels = value)}
                    placeholder="org.example.name=value" spellcheck="false" autocapitalize="off"
                    aria-invalid={has_error(&of_labels).then_some("true")} aria-describedby="of-labels" /></label>
                { said(words, "of-labels", &of_labels) }
                <div class="command"><code>{ text.clone() }</code><CopyButton {text} label={words.t("copy.label")} /></div>
                { foot(words, clear, is_wrong) }
            </form>
        </Modal>
    }
}

fn has_error(remarks: &[Remark]) -> bool {
    remarks.iter().any(|remark| matches!(remark, Remark::NoName(_)))
}

/// What is to be said of a field. The place is always there, so that what comes into it is read aloud.
fn said(words: Words, id: &'static str, remarks: &[Remark]) -> Html {
    let line = |remark: &Remark| match remark {
        Remark::NoName(line) => {
            html! { <p class="wrong">{ words.with("options.noName", &[("line", line)]) }</p> }
        }
        Remark::NoValue(name) => {
            html! { <p class="against">{ words.with("options.noValue", &[("name", name)]) }</p> }
        }
    };
    html! { <div {id} role="status">{ for remarks.iter().map(line) }</div> }
}

fn foot(words: Words, clear: Callback<MouseEvent>, is_wrong: bool) -> Html {
    html! {
        <footer>
            <button type="button" class="btn line" onclick={clear}>{ words.t("options.clear") }</button>
            <button type="submit" class="btn main" disabled={is_wrong}>{ words.t("dialog.apply") }</button>
        </footer>
    }
}

/// What a field is called, and which option of the command it is.
fn name(text: &'static str, flag: &'static str) -> Html {
    html! { <span>{ text }{ " " }<code>{ flag }</code></span> }
}

/// The names of the stages.
fn stages(build: Option<&BuildView>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for step in build.map(|build| build.steps.as_slice()).unwrap_or_default() {
        let is_name = !step.stage.is_empty() && !step.stage.bytes().all(|byte| byte.is_ascii_digit());
        if is_name && !names.contains(&step.stage) {
            names.push(step.stage.clone());
        }
    }
    names
}

/// The first argument that the Dockerfile declares, as one would set it.
fn argument_hint(build: Option<&BuildView>) -> String {
    let steps = build.map(|build| build.steps.as_slice()).unwrap_or_default();
    let declared =
        steps.iter().find(|step| step.keyword == "ARG").and_then(|step| step.text.split_whitespace().nth(1));
    match declared.map(|word| word.split_once('=').unwrap_or((word, ""))) {
        Some((name, "")) => format!("{name}=…"),
        Some((name, value)) => format!("{name}={value}"),
        None => "VERSION=2".to_owned(),
    }
}
