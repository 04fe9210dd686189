//! Files that come with the page and are fetched when first needed: the examples.

use lab_session::protocol::FileInput;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;

/// An example as the list of examples shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
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
    fetch("examples/index.json").await
}

/// One example.
pub(crate) async fn example(id: &str) -> Result<Example, String> {
    if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
        return Err(format!("{id}: no such example"));
    }
    fetch(&format!("examples/{id}.json")).await
}

async fn fetch<T: DeserializeOwned>(path: &str) -> Result<T, String> {
    async fn text(path: &str) -> Result<String, JsValue> {
        let window = web_sys::window().ok_or("no window")?;
        let response: Response = JsFuture::from(window.fetch_with_str(path)).await?.dyn_into()?;
        if !response.ok() {
            return Err(format!("{path}: {}", response.status()).into());
        }
        Ok(JsFuture::from(response.text()?).await?.as_string().unwrap_or_default())
    }
    let text = text(path).await.map_err(|error| error.as_string().unwrap_or_else(|| format!("{error:?}")))?;
    serde_json::from_str(&text).map_err(|error| format!("{path}: {error}"))
}
