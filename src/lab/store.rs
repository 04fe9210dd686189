//! The store of this browser: the project in IndexedDB, and what a page that went could not put there any more.
//!
//! One record holds the whole [`Journal`] as JSON text, so that a version of the lab that cannot read it can at least
//! give it back to the person instead of losing it. Many first files and the layers of loaded images are large and never
//! change: they have records of their own under their seals, written once, and deleted when no project needs them.
//!
//! A page that goes may be gone before IndexedDB has written, so it leaves a copy in `localStorage` too, which writes at
//! once; the newer of the two is what the next visit goes on with.
//!
//! A browser can have several projects, each written by one tab ([`tabs`]); all here is about the one of this tab.
//!
//! What an earlier visit left and this one could not read or open is not lost by the next save: see [`Guard`].

use super::journal::FilesText;
pub(crate) use super::journal::Journal;
use super::sealed::{self, Layers};
use super::tabs;
use js_sys::{Array, Uint8Array};
use lab_session::protocol::VERSION;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::Storage;

// Native checks have no script beside them.
#[cfg_attr(target_arch = "wasm32", wasm_bindgen(module = "/www/src/store.js"))]
#[cfg_attr(not(target_arch = "wasm32"), wasm_bindgen)]
extern "C" {
    #[wasm_bindgen(catch)]
    async fn get(store: &str, key: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    async fn put(store: &str, key: &str, record: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    async fn take(key: &str, owner: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = leave)]
    async fn put_leaving(key: &str, project: &Uint8Array, about: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = save)]
    async fn put_all(
        key: &str,
        project: &Uint8Array,
        about: &JsValue,
        text: &Closure<dyn FnMut(String) -> Option<String>>,
        once: bool,
    ) -> Result<JsValue, JsValue>;
    pub(super) async fn list() -> JsValue;
    #[wasm_bindgen(catch)]
    pub(super) async fn remove(key: &str) -> Result<JsValue, JsValue>;
    fn about(owner: &str, written: f64, name: &str, builds: u32, work: bool, seals: &Array) -> JsValue;
}

const STORE: &str = "projects";
/// What could not be read is moved to a record of this name and a number made of its bytes.
const UNREADABLE: &str = "unreadable";
/// A longer copy is not left: browsers give a page some five million characters, and writing them holds it up.
const MOST_OF_COPY: usize = 2_000_000;

/// What is stored must not be written over before it was looked at again, and is in a second place.
#[derive(Clone, Copy, PartialEq)]
enum Guard {
    /// This page has read all of it.
    Down,
    /// It could not be read. What was written after this time is news to the person.
    Unread(f64),
    /// It cannot be opened. The person has it as a file.
    Unopened,
}

thread_local! {
    static GUARD: Cell<Guard> = const { Cell::new(Guard::Down) };
}

/// Whether what an earlier visit left could not be read yet.
pub(crate) fn is_unread() -> bool {
    matches!(GUARD.get(), Guard::Unread(_))
}

/// A record; a fault may pass, so that it is asked for twice.
pub(super) async fn read_record(store: &str, key: &str) -> Result<JsValue, JsValue> {
    match get(store, key).await {
        Ok(record) => Ok(record),
        Err(_) => get(store, key).await,
    }
}

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
    fn nothing() -> Self {
        Self { stored: JsValue::UNDEFINED, copy: None, fault: None }
    }

    fn of(stored: Result<JsValue, JsValue>) -> Self {
        let copy = copy();
        GUARD.set(Guard::Down);
        match stored {
            Ok(stored) => Self { stored, copy, fault: None },
            Err(error) => {
                GUARD.set(Guard::Unread(f64::NEG_INFINITY));
                Self { stored: JsValue::UNDEFINED, copy, fault: Some(words(&error)) }
            }
        }
    }

    /// Whether there is nothing: a first visit.
    pub(crate) fn is_nothing(&self) -> bool {
        self.stored.is_undefined() && self.copy.is_none() && self.fault.is_none()
    }
}

/// Something that this version cannot read.
pub(crate) struct Unreadable {
    /// As it was stored.
    pub(crate) bytes: Vec<u8>,
    /// What is wrong with it.
    pub(crate) why: String,
}

/// What was left, once it is read.
#[derive(Default)]
pub(crate) struct Found {
    /// The project, what came after it, and both as they were written.
    pub(crate) journal: Option<(Journal, String)>,
    /// What this version cannot read.
    pub(crate) unreadable: Vec<Unreadable>,
    /// Why the database could not be read.
    pub(crate) fault: Option<String>,
}

/// Asks for what the last visit left. Where another tab writes that, one who `asks` for another project begins one of its own;
/// so does everybody if nothing is there. What other tabs ask this one comes to `hears`.
pub(crate) async fn left(asks: bool, hears: tabs::Hears) -> Left {
    tabs::begin(&list().await, hears).await;
    if !tabs::watches() {
        return again().await;
    }
    let left = if asks { Left::nothing() } else { of_other().await };
    if left.is_nothing() {
        tabs::fresh()
    } else {
        tabs::watch()
    }
    left
}

/// Asks for the project that another tab writes, as it is now.
pub(crate) async fn of_other() -> Left {
    tabs::newest().await;
    Left::of(read_record(STORE, &tabs::id()).await)
}

/// Asks for the project, and makes it this tab's own: what another tab writes is refused from now on.
pub(crate) async fn again() -> Left {
    let (id, owner) = (tabs::id(), tabs::owner());
    Left::of(match take(&id, &owner).await {
        Ok(record) => Ok(record),
        // A fault may pass.
        Err(_) => take(&id, &owner).await,
    })
}

/// Begins a project of this tab's own with what is at hand.
pub(crate) fn fresh() {
    tabs::fresh();
    GUARD.set(Guard::Down);
}

/// Reads what was left: the newer of both, and the layers that it names.
#[inline(never)]
pub(crate) async fn read(left: Left) -> Found {
    let mut found = Found { fault: left.fault, ..Found::default() };
    for bytes in [bytes_of(&left.stored), left.copy.map(String::into_bytes)].into_iter().flatten() {
        let read = match with_files(journal_of(&bytes)).await {
            Ok(read) => read,
            Err(error) => {
                GUARD.set(Guard::Unread(f64::NEG_INFINITY));
                found.fault = Some(words(&error));
                continue;
            }
        };
        match read {
            Ok((journal, text)) => {
                let newer = found.journal.as_ref().is_none_or(|(known, _)| journal.written > known.written);
                if newer {
                    found.journal = Some((journal, text));
                }
            }
            Err(why) => found.unreadable.push(Unreadable { bytes, why }),
        }
    }
    if let Some((journal, _)) = &mut found.journal {
        if is_unread() {
            GUARD.set(Guard::Unread(journal.written));
        }
        if let Err(error) = sealed::load_layers(journal).await {
            GUARD.set(Guard::Unread(f64::NEG_INFINITY));
            found.fault = Some(words(&error));
        }
    }
    found
}

/// The bytes of a record.
fn bytes_of(record: &JsValue) -> Option<Vec<u8>> {
    let bytes = record.dyn_ref::<Uint8Array>().map(Uint8Array::to_vec);
    bytes.or_else(|| record.as_string().map(String::into_bytes))
}

/// Reads a journal; gives its text too, or what is wrong with it.
fn journal_of(bytes: &[u8]) -> Read {
    let text = std::str::from_utf8(bytes).map_err(|error| error.to_string())?;
    let journal = serde_json::from_str::<Journal>(text).map_err(|error| error.to_string())?;
    if journal.project.version > VERSION {
        return Err(format!("store/version {}", journal.project.version));
    }
    Ok((journal, text.to_owned()))
}

/// A journal and its text, or what is wrong with it.
type Read = Result<(Journal, String), String>;

/// The same with the first files of the project, which may be stored apart. The outer error is one of the database.
async fn with_files(read: Read) -> Result<Read, JsValue> {
    let (mut journal, text) = match read {
        Ok(read) => read,
        Err(why) => return Ok(Err(why)),
    };
    let files = sealed::load_files(&mut journal).await?;
    Ok(files.map(|()| (journal, text)))
}

/// A journal to be stored.
pub(crate) struct Written {
    /// All but the layers, and but the files if they have a seal.
    pub(crate) text: String,
    /// The files that the project began with.
    pub(crate) files: Rc<FilesText>,
    /// The layers of its images, by their seals.
    pub(crate) layers: Layers,
    /// When, in milliseconds.
    pub(crate) at: f64,
    /// The name of the project.
    pub(crate) name: String,
    /// How many builds it has.
    pub(crate) builds: u32,
    /// Whether a person did anything to what it began as.
    pub(crate) work: bool,
}

impl Written {
    /// What the list of projects says of it.
    fn about(&self) -> JsValue {
        let seals: Array =
            self.layers.keys().chain(&self.files.seal).map(|seal| JsValue::from_str(seal)).collect();
        about(&tabs::owner(), self.at, &self.name, self.builds, self.work, &seals)
    }
}

/// What became of a save.
pub(crate) enum Saved {
    /// It is stored; and here is what was found out to be stored before, if it could not be read and the person does not know it.
    Stored(Option<Box<Journal>>),
    /// Another tab has taken the project over, and this one has not heard of it. Nothing was written.
    Taken,
}

/// Stores the project, `with_layers` or with those only that are there. What a page left that went is older then.
#[inline(never)]
pub(crate) async fn save(written: Written, with_layers: bool) -> Result<Saved, String> {
    let former = lower_guard().await?;
    if !write(&tabs::id(), written, with_layers, false).await? {
        return Ok(Saved::Taken);
    }
    forget_copy();
    Ok(Saved::Stored(former.map(Box::new)))
}

/// Stores a project that is no longer that of this tab under a name of its own.
#[inline(never)]
pub(crate) async fn keep(id: &str, written: Written) -> Result<(), String> {
    write(id, written, true, true).await.map(drop)
}

/// Writes a project, or `once`: where there is none of this name. Gives whether it was written.
async fn write(id: &str, written: Written, with_layers: bool, once: bool) -> Result<bool, String> {
    // As bytes: a long text would first be made one of JavaScript.
    let bytes = Uint8Array::from(written.text.as_bytes());
    let about = written.about();
    let (files, layers) = (written.files, written.layers);
    let text = move |seal: String| sealed::text(&files, with_layers.then_some(&layers), &seal);
    let text = Closure::<dyn FnMut(String) -> Option<String>>::new(text);
    let saved = put_all(id, &bytes, &about, &text, once).await.map_err(|error| words(&error))?;
    Ok(!saved.is_falsy())
}

/// Makes sure that nothing is lost by writing over what is stored.
#[inline(never)]
async fn lower_guard() -> Result<Option<Journal>, String> {
    let since = match GUARD.get() {
        Guard::Down => return Ok(None),
        Guard::Unread(since) => since,
        Guard::Unopened => f64::INFINITY,
    };
    let stored = read_record(STORE, &tabs::id()).await.map_err(|error| words(&error))?;
    let mut former = None;
    if let Some(bytes) = bytes_of(&stored) {
        match with_files(journal_of(&bytes)).await.map_err(|error| words(&error))? {
            Ok((mut journal, _)) => {
                sealed::load_layers(&mut journal).await.map_err(|error| words(&error))?;
                let whole = serde_json::to_vec(&journal.in_one()).map_err(|error| error.to_string())?;
                set_aside(&whole).await?;
                former = Some(journal).filter(|journal| journal.written > since);
            }
            Err(_) => set_aside(&bytes).await?,
        }
    }
    if let Some(copy) = copy() {
        set_aside(copy.as_bytes()).await?;
    }
    GUARD.set(Guard::Down);
    Ok(former)
}

/// Leaves a copy at once, for a page that may be gone before the database has written, and writes the project there. Without
/// room for a copy there is none. What could not be read may be newer than either, and stays.
#[inline(never)]
pub(crate) fn leave(written: Written) {
    if GUARD.get() != Guard::Down {
        return;
    }
    let about = written.about();
    let text = written.text;
    let left = text.len() <= MOST_OF_COPY
        && storage().is_some_and(|storage| storage.set_item(&tabs::copy_key(), &text).is_ok());
    if !left {
        // An older one says nothing that the database does not.
        forget_copy();
    }
    wasm_bindgen_futures::spawn_local(async move {
        let bytes = Uint8Array::from(text.as_bytes());
        // The page is going: nobody is there to be told about a failure.
        if put_leaving(&tabs::id(), &bytes, &about).await.is_ok() {
            forget_copy();
        }
    });
}

/// Puts what cannot be opened aside, where nothing is stored over it. Until that is done nothing is stored in its place.
pub(crate) async fn keep_aside(bytes: &[u8]) -> Result<(), String> {
    if GUARD.get() == Guard::Down {
        GUARD.set(Guard::Unopened);
    }
    set_aside(bytes).await?;
    // Of a copy there is no more to be had. It is written anew by what is opened in its place.
    if copy().is_some_and(|copy| copy.as_bytes() == bytes) {
        forget_copy();
    }
    Ok(())
}

/// All that cannot be opened is aside: the place is free.
pub(crate) fn all_aside() {
    if GUARD.get() == Guard::Unopened {
        GUARD.set(Guard::Down);
    }
}

/// The same bytes have the same record: what is met at each visit is there once.
async fn set_aside(bytes: &[u8]) -> Result<(), String> {
    let number = sealed::number(bytes);
    let record = Uint8Array::from(bytes);
    put(STORE, &format!("{UNREADABLE}-{number:016x}"), &record).await.map_err(|error| words(&error))?;
    Ok(())
}

fn copy() -> Option<String> {
    storage()?.get_item(&tabs::copy_key()).ok().flatten()
}

fn forget_copy() {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(&tabs::copy_key());
    }
}

fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}

pub(super) fn words(error: &JsValue) -> String {
    let error = error.dyn_ref::<js_sys::Error>();
    error.map(|error| String::from(error.message())).unwrap_or_default()
}
