//! The menu of what can be done with a file.

use super::Deed;
use crate::page::hub::use_words;
use dockerfile_lab_app::shared::Shared;
use lab_session::protocol::{FileEntry, FileKind};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct DeedsProps {
    pub(super) entry: Shared<FileEntry>,
    /// Where the menu begins, in pixels below the top of the tree.
    pub(super) top: i32,
    pub(super) on_pick: Callback<(Deed, Shared<FileEntry>)>,
    /// The menu goes; the focus goes to the row of this path, if any.
    pub(super) on_close: Callback<Option<String>>,
}

/// The menu.
#[component]
pub(super) fn Deeds(props: &DeedsProps) -> Html {
    let words = use_words();
    let list = use_node_ref();
    {
        let list = list.clone();
        use_effect_with((), move |()| focus(&list, 0));
    }
    let is_directory = props.entry.kind == FileKind::Directory;
    let mut deeds = vec![];
    if is_directory {
        deeds.extend([
            (Deed::NewFile, words.t("context.newFile")),
            (Deed::NewFolder, words.t("context.newFolder")),
        ]);
    }
    deeds.extend([
        (Deed::Rename, words.t("context.rename")),
        (Deed::Mode, words.t("context.chmod")),
        (Deed::Touch, words.t("context.touch")),
    ]);
    if props.entry.kind == FileKind::File {
        deeds.push((Deed::Download, words.t("context.download")));
    }
    deeds.push((Deed::Delete, words.t("context.delete")));
    let count = deeds.len();
    let onkeydown = {
        let (list, close, path) = (list.clone(), props.on_close.clone(), props.entry.path.clone());
        Callback::from(move |event: KeyboardEvent| {
            let here = here(&list);
            match event.key().as_str() {
                "ArrowDown" => focus(&list, (here + 1) % count),
                "ArrowUp" => focus(&list, (here + count - 1) % count),
                "Escape" => close.emit(Some(path.clone())),
                _ => return,
            }
            event.prevent_default();
            event.stop_propagation();
        })
    };
    let onfocusout = {
        let (list, close) = (list.clone(), props.on_close.clone());
        Callback::from(move |event: FocusEvent| {
            use wasm_bindgen::JsCast;
            let to = event.related_target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
            if !list.cast::<web_sys::Node>().is_some_and(|list| list.contains(to.as_ref())) {
                close.emit(None);
            }
        })
    };
    html! {
        <ul class="menu small" role="menu" aria-label={words.with("context.menu", &[("path", &props.entry.path)])} ref={list} {onkeydown} {onfocusout}
            ~style={format!("top:{}px", props.top)}>
            { for deeds.into_iter().map(|(deed, name)| {
                let (pick, close, entry) = (props.on_pick.clone(), props.on_close.clone(), props.entry.clone());
                let onclick = Callback::from(move |_: MouseEvent| {
                    close.emit(Some(entry.path.clone()));
                    pick.emit((deed.clone(), entry.clone()));
                });
                html! { <li role="none"><button type="button" role="menuitem" tabindex="-1" {onclick}>{ name }</button></li> }
            }) }
        </ul>
    }
}

fn focus(list: &NodeRef, at: usize) {
    use wasm_bindgen::JsCast;
    let item = list
        .cast::<web_sys::Element>()
        .and_then(|list| list.children().item(at as u32)?.first_element_child());
    if let Some(item) = item.and_then(|item| item.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = item.focus();
    }
}

fn here(list: &NodeRef) -> usize {
    let active = gloo::utils::document().active_element();
    let Some(list) = list.cast::<web_sys::Element>() else { return 0 };
    (0..list.children().length())
        .find(|at| list.children().item(*at).and_then(|item| item.first_element_child()) == active)
        .unwrap_or(0) as usize
}
