//! What is said after a change: the workspace, the preview, the timeline, each as small as it can be.

use super::{Change, Emit, Sent, Session};
use crate::protocol::{Event, Figure, TimelineView, WorkspaceView};
use crate::timeline::{Column, column};
use crate::workspace::{Drawing, edited_paths};

impl Session {
    /// Says what changed.
    #[inline(never)]
    pub(super) fn show(&mut self, change: Change, now: i64, preview: bool, emit: Emit<'_>) {
        match change {
            Change::Any => emit(Event::Workspace { workspace: self.draw_workspace() }),
            Change::Text(path) => emit(self.draw_edited(&path)),
            Change::Nothing => {}
        }
        if preview {
            // The time of the last change, and not of the look: a shared project shows the same digests to everyone.
            let at = if self.changed_at > 0 { self.changed_at } else { now };
            let build = self.make_preview(at, emit);
            emit(Event::Preview { build });
        } else {
            self.preview = None;
        }
        self.show_timeline(emit);
    }

    #[inline(never)]
    fn draw_workspace(&mut self) -> WorkspaceView {
        let (drawing, files) = Drawing::all(&self.workspace, &self.base().tree);
        self.drawing = drawing;
        let mut image_names = Vec::new();
        for image in self.loaded.visible() {
            image_names.extend(image.short_names());
        }
        image_names.extend_from_slice(&self.image_names);
        WorkspaceView {
            name: self.name.clone(),
            files,
            context_files: self.drawing.context_files,
            context_size: Figure::computed(self.drawing.context_bytes as f64),
            settings: self.workspace.settings.clone(),
            dockerfile: self.workspace.dockerfile().to_owned(),
            dockerfile_text: self.workspace.dockerfile_text().map(str::to_owned),
            epoch: self.epoch,
            can_undo: self.undo.can_undo(),
            can_redo: self.undo.can_redo(),
            image_names,
        }
    }

    #[inline(never)]
    fn draw_edited(&mut self, path: &str) -> Event {
        let mut drawing = std::mem::take(&mut self.drawing);
        let entries = drawing.edited(&self.workspace, &self.base().tree, path);
        self.drawing = drawing;
        let is_dockerfile = path == self.workspace.dockerfile();
        let text = self.workspace.dockerfile_text().filter(|_| is_dockerfile);
        Event::FileEdited {
            entries,
            context_size: Figure::computed(self.drawing.context_bytes as f64),
            dockerfile_text: text.map(str::to_owned),
            can_undo: self.undo.can_undo(),
            can_redo: self.undo.can_redo(),
        }
    }

    #[inline(never)]
    fn show_timeline(&mut self, emit: Emit<'_>) {
        let live: Column = self.preview.as_ref().map(|preview| column(&preview.finished)).unwrap_or_default();
        let now = Sent {
            builds: self.heat.builds().len(),
            stale: false,
            head: self.head,
            edited: edited_paths(&self.base().tree, &self.workspace.tree),
            now: self.heat.live(&live),
        };
        if now == self.sent {
            return;
        }
        let (edited, live) = (now.edited.clone(), now.now.clone());
        let same_builds = now.builds == self.sent.builds && !self.sent.stale;
        if same_builds && now.head == self.sent.head {
            emit(Event::TimelineNow { edited, now: live });
        } else {
            let timeline = TimelineView {
                rows: self.heat.rows().to_vec(),
                builds: self.heat.builds().to_vec(),
                head: self.head,
                edited,
                now: live,
                saved: self.heat.saved(),
            };
            emit(Event::Timeline { timeline });
        }
        self.sent = now;
    }
}
