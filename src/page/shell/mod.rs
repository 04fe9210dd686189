//! The shell on a step: the ways in, and the panel.
//!
//! It is no terminal: what was typed and what came of it stand in a log, and a prompt stands at its end.

mod again;
mod changes;
mod door;
mod head;
mod keys;
mod lines;
mod panel;

pub(super) use again::{leave, offer, reopen};
pub(super) use door::{door, opens_on, way_in};

use super::dom;
use super::hub::Hub;
use dockerfile_lab_app::model::{Action, Place, Shell, ShellAct, Tab};
use dockerfile_lab_app::shared::Shared;
use head::ShellHead;
use lab_session::protocol::{Request, ShellView, State};
use panel::ShellPanel;
use yew::prelude::*;

/// What stands beside the tabs, and what is below them.
#[inline(never)]
pub(super) fn in_shell(shell: &Shared<Shell>) -> (Html, Html) {
    (html! { <ShellHead shell={shell.clone()} /> }, html! { <ShellPanel shell={shell.clone()} /> })
}

/// Opens a shell on a step of the build that is looked at.
#[inline(never)]
pub(super) fn open(hub: &Hub, step: u32) {
    let store = hub.model();
    let model = &store.0;
    let Some(row) = model.build().and_then(|build| build.steps.get(step as usize)) else { return };
    let build = model.looking_at();
    let view = ShellView {
        build,
        step,
        text: row.text.clone(),
        failed: row.state == State::Failed,
        ..ShellView::default()
    };
    hub.act(Action::Shell(ShellAct::Open(view)));
    hub.send(Request::OpenShell { build, step, lines: Vec::new(), interrupted: false });
    show(hub);
}

/// Shows the panel where it has no place of its own.
fn show(hub: &Hub) {
    if dom::media("(max-width: 1279px)") {
        hub.act(Action::Tab(Tab::Log));
        hub.act(Action::Place(Place::Why));
    }
}

/// Goes to the shell that is open; opens one on the selected step, if none is.
#[inline(never)]
pub(super) fn toggle(hub: &Hub) {
    let store = hub.model();
    let model = &store.0;
    if model.shell.is_some() {
        show(hub);
        focus_line();
    } else if let Some(step) = model.selected().filter(|step| opens_on(step)) {
        open(hub, step.id);
    }
}

/// Gives the focus to the line.
fn focus_line() {
    dom::focus(".sh-in");
}

/// Lets the new worker open the shell that the old one had.
#[inline(never)]
pub(super) fn restore(hub: &Hub) {
    let store = hub.model();
    let Some(shell) = store.0.shell.as_ref().filter(|shell| !shell.ended) else { return };
    hub.send(shell.restored());
    hub.act(Action::Shell(ShellAct::Stop));
}

/// Closes the shell, in the session too.
fn close(hub: &Hub) {
    hub.send(Request::CloseShell);
    hub.act(Action::Shell(ShellAct::Close));
}
