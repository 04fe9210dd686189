//! The small view for other pages: Dockerfile and files, rows, one line of why, one thing to do.
//!
//! It tells the page around how high it is, and talks with it in messages; see `docs/embedding.md`.

mod foot;
mod height;
mod messages;

use super::editor::{Editor, LineBox};
use super::hub::{use_hub, use_words};
use super::inspector::first_remedy;
use super::overlay::{Announcer, Toasts};
use super::parts::{Tabs, pieces, state_class};
use super::sheet::{LineBoxes, StepList};
use dockerfile_lab_app::model::{Action, Model};
use dockerfile_lab_app::params::Params;
use dockerfile_lab_app::shared::Shared;
use dockerfile_lab_app::wording;
use foot::Foot;
use height::use_height;
use lab_session::protocol::{BuildView, FileKind, State};
use messages::use_messages;
use std::rc::Rc;
use yew::prelude::*;

/// More files than this do not fit beside each other.
const MOST_FILES: usize = 4;

#[derive(Properties, PartialEq)]
pub(super) struct EmbedViewProps {
    pub(super) model: Shared<Model>,
    pub(super) params: Params,
}

/// The view.
#[component]
pub(super) fn EmbedView(props: &EmbedViewProps) -> Html {
    let hub = use_hub();
    let words = use_words();
    let model = &props.model;
    let root = use_node_ref();
    use_height(&root);
    use_messages(&hub, model);
    let files = shown_files(model, props.params.show.as_deref());
    {
        let hub = hub.clone();
        let show = props.params.show.clone();
        // Once the files are there, the one that was asked for comes first.
        use_effect_with((model.ready, model.workspace.name.clone()), move |(ready, _)| {
            if let (true, Some(path)) = (*ready, show) {
                hub.act(Action::OpenFile(path));
            }
        });
    }
    let at = files.iter().position(|path| *path == model.active).unwrap_or(0);
    let on_pick = {
        let (hub, files) = (hub.clone(), files.clone());
        Callback::from(move |index: usize| {
            if let Some(path) = files.get(index) {
                hub.act(Action::OpenFile(path.clone()));
            }
        })
    };
    let names: Vec<AttrValue> = files.iter().map(|path| AttrValue::from(path.clone())).collect();
    html! {
        <main class="emb" ref={root}>
            <h1 class="sr">{ "Dockerfile Lab" }</h1>
            <Tabs label={words.t("sheet.files")} {names} {at} panel="embed-panel" {on_pick} />
            <div id="embed-panel" role="tabpanel" aria-label={files.get(at).cloned()}>
                <Body model={model.clone()} readonly={props.params.readonly} />
            </div>
            <Line model={model.clone()} />
            <Foot name={model.workspace.name.clone()} params={props.params.clone()} />
            <Toasts toasts={model.toasts.clone()} />
            <Announcer build={model.preview.clone()} />
        </main>
    }
}

/// The Dockerfile, the file that was asked for, and what the build reads first.
fn shown_files(model: &Model, show: Option<&str>) -> Vec<String> {
    let mut files = vec![model.workspace.dockerfile.clone()];
    let mut push = |path: &str| {
        if !files.iter().any(|known| known == path) && files.len() < MOST_FILES {
            files.push(path.to_owned());
        }
    };
    if let Some(path) = show.filter(|path| model.entries.iter().any(|entry| entry.path == **path)) {
        push(path);
    }
    for path in model.tabs.iter().map(String::as_str) {
        push(path);
    }
    for entry in model.entries.iter().filter(|entry| entry.kind == FileKind::File && !entry.ignored) {
        if !entry.path.starts_with('.') {
            push(&entry.path);
        }
    }
    files
}

#[derive(Properties, PartialEq)]
struct BodyProps {
    model: Shared<Model>,
    readonly: bool,
}

/// The editors and the rows.
#[component]
fn Body(props: &BodyProps) -> Html {
    let hub = use_hub();
    let model = &props.model;
    let lines = use_state(|| Shared::new(Vec::<LineBox>::new()));
    let on_geometry = {
        let lines = lines.clone();
        use_callback((), move |boxes: Vec<LineBox>, ()| lines.set(Shared::new(boxes)))
    };
    let on_cursor = {
        let hub = hub.clone();
        use_callback((), move |line: u32, ()| hub.act(Action::SelectLine(line.saturating_sub(1))))
    };
    let typed = |path: String| {
        let hub = hub.clone();
        Callback::from(move |text: String| {
            hub.typed(&path, text);
        })
    };
    if !model.ready {
        return html! { <div class="emb-b"></div> };
    }
    let in_dockerfile = model.in_dockerfile();
    let selected = model.selected();
    let active_lines = selected.map_or((0, 0), |step| (step.line + 1, step.end_line + 1));
    let text: Rc<str> = Rc::from(model.workspace.dockerfile_text.as_deref().unwrap_or_default());
    html! {
        <div class={classes!("emb-b", (!in_dockerfile).then_some("one"))}>
            <div class="eds">
                <Editor key={model.project.to_string()} path={model.workspace.dockerfile.clone()} is_dockerfile=true {text} epoch={model.epoch} active={in_dockerfile}
                    readonly={props.readonly} build={model.preview.clone()} {active_lines} on_change={typed(model.workspace.dockerfile.clone())} {on_cursor} {on_geometry} />
                { for model.tabs.iter().filter_map(|path| {
                    let file = model.files.get(path)?;
                    let text = file.text.clone()?;
                    Some(html! { <Editor key={path.clone()} path={path.clone()} {text} epoch={file.epoch} active={*path == model.active} readonly={props.readonly} on_change={typed(path.clone())} /> })
                }) }
            </div>
            if let (Some(build), true) = (&model.preview, in_dockerfile) {
                <StepList build={build.clone()} lines={LineBoxes((*lines).clone())} selected={selected.map(|step| step.id)} fresh={model.fresh} />
            }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct LineProps {
    model: Shared<Model>,
}

/// How many hit, why the first one missed, and the first remedy.
#[component]
fn Line(props: &LineProps) -> Html {
    let hub = use_hub();
    let words = use_words();
    let model = &props.model;
    let Some(build) = model.preview.as_ref().filter(|build| !build.empty) else { return Html::default() };
    let remedy = model.why().and_then(|why| first_remedy(words, &why, &model.workspace.dockerfile));
    html! {
        <div class="emb-l">
            { pips(build) }
            <b class="fig">{ format!("{}/{}", build.totals.hits, build.totals.steps) }</b>
            <p>{ pieces(words, &said(words, model, build)) }</p>
            if let Some((label, gain, request)) = remedy {
                <button type="button" class="btn line best" title={gain} onclick={move |_: MouseEvent| { hub.send(request.clone()); }}>{ label }</button>
            }
        </div>
    }
}

fn said(words: super::hub::Words, model: &Model, build: &BuildView) -> Vec<dockerfile_lab_app::rich::Piece> {
    match model.selected().filter(|step| matches!(step.state, State::Miss | State::Follows)) {
        Some(step) => wording::sentence(words.0, build, step, model.why().as_deref()),
        None => wording::summary(words.0, build),
    }
}

fn pips(build: &BuildView) -> Html {
    html! {
        <span class="pips" aria-hidden="true">
            { for build.steps.iter().filter(|step| step.number > 0 && step.state != State::Skipped).take(16).map(|step| html! { <i class={format!("p-{}", state_class(step.state))}></i> }) }
        </span>
    }
}
