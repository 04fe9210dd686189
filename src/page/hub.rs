//! What every component can reach: the lab, the reducer, the words, the editor in use.

use super::between::Projects;
use super::bring::Brought;
use super::editor::EditorHandle;
use crate::lab::Lab;
use crate::lab::store::Journal;
use dockerfile_lab_app::edits;
use dockerfile_lab_app::locale::{Lang, t};
use dockerfile_lab_app::model::{Action, Dialog, Left, Model};
use dockerfile_lab_app::rich::plain;
use dockerfile_lab_app::shared::Shared;
use gloo::timers::callback::Timeout;
use lab_session::protocol::{
    ErrorView, Event, ExportKind, ExportView, FixView, Project, Query, Reply, Request, VERSION,
};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;
use yew::prelude::*;

/// What takes longer is noticed.
const NOTICED_MS: u32 = 200;

/// The model, as Yew's reducer wants it: shared, so that handing it down costs nothing, and the same as long as nothing
/// changes, so that nothing is drawn anew.
#[derive(Clone, Default, PartialEq)]
pub(super) struct Store(pub(super) Shared<Model>);

impl Reducible for Store {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        let mut model = (*self.0).clone();
        model.apply(action);
        if model == *self.0 { self } else { Rc::new(Self(Shared::new(model))) }
    }
}

/// All that a request was answered with.
pub(super) type Answer = Result<Vec<Event>, ErrorView>;

/// Who waits for an answer, and what has come of it.
type Asker = (Callback<Answer>, Vec<Event>);

/// The content of a file: its text, or its bytes in base64.
pub(super) type Content = (Option<String>, Option<String>);

/// Hears where in a line words can stand, and which.
pub(super) type Completing = Callback<(u32, Vec<String>)>;

/// The way to everything that is not drawn. All copies are the same.
#[derive(Clone)]
pub(super) struct Hub {
    lab: Lab,
    dispatch: UseReducerDispatcher<Store>,
    editor: Rc<RefCell<Option<EditorHandle>>>,
    latest: Rc<RefCell<Store>>,
    /// Whether the editor that comes into use next gets the focus.
    focusing: Rc<Cell<bool>>,
    /// Who waits for a saved project, by the generation of the request.
    saving: Rc<RefCell<BTreeMap<u32, Callback<Project>>>>,
    /// Who waits for the content of a file, by the generation of the request.
    reading: Rc<RefCell<BTreeMap<u32, Callback<Content>>>>,
    /// Who waits for a file to take away, by the generation of the request.
    exporting: Rc<RefCell<BTreeMap<u32, Callback<ExportView>>>>,
    /// Who waits for all that a request is answered with, and what has come of it.
    asking: Rc<RefCell<BTreeMap<u32, Asker>>>,
    /// The files that a person brought and that have to be asked about.
    brought: Rc<RefCell<VecDeque<Brought>>>,
    /// Who waits for a word to be completed, by the generation of the request.
    completing: Rc<RefCell<BTreeMap<u32, Completing>>>,
    /// Who waits for a project to be opened, by the generation of the request.
    opening: Rc<RefCell<BTreeMap<u32, Callback<Option<ErrorView>>>>>,
    /// Whether anything was typed into an editor since the project was opened, or since undo and redo: then the editor knows what
    /// comes before, and what lies further back may be its own undoing.
    typed: Rc<Cell<bool>>,
    /// A shell that a reload has closed, as long as it is offered.
    left_shell: Rc<RefCell<Option<Left>>>,
    /// The projects that made room for others here, to go back to; and those that were gone back from.
    pub(super) projects: Rc<RefCell<Projects>>,
}

impl PartialEq for Hub {
    fn eq(&self, other: &Self) -> bool {
        self.lab == other.lab
    }
}

impl Hub {
    pub(super) fn new(lab: Lab, dispatch: UseReducerDispatcher<Store>) -> Self {
        Self {
            lab,
            dispatch,
            editor: Rc::default(),
            focusing: Rc::default(),
            latest: Rc::default(),
            saving: Rc::default(),
            reading: Rc::default(),
            opening: Rc::default(),
            asking: Rc::default(),
            brought: Rc::default(),
            completing: Rc::default(),
            exporting: Rc::default(),
            typed: Rc::default(),
            left_shell: Rc::default(),
            projects: Rc::default(),
        }
    }

    /// Changes the state.
    pub(super) fn act(&self, action: Action) {
        self.dispatch.dispatch(action);
    }

    /// Asks the session for something.
    pub(super) fn send(&self, request: Request) -> u32 {
        let travels = matches!(request, Request::Undo | Request::Redo);
        if request.changes_project() && !travels {
            self.forget_after();
        }
        if travels || matches!(request, Request::Open { .. }) {
            self.typed.set(false);
        }
        self.lab.send(request)
    }

    /// The worker's client.
    pub(super) fn lab(&self) -> &Lab {
        &self.lab
    }

    /// Remembers what was drawn last, for handlers that live longer than one drawing.
    pub(super) fn remember(&self, store: &Store) {
        self.latest.borrow_mut().clone_from(store);
    }

    /// What was drawn last.
    pub(super) fn model(&self) -> Store {
        self.latest.borrow().clone()
    }

    /// The editor that the keys act on.
    pub(super) fn editor(&self) -> Option<EditorHandle> {
        self.editor.borrow().clone()
    }

    pub(super) fn set_editor(&self, editor: Option<EditorHandle>) {
        if let Some(editor) = editor.clone().filter(|_| self.focusing.take()) {
            // After the dialog has closed, which gives the focus back to where it was.
            Timeout::new(0, move || editor.focus()).forget();
        }
        *self.editor.borrow_mut() = editor;
    }

    pub(super) fn focus_next_editor(&self) {
        self.focusing.set(true);
    }

    /// Keeps a build.
    pub(super) fn build(&self, no_cache: bool) {
        let model = self.model();
        if model.0.preview.as_ref().is_some_and(|build| !build.empty && !build.waiting) {
            self.send(Request::Build { tags: Vec::new(), no_cache });
        }
    }

    /// Gives the project as it stands to a callback, once the session has saved it.
    pub(super) fn save(&self, then: Callback<Project>) {
        let generation = self.send(Request::Save);
        self.saving.borrow_mut().insert(generation, then);
    }

    /// Gives what a word in the shell can be completed to.
    #[inline(never)]
    pub(super) fn complete(&self, text: String, at: u32, then: Completing) {
        let generation = self.send(Request::CompleteInput { text, at });
        self.completing.borrow_mut().insert(generation, then);
    }

    /// Gives the content of a file to a callback.
    pub(super) fn read(&self, path: &str, then: Callback<Content>) {
        let generation = self.send(Request::ReadFile { path: path.to_owned() });
        self.reading.borrow_mut().insert(generation, then);
    }

    /// Gives what a build would do now, as a file, to a callback.
    pub(super) fn export(&self, kind: ExportKind, then: Callback<ExportView>) {
        let generation = self.send(Request::Query { query: Query::Export { build: None, kind } });
        self.exporting.borrow_mut().insert(generation, then);
    }

    /// Sends a request; `then` gets all that it is answered with, or why it could not be done, which nobody else is told.
    #[inline(never)]
    pub(super) fn ask(&self, request: Request, then: Callback<Answer>) {
        let generation = self.send(request);
        self.asking.borrow_mut().insert(generation, (then, Vec::new()));
    }

    /// Takes what somebody asked for out of a reply.
    #[inline(never)]
    fn hear_asked(&self, reply: &mut Reply) {
        let mut asking = self.asking.borrow_mut();
        let Some((_, events)) = asking.get_mut(&reply.generation) else { return };
        let is_told = |event: &Event| {
            matches!(
                event,
                Event::Failed { .. }
                    | Event::Exports { .. }
                    | Event::Exported { .. }
                    | Event::ImageShown { .. }
                    | Event::ImageLayer { .. }
                    | Event::Loaded { .. }
                    | Event::Recorded { .. }
            )
        };
        let told = reply.events.iter().filter(|event| is_told(event)).cloned();
        events.extend(told);
        reply.events.retain(|event| !matches!(event, Event::Failed { .. }));
        if reply.done
            && let Some((then, events)) = asking.remove(&reply.generation)
        {
            drop(asking);
            let failed = events.iter().find_map(|event| match event {
                Event::Failed { error } => Some(error.clone()),
                _ => None,
            });
            then.emit(failed.map_or(Ok(events), Err));
        }
    }

    /// Whether the editors know of something that was typed.
    pub(super) fn has_typed(&self) -> bool {
        self.typed.get()
    }

    /// A shell that a reload has closed.
    pub(super) fn left_shell(&self) -> &RefCell<Option<Left>> {
        &self.left_shell
    }

    /// The files that have to be asked about.
    pub(super) fn brought(&self) -> &RefCell<VecDeque<Brought>> {
        &self.brought
    }

    /// Hands projects, files and news of an opening to those who wait for them.
    pub(super) fn hear(&self, reply: &mut Reply) {
        if !self.asking.borrow().is_empty() {
            self.hear_asked(reply);
        }
        for event in &reply.events {
            match event {
                Event::Saved { project, .. } => {
                    let then = self.saving.borrow_mut().remove(&reply.generation);
                    if let Some(then) = then {
                        then.emit(project.clone());
                    }
                }
                Event::FileContent { text, base64, .. } => {
                    let then = self.reading.borrow_mut().remove(&reply.generation);
                    if let Some(then) = then {
                        then.emit((text.clone(), base64.clone()));
                    }
                }
                Event::Exported { export } => {
                    let then = self.exporting.borrow_mut().remove(&reply.generation);
                    if let Some(then) = then {
                        then.emit(export.clone());
                    }
                }
                Event::Completed { from, words } => {
                    let then = self.completing.borrow_mut().remove(&reply.generation);
                    if let Some(then) = then {
                        then.emit((*from, words.clone()));
                    }
                }
                // What the catalogue lacks does not keep a project from being opened.
                Event::Failed { error } if !error.code.starts_with("asset/") => {
                    self.opened(reply.generation, Some(error.clone()));
                }
                _ => {}
            }
        }
        if reply.done {
            self.opened(reply.generation, None);
        }
    }

    fn opened(&self, generation: u32, fault: Option<ErrorView>) {
        let then = self.opening.borrow_mut().remove(&generation);
        if let Some(then) = then {
            then.emit(fault);
        }
    }

    /// Opens a project; `then` hears what is wrong with it, if anything. One that is wrong changes nothing in the session.
    pub(super) fn open_project(&self, project: Project, then: Callback<Option<ErrorView>>) {
        self.act(Action::Opening);
        let generation = self.send(Request::Open { project });
        self.opening.borrow_mut().insert(generation, then);
    }

    /// Goes on with a project as it was left; `then` as in [`Hub::open_project`].
    pub(super) fn resume(&self, journal: Journal, then: Callback<Option<ErrorView>>) {
        self.act(Action::Opening);
        self.typed.set(false);
        let (hub, whole) = (self.clone(), journal.clone());
        let then = Callback::from(move |fault: Option<ErrorView>| {
            if fault.is_none() && hub.lab.shortened() {
                // Its builds are not repeated, and not lost either.
                hub.offer_back(whole.clone(), t(hub.model().0.lang, "toast.former").to_owned());
            }
            then.emit(fault);
        });
        let generation = self.lab.resume(journal);
        self.opening.borrow_mut().insert(generation, then);
    }

    /// What was gone back from is not opened again over what is done now.
    fn forget_after(&self) {
        let forgot = !std::mem::take(&mut self.projects.borrow_mut().after).is_empty();
        if forgot {
            self.show_ways();
        }
    }

    /// A project without a file.
    pub(super) fn empty_project() -> Project {
        let now = js_sys::Date::now() / 1000.0;
        Project { version: VERSION, at: now, draft_at: now, ..Project::default() }
    }

    /// Opens a dialog.
    pub(super) fn open(&self, dialog: Dialog) {
        self.act(Action::Dialog(Some(dialog)));
    }

    /// Shows a short message.
    pub(super) fn say(&self, text: impl Into<String>) {
        self.act(Action::Toast { text: text.into(), alarm: false, undo: None });
    }

    /// Says that something is under way, unless it is done (and what is given back dropped) before one could notice.
    pub(super) fn say_if_slow(&self, text: &'static str) -> Timeout {
        let hub = self.clone();
        Timeout::new(NOTICED_MS, move || hub.say(text))
    }

    /// Shows that something went wrong.
    pub(super) fn warn(&self, text: impl Into<String>) {
        self.act(Action::Toast { text: text.into(), alarm: true, undo: None });
    }

    /// Applies a quick fix to the Dockerfile.
    pub(super) fn fix(&self, fix: &FixView) {
        let model = self.model();
        let workspace = &model.0.workspace;
        let text = workspace.dockerfile_text.as_deref().unwrap_or_default();
        if let Some(text) = edits::edited(text, &fix.edits) {
            self.write_dockerfile(text);
        }
    }

    /// Takes in what was typed into a file, and gives it to the session.
    pub(super) fn typed(&self, path: &str, text: String) {
        self.typed.set(true);
        let shown = Rc::from(text.as_str());
        let generation = self.send(Request::EditFile { path: path.to_owned(), text });
        self.act(Action::Typed { path: path.to_owned(), text: shown, generation });
    }

    /// Gives the Dockerfile another text, in the editor too.
    pub(super) fn write_dockerfile(&self, text: String) {
        let model = self.model();
        self.act(Action::OpenFile(model.0.workspace.dockerfile.clone()));
        self.act(Action::Rewrite(text.clone()));
        self.send(Request::EditFile { path: model.0.workspace.dockerfile.clone(), text });
    }
}

/// The hub of the page.
#[hook]
pub(super) fn use_hub() -> Hub {
    use_context::<Hub>().expect("the page provides the hub")
}

/// The words of the page in its language.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Words(pub(super) Lang);

impl Words {
    /// The text of a key.
    pub(super) fn t(self, key: &'static str) -> &'static str {
        t(self.0, key)
    }

    /// The text of a key with words in its places.
    pub(super) fn with(self, key: &'static str, arguments: &[(&'static str, &str)]) -> String {
        plain(self.0, key, arguments)
    }
}

/// The words of the page.
#[hook]
pub(super) fn use_words() -> Words {
    use_context::<Words>().unwrap_or_default()
}
