//! The deferred parts of this module (`www/split`), asked for where code is about to need them and can wait.

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// Waits until they are fetched. A build that is not split has none; what cannot be fetched is told where it is called.
pub(crate) async fn fetched() {
    let global = js_sys::global();
    let ahead = Reflect::get(&global, &"fetchAhead".into()).unwrap_or_default().dyn_into::<Function>();
    if let Ok(promise) = ahead.and_then(|ahead| ahead.call0(&global)) {
        let _ = JsFuture::from(Promise::resolve(&promise)).await;
    }
}
