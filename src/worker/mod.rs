//! The worker: the session behind a message port.
//!
//! One message in is one [`Envelope`]; messages out are [`Reply`]s; both are bytes (postcard). The worker fetches the parts of the catalogue that
//! the session asks for. It keeps nothing that the page could not give it again.

use js_sys::Uint8Array;
use lab_session::Session;
use lab_session::protocol::{self, Envelope, ErrorView, Event, Reply, Request};
use std::cell::RefCell;
use std::collections::{BTreeSet, VecDeque};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent, Response};

/// What a command prints is shown before its end if it takes longer than this.
const NEWS_AFTER_MS: f64 = 200.0;
/// And then not more often than this.
const NEWS_EVERY_MS: f64 = 100.0;

/// Starts to listen, and says `ready`.
pub(crate) fn start() {
    std::panic::set_hook(Box::new(|panic| {
        // In plain words, since a worker that panicked cannot be trusted with more than a string.
        let _ = scope().post_message(&JsValue::from_str(&panic.to_string()));
    }));
    let port = Rc::new(Port::default());
    let on_message =
        Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| port.clone().receive(&event));
    scope().set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget();
    let version = env!("CARGO_PKG_VERSION").to_owned();
    post(0, vec![Event::Ready { protocol: protocol::VERSION, version }], true);
}

/// The session, and what waits while a part of the catalogue is fetched.
#[derive(Default)]
struct Port {
    session: RefCell<Session>,
    waiting: RefCell<VecDeque<Envelope>>,
    fetching: RefCell<bool>,
    /// Parts of the catalogue that could not be fetched; the next request tries again.
    missing: RefCell<Vec<String>>,
    /// Those of which it was said: without a network each keystroke tries again, and would say it again.
    reported: RefCell<BTreeSet<String>>,
}

impl Port {
    fn receive(self: Rc<Self>, event: &MessageEvent) {
        if event.data().is_string() {
            // For www/split/parts.js, which a build that is not split does without.
            return;
        }
        let bytes = event.data().dyn_into::<Uint8Array>().map(|bytes| bytes.to_vec()).unwrap_or_default();
        match postcard::from_bytes(&bytes) {
            Ok(envelope) => self.waiting.borrow_mut().push_back(envelope),
            Err(error) => {
                let message = format!("a message that is no request: {error}");
                web_sys::console::error_1(&JsValue::from_str(&message));
                return;
            }
        }
        self.work();
    }

    /// Does what waits, unless a part of the catalogue is on its way: what follows may need it too.
    fn work(self: Rc<Self>) {
        while !*self.fetching.borrow() {
            let Some(envelope) = self.waiting.borrow_mut().pop_front() else { return };
            self.answer(envelope);
        }
    }

    fn answer(self: &Rc<Self>, envelope: Envelope) {
        let (generation, now, preview) = (envelope.generation, envelope.now, envelope.preview);
        let (mut needed, events) = self.handle(envelope);
        needed.append(&mut self.missing.borrow_mut());
        // What ends a request rides with its events: the page has one message to take in and to draw.
        post(generation, events, needed.is_empty());
        if needed.is_empty() {
            return;
        }
        *self.fetching.borrow_mut() = true;
        let port = self.clone();
        wasm_bindgen_futures::spawn_local(async move {
            port.provide(generation, (now, preview), needed).await;
            *port.fetching.borrow_mut() = false;
            post(generation, Vec::new(), true);
            port.work();
        });
    }

    /// Fetches parts of the catalogue and gives them to the session, which may then ask for more.
    async fn provide(&self, generation: u32, (now, preview): (f64, bool), mut needed: Vec<String>) {
        while let Some(asset) = needed.pop() {
            match fetch(&asset).await {
                Ok(text) => {
                    self.reported.borrow_mut().remove(&asset);
                    let request = Request::Provide { asset, text };
                    let (more, events) = self.handle(Envelope { generation, now, preview, request });
                    needed.extend(more);
                    post(generation, events, false);
                }
                Err(detail) => {
                    self.missing.borrow_mut().push(asset.clone());
                    if self.reported.borrow_mut().insert(asset.clone()) {
                        let error =
                            ErrorView { code: "asset/unreachable".to_owned(), subject: asset, detail };
                        post(generation, vec![Event::Failed { error }], false);
                    }
                }
            }
        }
    }

    /// Lets the session work; gives the parts of the catalogue that it asks for, and what it said since it last told how
    /// far it is.
    fn handle(&self, envelope: Envelope) -> (Vec<String>, Vec<Event>) {
        let generation = envelope.generation;
        let mut needed = Vec::new();
        let mut events = Vec::new();
        let mut next = js_sys::Date::now() + NEWS_AFTER_MS;
        self.session.borrow_mut().handle_with(envelope, &mut |event| {
            if let Event::NeedAsset { asset } = &event {
                needed.push(asset.clone());
            }
            let at_once = match event {
                Event::Progress { .. } => true,
                Event::Running { .. } | Event::ShellOutput { .. } => js_sys::Date::now() >= next,
                _ => false,
            };
            events.push(event);
            if at_once {
                next = js_sys::Date::now() + NEWS_EVERY_MS;
                post(generation, std::mem::take(&mut events), false);
            }
        });
        // What has ended by now is told of as a whole.
        events.retain(|event| !matches!(event, Event::Running { .. }));
        (needed, events)
    }
}

async fn fetch(asset: &str) -> Result<String, String> {
    let path = format!("catalog/{asset}.json");
    let words = |error: JsValue| error.as_string().unwrap_or_else(|| format!("{error:?}"));
    let response: Response =
        JsFuture::from(scope().fetch_with_str(&path)).await.map_err(words)?.dyn_into().map_err(words)?;
    if !response.ok() {
        return Err(format!("{path}: {}", response.status()));
    }
    let text = JsFuture::from(response.text().map_err(words)?).await.map_err(words)?;
    Ok(text.as_string().unwrap_or_default())
}

fn post(generation: u32, events: Vec<Event>, done: bool) {
    let posted = postcard::to_allocvec(&Reply { generation, events, done })
        .map_err(|error| JsValue::from_str(&error.to_string()))
        .and_then(|bytes| scope().post_message(&Uint8Array::from(&bytes[..])));
    if let Err(error) = posted {
        web_sys::console::error_1(&error);
    }
}

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}
