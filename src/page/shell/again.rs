//! A shell over a reload: what a page leaves of it when it goes, and the offer to open it again.

use super::show;
use crate::lab::tabs;
use crate::page::dom;
use crate::page::hub::Hub;
use dockerfile_lab_app::locale::t;
use dockerfile_lab_app::model::{Action, Left, ShellAct, TakeBack};
use dockerfile_lab_app::rich::plain;
use dockerfile_lab_app::wording;
use gloo::timers::callback::Timeout;
use lab_session::protocol::{Request, ShellView};
use serde::{Deserialize, Serialize};

/// How long to wait for the steps of a page that has just been opened.
const UNTIL_STEPS_MS: u32 = 200;

/// What is left, with the project that it belongs to.
#[derive(Serialize, Deserialize)]
struct Kept {
    project: String,
    left: Left,
}

/// Leaves what the next page needs to open the shell again: of the one that is open, or of the one that is still offered.
pub(in crate::page) fn leave(hub: &Hub) {
    let store = hub.model();
    let is_offered = store.0.toasts.iter().any(|toast| toast.undo == Some(TakeBack::Shell));
    if store.0.shell.is_some() || is_offered {
        leave_open(hub);
    }
}

#[inline(never)]
fn leave_open(hub: &Hub) {
    let store = hub.model();
    let open = store.0.shell.as_ref().filter(|shell| !shell.ended).map(|shell| shell.left());
    let left = open.or_else(|| hub.left_shell().borrow().clone());
    if let Some(left) = left
        && let Ok(text) = serde_json::to_string(&Kept { project: tabs::id(), left })
    {
        dom::leave_note(NOTE, &text);
    }
}

/// The name of the note in the storage of the tab.
const NOTE: &str = "shell";

/// Says that a reload has closed a shell, and offers to open it again.
pub(in crate::page) fn offer(hub: &Hub) {
    if let Some(text) = dom::take_note(NOTE) {
        offer_left(hub, &text);
    }
}

#[inline(never)]
fn offer_left(hub: &Hub, text: &str) {
    let Ok(Kept { project, left }) = serde_json::from_str::<Kept>(text) else { return };
    if project != tabs::id() {
        return;
    }
    let step = wording::short_code(&left.text);
    let text = plain(hub.model().0.lang, "toast.shellClosed", &[("step", &step)]);
    *hub.left_shell().borrow_mut() = Some(left);
    hub.act(Action::Toast { text, alarm: false, undo: Some(TakeBack::Shell) });
}

/// Opens it again, as it was.
#[inline(never)]
pub(in crate::page) fn reopen(hub: &Hub) {
    let store = hub.model();
    let model = &store.0;
    if model.preview.is_none() {
        // Who is quick meets a worker that has not said yet which steps there are.
        let hub = hub.clone();
        Timeout::new(UNTIL_STEPS_MS, move || reopen(&hub)).forget();
        return;
    }
    let Some(left) = hub.left_shell().borrow_mut().take() else { return };
    // The steps of now may have moved since; those of a build on the timeline have not.
    let steps = model.preview.as_ref().map(|build| build.steps.as_slice()).unwrap_or_default();
    let same = |id: u32| steps.iter().find(|step| step.id == id && step.text == left.text);
    let moved = || steps.iter().find(|step| step.text == left.text);
    let step = match left.build {
        Some(_) => Some(left.step),
        None => same(left.step).or_else(moved).map(|step| step.id),
    };
    let Some(step) = step else { return hub.say(t(model.lang, "shell.lost")) };
    let view = ShellView {
        build: left.build,
        step,
        text: left.text.clone(),
        failed: left.failed,
        ..ShellView::default()
    };
    let request = Request::OpenShell { build: left.build, step, lines: left.ran.clone(), interrupted: false };
    hub.act(Action::Shell(ShellAct::Reopen(view, left)));
    hub.send(request);
    show(hub);
}
