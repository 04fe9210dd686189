//! What is large and never changes, in the store of this browser: the layers of loaded images and the first files of a project.
//! Each has a record under its seal, written once, and the project names the seals alone.

use super::journal::{FilesText, Journal, seals};
use super::store::read_record;
use lab_session::protocol::LayerInput;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use wasm_bindgen::JsValue;

/// Layers by their seals.
pub(crate) type Layers = BTreeMap<String, Rc<LayerInput>>;

const SEALED: &str = "layers";

/// Reads the layers that a project names. One that is not there or damaged is left out, which the session tells of; after
/// one that could not be read the others are read all the same.
#[inline(never)]
pub(super) async fn load_layers(journal: &mut Journal) -> Result<(), JsValue> {
    let wanted: BTreeSet<String> = seals(&journal.project).map(str::to_owned).collect();
    let mut all = Ok(());
    for seal in wanted.into_iter().filter(|seal| !seal.is_empty()) {
        match read_record(SEALED, &seal).await {
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

/// Reads the files that a project began with, if they are not in it. The inner error says what is wrong with them.
#[inline(never)]
pub(super) async fn load_files(journal: &mut Journal) -> Result<Result<(), String>, JsValue> {
    let seal = &journal.files_seal;
    if seal.is_empty() {
        return Ok(Ok(()));
    }
    let Some(text) = read_record(SEALED, seal).await?.as_string() else {
        return Ok(Err("store/no-files".to_owned()));
    };
    let files = serde_json::from_str(&text).map_err(|error| error.to_string());
    Ok(files.map(|files| journal.project.files = files))
}

/// The text under a seal as it is stored; without room for layers only that of the files.
pub(super) fn text(files: &FilesText, layers: Option<&Layers>, seal: &str) -> Option<String> {
    if files.seal.as_deref() == Some(seal) {
        return Some(files.text.clone());
    }
    layers?.get(seal).and_then(|layer| serde_json::to_string(&**layer).ok())
}

/// A number made of bytes (FNV-1a, 64 bits): the same bytes have the same.
pub(super) fn number(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |sum: u64, byte| (sum ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3))
}
