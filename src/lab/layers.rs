//! The layers of loaded images in the store of this browser: each has a record under its seal, written once.

use super::journal::{Journal, seals};
use super::store::{CURRENT, LAYERS, STORE, begin};
use idb::{ObjectStore, TransactionMode};
use lab_session::protocol::LayerInput;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;
use wasm_bindgen::JsValue;

thread_local! {
    /// The seals of the layers that this page has written or read.
    static KNOWN: RefCell<BTreeSet<String>> = const { RefCell::new(BTreeSet::new()) };
}

/// Whether a project without layers has any to clear away.
pub(super) fn were_any() -> bool {
    KNOWN.with_borrow(|known| !known.is_empty())
}

/// Reads the layers that a project names. One that is not there is left out, which the session tells of.
#[inline(never)]
pub(super) async fn load(journal: &mut Journal) -> Result<(), idb::Error> {
    let wanted: BTreeSet<String> = seals(&journal.project).map(str::to_owned).collect();
    for seal in wanted.into_iter().filter(|seal| !seal.is_empty()) {
        let transaction = begin(&[LAYERS], TransactionMode::ReadOnly).await?;
        let value = transaction.object_store(LAYERS)?.get(JsValue::from_str(&seal))?.await?;
        let text = value.and_then(|value| value.as_string());
        // Text that cannot be read is a layer that is not there.
        if let Some(layer) = text.and_then(|text| serde_json::from_str::<LayerInput>(&text).ok()) {
            KNOWN.with_borrow_mut(|known| known.insert(seal.clone()));
            journal.layers.insert(seal, Rc::new(layer));
        }
    }
    Ok(())
}

/// Stores a project with the layers that are new in it, all at once; then clears away what it does not name.
#[inline(never)]
pub(super) async fn save(journal: &Journal, text: &str) -> Result<(), idb::Error> {
    let transaction = begin(&[STORE, LAYERS], TransactionMode::ReadWrite).await?;
    let layers = transaction.object_store(LAYERS)?;
    let mut asked = Vec::new();
    for (seal, layer) in &journal.layers {
        if KNOWN.with_borrow_mut(|known| known.insert(seal.clone())) {
            asked.push(put(&layers, seal, layer)?);
        }
    }
    let key = JsValue::from_str(CURRENT);
    asked.push(transaction.object_store(STORE)?.put(&JsValue::from_str(text), Some(&key))?);
    let transaction = transaction.commit()?;
    let stored = async {
        for request in asked {
            request.await?;
        }
        transaction.await.map(drop)
    };
    if let Err(error) = stored.await {
        // Nothing of it was written.
        KNOWN.with_borrow_mut(BTreeSet::clear);
        return Err(error);
    }
    tidy(journal).await
}

/// Deletes the layers that no project names, and writes those again that another tab has deleted.
async fn tidy(journal: &Journal) -> Result<(), idb::Error> {
    let transaction = begin(&[LAYERS], TransactionMode::ReadWrite).await?;
    let layers = transaction.object_store(LAYERS)?;
    let keys = layers.get_all_keys(None, None)?.await?;
    let mut there: BTreeSet<String> = keys.into_iter().filter_map(|key| key.as_string()).collect();
    for (seal, layer) in &journal.layers {
        if !there.remove(seal) {
            put(&layers, seal, layer)?.await?;
        }
    }
    for seal in there {
        layers.delete(JsValue::from_str(&seal))?.await?;
    }
    transaction.commit()?.await?;
    KNOWN.set(journal.layers.keys().cloned().collect());
    Ok(())
}

fn put(
    store: &ObjectStore,
    seal: &str,
    layer: &LayerInput,
) -> Result<idb::request::PutStoreRequest, idb::Error> {
    let text = serde_json::to_string(layer).unwrap_or_default();
    store.put(&JsValue::from_str(&text), Some(&JsValue::from_str(seal)))
}
