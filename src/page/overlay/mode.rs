//! Sets the permission bits of a file.

use super::dialog::Modal;
use crate::page::hub::{use_hub, use_words};
use dockerfile_lab_app::figure;
use dockerfile_lab_app::model::Action;
use dockerfile_lab_app::shared::Shared;
use dockerfile_lab_app::tree;
use lab_session::protocol::{FileEntry, Request};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct ModeProps {
    pub(super) path: AttrValue,
    pub(super) entries: Shared<Vec<Shared<FileEntry>>>,
}

/// The dialog.
#[component]
pub(super) fn ModeDialog(props: &ModeProps) -> Html {
    let hub = use_hub();
    let words = use_words();
    let mode = props
        .entries
        .iter()
        .find(|entry| entry.path == props.path.as_str())
        .map_or(0o644, |entry| entry.mode);
    let text = use_state(|| figure::octal(mode));
    let parsed = tree::parse_mode(&text);
    let oninput = {
        let text = text.clone();
        Callback::from(move |event: InputEvent| {
            text.set(event.target_unchecked_into::<web_sys::HtmlInputElement>().value())
        })
    };
    let apply = {
        let (hub, path) = (hub.clone(), props.path.clone());
        Callback::from(move |()| {
            if let Some(mode) = parsed {
                hub.send(Request::SetMode { path: path.to_string(), mode });
                hub.act(Action::Dialog(None));
            }
        })
    };
    let onkeydown = {
        let apply = apply.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Enter" {
                event.prevent_default();
                apply.emit(());
            }
        })
    };
    let executable = {
        let text = text.clone();
        let on = parsed.is_some_and(|mode| mode & 0o111 != 0);
        let onchange = Callback::from(move |_: Event| {
            let mode = parsed.unwrap_or(0o644);
            text.set(figure::octal(if on { mode & !0o111 } else { mode | 0o111 }));
        });
        html! { <label class="check"><input type="checkbox" checked={on} {onchange} />{ words.t("mode.executable") }</label> }
    };
    html! {
        <Modal title={words.with("mode.title", &[("path", &props.path)])}>
            <label class="field"><span>{ words.t("mode.bits") }</span>
                <input type="text" inputmode="numeric" autofocus=true value={(*text).clone()} aria-invalid={parsed.is_none().to_string()} {oninput} {onkeydown} />
            </label>
            { executable }
            <p class="against">{ words.t("mode.note") }</p>
            <footer><button type="button" class="btn main" disabled={parsed.is_none()} onclick={apply.reform(|_: MouseEvent| ())}>{ words.t("dialog.apply") }</button></footer>
        </Modal>
    }
}
