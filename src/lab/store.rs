//! The store of this browser: the project in IndexedDB, and what a page that went could not put there any more.
//!
//! One record holds the whole [`Journal`] as JSON text, so that a version of the lab that cannot read it can at least
//! give it back to the person instead of losing it. The layers of loaded images are large and never change: each has a
//! record of its own under its seal, written once, and deleted when no project needs it.
//!
//! A page that goes may be gone before IndexedDB has written, so it leaves a copy in `localStorage` too, which writes at
//! once; the newer of the two is what the next visit goes on with.

pub(crate) use super::journal::Journal;
use super::layers;
use js_sys::{Array, Uint8Array};
use lab_session::protocol::{LayerInput, VERSION};
use std::collections::BTreeMap;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::Storage;

// Native checks have no script beside them.
#[cfg_attr(target_arch = "wasm32", wasm_bindgen(module = "/www/src/store.js"))]
#[cfg_attr(not(target_arch = "wasm32"), wasm_bindgen)]
extern "C" {
    #[wasm_bindgen(catch)]
    pub(super) async fn get(store: &str, key: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    pub(super) async fn keys(store: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    pub(super) async fn write(records: &Array) -> Result<JsValue, JsValue>;
}

const STORE: &str = "projects";
const CURRENT: &str = "current";
/// What could not be read is moved here, and stays until the next thing that cannot be read.
const UNREADABLE: &str = "unreadable";
/// The copy in `localStorage`.
const COPY: &str = "dockerfile-lab.unsaved";
/// A longer copy is not left: browsers give a page some five million characters, and writing them holds it up.
const MOST_OF_COPY: usize = 2_000_000;

/// What an earlier visit left, as it was written.
pub(crate) struct Left {
    /// In the database: bytes, or a text in what is older.
    stored: JsValue,
    /// By a page that went.
    copy: Option<String>,
    /// Why the database could not be read.
    fault: Option<String>,
}

impl Left {
    /// Whether there is nothing: a first visit.
    pub(crate) fn is_nothing(&self) -> bool {
        self.stored.is_undefined() && self.copy.is_none() && self.fault.is_none()
    }
}

/// What was left, once it is read.
#[derive(Default)]
pub(crate) struct Found {
    /// The project, what came after it, and both as they were written.
    pub(crate) journal: Option<(Journal, String)>,
    /// What this version cannot read, with the reasons.
    pub(crate) unreadable: Vec<(String, String)>,
    /// Why the database could not be read.
    pub(crate) fault: Option<String>,
}

/// Asks for what the last visit left.
pub(crate) async fn left() -> Left {
    let copy = storage().and_then(|storage| storage.get_item(COPY).ok().flatten());
    match get(STORE, CURRENT).await {
        Ok(stored) => Left { stored, copy, fault: None },
        Err(error) => Left { stored: JsValue::UNDEFINED, copy, fault: Some(words(&error)) },
    }
}

/// Reads what was left: the newer of both, and the layers that it names.
#[inline(never)]
pub(crate) async fn read(left: Left) -> Found {
    let mut found = Found { fault: left.fault, ..Found::default() };
    let bytes = left.stored.dyn_ref::<Uint8Array>().map(Uint8Array::to_vec);
    let stored = match bytes {
        Some(bytes) => Some(String::from_utf8(bytes).unwrap_or_default()),
        None => left.stored.as_string(),
    };
    for text in [stored, left.copy].into_iter().flatten() {
        match serde_json::from_str::<Journal>(&text) {
            Ok(journal) if journal.project.version <= VERSION => {
                let newer = found.journal.as_ref().is_none_or(|(known, _)| journal.written > known.written);
                if newer {
                    found.journal = Some((journal, text));
                }
            }
            Ok(journal) => found.unreadable.push((text, format!("version {}", journal.project.version))),
            Err(error) => found.unreadable.push((text, error.to_string())),
        }
    }
    if let Some((journal, _)) = &mut found.journal
        && let Err(error) = layers::load(journal).await
    {
        found.fault = Some(words(&error));
    }
    found
}

/// A journal to be stored.
pub(crate) struct Written {
    /// All but the layers.
    pub(crate) text: String,
    /// The layers of its images, by their seals.
    pub(crate) layers: BTreeMap<String, Rc<LayerInput>>,
}

/// Stores the project. What a page left that went is older then.
///
/// Once the store was used, all is on its way to the browser when this is first polled.
pub(crate) async fn save(written: &Written) -> Result<(), String> {
    // As bytes: a long text would first be made one of JavaScript.
    let bytes = Uint8Array::from(written.text.as_bytes());
    let record = Array::of3(&STORE.into(), &CURRENT.into(), &bytes).into();
    layers::save(&written.layers, record).await.map_err(|error| words(&error))?;
    forget_copy();
    Ok(())
}

/// A record as `write` takes it; without a text it is deleted.
pub(super) fn record(store: &str, key: &str, text: Option<&str>) -> JsValue {
    Array::of3(&store.into(), &key.into(), &text.map_or(JsValue::UNDEFINED, JsValue::from_str)).into()
}

/// Leaves a copy at once, for a page that may be gone before the database has written. Without room for it there is none.
#[inline(never)]
pub(crate) fn leave_copy(Written { text, .. }: &Written) {
    let left =
        text.len() <= MOST_OF_COPY && storage().is_some_and(|storage| storage.set_item(COPY, text).is_ok());
    if !left {
        // An older one says nothing that the database does not.
        forget_copy();
    }
}

/// Puts a text that cannot be read aside, where nothing is stored over it but the next such text.
pub(crate) async fn set_aside(text: &str) -> Result<(), String> {
    let record = record(STORE, UNREADABLE, Some(text));
    write(&Array::of1(&record)).await.map_err(|error| words(&error))?;
    forget_copy();
    Ok(())
}

fn forget_copy() {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(COPY);
    }
}

fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}

fn words(error: &JsValue) -> String {
    let error = error.dyn_ref::<js_sys::Error>();
    error.map(|error| String::from(error.message())).unwrap_or_default()
}
