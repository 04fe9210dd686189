//! From one project to another and back: what is opened in the place of something else is undone as any edit.

use super::hub::Hub;
use crate::lab::projects;
use crate::lab::store::Journal;
use dockerfile_lab_app::model::{Action, TakeBack};
use lab_session::protocol::{ErrorView, Project, Request};
use yew::Callback;

/// So many projects can be gone back to.
const MOST_PROJECTS: usize = 8;

/// Projects before and behind the one at hand.
#[derive(Default)]
pub(super) struct Projects {
    before: Vec<Former>,
    pub(super) after: Vec<Former>,
}

/// A project that made room for another one.
pub(super) struct Former {
    journal: Journal,
    /// The name under which it is stored, lest it is lost with the page or with what is done next.
    kept: Option<String>,
}

impl Projects {
    /// The next one on the way `back` or forth; the present one is what the other way leads to.
    fn go(&mut self, back: bool, present: Former) -> Option<Former> {
        let (from, to) =
            if back { (&mut self.before, &mut self.after) } else { (&mut self.after, &mut self.before) };
        let next = from.pop()?;
        to.push(present);
        Some(next)
    }
}

impl Hub {
    /// Opens a project in the place of the one at hand. That can be taken back; `said` tells of it if what was there was more
    /// than a beginning.
    pub(super) fn replace_project(&self, project: Project, said: String) {
        let old = self.lab().at_hand().filter(|_| self.model().0.is_work());
        // What another tab writes is stored by that one.
        let elsewhere = self.lab().only_watches();
        let hub = self.clone();
        let then = Callback::from(move |fault: Option<ErrorView>| match (fault, &old) {
            (None, Some(old)) => {
                hub.keep_before(old.clone(), !elsewhere);
                hub.tell_of_way_back(said.clone());
            }
            (None, None) => {}
            // It is at hand still, with all that was done meanwhile; the page alone has put it away.
            (Some(_), _) => {
                if let Some(present) = hub.lab().at_hand().filter(|_| !hub.lab().is_opening()) {
                    hub.resume(present, Callback::noop());
                }
            }
        });
        self.open_project(project, then);
    }

    /// Keeps what was there before as what undo goes back to; `apart` stores it too.
    pub(super) fn keep_before(&self, mut former: Journal, apart: bool) {
        // Its files are in it, and not for long in the store.
        former.files_seal.clear();
        let former = if apart { self.former(former) } else { Former { journal: former, kept: None } };
        let mut projects = self.projects.borrow_mut();
        if projects.before.len() == MOST_PROJECTS {
            projects.before.remove(0);
        }
        projects.before.push(former);
        projects.after.clear();
        drop(projects);
        self.show_ways();
    }

    fn former(&self, journal: Journal) -> Former {
        Former { kept: self.lab().keep_apart(journal.clone()), journal }
    }

    /// Offers a way back to what was there before.
    pub(super) fn offer_back(&self, former: Journal, said: String) {
        self.keep_before(former, true);
        self.tell_of_way_back(said);
    }

    fn tell_of_way_back(&self, said: String) {
        self.act(Action::Toast { text: said, alarm: false, undo: Some(TakeBack::Project) });
    }

    /// Says which ways there are between projects.
    pub(super) fn show_ways(&self) {
        let projects = self.projects.borrow();
        let (back, forth) = (!projects.before.is_empty(), !projects.after.is_empty());
        drop(projects);
        self.act(Action::Ways { back, forth });
    }

    /// Takes the last change back: of the workspace, or, if there is none, the opening of the project. A change about which the
    /// session has not spoken yet is one.
    #[inline(never)]
    pub(super) fn undo(&self) {
        if self.model().0.undoes_project() && !self.lab().is_changing() {
            self.go_between(true);
        } else {
            self.send(Request::Undo);
        }
    }

    /// Does again what was taken back.
    #[inline(never)]
    pub(super) fn redo(&self) {
        if self.model().0.redoes_project() && !self.lab().is_changing() {
            self.go_between(false);
        } else {
            self.send(Request::Redo);
        }
    }

    /// Goes to the project before the one at hand, or to the one that was gone back from.
    fn go_between(&self, back: bool) {
        let Some(present) = self.lab().at_hand() else { return };
        let present = self.former(present);
        let next = self.projects.borrow_mut().go(back, present);
        if let Some(Former { journal, kept }) = next {
            self.resume(journal, Callback::noop());
            self.show_ways();
            if let Some(kept) = kept {
                // It is that of this tab again.
                wasm_bindgen_futures::spawn_local(forget_kept(kept));
            }
        }
    }

    /// Takes back what a message offers to take back.
    pub(super) fn take_back(&self, what: TakeBack) {
        match what {
            TakeBack::Edit => {
                self.send(Request::Undo);
            }
            TakeBack::Project => self.go_between(true),
            TakeBack::Shell => super::shell::reopen(self),
        }
    }
}

/// Deletes what was stored of a project that is at hand again, unless another tab has opened it since.
async fn forget_kept(id: String) {
    if projects::is_free(&id).await {
        // What stays is there twice, and lost nowhere.
        let _ = projects::delete(&id).await;
    }
}
