//! The keys of the line: Enter, history, completion, Ctrl+C and the like.

use super::close;
use crate::page::hub::Hub;
use dockerfile_lab_app::model::{Action, Shell, ShellAct, common_start};
use lab_session::protocol::Request;
use wasm_bindgen::JsCast;
use web_sys::{HtmlTextAreaElement, KeyboardEvent};
use yew::prelude::*;

/// Where in the history the line is; none for a new one.
pub(super) type At = UseStateHandle<Option<usize>>;

/// Acts on a key; says whether it did.
pub(super) fn press(hub: &Hub, shell: &Shell, history: &At, event: &KeyboardEvent) -> bool {
    let Some(line) = event.target().and_then(|target| target.dyn_into::<HtmlTextAreaElement>().ok()) else {
        return false;
    };
    if event.is_composing() || event.meta_key() || event.alt_key() {
        return false;
    }
    let text = line.value();
    let one_line = !text.contains('\n') || history.is_some();
    match (event.ctrl_key(), event.key().as_str()) {
        (true, "c" | "C") => return interrupt(hub, shell, history, &line),
        _ if shell.busy => return false,
        (false, "Enter") if !event.shift_key() => submit(hub, shell, history, &line),
        (false, "ArrowUp") if one_line => recall(shell, history, &line, true),
        (false, "ArrowDown") if one_line => recall(shell, history, &line, false),
        // On an empty line the key leaves, as everywhere on the page.
        (false, "Tab") if !event.shift_key() && !text.trim().is_empty() => complete(hub, &line),
        (false, "Escape") => crate::page::keys::to_editor(hub),
        (true, "l" | "L") => hub.act(Action::Shell(ShellAct::Clear)),
        (true, "u" | "U") => line.set_value(""),
        (true, "d" | "D") if text.is_empty() && shell.pending.is_empty() => close(hub),
        _ => return false,
    }
    true
}

/// Runs what is in the line.
fn submit(hub: &Hub, shell: &Shell, history: &At, line: &HtmlTextAreaElement) {
    let text = line.value();
    line.set_value("");
    history.set(None);
    let mut lines = shell.pending.clone();
    lines.push(text.clone());
    hub.act(Action::Shell(ShellAct::Type(text)));
    hub.send(Request::ShellInput { text: lines.join("\n") });
}

/// Ctrl+C: what is selected is copied; else what runs is stopped, or the line given up.
fn interrupt(hub: &Hub, shell: &Shell, history: &At, line: &HtmlTextAreaElement) -> bool {
    let selected = line.selection_start().ok() != line.selection_end().ok();
    let elsewhere = crate::page::dom::window()
        .get_selection()
        .ok()
        .flatten()
        .is_some_and(|selection| !selection.is_collapsed());
    if selected || elsewhere {
        return false;
    }
    if shell.busy {
        hub.lab().stop();
    } else {
        hub.act(Action::Shell(ShellAct::GiveUp(line.value())));
        line.set_value("");
        history.set(None);
    }
    true
}

/// Brings back what was typed before, or goes forward again.
fn recall(shell: &Shell, history: &At, line: &HtmlTextAreaElement, back: bool) {
    let count = shell.typed.len();
    let next = match (**history, back) {
        (None, true) => count.checked_sub(1),
        (Some(at), true) => Some(at.saturating_sub(1)),
        (Some(at), false) => Some(at + 1).filter(|at| *at < count),
        (None, false) => return,
    };
    if next.is_some() || !back {
        line.set_value(next.and_then(|at| shell.typed.get(at)).map_or("", String::as_str));
        history.set(next);
    }
}

/// Completes the word before the caret, as far as all that it can become agree; then tells what it can.
fn complete(hub: &Hub, line: &HtmlTextAreaElement) {
    let text = line.value();
    let at = line.selection_start().ok().flatten().unwrap_or(0);
    let (hub, line, asked) = (hub.clone(), line.clone(), text.clone());
    hub.clone().complete(
        text,
        at,
        Callback::from(move |(from, found): (u32, Vec<String>)| {
            // What was typed since then has another end.
            if line.value() != asked || found.is_empty() {
                return;
            }
            let units: Vec<u16> = asked.encode_utf16().collect();
            let part = |from: u32, to: u32| String::from_utf16_lossy(&units[from as usize..to as usize]);
            let (head, word, tail) = (part(0, from), part(from, at), part(at, units.len() as u32));
            let shared = common_start(&found);
            let whole = found.len() == 1;
            let end = if whole && !shared.ends_with('/') { " " } else { "" };
            if whole || shared.len() > word.len() {
                let before = format!("{head}{shared}{end}");
                let caret = before.encode_utf16().count() as u32;
                line.set_value(&(before + &tail));
                let _ = line.set_selection_range(caret, caret);
            } else {
                hub.act(Action::Shell(ShellAct::Offer(found)));
            }
        }),
    );
}
