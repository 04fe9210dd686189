//! Files that come with the page and are fetched when first needed: the examples, the texts of other languages.

use dockerfile_lab_app::locale::{self, Lang};
use lab_session::protocol::FileInput;
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;

/// An example as the list of examples shows it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ExampleEntry {
    /// The name of its folder.
    pub id: String,
    /// Its title in each language of the page.
    pub title: Localized,
    /// One sentence about it.
    pub description: Localized,
}

/// A text in the languages of the page.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Localized {
    /// English.
    pub en: String,
    /// Korean.
    pub ko: String,
}

/// An example's files.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Example {
    /// The name of its folder.
    pub id: String,
    /// Its title.
    pub title: Localized,
    /// One sentence about it.
    pub description: Localized,
    /// The context.
    pub files: Vec<FileInput>,
}

/// The list of examples, in the order in which they are to be read.
pub(crate) async fn examples() -> Result<Vec<ExampleEntry>, String> {
    // Taken from the browser's own objects: what reads JSON here is not needed for anything else at first.
    let list = js_sys::JSON::parse(&fetch("examples/index.json").await?).map_err(|error| words(&error))?;
    Ok(js_sys::Array::from(&list).iter().map(|entry| ExampleEntry::of(&entry)).collect())
}

impl ExampleEntry {
    fn of(entry: &JsValue) -> Self {
        let (title, description) = (member(entry, "title"), member(entry, "description"));
        Self { id: text(entry, "id"), title: Localized::of(&title), description: Localized::of(&description) }
    }
}

impl Localized {
    fn of(texts: &JsValue) -> Self {
        Self { en: text(texts, "en"), ko: text(texts, "ko") }
    }
}

pub(super) fn member(object: &JsValue, name: &str) -> JsValue {
    js_sys::Reflect::get(object, &name.into()).unwrap_or_default()
}

pub(super) fn text(object: &JsValue, name: &str) -> String {
    member(object, name).as_string().unwrap_or_default()
}

/// Has the texts of a language at hand.
pub(crate) async fn texts(lang: Lang) -> Result<(), String> {
    match lang.file().filter(|_| !lang.is_there()) {
        Some(file) => fetch(file).await.map(|texts| locale::provide(lang, &texts)),
        None => Ok(()),
    }
}

/// One example.
pub(crate) async fn example(id: &str) -> Result<Example, String> {
    if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
        return Err(format!("{id}: no such example"));
    }
    let path = format!("examples/{id}.json");
    serde_json::from_str(&fetch(&path).await?).map_err(|error| format!("{path}: {error}"))
}

/// The text of a file that comes with the page.
pub(super) async fn fetch(path: &str) -> Result<String, String> {
    async fn text(path: &str) -> Result<JsValue, JsValue> {
        let window = web_sys::window().ok_or("no window")?;
        let response: Response = JsFuture::from(window.fetch_with_str(path)).await?.dyn_into()?;
        if !response.ok() {
            return Err(format!("{path}: {}", response.status()).into());
        }
        JsFuture::from(response.text()?).await
    }
    text(path).await.map(|text| text.as_string().unwrap_or_default()).map_err(|error| words(&error))
}

#[inline(never)]
pub(super) fn words(error: &JsValue) -> String {
    error.as_string().unwrap_or_else(|| format!("{error:?}"))
}
