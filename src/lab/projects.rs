//! The projects of this browser: which there are, and how one is deleted.

use super::store::{list, remove, words};
use super::tabs;
use js_sys::Array;
use wasm_bindgen::JsValue;

/// A project of this browser, as the list shows it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Kept {
    /// Its name in the store.
    pub(crate) id: String,
    /// The example that it began as, or empty.
    pub(crate) name: String,
    /// When it was written, in milliseconds.
    pub(crate) written: f64,
    /// How many builds it has.
    pub(crate) builds: u32,
    /// Whether it is that of this tab.
    pub(crate) here: bool,
    /// Whether another tab has it open.
    pub(crate) elsewhere: bool,
}

/// The projects of this browser, the newest first.
#[inline(never)]
pub(crate) async fn projects() -> Vec<Kept> {
    let here = tabs::id();
    let one = |about: JsValue| {
        let id = tabs::member(&about, "id").as_string().unwrap_or_default();
        Kept {
            name: tabs::member(&about, "name").as_string().unwrap_or_default(),
            written: tabs::member(&about, "written").as_f64().unwrap_or_default(),
            builds: tabs::member(&about, "builds").as_f64().unwrap_or_default() as u32,
            here: id == here,
            elsewhere: false,
            id,
        }
    };
    let mut kept: Vec<Kept> = Array::from(&list().await).iter().map(one).collect();
    let stored: Vec<String> = kept.iter().map(|one| one.id.clone()).collect();
    kept.extend(tabs::left_alone(&stored).iter().map(one));
    let ids: Vec<String> = kept.iter().map(|one| one.id.clone()).collect();
    let free = tabs::not_open(&ids).await;
    kept.iter_mut().for_each(|one| one.elsewhere = !one.here && !free.contains(&one.id));
    kept.sort_by(|a, b| b.written.total_cmp(&a.written));
    kept
}

/// Whether no other tab has a project open.
pub(crate) async fn is_free(id: &str) -> bool {
    !tabs::not_open(&[id.to_owned()]).await.is_empty()
}

/// Deletes a project that no tab has open.
#[inline(never)]
pub(crate) async fn delete(id: &str) -> Result<(), String> {
    remove(id).await.map_err(|error| words(&error))?;
    tabs::forget_beside(id);
    Ok(())
}
