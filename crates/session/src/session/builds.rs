//! Building: the live preview, the builds that are kept, and those that wait for a part of the catalogue.

use super::{Emit, Preview, Session};
use crate::build::{self, Context, Edited, Finished, Order};
use crate::news::News;
use crate::protocol::{BuildView, ErrorView, Event};
use crate::text::reference;
use crate::timeline::Entry;
use crate::workspace::{Drawing, Workspace, change_of, edited_paths, error};
use std::sync::Arc;

/// Seconds that a preview may be old and still be kept as the build that it showed: later its time would be untrue.
const FRESH: i64 = 10;
/// The most builds of a timeline.
pub(super) const MOST_BUILDS: usize = 1000;

impl Session {
    /// Keeps a build of the workspace. A part of the catalogue that is missing is asked for, and the build waits for it.
    #[inline(never)]
    pub(super) fn build(
        &mut self,
        tags: Vec<String>,
        no_cache: bool,
        now: i64,
        emit: Emit<'_>,
    ) -> Result<(), ErrorView> {
        let mut tags = tags;
        for tag in &self.workspace.settings.tags {
            if !tags.contains(tag) {
                tags.push(tag.clone());
            }
        }
        if let Some(tag) = tags.iter().find(|tag| !reference::is_valid(tag)) {
            return Err(error("build/invalid-tag", tag, "invalid reference format"));
        }
        if self.entries.len() >= MOST_BUILDS {
            return Err(error("build/too-many", MOST_BUILDS.to_string(), "the timeline is full"));
        }
        let adopted = self.preview.take().filter(|preview| {
            let age = now - preview.at;
            !no_cache && (0..=FRESH).contains(&age) && preview.finished.workspace.is_same(&self.workspace)
        });
        let is_waiting = self.waits();
        let entry = Entry {
            workspace: self.workspace.clone(),
            parent: self.head,
            at: adopted.as_ref().map_or(now, |preview| preview.at),
            tags,
            no_cache,
            prune: std::mem::take(&mut self.pruned),
            finished: None,
            record: None,
        };
        self.entries.push(entry);
        let number = self.entries.len() as u32;
        self.head = Some(number);
        self.undo.end_run();
        self.awaited.insert(number);
        match adopted.filter(|_| !is_waiting) {
            Some(preview) => self.keep(number, preview.finished, emit),
            None => self.run_waiting(emit),
        }
        Ok(())
    }

    /// Whether a build of the timeline waits for a part of the catalogue.
    pub(super) fn waits(&self) -> bool {
        self.entries.iter().any(Entry::waits)
    }

    /// Empties the cache. Images stay.
    #[inline(never)]
    pub(super) fn prune(&mut self) {
        self.pruned = true;
        self.preview = None;
        if !self.waits() {
            self.cache.prune();
        }
    }

    /// Runs the builds that wait, in their order, until one needs a part of the catalogue that is not there.
    #[inline(never)]
    pub(super) fn run_waiting(&mut self, emit: Emit<'_>) {
        let total = self.entries.len() as u32;
        let first = self.entries.iter().position(Entry::waits).unwrap_or(self.entries.len());
        let several = self.entries.len() - first > 1;
        for at in first..self.entries.len() {
            let number = at as u32 + 1;
            if self.entries[at].record.is_some() {
                self.keep_record(number, emit);
                continue;
            }
            let entry = &self.entries[at];
            if entry.prune {
                self.cache.prune();
            }
            let news = News::of_build(emit);
            let world = self.world(entry.at, number).telling(&news);
            let order = Order { number, no_cache: entry.no_cache };
            let finished = Finished::run(&entry.workspace, &self.cache, &world, order);
            drop(world);
            drop(news);
            if let Some(asset) = finished.missing_asset() {
                let asset = asset.to_owned();
                self.ask_for(asset, emit);
                return;
            }
            self.keep(number, Arc::new(finished), emit);
            if several {
                emit(Event::Progress { done: number, total });
            }
        }
        if self.pruned {
            self.cache.prune();
        }
    }

    /// Puts a finished build on the timeline, and tells who waits for it.
    #[inline(never)]
    fn keep(&mut self, number: u32, finished: Arc<Finished>, emit: Emit<'_>) {
        self.cache = finished.report.cache.clone();
        let at = number as usize - 1;
        let parent = self.entries[at].parent;
        let base =
            parent.and_then(|parent| self.entry(parent).ok()).map_or(&self.start, |entry| &entry.workspace);
        let edited = edited_paths(&base.tree, &finished.workspace.tree);
        self.heat.push(number, &self.entries[at], &finished, &edited);
        self.entries[at].finished = Some(finished);
        if self.awaited.remove(&number)
            && let Ok(build) = self.view_of(number)
        {
            emit(Event::Built { build });
        }
    }

    pub(super) fn ask_for(&mut self, asset: String, emit: Emit<'_>) {
        if self.asked.insert(asset.clone()) {
            emit(Event::NeedAsset { asset });
        }
    }

    /// What a build would do now, in a fork that is thrown away or adopted.
    #[inline(never)]
    pub(super) fn make_preview(&mut self, now: i64, emit: Emit<'_>) -> BuildView {
        self.preview = None;
        if self.waits() {
            return build::waiting();
        }
        if self.workspace.is_blank() {
            return build::nothing();
        }
        let news = News::of_build(emit);
        let world = self.world_now(now).telling(&news);
        let order = Order { number: self.entries.len() as u32 + 1, no_cache: false };
        let finished = Finished::run(&self.workspace, &self.cache, &world, order);
        drop(world);
        drop(news);
        if let Some(asset) = finished.missing_asset() {
            let asset = asset.to_owned();
            self.ask_for(asset, emit);
            return build::waiting();
        }
        let view = self.draw(&finished, None, self.head, false, build::view);
        self.preview = Some(Preview { finished: Arc::new(finished), at: now });
        view
    }

    /// The view of a build of the timeline, with all digests.
    #[inline(never)]
    pub(super) fn view_of(&self, number: u32) -> Result<BuildView, ErrorView> {
        if self.entry(number)?.record.is_some()
            && let Some(view) = self.record_view(number)
        {
            return Ok(view);
        }
        let finished = self.finished(number)?;
        let parent = self.entry(number)?.parent;
        Ok(self.draw(finished, Some(number), parent, true, build::view))
    }

    /// Draws a build with what it needs to know of its parent.
    pub(super) fn draw<T>(
        &self,
        finished: &Finished,
        number: Option<u32>,
        parent: Option<u32>,
        digests: bool,
        draw: impl FnOnce(&Finished, &Context<'_>) -> T,
    ) -> T {
        let parent = parent.and_then(|parent| self.finished(parent).ok());
        let base = parent.map_or(&self.start, |parent| &parent.workspace);
        let edited = edited(base, &finished.workspace, &self.drawing, parent.is_some());
        let names = self.names_of(number);
        let context = Context {
            number,
            digests,
            edited: &edited,
            parent: parent.map(|parent| &**parent),
            names: &names,
            catalogue: &*self.catalogue,
        };
        draw(finished, &context)
    }

    /// The full names of the image of a build.
    pub(super) fn names_of(&self, number: Option<u32>) -> Vec<String> {
        let own = self.names_images.then(|| reference::of_project(&self.name));
        let tags = number.and_then(|number| self.entry(number).ok()).map_or(&[][..], |entry| &entry.tags);
        let mut names: Vec<String> = Vec::new();
        for name in own.iter().chain(tags) {
            let full = reference::full(name);
            if !names.contains(&full) {
                names.push(full);
            }
        }
        names
    }
}

/// What differs between two workspaces, for near misses; nothing where there is no build before.
#[inline(never)]
fn edited(base: &Workspace, now: &Workspace, drawing: &Drawing, has_parent: bool) -> Vec<Edited> {
    if !has_parent {
        return Vec::new();
    }
    let one = |path: String| {
        let place = format!("/{path}");
        let change = now.tree.entry(&place).and_then(|node| change_of(base.tree.entry(&place), node));
        Edited { ignored: drawing.hides(&path), change, path }
    };
    edited_paths(&base.tree, &now.tree).into_iter().take(50).map(one).collect()
}
