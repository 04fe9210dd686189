//! An open file besides the Dockerfile: its editor, or what can be said of bytes that are no text.

use crate::page::editor::Editor;
use crate::page::hub::{use_hub, use_words};
use dockerfile_lab_app::figure;
use dockerfile_lab_app::model::OpenFile;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct FilePaneProps {
    pub(super) path: AttrValue,
    pub(super) file: Option<OpenFile>,
    pub(super) active: bool,
}

/// The pane.
#[component]
pub(super) fn FilePane(props: &FilePaneProps) -> Html {
    let hub = use_hub();
    let words = use_words();
    let on_change = use_callback(props.path.clone(), move |text: String, path| {
        hub.typed(path, text);
    });
    let Some(file) = &props.file else { return Html::default() };
    match &file.text {
        Some(text) => html! {
            <Editor path={props.path.clone()} text={text.clone()} epoch={file.epoch} active={props.active} {on_change} />
        },
        None if props.active => html! {
            <p class="binary">{ words.with("file.binary", &[("path", &props.path), ("size", &figure::bytes(file.size))]) }</p>
        },
        None => Html::default(),
    }
}
