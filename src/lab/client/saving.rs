//! Storing the work: in pauses, when another tab asks, and at the last moment.

use super::super::journal::Journal;
use super::super::sealed;
use super::super::store::{self, Saved};
use super::super::tabs;
use super::{Keep, Lab, LabStatus};
use std::collections::BTreeSet;

impl Lab {
    /// The project as it stands, if one is open.
    #[inline(never)]
    pub(crate) fn at_hand(&self) -> Option<Journal> {
        let mut journal = self.0.state.borrow().worth_keeping().cloned()?;
        // What is stored apart goes from the store with the next project.
        journal.files_seal.clear();
        Some(journal)
    }

    /// Stores at once what the session has not been asked to save yet, for a page that is about to go.
    pub(crate) fn flush(&self) {
        if self.0.keep == Keep::Here {
            return;
        }
        if !tabs::is_mine() {
            if !self.0.state.borrow().touched {
                return;
            }
            self.own();
        }
        let mut state = self.0.state.borrow_mut();
        let news = |journal: &Journal| state.dirty || state.storing || !journal.requests.is_empty();
        // Before a project is open there is nothing to keep, and what an earlier visit left must stay.
        if !state.worth_keeping().is_some_and(news) {
            return;
        }
        let Some(Ok(written)) = state.written_now(true) else { return };
        drop(state);
        store::leave(written);
    }

    /// Stores a project that makes room for another one as one of its own, if something would be lost with it; gives its name.
    /// The same has the same name, so that it is there once.
    #[inline(never)]
    pub(crate) fn keep_apart(&self, mut journal: Journal) -> Option<String> {
        if self.0.keep == Keep::Here || !journal.is_work() {
            return None;
        }
        let (text, files) = journal.text(journal.written, |_| true).ok()?;
        let id = format!("kept-{:016x}", sealed::number(text.as_bytes()));
        let (lab, name, mut written) = (self.clone(), id.clone(), journal.with_text(text, files));
        if written.at == 0.0 {
            // It was never stored before.
            written.at = js_sys::Date::now();
        }
        wasm_bindgen_futures::spawn_local(async move {
            if let Err(message) = store::keep(&name, written).await {
                lab.status(LabStatus::NotStored { message });
            }
        });
        Some(id)
    }

    /// What is done here and not stored is to be: for a tab from which its project was taken without a word.
    pub(crate) fn store_what_is_touched(&self) {
        let mut state = self.0.state.borrow_mut();
        state.dirty |= state.touched;
        drop(state);
        self.rest();
    }

    /// Stores what the session has saved.
    pub(super) fn store(&self) {
        if self.0.keep == Keep::Here || tabs::watches() {
            return;
        }
        let mut state = self.0.state.borrow_mut();
        // One after another: of two that are under way the older could come last.
        if std::mem::replace(&mut state.storing, true) {
            state.store_again = true;
            return;
        }
        drop(state);
        let lab = self.clone();
        wasm_bindgen_futures::spawn_local(async move {
            lab.store_now().await;
            let mut state = lab.0.state.borrow_mut();
            state.storing = false;
            let again = std::mem::take(&mut state.store_again);
            drop(state);
            if again {
                lab.store();
            }
        });
    }

    /// Stores all that was done, without the worker, which may be at work; gives whether it is stored.
    #[inline(never)]
    pub(crate) async fn store_all(&self) -> bool {
        loop {
            while self.0.state.borrow().storing {
                tabs::pause(10).await;
            }
            if !self.begin_to_store() {
                return true;
            }
            let stored = self.store_now().await;
            let mut state = self.0.state.borrow_mut();
            (state.storing, state.store_again) = (false, false);
            // What is typed meanwhile goes along.
            if !stored || !state.dirty {
                return stored;
            }
        }
    }

    /// Whether there is something to be stored; from here on it is on its way.
    fn begin_to_store(&self) -> bool {
        let mut state = self.0.state.borrow_mut();
        let news = state.dirty || !state.journal.requests.is_empty();
        if tabs::watches() || !news || state.worth_keeping().is_none() {
            return false;
        }
        (state.storing, state.dirty) = (true, false);
        true
    }

    /// Two tabs cannot write one project: what is changed here becomes another.
    #[inline(never)]
    pub(super) fn go_apart(&self) {
        self.own();
        self.status(LabStatus::Apart);
    }

    /// Begins a project of this tab's own, of which nothing is stored.
    fn own(&self) {
        store::fresh();
        self.0.state.borrow_mut().files_stored = None;
    }

    /// Leaves the project to another tab, once all of it is stored. What comes to be stored later is there already.
    pub(crate) fn leave_to_other(&self) {
        let mut state = self.0.state.borrow_mut();
        (state.dirty, state.touched) = (false, false);
        state.save_timer = None;
        drop(state);
        tabs::watch();
    }

    /// Whether the person did anything here that another tab does not know.
    pub(crate) fn is_touched(&self) -> bool {
        self.0.state.borrow().touched
    }

    /// Whether another tab writes what is at hand, and nothing was done to it here.
    pub(crate) fn only_watches(&self) -> bool {
        tabs::watches() && !self.is_touched()
    }

    /// When what is at hand was written.
    pub(crate) fn written(&self) -> f64 {
        self.0.state.borrow().written
    }

    /// Stores what is at hand as a project of its own.
    pub(crate) fn copy_apart(&self) {
        self.go_apart();
        self.0.state.borrow_mut().dirty = true;
        self.rest();
    }

    #[inline(never)]
    async fn store_now(&self) -> bool {
        let Some((seals, refused)) = self.seals() else { return true };
        let mut stored = self.put(!refused).await;
        if stored.is_err() && !refused && !seals.is_empty() {
            // Layers are large: without them there may be room.
            stored = self.put(false).await;
            if stored.is_ok() {
                self.0.state.borrow_mut().refused = seals;
                self.status(LabStatus::LayersNotStored);
            }
        }
        match stored {
            Ok(Saved::Stored(former)) => {
                self.status(LabStatus::Stored);
                if let Some(former) = former {
                    self.status(LabStatus::Former(former));
                }
                true
            }
            Ok(Saved::Taken) => {
                self.go_apart();
                let mut state = self.0.state.borrow_mut();
                (state.store_again, state.dirty) = (true, true);
                true
            }
            Err(message) => {
                // It is tried again after the next pause, and a page that goes before that leaves its copy.
                self.0.state.borrow_mut().dirty = true;
                self.status(LabStatus::NotStored { message });
                false
            }
        }
    }

    /// The layers of what is to be stored, and whether there was no room for just these.
    fn seals(&self) -> Option<(BTreeSet<String>, bool)> {
        let state = self.0.state.borrow();
        let seals: BTreeSet<String> = state.worth_keeping()?.layers.keys().cloned().collect();
        let refused = !seals.is_empty() && seals == state.refused;
        Some((seals, refused))
    }

    async fn put(&self, with_layers: bool) -> Result<Saved, String> {
        let Some(written) = self.0.state.borrow_mut().written_now(false) else {
            return Ok(Saved::Stored(None));
        };
        let written = written?;
        let seal = written.files.seal.clone();
        // Until it is known which of both are there.
        let before = self.0.state.borrow_mut().files_stored.take();
        let saved = store::save(written, with_layers).await;
        // All is written or nothing, so that after a failure it is what it was.
        let stored = if matches!(saved, Ok(Saved::Stored(_))) { seal } else { before };
        self.0.state.borrow_mut().files_stored = stored;
        saved
    }
}
