//! The JavaScript API for embedders: a [`Lab`] takes envelopes and gives events, as `lab_session::protocol` defines them.
//!
//! Decode, call, encode: everything else is the session's. Objects are plain JavaScript objects, numbers are numbers.

use lab_session::Session;
use lab_session::protocol::{Envelope, Event, VERSION};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** A request with its time in seconds since 1970; see the documentation of the protocol. */
export interface Envelope { generation: number; now: number; preview?: boolean; request: string | Record<string, unknown>; }
/** Something that the lab says: an object with one key, the kind of event. */
export type LabEvent = Record<string, unknown>;
"#;

#[wasm_bindgen]
extern "C" {
    /// An envelope as a JavaScript object.
    #[wasm_bindgen(typescript_type = "Envelope")]
    pub type JsEnvelope;
    /// A list of events.
    #[wasm_bindgen(typescript_type = "LabEvent[]")]
    pub type JsEvents;
}

/// The lab: a workspace, its builds and its live preview.
#[wasm_bindgen]
#[derive(Default)]
pub struct Lab {
    session: Session,
}

#[wasm_bindgen]
impl Lab {
    /// An empty lab.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Does what an envelope asks and gives the events that answer it.
    ///
    /// # Errors
    ///
    /// Throws a `TypeError` for what is no envelope. What cannot be done is an event of type `failed`.
    pub fn handle(&mut self, envelope: JsEnvelope) -> Result<JsEvents, JsValue> {
        let envelope: Envelope =
            serde_wasm_bindgen::from_value(envelope.into()).map_err(|error| type_error(&error))?;
        encode(&self.session.handle(envelope))
    }
}

/// The version of the protocol, for `Project.version` too.
#[wasm_bindgen]
#[must_use]
pub fn version() -> u32 {
    VERSION
}

fn encode(events: &[Event]) -> Result<JsEvents, JsValue> {
    let serializer = Serializer::json_compatible();
    Ok(events.serialize(&serializer).map_err(|error| type_error(&error))?.into())
}

fn type_error(error: &serde_wasm_bindgen::Error) -> JsValue {
    js_sys::TypeError::new(&error.to_string()).into()
}
