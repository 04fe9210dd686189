//! The sheet: the editor and, level with its lines, a row for each instruction.

mod axis;
mod file_pane;
mod files_bar;
mod legend;
mod past;
mod start;
mod step_row;
mod steps;
mod totals;

pub(super) use steps::{LineBoxes, StepList};

use super::editor::{Editor, LineBox};
use super::frame::is_blank;
use super::hub::{use_hub, use_words};
use super::parts::pieces;
use axis::axis;
use dockerfile_lab_app::model::{Action, Model, Place};
use dockerfile_lab_app::shared::Shared;
use dockerfile_lab_app::wording;
use file_pane::FilePane;
use files_bar::FilesBar;
use lab_session::protocol::State;
use legend::legend;
use past::{PastProps, past_build};
use start::Start;
use std::rc::Rc;
use totals::{TotalsProps, totals_line};
use yew::prelude::*;

/// More paths than this are not completed.
const MOST_S: usize = 2_000;

#[derive(Properties, PartialEq)]
pub(super) struct SheetProps {
    pub(super) model: Shared<Model>,
    pub(super) first: bool,
    /// Whether the rows stand alone, as on a phone: whichever file is open then.
    pub(super) steps_alone: bool,
}

/// The sheet.
#[component]
pub(super) fn Sheet(props: &SheetProps) -> Html {
    let hub = use_hub();
    let words = use_words();
    let model = &props.model;
    let lines = use_state(|| Shared::new(Vec::<LineBox>::new()));
    let on_geometry = {
        let lines = lines.clone();
        use_callback((), move |boxes: Vec<LineBox>, ()| lines.set(Shared::new(boxes)))
    };
    let on_change = {
        let hub = hub.clone();
        use_callback(model.workspace.dockerfile.clone(), move |text: String, path| {
            hub.typed(path, text);
        })
    };
    let on_cursor = {
        let hub = hub.clone();
        use_callback((), move |line: u32, ()| hub.act(Action::SelectLine(line.saturating_sub(1))))
    };
    let images = use_memo(model.workspace.image_names.clone(), |names| Shared::new(names.clone()));
    // A keystroke changes sizes and not the set of paths, whose conversion for the editor costs.
    let paths = use_memo((model.epoch, model.entries.len(), model.ready), |_| {
        let seen = model.entries.iter().filter(|entry| !entry.ignored);
        Shared::new(seen.take(MOST_S).map(|entry| entry.path.clone()).collect::<Vec<_>>())
    });
    let selected = model.selected();
    let in_past = model.past.is_some();
    let in_dockerfile = model.in_dockerfile();
    let has_rows = in_dockerfile || in_past || props.steps_alone;
    let active_lines = match selected {
        Some(step) if !in_past && !props.first => (step.line + 1, step.end_line + 1),
        _ => (0, 0),
    };
    let text: Rc<str> = Rc::from(model.workspace.dockerfile_text.as_deref().unwrap_or_default());
    let build = model.build().filter(|build| !build.empty);
    html! {
        <main class={classes!("sheet", in_past.then_some("in-past"))} data-region="" tabindex="-1" aria-label={words.t("sheet.label")}>
            <div class={classes!("sheet-in", (!in_dockerfile && !in_past).then_some("one"))}>
                <FilesBar model={model.clone()} />
                if (in_dockerfile || in_past) && !props.first { { axis(words) } }
                if let Some(past) = &model.past { { past_build(words, &PastProps { build: past.clone(), selected: selected.map(|step| step.id) }) } }
                if !model.ready { <p class="none loading" role="status">{ words.t("sheet.loading") }</p> }
                if model.ready {
                    <div class={classes!("eds", in_past.then_some("away"))}>
                        <Editor key={model.project} path={model.workspace.dockerfile.clone()} is_dockerfile=true {text} epoch={model.epoch}
                            active={in_dockerfile} build={model.preview.clone()} {active_lines}
                            images={(*images).clone()} paths={(*paths).clone()}
                            {on_change} {on_cursor} {on_geometry} />
                        { for model.tabs.iter().map(|path| html! {
                            <FilePane key={path.clone()} path={path.clone()} file={model.files.get(path).cloned()} active={*path == model.active} />
                        }) }
                    </div>
                }
                if let (Some(build), true, false) = (&model.preview, has_rows, in_past || props.first) {
                    <StepList build={build.clone()} lines={LineBoxes((*lines).clone())} selected={selected.map(|step| step.id)} fresh={model.fresh} running={model.running.as_ref().filter(|_| model.busy).and_then(|running| running.row)} />
                }
                if props.first && in_dockerfile { <Start lang={model.lang} /> }
                if let (Some(build), true) = (build, has_rows) { { totals_line(words, &TotalsProps { build: build.clone() }) } }
                if !is_blank(model) { { peek(words, model, &hub) } }
                if !props.first && (in_dockerfile || in_past) { { legend(words, build) } }
            </div>
        </main>
    }
}

/// On a narrow screen: what missed, under the editor, with a way to the reason.
fn peek(words: super::hub::Words, model: &Model, hub: &super::hub::Hub) -> Html {
    let Some(build) = model.preview.as_ref() else { return Html::default() };
    if !build.steps.iter().any(|step| matches!(step.state, State::Miss | State::Failed))
        && build.error.is_none()
    {
        return Html::default();
    }
    let onclick = {
        let hub = hub.clone();
        Callback::from(move |_: MouseEvent| {
            hub.act(Action::SelectTelling);
            hub.act(Action::Place(Place::Why));
        })
    };
    html! {
        <div class="peek"><p>{ pieces(words, &wording::summary(words.0, build)) }</p><button type="button" {onclick}>{ words.t("sheet.seeWhy") }</button></div>
    }
}
