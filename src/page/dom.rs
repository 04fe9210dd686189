//! Small helpers around the browser: the clipboard, downloads, settings, media queries.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, Document, HtmlAnchorElement, HtmlElement, Url, Window};

/// The window. The page always has one.
pub(super) fn window() -> Window {
    gloo::utils::window()
}

/// The document.
pub(super) fn document() -> Document {
    gloo::utils::document()
}

/// Puts a text on the clipboard.
pub(super) async fn copy(text: &str) -> Result<(), JsValue> {
    JsFuture::from(window().navigator().clipboard().write_text(text)).await.map(drop)
}

/// Gives bytes to the person as a file.
pub(super) fn download(name: &str, bytes: &[u8]) -> Result<(), JsValue> {
    let parts = Array::of1(&Uint8Array::from(bytes));
    let options = BlobPropertyBag::new();
    options.set_type("application/octet-stream");
    let blob = Blob::new_with_u8_array_sequence_and_options(&parts, &options)?;
    let url = Url::create_object_url_with_blob(&blob)?;
    let link: HtmlAnchorElement = document().create_element("a")?.dyn_into()?;
    link.set_href(&url);
    link.set_download(name);
    link.click();
    // The download has its own hold on the bytes by then.
    gloo::timers::callback::Timeout::new(10_000, move || {
        let _ = Url::revoke_object_url(&url);
    })
    .forget();
    Ok(())
}

/// A setting of this browser; none if there is none, or no storage.
pub(super) fn setting(name: &str) -> Option<String> {
    window().local_storage().ok().flatten()?.get_item(&format!("dockerfile-lab.{name}")).ok().flatten()
}

/// Remembers a setting. A browser without storage forgets it, which is no harm.
pub(super) fn remember(name: &str, value: &str) {
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = storage.set_item(&format!("dockerfile-lab.{name}"), value);
    }
}

/// Leaves a note in the storage of this tab, for the page that it loads next. Without storage there is none.
pub(super) fn leave_note(name: &str, text: &str) {
    if let Ok(Some(storage)) = window().session_storage() {
        let _ = storage.set_item(&format!("dockerfile-lab.{name}"), text);
    }
}

/// Takes such a note.
pub(super) fn take_note(name: &str) -> Option<String> {
    let storage = window().session_storage().ok().flatten()?;
    let name = format!("dockerfile-lab.{name}");
    let text = storage.get_item(&name).ok().flatten()?;
    let _ = storage.remove_item(&name);
    Some(text)
}

/// Whether a media query holds.
pub(super) fn media(query: &str) -> bool {
    window().match_media(query).ok().flatten().is_some_and(|list| list.matches())
}

/// Whether the keys are those of a Mac.
pub(super) fn is_mac() -> bool {
    thread_local! {
        static IS_MAC: bool = window()
            .navigator()
            .platform()
            .is_ok_and(|platform| platform.starts_with("Mac") || platform.starts_with("iP"));
    }
    IS_MAC.with(|is_mac| *is_mac)
}

/// A label with its keys, for a tooltip: `Undo (Ctrl+Z)`, `Undo (⌘Z)`.
pub(super) fn with_keys(label: &str, keys: &str) -> String {
    let keys = if is_mac() {
        keys.replace("Ctrl+", "⌘").replace("Alt+", "⌥").replace("Shift+", "⇧").replace("Enter", "↵")
    } else {
        keys.to_owned()
    };
    format!("{label} ({keys})")
}

/// Gives the focus to the first element of a selector.
pub(super) fn focus(selector: &str) {
    if let Ok(Some(element)) = document().query_selector(selector)
        && let Ok(element) = element.dyn_into::<HtmlElement>()
    {
        let _ = element.focus();
    }
}

/// The folder of the page, ending with `/`.
pub(super) fn base() -> String {
    let href = document().base_uri().ok().flatten().unwrap_or_default();
    let href = href.split(['?', '#']).next().unwrap_or_default();
    href.rfind('/').map_or(href, |at| &href[..=at]).to_owned()
}
