//! A row of the tree, with a menu of what can be done with the file.

use crate::page::hub::{Words, use_hub, use_words};
use crate::page::parts::{icon, small_icon};
use dockerfile_lab_app::figure;
use dockerfile_lab_app::model::{Action, Place};
use dockerfile_lab_app::shared::Shared;
use dockerfile_lab_app::tree::{self, TreeRow};
use lab_session::protocol::{FileChange, FileEntry, FileKind};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct RowProps {
    pub(super) row: TreeRow,
    pub(super) active: bool,
    pub(super) focusable: bool,
    /// Asks for the menu of the file, so many pixels below the top of the tree.
    pub(super) on_menu: Callback<(Shared<FileEntry>, i32)>,
}

/// The row.
#[component]
pub(super) fn Row(props: &RowProps) -> Html {
    let hub = use_hub();
    let words = use_words();
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
    let menu = {
        let (holder, on_menu, entry) = (holder.clone(), props.on_menu.clone(), entry.clone());
        Callback::from(move |event: MouseEvent| {
            event.prevent_default();
            if let Some(row) = holder.cast::<web_sys::HtmlElement>() {
                on_menu.emit((entry.clone(), row.offset_top() + row.offset_height()));
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
        <li role="none" class={classes!("file", class, props.active.then_some("on"))} ref={holder}
            ~style={format!("--d:{}", row.depth)} oncontextmenu={menu.clone()}>
            <button type="button" role="treeitem" class="open" data-path={entry.path.clone()} aria-level={(row.depth + 1).to_string()}
                aria-posinset={row.position.to_string()} aria-setsize={row.siblings.to_string()}
                aria-expanded={is_directory.then(|| (!row.closed).to_string())} aria-selected={props.active.to_string()} aria-describedby={is_touched(entry).then_some("of-touched")}
                tabindex={if props.focusable { "0" } else { "-1" }} {onclick} {title}>
                { sign }{ name(tree::name(&entry.path)) }
                if let Some(mark) = mark { <small>{ mark }</small> }
            </button>
            // For the mouse and the finger: the keyboard has its own key for menus.
            <button type="button" class="deeds" aria-hidden="true" tabindex="-1" onclick={menu} title={words.with("context.menu", &[("path", &entry.path)])}>{ icon("more") }</button>
        </li>
    }
}

/// A name whose end stays to be seen where there is no room for all of it: it tells long names apart.
fn name(name: &str) -> Html {
    const SHORT: usize = 18;
    const END: usize = 8;
    let count = name.chars().count();
    if count <= SHORT {
        return html! { <span>{ name.to_owned() }</span> };
    }
    let cut = name.char_indices().nth(count - END).map_or(name.len(), |(at, _)| at);
    // One piece for those who hear it.
    html! {
        <span class="mid" role="img" aria-label={name.to_owned()}><span>{ name[..cut].to_owned() }</span><span>{ name[cut..].to_owned() }</span></span>
    }
}

/// Whether the row says that nothing but the time of the file is another.
pub(super) fn is_touched(entry: &FileEntry) -> bool {
    entry.change == Some(FileChange::Touched) && !entry.ignored
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
