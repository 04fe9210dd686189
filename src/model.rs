//! What the page knows and shows: one value, changed by [`Model::apply`] alone.
//!
//! Input: [`Action`]s, most of them events of the session. Output: the next state. Nothing here talks to the worker:
//! what must be asked follows from the state, in [`Model::wanted`].

use crate::locale::Lang;
use crate::shared::Shared;
use lab_session::protocol::{
    BuildView, Cell, DiskView, ErrorView, Event, FileEntry, HistoryView, ImageRow, LayerView, Query, Reply,
    State, StepView, TimelineView, Why, WorkspaceView,
};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// A tab of the inspector.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    /// Why a step hit or missed.
    #[default]
    Why,
    /// What a layer changes.
    Files,
    /// `docker image history`.
    History,
    /// `docker image ls`.
    Images,
    /// `docker system df`.
    Disk,
    /// The build log; only where it has no place of its own.
    Log,
    /// The files of the context; only where they have no place of their own.
    Context,
}

impl Tab {
    /// All tabs in their order.
    pub const ALL: [Self; 7] =
        [Self::Why, Self::Files, Self::History, Self::Images, Self::Disk, Self::Log, Self::Context];
    /// How many of them a wide screen has.
    pub const WIDE: usize = 5;
}

/// What a narrow screen shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Place {
    /// The editor.
    Edit,
    /// The step rows.
    #[default]
    Steps,
    /// The inspector.
    Why,
    /// The timeline.
    Time,
}

/// Which row is selected.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Selection {
    /// The most telling one: what failed, else the first miss.
    #[default]
    Telling,
    /// The one at a line of the Dockerfile, where the caret is.
    Line(u32),
    /// One that a person chose.
    Row {
        /// Its id.
        id: u32,
        /// Its text, to find it again after the rows have moved.
        text: String,
    },
}

/// The content of a file that was asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenFile {
    /// Its text; none for bytes that are no text.
    pub text: Option<Rc<str>>,
    /// Its bytes in base64, for what is no text.
    pub base64: Option<Rc<str>>,
    /// Its size in bytes.
    pub size: f64,
    /// Counts the texts that came from elsewhere than the editor, which must then show them.
    pub epoch: u32,
}

/// A dialog over the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Dialog {
    /// The commands.
    Palette,
    /// A link to the project.
    Share,
    /// A snippet for another page.
    Embed,
    /// All keys.
    Keys,
    /// The options of the builds.
    Settings,
    /// Whether to start over.
    Reset,
    /// The permission bits of a file.
    Mode(String),
}

/// What a message offers to take back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TakeBack {
    /// The last change of the workspace.
    Edit,
    /// The opening of another project.
    Project,
}

/// A short message that goes by itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Toast {
    /// Counts up.
    pub id: u32,
    /// What it says.
    pub text: String,
    /// Whether something went wrong.
    pub alarm: bool,
    /// What it offers to take back.
    pub undo: Option<TakeBack>,
}

/// A view of a layer, a history or a reason, with what it was asked for.
type Answer<T> = Option<(Asked, Shared<T>)>;

/// What an answer belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Of which build; none for the preview.
    pub build: Option<u32>,
    /// Of which row; 0 where it is about a whole build.
    pub step: u32,
    /// Of which state of the preview.
    pub stamp: u32,
}

/// Everything that the page shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Model {
    /// The language.
    pub lang: Lang,
    /// `light`, `dark`; empty for the system's.
    pub theme: String,
    /// Whether rows are 24 pixels high.
    pub dense: bool,
    /// Whether a workspace has come.
    pub ready: bool,
    /// The workspace, without its files.
    pub workspace: Shared<WorkspaceView>,
    /// The files of the workspace.
    pub entries: Shared<Vec<Shared<FileEntry>>>,
    /// What a build would do now.
    pub preview: Option<Shared<BuildView>>,
    /// Counts the previews.
    pub stamp: u32,
    /// A build of the timeline that is looked at; none for the preview.
    pub past: Option<Shared<BuildView>>,
    /// The number of the build that was asked for and has not come.
    pub past_wanted: Option<u32>,
    /// The builds.
    pub timeline: Shared<TimelineView>,
    /// The live column of the timeline.
    pub now: Shared<Vec<Cell>>,
    /// The paths that differ from the build that the workspace stands on.
    pub edited: Shared<Vec<String>>,
    /// The selected row.
    pub selection: Selection,
    /// The tab of the inspector.
    pub tab: Tab,
    /// The place on a narrow screen.
    pub place: Place,
    /// The files that were asked for.
    pub files: BTreeMap<String, OpenFile>,
    /// The open files besides the Dockerfile.
    pub tabs: Vec<String>,
    /// The file in the editor; empty for the Dockerfile.
    pub active: String,
    /// The directories of the tree that are closed.
    pub closed: BTreeSet<String>,
    /// The fullest reason of the selected row.
    pub why: Answer<Why>,
    /// The layer of the selected row.
    pub layer: Answer<LayerView>,
    /// The history.
    pub history: Answer<HistoryView>,
    /// Images and disk.
    pub store: Answer<(Vec<ImageRow>, DiskView)>,
    /// Whether something takes longer than 200 ms.
    pub busy: bool,
    /// How far a replay has come.
    pub progress: Option<(u32, u32)>,
    /// The dialog that is open.
    pub dialog: Option<Dialog>,
    /// The messages.
    pub toasts: Vec<Toast>,
    /// How many messages there were.
    pub toast_count: u32,
    /// The last request that failed.
    pub failure: Option<ErrorView>,
    /// Counts the changes of the Dockerfile that did not come from its editor.
    pub epoch: u32,
    /// Whether the cause changed with the last preview: then the rail draws itself.
    pub fresh: bool,
}

/// A change of the state.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// The session answered.
    Reply(Reply),
    /// Another language.
    Lang(Lang),
    /// Another theme.
    Theme(String),
    /// Rows of another height.
    Dense(bool),
    /// A row was chosen.
    Select(u32),
    /// The row at a line of the Dockerfile was chosen, by the caret for instance.
    SelectLine(u32),
    /// A row of a build that may come later was chosen.
    SelectText {
        /// Its id in that build.
        id: u32,
        /// Its text.
        text: String,
    },
    /// Back to the most telling row.
    SelectTelling,
    /// Another tab of the inspector.
    Tab(Tab),
    /// Another place on a narrow screen.
    Place(Place),
    /// A build of the timeline is to be looked at; none for the preview.
    Inspect(Option<u32>),
    /// A file is to be edited; the Dockerfile for its path.
    OpenFile(String),
    /// A tab was closed.
    CloseFile(String),
    /// A file's text was changed in the editor.
    Typed {
        /// Which file.
        path: String,
        /// Its text.
        text: Rc<str>,
    },
    /// The Dockerfile got another text from a button, which its editor must show.
    Rewrite(String),
    /// A directory of the tree was opened or closed.
    Fold(String),
    /// A file has another name now.
    Renamed {
        /// The old one.
        from: String,
        /// The new one.
        to: String,
    },
    /// A dialog, or none.
    Dialog(Option<Dialog>),
    /// Something takes long, or no longer.
    Busy(bool),
    /// A message.
    Toast {
        /// What it says.
        text: String,
        /// Whether something went wrong.
        alarm: bool,
        /// What it offers to take back.
        undo: Option<TakeBack>,
    },
    /// A message goes.
    DropToast(u32),
    /// The page opens another project: what belongs to the old one goes.
    Opening,
}

impl Model {
    /// The build whose rows are shown.
    pub fn build(&self) -> Option<&Shared<BuildView>> {
        self.past.as_ref().or(self.preview.as_ref())
    }

    /// The number of the build that is looked at; none for the preview.
    pub fn looking_at(&self) -> Option<u32> {
        self.past.as_ref().and_then(|build| build.number)
    }

    /// The selected row.
    pub fn selected(&self) -> Option<&StepView> {
        let steps = &self.build()?.steps;
        match &self.selection {
            Selection::Row { id, text } => steps
                .iter()
                .find(|step| step.id == *id && step.text == *text)
                .or_else(|| steps.iter().find(|step| step.text == *text))
                .or_else(|| steps.get(*id as usize)),
            // A row that was not run has nothing to say; what stopped it has.
            Selection::Line(line) => steps
                .iter()
                .find(|step| step.line <= *line && *line <= step.end_line)
                .filter(|step| step.state != State::NotRun),
            Selection::Telling => None,
        }
        .or_else(|| telling(steps))
    }

    /// The fullest reason of the selected row that is known now.
    pub fn why(&self) -> Option<Shared<Why>> {
        let step = self.selected()?;
        match &self.why {
            Some((asked, why)) if *asked == self.asked(step.id) => Some(why.clone()),
            _ => step.why.clone().map(Shared::new),
        }
    }

    /// Whether the Dockerfile is in the editor.
    pub fn in_dockerfile(&self) -> bool {
        self.active.is_empty() || self.active == self.workspace.dockerfile
    }

    fn asked(&self, step: u32) -> Asked {
        let build = self.looking_at();
        Asked { build, step, stamp: if build.is_some() { 0 } else { self.stamp } }
    }

    /// What the inspector has to ask for, if it has not come yet.
    pub fn wanted(&self) -> Option<Query> {
        let build = self.looking_at();
        let whole = self.asked(0);
        let missing = |asked: Asked, known: Option<Asked>| known != Some(asked);
        match self.tab {
            Tab::Why => {
                let step = self.selected()?;
                let told = matches!(step.state, State::Miss | State::Follows | State::Hit);
                let asked = self.asked(step.id);
                (told && missing(asked, self.why.as_ref().map(|(asked, _)| *asked)))
                    .then_some(Query::Why { build, step: step.id })
            }
            Tab::Files => {
                let step = self.selected().filter(|step| step.size.is_some())?;
                let asked = self.asked(step.id);
                missing(asked, self.layer.as_ref().map(|(asked, _)| *asked))
                    .then_some(Query::Layer { build, step: step.id })
            }
            Tab::History => {
                self.build().filter(|build| build.error.is_none() && !build.empty && !build.waiting)?;
                missing(whole, self.history.as_ref().map(|(asked, _)| *asked))
                    .then_some(Query::History { build })
            }
            Tab::Log | Tab::Context => None,
            Tab::Images | Tab::Disk => {
                let asked = Asked { build: None, step: 0, stamp: self.timeline.builds.len() as u32 };
                missing(asked, self.store.as_ref().map(|(asked, _)| *asked)).then_some(Query::Images)
            }
        }
    }

    /// The next state.
    pub fn apply(&mut self, action: Action) {
        match action {
            Action::Reply(reply) => {
                for event in reply.events {
                    self.hear(event);
                }
                if reply.done {
                    self.progress = None;
                }
            }
            Action::Lang(lang) => self.lang = lang,
            Action::Theme(theme) => self.theme = theme,
            Action::Dense(dense) => self.dense = dense,
            Action::Select(id) => self.select(id),
            Action::SelectLine(line) => {
                self.selection = Selection::Line(line);
                self.fresh = false;
            }
            Action::SelectText { id, text } => {
                self.selection = Selection::Row { id, text };
                self.fresh = false;
            }
            Action::SelectTelling => self.selection = Selection::Telling,
            Action::Tab(tab) => self.tab = tab,
            Action::Place(place) => self.place = place,
            Action::Inspect(number) => self.inspect(number),
            Action::OpenFile(path) => self.open_file(path),
            Action::CloseFile(path) => self.close_file(&path),
            Action::Typed { path, text } => {
                if let Some(file) = self.files.get_mut(&path) {
                    file.size = text.len() as f64;
                    file.text = Some(text);
                }
                self.past = None;
                self.past_wanted = None;
                if path != self.workspace.dockerfile {
                    self.selection = Selection::Telling;
                }
            }
            Action::Rewrite(text) => {
                self.past = None;
                self.past_wanted = None;
                self.workspace.make_mut().dockerfile_text = Some(text);
                self.epoch += 1;
            }
            Action::Fold(path) => {
                if !self.closed.remove(&path) {
                    self.closed.insert(path);
                }
            }
            Action::Renamed { from, to } => self.renamed(&from, &to),
            Action::Dialog(dialog) => self.dialog = dialog,
            Action::Busy(busy) => self.busy = busy,
            Action::Toast { text, alarm, undo } => self.toast(text, alarm, undo),
            Action::DropToast(id) => self.toasts.retain(|toast| toast.id != id),
            Action::Opening => self.opening(),
        }
    }

    fn select(&mut self, id: u32) {
        let text = self.build().and_then(|build| build.steps.get(id as usize)).map(|step| step.text.clone());
        if let Some(text) = text {
            self.selection = Selection::Row { id, text };
            self.fresh = false;
        }
    }

    fn inspect(&mut self, number: Option<u32>) {
        self.past_wanted = number.filter(|number| self.looking_at() != Some(*number));
        if number.is_none() {
            self.past = None;
        }
        self.fresh = false;
    }

    fn open_file(&mut self, path: String) {
        if path == self.workspace.dockerfile {
            self.active = String::new();
            return;
        }
        if !self.tabs.contains(&path) {
            self.tabs.push(path.clone());
        }
        self.active = path;
    }

    fn close_file(&mut self, path: &str) {
        let Some(at) = self.tabs.iter().position(|open| open == path) else { return };
        self.tabs.remove(at);
        self.files.remove(path);
        if self.active == path {
            self.active = at.checked_sub(1).and_then(|left| self.tabs.get(left)).cloned().unwrap_or_default();
        }
    }

    fn renamed(&mut self, from: &str, to: &str) {
        let below = format!("{from}/");
        let renamed = |path: &str| match path.strip_prefix(&below) {
            Some(rest) => format!("{to}/{rest}"),
            None if path == from => to.to_owned(),
            None => path.to_owned(),
        };
        for open in &mut self.tabs {
            *open = renamed(open);
        }
        self.active = renamed(&self.active);
        self.files =
            std::mem::take(&mut self.files).into_iter().map(|(path, file)| (renamed(&path), file)).collect();
        self.closed = std::mem::take(&mut self.closed).iter().map(|path| renamed(path)).collect();
    }

    fn toast(&mut self, text: String, alarm: bool, undo: Option<TakeBack>) {
        self.toast_count += 1;
        // Two at a time can be read; an older one goes.
        if self.toasts.len() > 1 {
            self.toasts.remove(0);
        }
        self.toasts.push(Toast { id: self.toast_count, text, alarm, undo });
    }

    fn opening(&mut self) {
        self.past = None;
        self.past_wanted = None;
        self.selection = Selection::Telling;
        self.files.clear();
        self.tabs.clear();
        self.active = String::new();
        self.closed.clear();
        self.preview = None;
        self.why = None;
        self.layer = None;
        self.history = None;
        self.store = None;
        self.tab = Tab::Why;
        self.fresh = false;
    }

    fn hear(&mut self, event: Event) {
        match event {
            Event::Workspace { workspace } => self.take_workspace(workspace),
            Event::FileEdited { entries, context_size, dockerfile_text, can_undo, can_redo } => {
                let files = self.entries.make_mut();
                for entry in entries {
                    if let Some(known) = files.iter_mut().find(|known| known.path == entry.path) {
                        *known = Shared::new(entry);
                    }
                }
                let workspace = self.workspace.make_mut();
                workspace.context_size = context_size;
                workspace.can_undo = can_undo;
                workspace.can_redo = can_redo;
                if dockerfile_text.is_some() {
                    workspace.dockerfile_text = dockerfile_text;
                }
            }
            Event::Preview { build } => self.take_preview(build),
            Event::Built { build } => {
                self.past = None;
                self.past_wanted = None;
                if build.error.is_none() {
                    self.selection = Selection::Telling;
                }
            }
            Event::Timeline { timeline } => {
                self.now = Shared::new(timeline.now.clone());
                self.edited = Shared::new(timeline.edited.clone());
                self.timeline = Shared::new(TimelineView { now: Vec::new(), edited: Vec::new(), ..timeline });
            }
            Event::TimelineNow { edited, now } => {
                self.now = Shared::new(now);
                self.edited = Shared::new(edited);
            }
            Event::BuildShown { build } => {
                if build.number.is_some() && build.number == self.past_wanted {
                    self.past_wanted = None;
                    self.past = Some(Shared::new(build));
                }
            }
            Event::Why { build, step, why } => {
                self.why = Some((self.answered(build, step), Shared::new(why)))
            }
            Event::Layer { layer } => {
                self.layer = Some((self.answered(layer.build, layer.step), Shared::new(layer)))
            }
            Event::History { history } => {
                self.history = Some((self.answered(history.build, 0), Shared::new(history)))
            }
            Event::Images { images, disk } => {
                let asked = Asked { build: None, step: 0, stamp: self.timeline.builds.len() as u32 };
                self.store = Some((asked, Shared::new((images, disk))));
            }
            Event::FileContent { path, text, base64, size } => {
                let epoch = self.files.get(&path).map_or(0, |file| file.epoch + 1);
                let file = OpenFile { text: text.map(Rc::from), base64: base64.map(Rc::from), size, epoch };
                self.files.insert(path, file);
            }
            Event::Progress { done, total } => self.progress = Some((done, total)),
            Event::Failed { error } => self.failure = Some(error),
            Event::Ready { .. } | Event::NeedAsset { .. } | Event::Saved { .. } => {}
        }
    }

    fn answered(&self, build: Option<u32>, step: u32) -> Asked {
        Asked { build, step, stamp: if build.is_some() { 0 } else { self.stamp } }
    }

    fn take_workspace(&mut self, mut workspace: WorkspaceView) {
        let changed = !self.ready || workspace.epoch != self.workspace.epoch;
        self.ready = true;
        if changed {
            self.epoch += 1;
            // The open files may be others now: they are asked for again, and shown as they were until then.
            let exists = |path: &String| workspace.files.iter().any(|entry| entry.path == *path);
            self.tabs.retain(exists);
            self.files.retain(|path, _| exists(path));
            if !self.tabs.contains(&self.active) {
                self.active = String::new();
            }
        }
        self.entries =
            Shared::new(std::mem::take(&mut workspace.files).into_iter().map(Shared::new).collect());
        self.workspace = Shared::new(workspace);
    }

    fn take_preview(&mut self, build: BuildView) {
        let causes = |build: &BuildView| -> Vec<u32> {
            build.steps.iter().filter(|step| step.state == State::Miss).map(|step| step.id).collect()
        };
        self.fresh = self.preview.as_ref().is_some_and(|old| !old.empty && causes(old) != causes(&build));
        self.stamp += 1;
        self.preview = Some(Shared::new(build));
    }
}

/// The most telling row: what failed, the first miss, where content held, the last step.
fn telling(steps: &[StepView]) -> Option<&StepView> {
    let of = |state: State| steps.iter().find(|step| step.state == state);
    of(State::Failed)
        .or_else(|| of(State::Miss))
        .or_else(|| steps.iter().find(|step| step.held))
        .or_else(|| steps.iter().rev().find(|step| step.number > 0))
        .or_else(|| steps.first())
}

#[cfg(test)]
#[path = "model_tests.rs"]
mod tests;
