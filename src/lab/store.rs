//! The store of this browser: the project in IndexedDB.
//!
//! One record holds the whole [`Journal`] as JSON text, so that a version of the lab that cannot read it can at least
//! give it back to the person instead of losing it. The layers of loaded images are large and never change: each has a
//! record of its own under its seal, written once, and deleted when no project needs it.

pub(crate) use super::journal::Journal;
use super::layers;
use idb::{Database, Factory, ObjectStoreParams, Transaction, TransactionMode};
use lab_session::protocol::VERSION;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsValue;

const DATABASE: &str = "dockerfile-lab";
pub(super) const STORE: &str = "projects";
/// The layers of loaded images.
pub(super) const LAYERS: &str = "layers";
pub(super) const CURRENT: &str = "current";
/// What could not be read is moved here, and stays until the next thing that cannot be read.
const UNREADABLE: &str = "unreadable";

/// What the store holds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Stored {
    /// Nothing: a first visit.
    Nothing,
    /// The project of the last visit.
    Found {
        /// The project and what came after it.
        journal: Box<Journal>,
        /// The text as it was stored.
        text: String,
    },
    /// Something that this version cannot read.
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
    super::parts::fetched().await;
    match serde_json::from_str::<Journal>(&text) {
        Ok(mut journal) if journal.project.version <= VERSION => {
            if !journal.project.images.is_empty() {
                layers::load(&mut journal).await.map_err(words)?;
            }
            Ok(Stored::Found { journal: Box::new(journal), text })
        }
        Ok(journal) => {
            let message = format!("version {}", journal.project.version);
            Ok(Stored::Unreadable { text, message })
        }
        Err(error) => Ok(Stored::Unreadable { text, message: error.to_string() }),
    }
}

/// Stores the project.
///
/// Once the store was used, all is on its way to the browser when this is first polled, so that it also comes to its end
/// for a page that goes.
pub(crate) async fn save(journal: &Journal) -> Result<(), String> {
    let text = serde_json::to_string(journal).map_err(|error| error.to_string())?;
    if journal.layers.is_empty() && !layers::were_any() {
        return put(CURRENT, &text).await.map_err(words);
    }
    layers::save(journal, &text).await.map_err(words)
}

/// Puts a text that cannot be read aside, where nothing is stored over it but the next such text.
pub(crate) async fn set_aside(text: &str) -> Result<(), String> {
    put(UNREADABLE, text).await.map_err(words)
}

thread_local! {
    /// The database, open as long as the page: opening takes longer than a page that goes has.
    static OPEN: RefCell<Option<Rc<Database>>> = const { RefCell::new(None) };
}

async fn open() -> Result<Rc<Database>, idb::Error> {
    if let Some(database) = OPEN.with_borrow(Clone::clone) {
        return Ok(database);
    }
    let mut request = Factory::new()?.open(DATABASE, Some(2))?;
    request.on_upgrade_needed(|event| {
        use idb::DatabaseEvent;
        if let Ok(database) = event.database() {
            // What is there from a version before stays. Another failure fails the opening, which is reported.
            for store in [STORE, LAYERS] {
                let _ = database.create_object_store(store, ObjectStoreParams::new());
            }
        }
    });
    let database = Rc::new(request.await?);
    OPEN.set(Some(database.clone()));
    Ok(database)
}

/// Begins a transaction; a database that the browser has closed meanwhile is opened anew.
pub(super) async fn begin(stores: &[&str], mode: TransactionMode) -> Result<Transaction, idb::Error> {
    match open().await?.transaction(stores, mode) {
        Ok(transaction) => Ok(transaction),
        Err(_) => {
            OPEN.set(None);
            open().await?.transaction(stores, mode)
        }
    }
}

async fn get(key: &str) -> Result<Option<String>, idb::Error> {
    let transaction = begin(&[STORE], TransactionMode::ReadOnly).await?;
    let value = transaction.object_store(STORE)?.get(JsValue::from_str(key))?.await?;
    Ok(value.and_then(|value| value.as_string()))
}

async fn put(key: &str, text: &str) -> Result<(), idb::Error> {
    let transaction = begin(&[STORE], TransactionMode::ReadWrite).await?;
    let stored =
        transaction.object_store(STORE)?.put(&JsValue::from_str(text), Some(&JsValue::from_str(key)))?;
    let transaction = transaction.commit()?;
    stored.await?;
    transaction.await?;
    Ok(())
}

fn words(error: idb::Error) -> String {
    error.to_string()
}
