//! The layers of loaded images in the store of this browser: each has a record under its seal, written once.

use super::journal::{Journal, seals};
use super::store::{get, keys, record, write};
use js_sys::Array;
use lab_session::protocol::LayerInput;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use wasm_bindgen::JsValue;

type Layers = BTreeMap<String, Rc<LayerInput>>;

const LAYERS: &str = "layers";

thread_local! {
    /// The seals of the layers that this page has written or read.
    static KNOWN: RefCell<BTreeSet<String>> = const { RefCell::new(BTreeSet::new()) };
}

/// Reads the layers that a project names. One that is not there is left out, which the session tells of.
#[inline(never)]
pub(super) async fn load(journal: &mut Journal) -> Result<(), JsValue> {
    let wanted: BTreeSet<String> = seals(&journal.project).map(str::to_owned).collect();
    for seal in wanted.into_iter().filter(|seal| !seal.is_empty()) {
        let text = get(LAYERS, &seal).await?.as_string();
        // Text that cannot be read is a layer that is not there.
        if let Some(layer) = text.and_then(|text| serde_json::from_str::<LayerInput>(&text).ok()) {
            KNOWN.with_borrow_mut(|known| known.insert(seal.clone()));
            journal.layers.insert(seal, Rc::new(layer));
        }
    }
    Ok(())
}

/// Stores the record of a project with the layers that are new in it, all at once; then clears away what it does not name.
#[inline(never)]
pub(super) async fn save(layers: &Layers, project: JsValue) -> Result<(), JsValue> {
    if layers.is_empty() && KNOWN.with_borrow(BTreeSet::is_empty) {
        return write(&Array::of1(&project)).await.map(drop);
    }
    let records = Array::of1(&project);
    for (seal, layer) in layers {
        if KNOWN.with_borrow_mut(|known| known.insert(seal.clone())) {
            records.push(&written(seal, layer));
        }
    }
    if let Err(error) = write(&records).await {
        // Nothing of it was written.
        KNOWN.with_borrow_mut(BTreeSet::clear);
        return Err(error);
    }
    tidy(layers).await
}

/// Deletes the layers that no project names, and writes those again that another tab has deleted.
async fn tidy(layers: &Layers) -> Result<(), JsValue> {
    let all = Array::from(&keys(LAYERS).await?);
    let mut there: BTreeSet<String> = all.iter().filter_map(|key| key.as_string()).collect();
    let records = Array::new();
    for (seal, layer) in layers {
        if !there.remove(seal) {
            records.push(&written(seal, layer));
        }
    }
    for seal in there {
        records.push(&record(LAYERS, &seal, None));
    }
    write(&records).await?;
    KNOWN.set(layers.keys().cloned().collect());
    Ok(())
}

fn written(seal: &str, layer: &LayerInput) -> JsValue {
    record(LAYERS, seal, Some(&serde_json::to_string(layer).unwrap_or_default()))
}
