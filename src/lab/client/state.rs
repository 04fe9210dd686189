//! What the lab knows: requests on their way, what must not be lost, and what became of it.

use super::super::connection::Connection;
use super::super::journal::{self, Journal};
use super::super::store::Written;
use gloo::timers::callback::Timeout;
use lab_session::protocol::{Envelope, LayerInput, Project, Request};
use std::collections::{BTreeSet, VecDeque};

#[derive(Default)]
pub(super) struct State {
    pub(super) connection: Option<Connection>,
    pub(super) ready: bool,
    pub(super) generation: u32,
    /// Sent, but the worker is not ready; or held back until the one under way is done.
    pub(super) waiting: VecDeque<Envelope>,
    pub(super) under_way: Option<Envelope>,
    pub(super) journal: Journal,
    /// Whether anything changed since the last save was asked for.
    pub(super) dirty: bool,
    /// Whether the person changed anything since the project was opened or given to another tab: what was read is no change.
    pub(super) touched: bool,
    /// Whether the last change is one that a replay cannot do again (undo looks back beyond the saved project), so that
    /// it is saved without a pause.
    pub(super) urgent: bool,
    /// Whether the worker ever opened a project.
    pub(super) opened: bool,
    /// The project that is to be opened, until the worker has done so.
    pub(super) opening: Option<Opening>,
    /// Whether the project at hand was opened without its builds, since with them it did not come to an end.
    pub(super) shortened: bool,
    /// Whether a journal is on its way to the store.
    pub(super) storing: bool,
    /// Whether there was another one to be stored meanwhile.
    pub(super) store_again: bool,
    /// The seal of the files that are in the store.
    pub(super) files_stored: Option<String>,
    /// The layers for which the store had no room.
    pub(super) refused: BTreeSet<String>,
    /// When the last journal was written.
    pub(super) written: f64,
    pub(super) deaths: u32,
    pub(super) busy_timer: Option<Timeout>,
    pub(super) save_timer: Option<Timeout>,
    pub(super) shown_busy: bool,
}

/// An opening that the worker has not confirmed.
pub(super) struct Opening {
    pub(super) generation: u32,
    /// What was at hand before, which stays what is stored until then.
    pub(super) former: Journal,
}

impl State {
    /// What may be stored: nothing before a project was open, the former one until the next is.
    pub(super) fn worth_keeping(&self) -> Option<&Journal> {
        let journal = self.opening.as_ref().map_or(&self.journal, |opening| &opening.former);
        self.opened.then_some(journal)
    }

    /// The same to be written now: later than anything before, whatever became of the clock. For a page that goes,
    /// `at_once`, files that are not in the store yet are in the text.
    pub(super) fn written_now(&mut self, at_once: bool) -> Option<Result<Written, String>> {
        if !self.opened {
            return None;
        }
        self.written = js_sys::Date::now().max(self.written + 1.0);
        let journal = self.opening.as_mut().map_or(&mut self.journal, |opening| &mut opening.former);
        let stored = &self.files_stored;
        let is_apart = |seal: &str| !at_once || stored.as_deref() == Some(seal);
        let text = journal.text(self.written, is_apart).map_err(|error| error.to_string());
        Some(text.map(|(text, files)| journal.with_text(text, files)))
    }

    /// Takes a saved project; one that was saved before the next was opened is the former one.
    pub(super) fn saved(&mut self, project: Project, layers: Vec<LayerInput>, generation: u32) {
        match &mut self.opening {
            Some(opening) if generation < opening.generation => {
                opening.former.saved(project, layers, generation);
            }
            _ => self.journal.saved(project, layers, generation),
        }
    }

    /// An answer says that the project could not be opened: the former one is still at hand.
    pub(super) fn opening_failed(&mut self, generation: u32) {
        if let Some(opening) = self.opening.take_if(|opening| opening.generation == generation) {
            let since = std::mem::replace(&mut self.journal, opening.former).requests;
            self.journal.requests.extend(since);
        }
    }

    /// An answer is whole.
    pub(super) fn answered(&mut self, generation: u32) {
        if self.opening.take_if(|opening| opening.generation == generation).is_some() {
            self.opened = true;
        }
        if self.under_way.as_ref().is_some_and(|envelope| envelope.generation == generation) {
            self.deaths = 0;
            self.under_way = None;
            self.busy_timer = None;
        }
    }

    /// Puts what the worker had not finished in front of what waits, as far as a new worker can do it: what was meant
    /// for the former project went with that. Gives whether there is no open project to be brought back.
    pub(super) fn begin_again(&mut self) -> bool {
        let first = match &self.opening {
            Some(opening) => opening.generation,
            None if self.opened => return false,
            None => 0,
        };
        if let Some(stuck) = self.under_way.take() {
            self.waiting.push_front(stuck);
        }
        let opens = |envelope: &Envelope| matches!(envelope.request, Request::Open { .. });
        self.waiting.retain(|envelope| envelope.generation >= first || opens(envelope));
        true
    }

    /// Opens the project that is to be opened without its builds: one of them does not come to an end, or kills the
    /// worker.
    pub(super) fn shorten(&mut self) {
        if let Some(stuck) = &mut self.under_way
            && self.opening.as_ref().is_some_and(|opening| opening.generation == stuck.generation)
        {
            self.shortened |= without_builds(stuck, &mut self.journal);
        }
    }

    /// The same for all that waits too, and no preview of anything: a person had enough of it.
    pub(super) fn quiet(&mut self) {
        for envelope in self.under_way.iter_mut().chain(&mut self.waiting) {
            envelope.preview = false;
            if self.opening.as_ref().is_some_and(|opening| opening.generation == envelope.generation) {
                self.shortened |= without_builds(envelope, &mut self.journal);
            }
        }
    }
}

/// Leaves the builds of a project out that is to be opened; gives whether it is one.
fn without_builds(envelope: &mut Envelope, journal: &mut Journal) -> bool {
    let Request::Open { project } = &mut envelope.request else { return false };
    envelope.preview = false;
    journal::leave_out_builds(project);
    journal::leave_out_builds(&mut journal.project);
    true
}
