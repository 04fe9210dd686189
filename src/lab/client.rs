//! [`Lab`]: sends requests to the worker, keeps what must not be lost, and starts a new worker when one dies.

use super::connection::{Connection, Incoming};
use super::journal::Journal;
use super::store;
use gloo::timers::callback::Timeout;
use lab_session::protocol::{self, Envelope, Event, Reply, Request};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use yew::Callback;

/// A request that takes longer is shown as work in progress.
const BUSY_AFTER_MS: u32 = 200;
/// How long a person must rest before the project is stored.
const SAVE_AFTER_MS: u32 = 400;
/// A worker that dies so often in a row, without finishing a request, is given up.
const MAX_DEATHS: u32 = 3;

/// What the page should know about the worker and the store.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum LabStatus {
    /// The worker answers.
    Ready,
    /// A request has been under way for more than 200 ms, or is no longer.
    Busy(bool),
    /// The person stopped the work; everything is kept, the preview waits for the next change.
    Stopped,
    /// The worker died and was started anew; everything is kept.
    Recovered {
        /// The browser's words.
        message: String,
    },
    /// The worker cannot be kept alive.
    Dead {
        /// The browser's words.
        message: String,
    },
    /// The page and the worker are of different builds: a reload helps.
    MixedVersions,
    /// The project is stored.
    Stored,
    /// The project could not be stored.
    NotStored {
        /// The browser's words.
        message: String,
    },
}

/// Whether the work is stored in this browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keep {
    /// It is: the next visit goes on with it.
    Stored,
    /// It is not: an embed in somebody's page must not replace the person's own work.
    Here,
}

/// A handle to the engine. Cloning gives the same one.
#[derive(Clone)]
pub(crate) struct Lab(Rc<Inner>);

struct Inner {
    keep: Keep,
    on_reply: Callback<Reply>,
    on_status: Callback<LabStatus>,
    state: RefCell<State>,
}

#[derive(Default)]
struct State {
    connection: Option<Connection>,
    ready: bool,
    generation: u32,
    /// Sent, but the worker is not ready; or held back until the one under way is done.
    waiting: VecDeque<Envelope>,
    under_way: Option<Envelope>,
    journal: Journal,
    /// Whether anything changed since the last save was asked for.
    dirty: bool,
    /// Whether the last change is one that a replay cannot do again (undo looks back beyond the saved project), so that
    /// it is saved without a pause.
    urgent: bool,
    /// Whether a project was opened.
    opened: bool,
    deaths: u32,
    busy_timer: Option<Timeout>,
    save_timer: Option<Timeout>,
    shown_busy: bool,
}

impl PartialEq for Lab {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Lab {
    /// Starts the worker. Requests may be sent at once; they wait for it.
    pub(crate) fn start(on_reply: Callback<Reply>, on_status: Callback<LabStatus>, keep: Keep) -> Self {
        let lab = Self(Rc::new(Inner { keep, on_reply, on_status, state: RefCell::default() }));
        lab.connect();
        lab
    }

    /// Sends a request; gives its generation.
    pub(crate) fn send(&self, request: Request) -> u32 {
        let generation = self.enqueue(request, js_sys::Date::now() / 1000.0, true);
        self.pump();
        generation
    }

    /// Goes on with what an earlier visit left in the store; gives the generation of the request that opens it.
    pub(crate) fn resume(&self, journal: Journal) -> u32 {
        let generation = self.0.state.borrow().generation + 1;
        for (request, now, preview) in journal.replay(false) {
            self.enqueue(request, now, preview);
        }
        self.pump();
        generation
    }

    /// Ends what is under way. The work of the person is kept; the preview comes with the next change.
    pub(crate) fn stop(&self) {
        // A build that waits was asked for, and is not wanted any more.
        let mut state = self.0.state.borrow_mut();
        let waits: Vec<u32> = state.waiting.iter().map(|envelope| envelope.generation).collect();
        state.journal.forget_builds(&waits);
        drop(state);
        self.restart();
        self.status(LabStatus::Stopped);
    }

    /// Stores at once what the session has not been asked to save yet, for a page that is about to go.
    pub(crate) fn flush(&self) {
        let state = self.0.state.borrow();
        // Before a project is open there is nothing to keep, and what an earlier visit left must stay.
        if self.0.keep == Keep::Here || !state.opened || (!state.dirty && state.journal.requests.is_empty()) {
            return;
        }
        let journal = state.journal.clone();
        drop(state);
        wasm_bindgen_futures::spawn_local(async move {
            // The page is going: nobody is there to be told about a failure.
            let _ = store::save(&journal).await;
        });
    }

    fn enqueue(&self, request: Request, now: f64, preview: bool) -> u32 {
        let mut state = self.0.state.borrow_mut();
        state.generation += 1;
        let envelope = Envelope { generation: state.generation, now, preview, request };
        state.journal.record(&envelope);
        state.dirty |= envelope.request.changes_project();
        state.urgent |= matches!(envelope.request, Request::Undo | Request::Redo | Request::Checkout { .. });
        state.opened |= matches!(envelope.request, Request::Open { .. });
        if let (Some(last), Request::EditFile { path, .. }) = (state.waiting.back_mut(), &envelope.request)
            && matches!(&last.request, Request::EditFile { path: before, .. } if before == path)
        {
            // Typed faster than the worker builds: only the last text matters.
            *last = envelope;
        } else {
            state.waiting.push_back(envelope);
        }
        state.generation
    }

    /// Sends the next request that waits, if none is under way.
    fn pump(&self) {
        let mut state = self.0.state.borrow_mut();
        if !state.ready || state.under_way.is_some() {
            return;
        }
        let Some(envelope) = state.waiting.pop_front() else { return };
        let sent = state.connection.as_ref().map(|connection| connection.post(&envelope));
        state.under_way = Some(envelope);
        let lab = self.clone();
        state.busy_timer = Some(Timeout::new(BUSY_AFTER_MS, move || lab.show_busy(true)));
        drop(state);
        if let Some(Err(error)) = sent {
            self.died(format!("{error:?}"));
        }
    }

    fn connect(&self) {
        let lab = Rc::downgrade(&self.0);
        let opened = Connection::open(move |incoming| {
            let Some(inner) = lab.upgrade() else { return };
            match incoming {
                Incoming::Reply(reply) => Self(inner).receive(reply),
                Incoming::Foreign => Self(inner).status(LabStatus::MixedVersions),
                Incoming::Died(message) => Self(inner).died(message),
            }
        });
        match opened {
            Ok(connection) => self.0.state.borrow_mut().connection = Some(connection),
            Err(error) => self.status(LabStatus::Dead { message: format!("{error:?}") }),
        }
    }

    fn receive(&self, reply: Reply) {
        for event in &reply.events {
            match event {
                Event::Ready { protocol, version } => self.greeted(*protocol, version),
                Event::Saved { project } => {
                    self.0.state.borrow_mut().journal.saved(project.clone(), reply.generation);
                    self.store();
                }
                _ => {}
            }
        }
        if reply.done {
            let mut state = self.0.state.borrow_mut();
            if state.under_way.as_ref().is_some_and(|envelope| envelope.generation == reply.generation) {
                state.deaths = 0;
                state.under_way = None;
                state.busy_timer = None;
            }
        }
        let done = reply.done;
        self.0.on_reply.emit(reply);
        if done {
            self.pump();
            self.rest();
        }
    }

    fn greeted(&self, protocol: u32, version: &str) {
        if protocol != protocol::VERSION || version != env!("CARGO_PKG_VERSION") {
            self.status(LabStatus::MixedVersions);
            return;
        }
        self.0.state.borrow_mut().ready = true;
        self.status(LabStatus::Ready);
        self.pump();
    }

    /// Nothing is under way any more: hides the progress, and saves after a pause.
    fn rest(&self) {
        let mut state = self.0.state.borrow_mut();
        if state.under_way.is_some() {
            return;
        }
        if state.dirty {
            let lab = self.clone();
            let pause = if std::mem::take(&mut state.urgent) { 0 } else { SAVE_AFTER_MS };
            state.save_timer = Some(Timeout::new(pause, move || {
                lab.0.state.borrow_mut().dirty = false;
                lab.send(Request::Save);
            }));
        }
        drop(state);
        self.show_busy(false);
    }

    fn show_busy(&self, busy: bool) {
        let changed = std::mem::replace(&mut self.0.state.borrow_mut().shown_busy, busy) != busy;
        if changed {
            self.status(LabStatus::Busy(busy));
        }
    }

    fn died(&self, message: String) {
        let deaths = {
            let mut state = self.0.state.borrow_mut();
            state.deaths += 1;
            state.deaths
        };
        if deaths >= MAX_DEATHS {
            self.0.state.borrow_mut().connection = None;
            self.status(LabStatus::Dead { message });
            return;
        }
        self.restart();
        self.status(LabStatus::Recovered { message });
    }

    /// Starts a new worker and brings it to where the old one was. No preview is made, since the one that was under way
    /// is the likely trouble.
    fn restart(&self) {
        {
            let mut state = self.0.state.borrow_mut();
            state.connection = None;
            state.ready = false;
            let under_way = state.under_way.take();
            state.busy_timer = None;
            // A build that would not end is not started again; an edit is kept.
            if let Some(stuck) = &under_way {
                state.journal.forget_builds(&[stuck.generation]);
            }
            // Changes are in the journal; who only asked still waits for the answer.
            let asked: Vec<Envelope> = under_way
                .into_iter()
                .chain(state.waiting.drain(..))
                .filter(|envelope| !envelope.request.changes_project())
                .collect();
            let replay = std::mem::take(&mut state.journal);
            drop(state);
            for (request, now, preview) in replay.replay(true) {
                self.enqueue(request, now, preview);
            }
            self.0.state.borrow_mut().waiting.extend(asked);
        }
        self.show_busy(false);
        self.connect();
    }

    fn store(&self) {
        if self.0.keep == Keep::Here {
            return;
        }
        let journal = self.0.state.borrow().journal.clone();
        let lab = self.clone();
        wasm_bindgen_futures::spawn_local(async move {
            lab.status(match store::save(&journal).await {
                Ok(()) => LabStatus::Stored,
                Err(message) => LabStatus::NotStored { message },
            });
        });
    }

    fn status(&self, status: LabStatus) {
        self.0.on_status.emit(status);
    }
}
