//! What every component can reach: the lab, the reducer, the words, the editor in use.

use super::editor::EditorHandle;
use crate::lab::Lab;
use crate::lab::store::Journal;
use dockerfile_lab_app::edits;
use dockerfile_lab_app::locale::{Lang, t};
use dockerfile_lab_app::model::{Action, Dialog, Model, TakeBack};
use dockerfile_lab_app::rich::plain;
use dockerfile_lab_app::shared::Shared;
use gloo::timers::callback::Timeout;
use lab_session::protocol::{Event, FixView, Project, Reply, Request, VERSION};
use std::cell::RefCell;
use std::collections::BTreeMap;
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

/// The content of a file: its text, or its bytes in base64.
pub(super) type Content = (Option<String>, Option<String>);

/// The way to everything that is not drawn. All copies are the same.
#[derive(Clone)]
pub(super) struct Hub {
    lab: Lab,
    dispatch: UseReducerDispatcher<Store>,
    editor: Rc<RefCell<Option<EditorHandle>>>,
    latest: Rc<RefCell<Store>>,
    /// Who waits for a saved project, by the generation of the request.
    saving: Rc<RefCell<BTreeMap<u32, Callback<Project>>>>,
    /// Who waits for the content of a file, by the generation of the request.
    reading: Rc<RefCell<BTreeMap<u32, Callback<Content>>>>,
    /// What was at hand before the last project was opened, to go back to.
    previous: Rc<RefCell<Option<Journal>>>,
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
            latest: Rc::default(),
            saving: Rc::default(),
            reading: Rc::default(),
            previous: Rc::default(),
        }
    }

    /// Changes the state.
    pub(super) fn act(&self, action: Action) {
        self.dispatch.dispatch(action);
    }

    /// Asks the session for something.
    pub(super) fn send(&self, request: Request) -> u32 {
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
        *self.editor.borrow_mut() = editor;
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

    /// Gives the content of a file to a callback.
    pub(super) fn read(&self, path: &str, then: Callback<Content>) {
        let generation = self.send(Request::ReadFile { path: path.to_owned() });
        self.reading.borrow_mut().insert(generation, then);
    }

    /// Hands projects and files to those who wait for them.
    pub(super) fn hear(&self, reply: &Reply) {
        for event in &reply.events {
            match event {
                Event::Saved { project } => {
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
                _ => {}
            }
        }
    }

    /// Opens a project.
    pub(super) fn open_project(&self, project: Project) {
        self.act(Action::Opening);
        self.send(Request::Open { project });
    }

    /// Opens a project in the place of the one at hand, and offers a way back if that one was more than a beginning.
    pub(super) fn replace_project(&self, project: Project, said: String) {
        let model = self.model();
        if model.0.timeline.builds.is_empty() && model.0.edited.is_empty() && !model.0.workspace.can_undo {
            self.open_project(project);
            return;
        }
        let hub = self.clone();
        self.save(Callback::from(move |old: Project| {
            let old = Journal { project: old, ..Journal::default() };
            hub.open_over(old, project.clone(), said.clone());
        }));
    }

    /// Opens a project and offers a way back to what was there before.
    pub(super) fn open_over(&self, former: Journal, project: Project, said: String) {
        *self.previous.borrow_mut() = Some(former);
        self.open_project(project);
        self.act(Action::Toast { text: said, alarm: false, undo: Some(TakeBack::Project) });
    }

    /// Takes back what a message offers to take back.
    pub(super) fn take_back(&self, what: TakeBack) {
        match what {
            TakeBack::Edit => {
                self.send(Request::Undo);
            }
            TakeBack::Project => {
                if let Some(former) = self.previous.borrow_mut().take() {
                    self.act(Action::Opening);
                    self.lab.resume(former);
                }
            }
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
