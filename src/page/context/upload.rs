//! Files that a person drops or chooses, folders with all that is in them; and files that a person takes away.

use crate::page::bring::{self, Brought};
use crate::page::dom;
use crate::page::hub::{Hub, Words};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use dockerfile_lab_app::model::{Action, TakeBack};
use js_sys::{Function, Promise, Uint8Array};
use lab_session::protocol::{ExportKind, ExportView, FileInput, Request};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    DragEvent, File, FileSystemDirectoryEntry, FileSystemDirectoryReader, FileSystemEntry,
    FileSystemFileEntry, HtmlInputElement,
};

/// A file larger than this would make every build slow; a context of such files is for a real builder.
const MOST_BYTES: f64 = 32e6;
/// More files than this at once are refused, which is more than any project of a tutorial has.
const MOST_FILES: usize = 20_000;

/// What was read, and what was not.
#[derive(Default)]
struct Harvest {
    files: Vec<FileInput>,
    too_large: Vec<String>,
}

/// Takes what was dropped.
#[inline(never)]
pub(in crate::page) fn dropped(hub: &Hub, event: &DragEvent, words: Words) {
    let Some(transfer) = event.data_transfer() else { return };
    // The list is only there during the event, so the entries are taken before anything is awaited.
    let items = transfer.items();
    let entries: Vec<FileSystemEntry> = (0..items.length())
        .filter_map(|at| items.get(at))
        .filter_map(|item| item.webkit_get_as_entry().ok().flatten())
        .collect();
    let on_tree = is_on_tree(event);
    let hub = hub.clone();
    wasm_bindgen_futures::spawn_local(async move {
        let notice = hub.say_if_slow(words.t("toast.reading"));
        let mut harvest = Harvest::default();
        let mut brought = Vec::new();
        // A single folder is the context itself; several things are put side by side.
        let alone = entries.len() == 1 && entries[0].is_directory();
        for entry in entries {
            if entry.is_file()
                && let Ok(file) = file_of(entry.unchecked_ref()).await
                && let Some(special) = special(file, on_tree).await
            {
                brought.push(special);
                continue;
            }
            let base = if alone { entry.full_path() } else { String::new() };
            if let Err(error) = walk(entry, base.trim_start_matches('/'), &mut harvest).await {
                return hub.warn(words.with("error.upload", &[("detail", &said(&error))]));
            }
        }
        drop(notice);
        put(&hub, harvest, words);
        bring::ask_about(&hub, brought);
    });
}

/// Whether something was dropped where the files of the context are.
fn is_on_tree(event: &DragEvent) -> bool {
    let element = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    element.is_some_and(|element| element.closest(".tree").is_ok_and(|tree| tree.is_some()))
}

/// A file that may be more than a file of the context, and so is asked about.
async fn special(file: File, on_tree: bool) -> Option<Brought> {
    let (kind, fault) = if bring::can_ask() { bring::look(&file).await } else { None }?;
    Some(Brought { file, kind, fault, decided: false, on_tree })
}

/// Puts one file into the context, whatever else it could be.
pub(in crate::page) fn put_one(hub: &Hub, file: File, words: Words) {
    let hub = hub.clone();
    wasm_bindgen_futures::spawn_local(async move {
        let mut harvest = Harvest::default();
        match read(&file, file.name(), &mut harvest).await {
            Ok(()) => put(&hub, harvest, words),
            Err(error) => hub.warn(words.with("error.upload", &[("detail", &said(&error))])),
        }
    });
}

/// Takes what was chosen in the browser's own dialog.
#[inline(never)]
pub(super) fn chosen(hub: &Hub, event: &web_sys::Event, words: Words) {
    let Some(input) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) else {
        return;
    };
    let Some(list) = input.files() else { return };
    let chosen: Vec<File> = (0..list.length()).filter_map(|at| list.get(at)).collect();
    // So that the same file can be chosen again.
    input.set_value("");
    let hub = hub.clone();
    wasm_bindgen_futures::spawn_local(async move {
        let notice = hub.say_if_slow(words.t("toast.reading"));
        let mut harvest = Harvest::default();
        let mut brought = Vec::new();
        for file in chosen {
            if let Some(special) = special(file.clone(), true).await {
                brought.push(special);
                continue;
            }
            if let Err(error) = read(&file, file.name(), &mut harvest).await {
                return hub.warn(words.with("error.upload", &[("detail", &said(&error))]));
            }
        }
        drop(notice);
        put(&hub, harvest, words);
        bring::ask_about(&hub, brought);
    });
}

/// An error in the browser's words.
fn said(error: &JsValue) -> String {
    let message = error.dyn_ref::<js_sys::Error>().map(|error| String::from(error.message()));
    message.or_else(|| error.as_string()).unwrap_or_else(|| format!("{error:?}"))
}

fn put(hub: &Hub, harvest: Harvest, words: Words) {
    let Harvest { files, too_large } = harvest;
    if !files.is_empty() {
        if files.len() > MOST_FILES {
            return hub.warn(words.with("error.tooManyFiles", &[("n", &MOST_FILES.to_string())]));
        }
        let text = match files.as_slice() {
            [one] => words.with("toast.uploadedOne", &[("path", &one.path)]),
            files => words.with("toast.uploaded", &[("n", &files.len().to_string())]),
        };
        hub.send(Request::PutFiles { files });
        hub.act(Action::Toast { text, alarm: false, undo: Some(TakeBack::Edit) });
    }
    if !too_large.is_empty() {
        hub.warn(words.with("error.fileTooLarge", &[("subject", &too_large.join(", "))]));
    }
}

/// Collects the files of an entry, with paths relative to `base`.
async fn walk(entry: FileSystemEntry, base: &str, into: &mut Harvest) -> Result<(), JsValue> {
    // Folders in folders, without recursion of futures.
    let mut waiting = vec![entry];
    while let Some(entry) = waiting.pop() {
        let full = entry.full_path();
        let path = full.trim_start_matches('/');
        let path = path.strip_prefix(base).unwrap_or(path).trim_start_matches('/').to_owned();
        if entry.is_file() {
            let file = file_of(entry.unchecked_ref()).await?;
            read(&file, path, into).await?;
        } else {
            let children = children_of(entry.unchecked_ref()).await?;
            if children.is_empty() && !path.is_empty() {
                into.files.push(FileInput { path, directory: true, ..FileInput::default() });
            }
            waiting.extend(children);
        }
        if into.files.len() > MOST_FILES {
            break;
        }
    }
    Ok(())
}

async fn file_of(entry: &FileSystemFileEntry) -> Result<File, JsValue> {
    let promise = Promise::new(&mut |resolve: Function, reject: Function| {
        entry.file_with_callback_and_callback(&resolve, &reject);
    });
    JsFuture::from(promise).await?.dyn_into()
}

async fn children_of(directory: &FileSystemDirectoryEntry) -> Result<Vec<FileSystemEntry>, JsValue> {
    let reader: FileSystemDirectoryReader = directory.create_reader();
    let mut children = Vec::new();
    loop {
        // A reader gives some at a time, and an empty list at the end.
        let promise = Promise::new(&mut |resolve: Function, reject: Function| {
            if let Err(error) = reader.read_entries_with_callback_and_callback(&resolve, &reject) {
                let _ = reject.call1(&JsValue::NULL, &error);
            }
        });
        let batch: js_sys::Array = JsFuture::from(promise).await?.dyn_into()?;
        if batch.length() == 0 {
            return Ok(children);
        }
        children.extend(batch.iter().map(|entry| entry.unchecked_into::<FileSystemEntry>()));
    }
}

async fn read(file: &File, path: String, into: &mut Harvest) -> Result<(), JsValue> {
    if file.size() > MOST_BYTES {
        into.too_large.push(path);
        return Ok(());
    }
    let buffer = JsFuture::from(file.array_buffer()).await?;
    let bytes = Uint8Array::new(&buffer).to_vec();
    let mtime = Some((file.last_modified() / 1000.0).floor());
    let (text, base64) = match String::from_utf8(bytes) {
        Ok(text) if !text.contains('\0') => (Some(text), None),
        Ok(text) => (None, Some(STANDARD.encode(text))),
        Err(error) => (None, Some(STANDARD.encode(error.into_bytes()))),
    };
    into.files.push(FileInput { path, text, base64, mtime, ..FileInput::default() });
    Ok(())
}

/// Gives a file of the context to the person.
#[inline(never)]
pub(super) fn download(hub: &Hub, path: &str, words: Words) {
    let (hub, path) = (hub.clone(), path.to_owned());
    let name = dockerfile_lab_app::tree::name(&path).to_owned();
    hub.clone().read(
        &path,
        yew::Callback::from(move |(text, base64): (Option<String>, Option<String>)| {
            let bytes = match (text, base64) {
                (Some(text), _) => text.into_bytes(),
                (None, Some(base64)) => STANDARD.decode(base64).unwrap_or_default(),
                (None, None) => Vec::new(),
            };
            if let Err(error) = dom::download(&name, &bytes) {
                hub.warn(words.with("error.upload", &[("detail", &said(&error))]));
            }
        }),
    );
}

/// Gives the whole context to the person, as a tar.
#[inline(never)]
pub(super) fn download_all(hub: &Hub, words: Words) {
    let warner = hub.clone();
    let given = move |export: ExportView| {
        let bytes = STANDARD.decode(export.base64).unwrap_or_default();
        if let Err(error) = dom::download(&export.file, &bytes) {
            warner.warn(words.with("error.upload", &[("detail", &said(&error))]));
        }
    };
    hub.export(ExportKind::Context, yew::Callback::from(given));
}
