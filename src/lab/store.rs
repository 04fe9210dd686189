//! The store of this browser: the project in IndexedDB.
//!
//! One record holds the whole [`Journal`] as JSON text, so that a version of the lab that cannot read it can at least
//! give it back to the person instead of losing it.

pub(crate) use super::journal::Journal;
use idb::{Database, Factory, ObjectStoreParams, TransactionMode};
use wasm_bindgen::JsValue;

const DATABASE: &str = "dockerfile-lab";
const STORE: &str = "projects";
const CURRENT: &str = "current";
/// What could not be read is moved here, and stays until the next thing that cannot be read.
const UNREADABLE: &str = "unreadable";

/// What the store holds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Stored {
    /// Nothing: a first visit.
    Nothing,
    /// The project of the last visit.
    Found(Box<Journal>),
    /// Something that this version cannot read; its text is kept for the person.
    Unreadable {
        /// The text as it was stored.
        text: String,
        /// Why it cannot be read.
        message: String,
    },
}

/// Reads the project of the last visit.
pub(crate) async fn load() -> Result<Stored, String> {
    let Some(text) = get(CURRENT).await.map_err(words)? else { return Ok(Stored::Nothing) };
    match serde_json::from_str(&text) {
        Ok(journal) => Ok(Stored::Found(Box::new(journal))),
        Err(error) => {
            put(UNREADABLE, &text).await.map_err(words)?;
            Ok(Stored::Unreadable { text, message: error.to_string() })
        }
    }
}

/// Stores the project.
pub(crate) async fn save(journal: &Journal) -> Result<(), String> {
    let text = serde_json::to_string(journal).map_err(|error| error.to_string())?;
    put(CURRENT, &text).await.map_err(words)
}

async fn open() -> Result<Database, idb::Error> {
    let mut request = Factory::new()?.open(DATABASE, Some(1))?;
    request.on_upgrade_needed(|event| {
        use idb::DatabaseEvent;
        if let Ok(database) = event.database() {
            // A failure here fails the opening, which is reported.
            let _ = database.create_object_store(STORE, ObjectStoreParams::new());
        }
    });
    request.await
}

async fn get(key: &str) -> Result<Option<String>, idb::Error> {
    let database = open().await?;
    let transaction = database.transaction(&[STORE], TransactionMode::ReadOnly)?;
    let value = transaction.object_store(STORE)?.get(JsValue::from_str(key))?.await?;
    Ok(value.and_then(|value| value.as_string()))
}

async fn put(key: &str, text: &str) -> Result<(), idb::Error> {
    let database = open().await?;
    let transaction = database.transaction(&[STORE], TransactionMode::ReadWrite)?;
    transaction.object_store(STORE)?.put(&JsValue::from_str(text), Some(&JsValue::from_str(key)))?.await?;
    transaction.commit()?.await?;
    Ok(())
}

fn words(error: idb::Error) -> String {
    error.to_string()
}
