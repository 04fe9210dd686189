//! What the page knows and shows: one value, changed by [`Model::apply`] alone.
//!
//! Input: [`Action`]s, most of them events of the session. Output: the next state. Nothing here talks to the worker:
//! what must be asked follows from the state, in [`Model::wanted`].

mod action;
mod given;
mod hear;
mod shell;
mod state;

pub use action::Action;
pub use shell::{Entry, Left, Note, Running, Shell, ShellAct, common_start};
pub use state::{Asked, Dialog, OpenFile, Place, Selection, Tab, TakeBack, Toast};

use state::Answer;

use crate::locale::Lang;
use crate::shared::Shared;
use lab_session::protocol::{
    BuildView, DiskView, ErrorView, FileEntry, HistoryView, ImageRow, LayerView, LiveCell, Query, Settings,
    State, StepView, TimelineView, Why, WorkspaceView,
};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

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
    /// The last build that was made here, with the options that it was made with.
    pub built: Option<(Shared<BuildView>, Settings)>,
    /// The builds.
    pub timeline: Shared<TimelineView>,
    /// The live column of the timeline, with the rows that only it has.
    pub now: Shared<Vec<LiveCell>>,
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
    /// The last request that failed, and how many did: the same can fail twice.
    pub failure: Option<(u32, ErrorView)>,
    /// Counts the changes of the Dockerfile that did not come from its editor.
    pub epoch: u32,
    /// Whether a project is being opened: the next workspace is another one whatever its epoch, since a worker that has
    /// to be replaced meanwhile counts from the beginning.
    pub opens: bool,
    /// Counts the projects that took another's place: what an editor would take back belongs to one of them.
    pub project: u32,
    /// Whether the Dockerfile's text is what the person typed, ahead of what the session says of it.
    pub typed: bool,
    /// Whether the cause changed with the last preview: then the rail draws itself.
    pub fresh: bool,
    /// A step that has run for a while.
    pub running: Option<Shared<Running>>,
    /// The shell that is open on a step.
    pub shell: Option<Shared<Shell>>,
    /// How many shells were opened.
    pub shells: u32,
    /// Whether another tab writes the project.
    pub watching: bool,
    /// Whether there was a project before the one at hand, and one that was gone back from.
    pub ways: (bool, bool),
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

    /// The build whose log is shown: the one that is looked at, the one just made as long as nothing differs from it,
    /// else the preview.
    pub fn logged(&self) -> Option<&Shared<BuildView>> {
        let untouched = |(build, settings): &&(Shared<BuildView>, Settings)| {
            build.number == self.timeline.head
                && self.edited.is_empty()
                && *settings == self.workspace.settings
        };
        let just_made = self.built.as_ref().filter(untouched).map(|(build, _)| build);
        self.past.as_ref().or(just_made).or(self.preview.as_ref())
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

    /// Whether undo goes back to the project before: there is no change of this one to be taken back.
    pub fn undoes_project(&self) -> bool {
        self.ways.0 && !self.workspace.can_undo
    }

    /// Whether redo opens the project again that was gone back from: there is no change of this one to be done again.
    pub fn redoes_project(&self) -> bool {
        self.ways.1 && !self.workspace.can_redo
    }

    /// Whether there is something to take back.
    pub fn can_undo(&self) -> bool {
        self.workspace.can_undo || self.undoes_project()
    }

    /// Whether there is something to be done again.
    pub fn can_redo(&self) -> bool {
        self.workspace.can_redo || self.redoes_project()
    }

    /// Whether the project is more than a beginning.
    pub fn is_work(&self) -> bool {
        !self.timeline.builds.is_empty() || !self.edited.is_empty() || self.workspace.can_undo
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
        // A log does not know more than it has said.
        let is_recorded = self.past.as_ref().is_some_and(|past| past.recorded.is_some());
        if is_recorded && matches!(self.tab, Tab::Why | Tab::Files | Tab::History) {
            return None;
        }
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
                // A base image has layers of its own, not one that the row makes.
                let makes_layer = |step: &&StepView| step.size.is_some() && step.keyword != "FROM";
                let step = self.selected().filter(makes_layer)?;
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
                    self.hear(event, reply.generation);
                }
                if reply.done {
                    self.progress = None;
                    self.running = None;
                }
            }
            Action::Busy(busy) => self.busy = busy,
            Action::Opening => self.opening(),
            Action::SelectLine(line) => {
                self.selection = Selection::Line(line);
                self.fresh = false;
            }
            other => self.done(other),
        }
    }

    /// What a person did, and what nobody does before that.
    #[inline(never)]
    fn done(&mut self, action: Action) {
        match action {
            Action::Lang(lang) => self.lang = lang,
            Action::Theme(theme) => self.theme = theme,
            Action::Dense(dense) => self.dense = dense,
            Action::Select(id) => self.select(id),
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
            Action::Typed { path, text, generation } => {
                if let Some(file) = self.files.get_mut(&path) {
                    file.typed = generation;
                    file.size = text.len() as f64;
                    file.text = Some(text);
                }
                self.past = None;
                self.past_wanted = None;
                if path == self.workspace.dockerfile {
                    self.typed = true;
                } else {
                    self.selection = Selection::Telling;
                }
            }
            Action::Rewrite(text) => {
                self.past = None;
                self.past_wanted = None;
                self.workspace.make_mut().dockerfile_text = Some(text);
                self.typed = true;
                self.epoch += 1;
            }
            Action::Fold(path) => {
                if !self.closed.remove(&path) {
                    self.closed.insert(path);
                }
            }
            Action::Renamed { from, to } => self.renamed(&from, &to),
            Action::Dialog(dialog) => self.dialog = dialog,
            Action::Toast { text, alarm, undo } => self.toast(text, alarm, undo),
            Action::DropToast(id) => self.toasts.retain(|toast| toast.id != id),
            Action::Shell(act) => self.act_in_shell(act),
            Action::Watching(watching) => self.watching = watching,
            Action::Ways { back, forth } => {
                self.ways = (back, forth);
                // What a message offered is done, or is not what it would do now.
                self.toasts.retain(|toast| toast.undo != Some(TakeBack::Project));
            }
            Action::Reply(_) | Action::Busy(_) | Action::Opening | Action::SelectLine(_) => {}
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
        // Files are edited as they are now.
        self.past = None;
        self.past_wanted = None;
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
        self.opens = true;
        // It was of the project that goes.
        self.toasts.retain(|toast| toast.undo != Some(TakeBack::Shell));
        self.past = None;
        self.past_wanted = None;
        self.selection = Selection::Telling;
        self.files.clear();
        self.tabs.clear();
        self.active = String::new();
        self.closed.clear();
        self.preview = None;
        self.shell = None;
        self.running = None;
        self.built = None;
        self.why = None;
        self.layer = None;
        self.history = None;
        self.store = None;
        self.tab = Tab::Why;
        self.fresh = false;
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
mod tests;
