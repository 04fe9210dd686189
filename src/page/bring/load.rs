//! Gives a file to the session: an archive piece by piece, a log as a whole.

use super::look::bytes;
use crate::page::hub::{Answer, Hub};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use dockerfile_lab_app::sniff;
use js_sys::Promise;
use lab_session::protocol::{ErrorView, Event, LoadedView, Request};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::File;
use yew::Callback;

/// Bytes that are handed over at once.
const PIECE: f64 = 1_048_576.0;

/// Loads the images of an archive; `far` hears which part of it has come. None if the person has `stopped` it.
pub(super) async fn load(
    hub: &Hub,
    file: &File,
    far: &Callback<f64>,
    stopped: &Rc<Cell<bool>>,
) -> Option<Result<Vec<LoadedView>, ErrorView>> {
    let (name, size) = (file.name(), file.size());
    let piece = |base64: String, first: bool, last: bool| Request::LoadImages {
        name: name.clone(),
        base64,
        first,
        last,
    };
    let mut at = 0.0;
    loop {
        let to = (at + PIECE).min(size);
        let read = match bytes(file, at, to).await {
            Ok(read) => read,
            Err(error) => return Some(Err(unreadable(&name, &error))),
        };
        if stopped.get() {
            // What has come of it is forgotten with the beginning of another.
            hub.ask(piece(String::new(), true, false), Callback::noop());
            return None;
        }
        let last = to >= size;
        match answer(hub, piece(STANDARD.encode(read), at == 0.0, last)).await {
            Err(error) => return Some(Err(error)),
            Ok(events) if last => {
                let images = events.into_iter().find_map(|event| match event {
                    Event::Loaded { images } => Some(images),
                    _ => None,
                });
                return Some(Ok(images.unwrap_or_default()));
            }
            Ok(_) => {}
        }
        at = to;
        far.emit(at / size.max(1.0));
    }
}

/// Puts the build of a log on the timeline. None if the person has `stopped` it before the session had it.
pub(super) async fn record(hub: &Hub, file: &File, stopped: &Cell<bool>) -> Option<Result<(), ErrorView>> {
    let name = file.name();
    let read = bytes(file, 0.0, file.size()).await;
    if stopped.get() {
        return None;
    }
    let text = match read {
        Ok(read) => sniff::text(&read),
        Err(error) => return Some(Err(unreadable(&name, &error))),
    };
    Some(answer(hub, Request::AddRecord { name, text }).await.map(drop))
}

fn unreadable(name: &str, error: &JsValue) -> ErrorView {
    let message = error.dyn_ref::<js_sys::Error>().map(|error| String::from(error.message()));
    ErrorView {
        code: "image/damaged".to_owned(),
        subject: name.to_owned(),
        detail: message.unwrap_or_else(|| format!("{error:?}")),
    }
}

/// All that a request is answered with.
pub(in crate::page) async fn answer(hub: &Hub, request: Request) -> Answer {
    let slot: Rc<RefCell<Option<Answer>>> = Rc::default();
    let mut request = Some(request);
    let promise = Promise::new(&mut |resolve, _| {
        let (slot, resolve) = (slot.clone(), resolve.clone());
        let then = Callback::from(move |answer: Answer| {
            *slot.borrow_mut() = Some(answer);
            let _ = resolve.call0(&JsValue::NULL);
        });
        if let Some(request) = request.take() {
            hub.ask(request, then);
        }
    });
    let _ = JsFuture::from(promise).await;
    let answer = slot.borrow_mut().take();
    answer.unwrap_or_else(|| Ok(Vec::new()))
}
