//! [`Lab`]: sends requests to the worker, keeps what must not be lost, and starts a new worker when one dies.

mod saving;
mod state;

use super::connection::{Connection, Incoming};
use super::journal::Journal;
use super::tabs;
use gloo::timers::callback::Timeout;
use lab_session::protocol::{self, Envelope, ErrorView, Event, Reply, Request};
use state::{Opening, State};
use std::cell::RefCell;
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
    /// Another tab writes the project, and something was changed here: this tab goes on with a project of its own.
    Apart,
    /// The project is stored, but there was no room for the layers of its loaded images.
    LayersNotStored,
    /// What an earlier visit left could not be read at first, and this is it.
    Former(Box<Journal>),
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

/// The answer to a log that the worker did not live to give.
fn given_up(envelope: &Envelope) -> Option<Reply> {
    let Request::AddRecord { name, .. } = &envelope.request else { return None };
    let error = ErrorView {
        code: "record/damaged".to_owned(),
        subject: name.clone(),
        detail: "the engine was stopped".to_owned(),
    };
    Some(Reply { generation: envelope.generation, events: vec![Event::Failed { error }], done: true })
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
        self.0.state.borrow_mut().touched |= request.changes_project() || request.ends_archive();
        let generation = self.enqueue(request, js_sys::Date::now() / 1000.0, true);
        self.pump();
        generation
    }

    /// Goes on with what an earlier visit left in the store; gives the generation of the request that opens it.
    pub(crate) fn resume(&self, journal: Journal) -> u32 {
        let mut state = self.0.state.borrow_mut();
        let generation = state.generation + 1;
        state.written = state.written.max(journal.written);
        state.files_stored = Some(journal.files_seal.clone());
        drop(state);
        for (request, now, preview) in journal.replay(false) {
            self.enqueue(request, now, preview);
        }
        self.pump();
        generation
    }

    /// Whether a change is on its way to the session or not answered yet.
    pub(crate) fn is_changing(&self) -> bool {
        let state = self.0.state.borrow();
        let mut open = state.under_way.iter().chain(&state.waiting);
        open.any(|envelope| envelope.request.changes_project())
    }

    /// Ends what is under way. The work of the person is kept; the preview comes with the next change.
    pub(crate) fn stop(&self) {
        // A build that waits was asked for, and is not wanted any more.
        let mut state = self.0.state.borrow_mut();
        let waits: Vec<u32> = state.waiting.iter().map(|envelope| envelope.generation).collect();
        state.journal.forget_builds(&waits);
        state.waiting.retain(|envelope| !matches!(envelope.request, Request::Build { .. }));
        state.quiet();
        drop(state);
        self.restart();
        self.status(LabStatus::Stopped);
    }

    /// Whether the project at hand was opened without its builds, which could not be repeated.
    pub(crate) fn shortened(&self) -> bool {
        self.0.state.borrow().shortened
    }

    /// Whether a project is on its way to the session.
    pub(crate) fn is_opening(&self) -> bool {
        self.0.state.borrow().opening.is_some()
    }

    /// Whether nothing is stored: the lab is a part of somebody's page.
    pub(crate) fn is_embedded(&self) -> bool {
        self.0.keep == Keep::Here
    }

    /// What was opened is no work yet: nothing of it needs to be stored.
    pub(crate) fn nothing_new(&self) {
        let mut state = self.0.state.borrow_mut();
        (state.dirty, state.touched) = (false, false);
    }

    fn enqueue(&self, request: Request, now: f64, preview: bool) -> u32 {
        let mut state = self.0.state.borrow_mut();
        state.generation += 1;
        let generation = state.generation;
        let envelope = Envelope { generation, now, preview, request };
        if let Request::Open { .. } = &envelope.request {
            let at_hand = std::mem::take(&mut state.journal);
            let former = state.opening.take().map_or(at_hand, |opening| opening.former);
            state.opening = Some(Opening { generation, former });
            state.shortened = false;
        }
        state.journal.record(&envelope);
        let ends_archive = envelope.request.ends_archive();
        state.dirty |= envelope.request.changes_project() || ends_archive;
        state.urgent |= ends_archive
            || matches!(envelope.request, Request::Undo | Request::Redo | Request::Checkout { .. });
        if let (Some(last), Request::EditFile { path, .. }) = (state.waiting.back_mut(), &envelope.request)
            && matches!(&last.request, Request::EditFile { path: before, .. } if before == path)
        {
            // Typed faster than the worker builds: only the last text matters.
            *last = envelope;
        } else {
            state.waiting.push_back(envelope);
        }
        generation
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
                Event::Saved { project, layers } => {
                    self.0.state.borrow_mut().saved(project.clone(), layers.clone(), reply.generation);
                    self.store();
                }
                // What the catalogue lacks does not keep a project from being opened.
                Event::Failed { error } if !error.code.starts_with("asset/") => {
                    self.0.state.borrow_mut().opening_failed(reply.generation);
                }
                _ => {}
            }
        }
        if reply.done {
            self.0.state.borrow_mut().answered(reply.generation);
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
    pub(crate) fn rest(&self) {
        let mut state = self.0.state.borrow_mut();
        if state.under_way.is_some() {
            return;
        }
        if state.dirty && state.worth_keeping().is_some() && (state.touched || !tabs::watches()) {
            if tabs::watches() {
                drop(state);
                self.go_apart();
                state = self.0.state.borrow_mut();
            }
            let lab = self.clone();
            let pause = if std::mem::take(&mut state.urgent) { 0 } else { SAVE_AFTER_MS };
            state.save_timer = Some(Timeout::new(pause, move || {
                lab.0.state.borrow_mut().dirty = false;
                lab.send(Request::SaveApart);
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
        // Once may be chance, and what could not be fetched is not the project's fault.
        if deaths > 1 && !message.contains("part/unreachable") {
            self.0.state.borrow_mut().shorten();
        }
        self.restart();
        self.status(LabStatus::Recovered { message });
    }

    /// Starts a new worker and brings it to where the old one was.
    fn restart(&self) {
        {
            let mut state = self.0.state.borrow_mut();
            state.connection = None;
            state.ready = false;
            state.busy_timer = None;
            let fresh = state.begin_again();
            drop(state);
            if !fresh {
                self.replay();
            }
        }
        self.show_busy(false);
        self.connect();
    }

    /// Lets the new worker do again what the journal tells of.
    fn replay(&self) {
        let mut state = self.0.state.borrow_mut();
        let under_way = state.under_way.take();
        // A preview that was under way is the likely trouble. A worker that rested had one, about which the page may ask.
        let was_at_work = under_way.is_some();
        // A build that would not end is not started again; an edit is kept.
        if let Some(stuck) = &under_way {
            state.journal.forget_builds(&[stuck.generation]);
        }
        let unanswered: Vec<Envelope> = under_way.into_iter().chain(state.waiting.drain(..)).collect();
        // Neither is a log, which would come back under a number that its dialog does not wait for.
        let logs: Vec<Reply> = unanswered.iter().filter_map(given_up).collect();
        let of_logs: Vec<u32> = logs.iter().map(|reply| reply.generation).collect();
        state.journal.forget_builds(&of_logs);
        // Changes are in the journal; who only asked still waits for the answer. The page brings its shell back itself.
        let asked: Vec<Envelope> = unanswered
            .into_iter()
            .filter(|envelope| !envelope.request.changes_project() && !envelope.request.is_of_shell())
            .collect();
        let (replay, shortened) = (std::mem::take(&mut state.journal), state.shortened);
        drop(state);
        for (request, now, preview) in replay.replay(was_at_work) {
            self.enqueue(request, now, preview);
        }
        let mut state = self.0.state.borrow_mut();
        // It was open before: what is kept of it stays worth keeping.
        state.opening = None;
        state.shortened = shortened;
        state.waiting.extend(asked);
        drop(state);
        logs.into_iter().for_each(|reply| self.0.on_reply.emit(reply));
    }

    fn status(&self, status: LabStatus) {
        self.0.on_status.emit(status);
    }
}
