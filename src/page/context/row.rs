//! A row of the tree, with a menu of what can be done with the file.

use super::Deed;
use crate::page::hub::{Words, use_hub, use_words};
use crate::page::parts::{icon, small_icon};
use dockerfile_lab_app::figure;
use dockerfile_lab_app::model::{Action, Place};
use dockerfile_lab_app::shared::Shared;
use dockerfile_lab_app::tree::TreeRow;
use lab_session::protocol::{FileChange, FileEntry, FileKind};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct RowProps {
    pub(super) row: TreeRow,
    pub(super) active: bool,
    pub(super) focusable: bool,
    pub(super) is_dockerfile: bool,
    pub(super) on_menu: Callback<(Deed, Shared<FileEntry>)>,
}

/// The row.
#[component]
pub(super) fn Row(props: &RowProps) -> Html {
    let hub = use_hub();
    let words = use_words();
    let open = use_state(|| false);
    let holder = use_node_ref();
    let row = &props.row;
    let entry = &row.entry;
    let is_directory = entry.kind == FileKind::Directory;
    let (class, mark) = mark(entry, words);
    let onclick = {
        let (hub, path) = (hub.clone(), entry.path.clone());
        Callback::from(move |_: MouseEvent| {
            if is_directory {
                hub.act(Action::Fold(path.clone()));
            } else {
                hub.act(Action::OpenFile(path.clone()));
                hub.act(Action::Place(Place::Edit));
            }
        })
    };
    let toggle = {
        let open = open.clone();
        Callback::from(move |event: MouseEvent| {
            event.prevent_default();
            open.set(!*open);
        })
    };
    let close = {
        let open = open.clone();
        Callback::from(move |()| open.set(false))
    };
    let onfocusout = {
        let (holder, close) = (holder.clone(), close.clone());
        Callback::from(move |event: FocusEvent| {
            use wasm_bindgen::JsCast;
            let to = event.related_target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
            if !holder.cast::<web_sys::Node>().is_some_and(|holder| holder.contains(to.as_ref())) {
                close.emit(());
            }
        })
    };
    let sign = match (entry.kind, row.closed) {
        (FileKind::Directory, true) => small_icon("right"),
        (FileKind::Directory, false) => small_icon("down"),
        (FileKind::Symlink, _) => icon("link"),
        (FileKind::File, _) => icon("file"),
    };
    let title = format!("{}  {}  {}", entry.path, figure::bytes(entry.size), figure::octal(entry.mode));
    html! {
        <li role="none" class={classes!("file", class, props.active.then_some("on"))} ref={holder} {onfocusout}
            ~style={format!("--d:{}", row.depth)} oncontextmenu={toggle.clone()}>
            <button type="button" role="treeitem" class="open" aria-level={(row.depth + 1).to_string()}
                aria-posinset={row.position.to_string()} aria-setsize={row.siblings.to_string()}
                aria-expanded={is_directory.then(|| (!row.closed).to_string())} aria-selected={props.active.to_string()}
                tabindex={if props.focusable { "0" } else { "-1" }} {onclick} {title}>
                { sign }<span>{ row.name.clone() }</span>
                if let Some(mark) = mark { <small>{ mark }</small> }
            </button>
            <button type="button" class="deeds" aria-haspopup="true" aria-expanded={open.to_string()} onclick={toggle}
                tabindex={if props.focusable { "0" } else { "-1" }}
                aria-label={words.with("context.menu", &[("path", &entry.path)])}>{ icon("more") }</button>
            if *open { <Deeds entry={entry.clone()} is_dockerfile={props.is_dockerfile} on_pick={props.on_menu.clone()} on_close={close} /> }
        </li>
    }
}

/// The class of a row and the word at its end.
fn mark(entry: &FileEntry, words: Words) -> (&'static str, Option<&'static str>) {
    match (entry.ignored, entry.change) {
        (true, _) => ("ig", Some(words.t("context.ignored"))),
        (_, Some(FileChange::Added)) => ("ch", Some(words.t("context.added"))),
        (_, Some(FileChange::Changed)) => ("ch", Some(words.t("context.changed"))),
        (_, Some(FileChange::Mode)) => ("ch", Some(words.t("context.mode"))),
        (_, Some(FileChange::Touched)) => ("to", Some(words.t("context.touched"))),
        (_, None) => ("", None),
    }
}

#[derive(Properties, PartialEq)]
struct DeedsProps {
    entry: Shared<FileEntry>,
    is_dockerfile: bool,
    on_pick: Callback<(Deed, Shared<FileEntry>)>,
    on_close: Callback<()>,
}

/// The menu.
#[component]
fn Deeds(props: &DeedsProps) -> Html {
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
        let (list, close) = (list.clone(), props.on_close.clone());
        Callback::from(move |event: KeyboardEvent| {
            let here = here(&list);
            match event.key().as_str() {
                "ArrowDown" => focus(&list, (here + 1) % count),
                "ArrowUp" => focus(&list, (here + count - 1) % count),
                "Escape" => close.emit(()),
                _ => return,
            }
            event.prevent_default();
            event.stop_propagation();
        })
    };
    html! {
        <ul class="menu small" role="menu" ref={list} {onkeydown}>
            { for deeds.into_iter().map(|(deed, name)| {
                let (pick, close, entry) = (props.on_pick.clone(), props.on_close.clone(), props.entry.clone());
                let onclick = Callback::from(move |_: MouseEvent| {
                    close.emit(());
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
