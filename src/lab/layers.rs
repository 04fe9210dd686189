//! The layers of loaded images in the store of this browser: each has a record under its seal, written once.

use super::journal::{Journal, seals};
use super::store::read_record;
use lab_session::protocol::LayerInput;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use wasm_bindgen::JsValue;

/// Layers by their seals.
pub(crate) type Layers = BTreeMap<String, Rc<LayerInput>>;

const LAYERS: &str = "layers";

/// Reads the layers that a project names. One that is not there or damaged is left out, which the session tells of; after
/// one that could not be read the others are read all the same.
#[inline(never)]
pub(super) async fn load(journal: &mut Journal) -> Result<(), JsValue> {
    let wanted: BTreeSet<String> = seals(&journal.project).map(str::to_owned).collect();
    let mut all = Ok(());
    for seal in wanted.into_iter().filter(|seal| !seal.is_empty()) {
        match read_record(LAYERS, &seal).await {
            Ok(text) => {
                let text = text.as_string();
                // Text that cannot be read is a layer that is not there.
                if let Some(layer) = text.and_then(|text| serde_json::from_str::<LayerInput>(&text).ok()) {
                    journal.layers.insert(seal, Rc::new(layer));
                }
            }
            Err(error) => all = Err(error),
        }
    }
    all
}

/// The text of a layer as it is stored.
pub(super) fn text(layers: &Layers, seal: &str) -> Option<String> {
    layers.get(seal).and_then(|layer| serde_json::to_string(&**layer).ok())
}
