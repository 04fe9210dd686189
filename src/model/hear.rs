//! What the session says, taken into the state.

use super::*;
use crate::tree;
use lab_session::protocol::Event;

impl Model {
    pub(super) fn hear(&mut self, event: Event, generation: u32) {
        match event {
            Event::Workspace { workspace } => self.take_workspace(workspace),
            Event::Preview { build } => self.take_preview(build),
            Event::Timeline { timeline } => {
                self.take_live(timeline.edited.clone(), timeline.now.clone());
                self.timeline = Shared::new(TimelineView { now: Vec::new(), edited: Vec::new(), ..timeline });
            }
            Event::TimelineNow { edited, now } => self.take_live(edited, now),
            Event::Ready { .. } => {}
            other => self.hear_later(other, generation),
        }
    }

    /// What is not said of a project in which nothing was done.
    #[inline(never)]
    fn hear_later(&mut self, event: Event, generation: u32) {
        match event {
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
                if dockerfile_text.is_some() && dockerfile_text != workspace.dockerfile_text {
                    workspace.dockerfile_text = dockerfile_text;
                    // An edit of an earlier visit, done again: the editor has not seen it.
                    self.epoch += u32::from(!self.typed);
                }
            }
            Event::Built { build } => {
                self.past = None;
                self.past_wanted = None;
                if build.error.is_none() {
                    self.selection = Selection::Telling;
                }
                self.built = Some((Shared::new(build), self.workspace.settings.clone()));
            }
            Event::Recorded { build } => {
                self.past_wanted = None;
                self.past = Some(Shared::new(build));
                self.selection = Selection::Telling;
                self.fresh = false;
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
                let (epoch, typed) =
                    self.files.get(&path).map_or((0, 0), |file| (file.epoch + 1, file.typed));
                // What was typed since this was asked for stays.
                if generation >= typed {
                    let (text, base64) = (text.map(Rc::from), base64.map(Rc::from));
                    self.files.insert(path, OpenFile { text, base64, size, epoch, typed });
                }
            }
            Event::Progress { done, total } => self.progress = Some((done, total)),
            // A question about a row that the last keystroke took away, or about the preview of a worker that went:
            // nobody did anything wrong.
            Event::Failed { error }
                if error.code == "build/unknown-step"
                    || (error.code == "build/unknown" && error.subject == "preview") => {}
            Event::Failed { error } | Event::ImageRefused { error } => {
                if self.shell.is_some() && self.is_of_shell(&error.code) {
                    self.hear_shell(Event::Failed { error: error.clone() });
                }
                let before = self.failure.as_ref().map_or(0, |(count, _)| *count);
                self.failure = Some((before + 1, error));
            }
            Event::Ready { .. }
            | Event::Workspace { .. }
            | Event::Preview { .. }
            | Event::Timeline { .. }
            | Event::TimelineNow { .. }
            | Event::NeedAsset { .. }
            | Event::Saved { .. }
            | Event::Exported { .. }
            | Event::Exports { .. }
            | Event::ImageShown { .. }
            | Event::ImageLayer { .. }
            | Event::Completed { .. }
            | Event::Loaded { .. } => {}
            event => self.hear_shell(event),
        }
    }

    /// What stays as it is stays the same value, so that nothing is drawn anew for it.
    fn take_live(&mut self, edited: Vec<String>, now: Vec<LiveCell>) {
        if *self.edited != edited {
            self.edited = Shared::new(edited);
        }
        if *self.now != now {
            self.now = Shared::new(now);
        }
    }

    fn answered(&self, build: Option<u32>, step: u32) -> Asked {
        Asked { build, step, stamp: if build.is_some() { 0 } else { self.stamp } }
    }

    fn take_workspace(&mut self, mut workspace: WorkspaceView) {
        let opened = std::mem::take(&mut self.opens);
        self.project += u32::from(opened && self.ready);
        let new = opened || !self.ready;
        let changed = new || workspace.epoch != self.workspace.epoch;
        self.ready = true;
        if new {
            self.closed = tree::closed_at_first(&workspace.files);
        }
        if changed {
            self.epoch += 1;
            self.typed = false;
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
