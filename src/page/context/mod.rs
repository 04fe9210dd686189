//! The build context: a tree of files and what can be done with them.

mod deeds;
mod name_field;
mod refocus;
mod row;
mod rows;
mod upload;

use super::hub::{Hub, use_hub, use_words};
use super::parts::icon;
use deeds::Deeds;
use dockerfile_lab_app::figure;
use dockerfile_lab_app::model::{Action, Dialog, Model, Place, TakeBack};
use dockerfile_lab_app::shared::Shared;
use dockerfile_lab_app::tree::{self, NameFault, TreeRow};
use lab_session::protocol::{FileEntry, FileKind, Request, WorkspaceView};
use name_field::NameField;
use refocus::{Refocus, Wish, use_refocus};
use row::is_touched;
use rows::{Rows, STRETCH};
use std::collections::BTreeSet;
use std::rc::Rc;
pub(super) use upload::{dropped, put_one};
use yew::prelude::*;

/// More rows than this are shown on demand.
const MOST_ROWS: usize = 300;

/// What a person is naming.
#[derive(Clone, Debug, PartialEq)]
enum Naming {
    File { directory: String },
    Directory { directory: String },
    Rename { path: String },
}

#[derive(Properties, PartialEq)]
pub(super) struct ContextProps {
    pub(super) entries: Shared<Vec<Shared<FileEntry>>>,
    pub(super) workspace: Shared<WorkspaceView>,
    pub(super) closed: BTreeSet<String>,
    /// The file in the editor.
    pub(super) active: String,
    /// The build that is looked at, whose files these are not.
    pub(super) looking_at: Option<u32>,
    /// Whether nothing else is in sight.
    pub(super) is_main: bool,
}

impl ContextProps {
    /// What the tree needs of the model.
    pub(super) fn of(model: &Model) -> Self {
        let active = if model.active.is_empty() { &model.workspace.dockerfile } else { &model.active };
        Self {
            entries: model.entries.clone(),
            workspace: model.workspace.clone(),
            closed: model.closed.clone(),
            active: active.clone(),
            looking_at: model.looking_at(),
            is_main: false,
        }
    }
}

/// The tree.
#[component]
pub(super) fn ContextTree(props: &ContextProps) -> Html {
    let hub = use_hub();
    let words = use_words();
    let naming = use_state(|| None::<Naming>);
    let at = use_state(|| 0usize);
    let all = use_state(|| false);
    let dropping = use_state(|| false);
    let menu = use_state(|| None::<(Shared<FileEntry>, i32)>);
    let list = use_node_ref();
    let chooser = use_node_ref();
    let limit = if *all { usize::MAX } else { MOST_ROWS };
    let rows = use_rows(props, limit);
    let hidden = if rows.len() < limit { 0 } else { props.entries.len().saturating_sub(limit) };
    let shown = rows.len();
    let current = (*at).min(shown.saturating_sub(1));

    let wish = use_refocus(&rows, {
        let (at, list) = (at.clone(), list.clone());
        Callback::from(move |row: usize| {
            at.set(row);
            focus_row(&list, row);
        })
    });
    let begin = {
        let naming = naming.clone();
        Callback::from(move |what: Option<Naming>| naming.set(what))
    };
    let finish = {
        let (hub, naming, entries, wish) = (hub.clone(), naming.clone(), props.entries.clone(), wish.clone());
        let here = rows.get(current).map(|row| row.entry.path.clone());
        Callback::from(move |name: Option<String>| {
            let mut focus = match &*naming {
                Some(Naming::Rename { path }) => Some(path.clone()),
                _ => here.clone(),
            };
            if let (Some(name), Some(what)) = (name, &*naming) {
                match give_name(&hub, what, &name, &entries) {
                    // A new file is there to be written: its editor has the focus.
                    Ok(_) if matches!(what, Naming::File { .. }) => focus = None,
                    Ok(path) => focus = Some(path),
                    Err(key) => {
                        hub.warn(words.with(key, &[("subject", &name)]));
                        return;
                    }
                }
            }
            *wish.borrow_mut() = focus.map(Refocus::On);
            naming.set(None);
        })
    };
    let onkeydown = {
        let (rows, at, list, hub, begin, wish) =
            (rows.clone(), at.clone(), list.clone(), hub.clone(), begin.clone(), wish.clone());
        Callback::from(move |event: KeyboardEvent| {
            if let Some(next) = tree_key(&event, &hub, &rows[..shown], current, (&begin, &wish)) {
                event.prevent_default();
                at.set(next);
                focus_row(&list, next);
            }
        })
    };
    let ondragover = {
        let dropping = dropping.clone();
        Callback::from(move |event: DragEvent| {
            event.prevent_default();
            if !*dropping {
                dropping.set(true);
            }
        })
    };
    let ondragleave = {
        let dropping = dropping.clone();
        Callback::from(move |_: DragEvent| dropping.set(false))
    };
    let ondrop = {
        let (dropping, hub) = (dropping.clone(), hub.clone());
        Callback::from(move |event: DragEvent| {
            event.prevent_default();
            dropping.set(false);
            upload::dropped(&hub, &event, words);
        })
    };
    let chosen = {
        let hub = hub.clone();
        Callback::from(move |event: Event| upload::chosen(&hub, &event, words))
    };
    let choose = {
        let chooser = chooser.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(input) = chooser.cast::<web_sys::HtmlInputElement>() {
                input.click();
            }
        })
    };
    let add_file = begin.reform(|_: MouseEvent| Some(Naming::File { directory: String::new() }));
    let add_folder = begin.reform(|_: MouseEvent| Some(Naming::Directory { directory: String::new() }));
    let on_menu = {
        let menu = menu.clone();
        use_callback((), move |asked: (Shared<FileEntry>, i32), ()| menu.set(Some(asked)))
    };
    let close_menu = {
        let (menu, rows, at, list) = (menu.clone(), rows.clone(), at.clone(), list.clone());
        // The focus goes back to the row, unless it went elsewhere.
        Callback::from(move |back: Option<String>| {
            menu.set(None);
            if let Some(row) = back.and_then(|path| rows.iter().position(|row| row.entry.path == path)) {
                at.set(row);
                focus_row(&list, row);
            }
        })
    };
    // The same menu for those without a mouse or a key for menus, about the file in the editor.
    let active = props.entries.iter().find(|entry| entry.path == props.active).cloned();
    let open_menu = {
        let (active, on_menu) = (active.clone(), on_menu.clone());
        Callback::from(move |_: MouseEvent| {
            if let Some(entry) = active.clone() {
                on_menu.emit((entry, 76));
            }
        })
    };
    let new_name = match &*naming {
        Some(Naming::File { directory } | Naming::Directory { directory }) => Some(tree::join(directory, "")),
        _ => None,
    };
    html! {
        <section role={if props.is_main { "main" } else { "navigation" }} class={classes!("tree", dropping.then_some("dropping"), props.looking_at.map(|_| "not-then"))} aria-label={words.t("context.label")} data-region="" tabindex="-1"
            {ondragover} {ondragleave} {ondrop}>
            <div class="head">
                <b>{ words.t("context.title") }</b><span class="grow"></span>
                <span title={words.with("context.counted", &[("n", &props.workspace.context_files.to_string())])}>
                    { figure::bytes(props.workspace.context_size.value) }
                </span>
            </div>
            <div class="tools">
                <button type="button" class="btn icon tight" aria-label={words.t("context.newFile")} title={words.t("context.newFile")} onclick={add_file}>{ icon("plus") }</button>
                <button type="button" class="btn icon tight" aria-label={words.t("context.newFolder")} title={words.t("context.newFolder")} onclick={add_folder}>{ icon("folder") }</button>
                <button type="button" class="btn icon tight" aria-label={words.t("context.upload")} title={words.t("context.upload")} onclick={choose}>{ icon("upload") }</button>
                <button type="button" class="btn icon tight" aria-label={words.t("context.downloadAll")} title={words.t("context.downloadAll")}
                    disabled={rows.is_empty()} onclick={let hub = hub.clone(); move |_: MouseEvent| upload::download_all(&hub, words)}>{ icon("save") }</button>
                <span class="grow"></span>
                if let Some(active) = &active {
                    <button type="button" class="btn icon tight" aria-haspopup="menu" aria-label={words.with("context.menu", &[("path", &active.path)])}
                        title={words.with("context.menu", &[("path", &active.path)])} onclick={open_menu}>{ icon("more") }</button>
                }
                <input type="file" multiple=true class="sr" tabindex="-1" aria-hidden="true" ref={chooser} onchange={chosen} />
            </div>
            if let Some(build) = props.looking_at {
                <p class="then">{ words.with("past.files", &[("build", &format!("#{build}"))]) }</p>
            }
            if props.looking_at.is_none() && rows.iter().any(|row| is_touched(&row.entry)) {
                <p class="of-touched" id="of-touched"><b>{ words.t("context.touched") }</b>{ ": " }{ words.t("context.touchedMeans") }</p>
            }
            if let Some(start) = new_name {
                <NameField value={start} label={words.t("context.name")} on_done={finish.clone()} />
            }
            <ul class="files" role="tree" aria-label={words.t("context.label")} ref={list} {onkeydown}>
                { for rows.chunks(STRETCH).enumerate().map(|(number, rows)| {
                    let place = |path: &str| rows.iter().position(|row| row.entry.path == path);
                    let naming = match &*naming {
                        Some(Naming::Rename { path }) => place(path).map(|at| (at, finish.clone())),
                        _ => None,
                    };
                    let focusable = current.checked_sub(number * STRETCH).filter(|at| *at < rows.len());
                    html! {
                        <Rows key={number} rows={rows.to_vec()} active={place(&props.active).filter(|_| props.looking_at.is_none())} {focusable} {naming} on_menu={on_menu.clone()} />
                    }
                }) }
            </ul>
            if hidden > 0 {
                <button type="button" class="btn more" onclick={let all = all.clone(); move |_: MouseEvent| all.set(true)}>
                    { words.with("context.more", &[("n", &hidden.to_string())]) }
                </button>
            }
            if let Some((entry, top)) = &*menu {
                <Deeds key={entry.path.clone()} entry={entry.clone()} top={*top} on_pick={menu_of(&hub, words, &begin, (&wish, &rows))} on_close={close_menu} />
            }
            if rows.is_empty() {
                <div class="drop">{ icon("folder") }<p>{ words.t("context.drop") }</p></div>
            }
        </section>
    }
}

/// Rows, and what they were made of.
struct Drawn {
    entries: Shared<Vec<Shared<FileEntry>>>,
    dockerfile: String,
    closed: BTreeSet<String>,
    limit: usize,
    rows: Rc<Vec<TreeRow>>,
}

/// The rows to be seen; taken from those before where only what is said of the files is new.
#[hook]
fn use_rows(props: &ContextProps, limit: usize) -> Rc<Vec<TreeRow>> {
    let last = use_mut_ref(|| None::<Drawn>);
    let mut last = last.borrow_mut();
    let (entries, closed) = (&props.entries, &props.closed);
    let dockerfile = &props.workspace.dockerfile;
    let known = last
        .as_ref()
        .filter(|known| known.limit == limit && known.dockerfile == *dockerfile && known.closed == *closed);
    let rows = match known {
        Some(known) if known.entries == *entries => return known.rows.clone(),
        Some(known) => tree::renewed(&known.rows, &known.entries, entries),
        None => None,
    };
    let rows = Rc::new(rows.unwrap_or_else(|| tree::rows(entries, dockerfile, closed, limit)));
    *last = Some(Drawn {
        entries: entries.clone(),
        dockerfile: dockerfile.clone(),
        closed: closed.clone(),
        limit,
        rows: rows.clone(),
    });
    rows
}

/// What a person chose to do with a file.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Deed {
    NewFile,
    NewFolder,
    Rename,
    Mode,
    Touch,
    Download,
    Delete,
}

fn menu_of(
    hub: &Hub,
    words: super::hub::Words,
    begin: &Callback<Option<Naming>>,
    (wish, rows): (&Wish, &[TreeRow]),
) -> Callback<(Deed, Shared<FileEntry>)> {
    let (hub, begin, wish) = (hub.clone(), begin.clone(), wish.clone());
    let paths: Vec<String> = rows.iter().map(|row| row.entry.path.clone()).collect();
    Callback::from(move |(deed, entry): (Deed, Shared<FileEntry>)| {
        let path = entry.path.clone();
        let directory =
            if entry.kind == FileKind::Directory { path.clone() } else { tree::parent(&path).to_owned() };
        match deed {
            Deed::NewFile => begin.emit(Some(Naming::File { directory })),
            Deed::NewFolder => begin.emit(Some(Naming::Directory { directory })),
            Deed::Rename => begin.emit(Some(Naming::Rename { path })),
            Deed::Mode => hub.open(Dialog::Mode(path)),
            Deed::Touch => {
                hub.send(Request::Touch { path });
            }
            Deed::Download => upload::download(&hub, &path, words),
            Deed::Delete => {
                let at = paths.iter().position(|known| *known == path).unwrap_or_default();
                *wish.borrow_mut() = Some(Refocus::After(path.clone(), at));
                delete(&hub, &path, words);
            }
        }
    })
}

#[inline(never)]
fn delete(hub: &Hub, path: &str, words: super::hub::Words) {
    hub.send(Request::Delete { path: path.to_owned() });
    hub.act(Action::SelectTelling);
    hub.act(Action::Toast {
        text: words.with("toast.deleted", &[("path", path)]),
        alarm: false,
        undo: Some(TakeBack::Edit),
    });
}

/// Makes or renames, and says under which path; the error is the key of what is wrong with the name.
#[inline(never)]
fn give_name(
    hub: &Hub,
    what: &Naming,
    name: &str,
    entries: &[Shared<FileEntry>],
) -> Result<String, &'static str> {
    let name = name.trim().trim_end_matches('/');
    let but = if let Naming::Rename { path } = what { Some(path.as_str()) } else { None };
    match tree::check_name(name, entries, but) {
        Ok(()) => {}
        Err(NameFault::Empty) => return Err("context.nameEmpty"),
        Err(NameFault::Invalid) => return Err("error.pathInvalid"),
        Err(NameFault::Taken) => return Err("error.pathExists"),
    }
    // What misses for it is what is to be explained.
    hub.act(Action::SelectTelling);
    match what {
        Naming::File { .. } => {
            hub.send(Request::EditFile { path: name.to_owned(), text: String::new() });
            hub.focus_next_editor();
            hub.act(Action::OpenFile(name.to_owned()));
            hub.act(Action::Place(Place::Edit));
        }
        Naming::Directory { .. } => {
            hub.send(Request::MakeDirectory { path: name.to_owned() });
        }
        Naming::Rename { path } if path != name => {
            hub.act(Action::Renamed { from: path.clone(), to: name.to_owned() });
            hub.send(Request::Rename { from: path.clone(), to: name.to_owned() });
        }
        Naming::Rename { .. } => {}
    }
    Ok(name.to_owned())
}

/// The keys of the tree; gives the row that has the focus then.
#[inline(never)]
fn tree_key(
    event: &KeyboardEvent,
    hub: &Hub,
    rows: &[TreeRow],
    at: usize,
    (begin, wish): (&Callback<Option<Naming>>, &Wish),
) -> Option<usize> {
    if event.alt_key() || event.ctrl_key() || event.meta_key() {
        return None;
    }
    use wasm_bindgen::JsCast;
    let on_row = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok())?;
    if on_row.get_attribute("role").as_deref() != Some("treeitem") {
        return None;
    }
    // The row that has the focus, however it got it: a click moves the focus without a key.
    let focused = on_row.get_attribute("data-path");
    let at = focused.and_then(|path| rows.iter().position(|row| row.entry.path == path)).unwrap_or(at);
    let row = rows.get(at)?;
    let path = row.entry.path.clone();
    let is_directory = row.entry.kind == FileKind::Directory;
    match event.key().as_str() {
        "ArrowDown" => Some((at + 1).min(rows.len() - 1)),
        "ArrowUp" => Some(at.saturating_sub(1)),
        "Home" => Some(0),
        "End" => Some(rows.len() - 1),
        "ArrowRight" if is_directory && row.closed => {
            hub.act(Action::Fold(path));
            Some(at)
        }
        "ArrowRight" if is_directory => Some((at + 1).min(rows.len() - 1)),
        "ArrowLeft" if is_directory && !row.closed => {
            hub.act(Action::Fold(path));
            Some(at)
        }
        "ArrowLeft" => rows.iter().position(|other| other.entry.path == tree::parent(&path)),
        "F2" => {
            begin.emit(Some(Naming::Rename { path }));
            Some(at)
        }
        "Delete" => {
            *wish.borrow_mut() = Some(Refocus::After(path.clone(), at));
            delete(hub, &path, super::hub::Words(hub.model().0.lang));
            Some(at)
        }
        _ => None,
    }
}

fn focus_row(list: &NodeRef, at: usize) {
    use wasm_bindgen::JsCast;
    let rows =
        list.cast::<web_sys::Element>().and_then(|list| list.query_selector_all("[role=treeitem]").ok());
    let row = rows
        .and_then(|rows| rows.item(at as u32))
        .and_then(|row| row.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(row) = row {
        let _ = row.focus();
    }
}
