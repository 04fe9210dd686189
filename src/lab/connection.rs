//! One worker, with its listeners. Dropping it ends the worker.

use lab_session::protocol::{Envelope, Reply};
use serde::Serialize;
use wasm_bindgen::prelude::*;
use web_sys::{ErrorEvent, MessageEvent, Worker, WorkerOptions, WorkerType};

/// What comes from a worker.
pub enum Incoming {
    /// A reply.
    Reply(Reply),
    /// The worker has died, with the browser's words for it.
    Died(String),
}

/// A running worker.
pub struct Connection {
    worker: Worker,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(ErrorEvent)>,
}

impl Connection {
    /// Starts a worker, which says `ready` when it can be asked.
    pub fn open(receive: impl Fn(Incoming) + Clone + 'static) -> Result<Self, JsValue> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = Worker::new_with_options("./worker_loader.js", &options)?;
        let report = receive.clone();
        let on_message = Closure::new(move |event: MessageEvent| {
            match serde_wasm_bindgen::from_value::<Reply>(event.data()) {
                Ok(reply) => report(Incoming::Reply(reply)),
                // The worker says in plain words that it died; anything else is a mix of versions.
                Err(error) => {
                    report(Incoming::Died(event.data().as_string().unwrap_or_else(|| error.to_string())))
                }
            }
        });
        let on_error = Closure::new(move |event: ErrorEvent| {
            event.prevent_default();
            receive(Incoming::Died(event.message()));
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        Ok(Self { worker, _on_message: on_message, _on_error: on_error })
    }

    /// Sends a request.
    pub fn post(&self, envelope: &Envelope) -> Result<(), JsValue> {
        let serializer = serde_wasm_bindgen::Serializer::new().serialize_maps_as_objects(true);
        self.worker.post_message(&envelope.serialize(&serializer)?)
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}
