//! One worker, with its listeners. Dropping it ends the worker.
//!
//! Messages are bytes (postcard), which costs a fifth of the code that objects would and less time for each message.

use gloo::events::EventListener;
use js_sys::Uint8Array;
use lab_session::protocol::{Envelope, Reply};
use wasm_bindgen::prelude::*;
use web_sys::{ErrorEvent, MessageEvent, Worker, WorkerOptions, WorkerType};

/// What comes from a worker.
pub(crate) enum Incoming {
    /// A reply.
    Reply(Reply),
    /// A message that this build of the page cannot read.
    Foreign,
    /// The worker has died, with the browser's words for it.
    Died(String),
}

/// A running worker.
pub(crate) struct Connection {
    worker: Worker,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(ErrorEvent)>,
    _on_work: [EventListener; 2],
}

impl Connection {
    /// Starts a worker, which says `ready` when it can be asked.
    pub(crate) fn open(receive: impl Fn(Incoming) + Clone + 'static) -> Result<Self, JsValue> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = Worker::new_with_options("./worker_loader.js", &options)?;
        let report = receive.clone();
        let on_message = Closure::new(move |event: MessageEvent| {
            let incoming = match event.data().dyn_into::<Uint8Array>() {
                Ok(bytes) => match postcard::from_bytes::<Reply>(&bytes.to_vec()) {
                    Ok(reply) => Incoming::Reply(reply),
                    // The bytes of another build of the lab.
                    Err(_) => Incoming::Foreign,
                },
                // The worker says in plain words that it died.
                Err(words) => Incoming::Died(words.as_string().unwrap_or_default()),
            };
            report(incoming);
        });
        let on_error = Closure::new(move |event: ErrorEvent| {
            event.prevent_default();
            receive(Incoming::Died(event.message()));
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        let on_work = ["keydown", "pointerdown"].map(|sign| fetch_ahead(&worker, sign));
        Ok(Self { worker, _on_message: on_message, _on_error: on_error, _on_work: on_work })
    }

    /// Sends a request.
    pub(crate) fn post(&self, envelope: &Envelope) -> Result<(), JsValue> {
        let bytes = postcard::to_allocvec(envelope).map_err(|error| JsValue::from_str(&error.to_string()))?;
        self.worker.post_message(&Uint8Array::from(&bytes[..]))
    }
}

/// Lets the worker fetch its deferred parts (`www/split/parts.js`) when a person begins to work.
fn fetch_ahead(worker: &Worker, sign: &'static str) -> EventListener {
    let worker = worker.clone();
    EventListener::once(&gloo::utils::window(), sign, move |_| {
        let _ = worker.post_message(&JsValue::from_str("ahead"));
    })
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}
