//! The keys that work everywhere on the page.

use super::dom;
use super::hub::Hub;
use dockerfile_lab_app::mend;
use dockerfile_lab_app::model::{Action, Dialog, Model, Place, Tab};
use lab_session::protocol::{Request, State};
use web_sys::KeyboardEvent;

/// The regions that F6 goes through, in their order on the page.
const REGIONS: &str = "[data-region]";

/// Acts on a key; says whether it did.
pub(super) fn press(hub: &Hub, event: &KeyboardEvent) -> bool {
    let store = hub.model();
    let model = &store.0;
    if model.dialog.is_some() {
        return false;
    }
    let command = event.ctrl_key() || event.meta_key();
    let key = event.key();
    match (command, event.alt_key(), key.as_str()) {
        (true, false, "Enter") => hub.build(event.shift_key()),
        (true, false, "k" | "K") => hub.open(Dialog::Palette),
        (true, false, ".") => first_fix(hub, model),
        // In an editor it comes here when that has nothing to take back.
        (true, false, "z" | "Z") if !is_writing(event) || is_in_editor(event) => {
            let (of_project, act): (_, fn(&Hub)) = if event.shift_key() {
                (model.redoes_project(), Hub::redo)
            } else {
                (model.undoes_project(), Hub::undo)
            };
            // After a reload it knows nothing of what was typed before.
            if of_project || !is_writing(event) || !hub.has_typed() {
                act(hub);
            }
        }
        // By its place: other layouts have another sign there.
        (_, false, _) if event.ctrl_key() && event.code() == "Backquote" => super::shell::toggle(hub),
        (false, false, "F8") => next_miss(hub, model, event.shift_key()),
        (false, false, "F6") => next_region(event.shift_key()),
        (false, true, "ArrowLeft") => earlier(hub, model, true),
        (false, true, "ArrowRight") => earlier(hub, model, false),
        (false, true, digit) if tab_of(digit, event).is_some() => {
            if let Some(tab) = tab_of(digit, event) {
                hub.act(Action::Tab(tab));
            }
        }
        (false, false, "?") if !is_writing(event) => hub.open(Dialog::Keys),
        (false, false, "Escape") if !is_writing(event) => to_editor(hub),
        _ => return false,
    }
    true
}

/// Alt and a digit choose a tab; a Mac types another sign with them, so the place of the key counts.
fn tab_of(_: &str, event: &KeyboardEvent) -> Option<Tab> {
    let digit: usize = event.code().strip_prefix("Digit")?.parse().ok()?;
    Tab::ALL[..Tab::WIDE].get(digit.checked_sub(1)?).copied()
}

fn is_writing(event: &KeyboardEvent) -> bool {
    use wasm_bindgen::JsCast;
    event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok()).is_some_and(|element| {
        matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
            || element.closest("[contenteditable=true]").ok().flatten().is_some()
    })
}

fn is_in_editor(event: &KeyboardEvent) -> bool {
    use wasm_bindgen::JsCast;
    let element = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    element.is_some_and(|element| element.closest(".cm-content").is_ok_and(|editor| editor.is_some()))
}

/// Opens a file and gives its editor the focus, once it has its text.
pub(super) fn open_in_editor(hub: &Hub, path: &str) {
    let model = hub.model();
    let shown = if model.0.active.is_empty() { &model.0.workspace.dockerfile } else { &model.0.active };
    if shown == path {
        return to_editor(hub);
    }
    hub.focus_next_editor();
    hub.act(Action::OpenFile(path.to_owned()));
    hub.act(Action::Place(Place::Edit));
}

/// Gives the focus back to the editor, and the page back to the present.
pub(super) fn to_editor(hub: &Hub) {
    if hub.model().0.past.is_some() {
        hub.act(Action::Inspect(None));
    }
    // Once the past has made room for it: what is hidden cannot have the focus.
    let hub = hub.clone();
    gloo::timers::callback::Timeout::new(0, move || {
        if let Some(editor) = hub.editor() {
            editor.focus();
        }
    })
    .forget();
}

fn first_fix(hub: &Hub, model: &Model) {
    if hub.editor().is_some_and(|editor| editor.has_focus() && editor.apply_fix()) {
        return;
    }
    let Some(build) = &model.preview else { return };
    let text = model.workspace.dockerfile_text.as_deref().unwrap_or_default();
    // What stopped the build is mended first.
    let mending = mend::fixes(model.lang, text, build).into_iter().next();
    let fix = mending.or_else(|| build.diagnostics.iter().find_map(|found| found.fix.clone()));
    if let Some(fix) = fix {
        hub.fix(&fix);
    }
}

/// Selects the next row that missed or failed, round the ends.
pub(super) fn next_miss(hub: &Hub, model: &Model, backwards: bool) {
    let Some(build) = model.build() else { return };
    let misses: Vec<u32> = build
        .steps
        .iter()
        .filter(|step| matches!(step.state, State::Miss | State::Failed))
        .map(|step| step.id)
        .collect();
    let here = model.selected().map(|step| step.id);
    let next = if backwards {
        misses.iter().rev().find(|id| here.is_none_or(|here| **id < here)).or(misses.last())
    } else {
        misses.iter().find(|id| here.is_none_or(|here| **id > here)).or(misses.first())
    };
    if let Some(id) = next {
        hub.act(Action::Select(*id));
        hub.act(Action::Tab(Tab::Why));
        let line = build.steps.get(*id as usize).map(|step| step.line + 1);
        if let (Some(line), Some(editor), true) =
            (line, hub.editor(), model.in_dockerfile() && model.past.is_none())
        {
            editor.select_line(line);
        }
    }
}

/// Goes to the build before or after the one that is looked at.
fn earlier(hub: &Hub, model: &Model, back: bool) {
    let numbers: Vec<u32> = model.timeline.builds.iter().map(|build| build.number).collect();
    let here = model.past_wanted.or(model.looking_at());
    let next = match (here, back) {
        (None, true) => numbers.last().copied(),
        (None, false) => return,
        (Some(here), true) => numbers.iter().rev().find(|number| **number < here).copied().or(Some(here)),
        (Some(here), false) => numbers.iter().find(|number| **number > here).copied(),
    };
    inspect(hub, next);
}

/// Looks at a build; none for the present.
pub(super) fn inspect(hub: &Hub, number: Option<u32>) {
    hub.act(Action::Inspect(number));
    if let Some(build) = number {
        hub.send(Request::Query { query: lab_session::protocol::Query::Build { build } });
    }
}

fn next_region(backwards: bool) {
    use wasm_bindgen::JsCast;
    let Ok(list) = dom::document().query_selector_all(REGIONS) else { return };
    let regions: Vec<web_sys::HtmlElement> = (0..list.length())
        .filter_map(|at| list.item(at)?.dyn_into().ok())
        .filter(|region: &web_sys::HtmlElement| region.offset_parent().is_some())
        .collect();
    let active = dom::document().active_element();
    let here =
        regions.iter().position(|region| region.contains(active.as_ref().map(|element| element.as_ref())));
    let count = regions.len();
    let next = match (here, backwards) {
        _ if count == 0 => return,
        (None, false) => 0,
        (None, true) => count - 1,
        (Some(at), false) => (at + 1) % count,
        (Some(at), true) => (at + count - 1) % count,
    };
    let _ = regions[next].focus();
}
