//! Opening and saving: a project is replayed, so that it gives the same digests everywhere.

use super::builds::MOST_BUILDS;
use super::{Emit, Session};
use crate::images::Shelf;
use crate::protocol::{Edit, ErrorView, Event, FileInput, Project, ProjectBuild, UndoStep, VERSION};
use crate::record::Record;
use crate::text::reference;
use crate::timeline::{Entry, Heat};
use crate::workspace::{Undo, Workspace, apply, check_context, edits, error, seconds};
use lab_engine::cache::Cache;
use std::sync::Arc;

impl Session {
    /// Starts anew with a project. If anything in it is wrong nothing changes.
    #[inline(never)]
    pub(super) fn open(&mut self, project: &Project, emit: Emit<'_>) -> Result<(), ErrorView> {
        let opened = read(project)?;
        let (loaded, refused) = Shelf::open(&project.images);
        self.loaded = loaded;
        for (name, cause) in refused {
            emit(Event::ImageRefused { error: error("image/left-out", name, cause.to_string()) });
        }
        self.importer = None;
        self.name.clone_from(&project.name);
        self.began = seconds(project.at);
        self.start = opened.start;
        self.workspace = opened.draft;
        self.changed_at = seconds(project.draft_at);
        self.epoch += 1;
        self.head = project.head;
        self.entries = opened.entries;
        self.undo = Undo::default();
        if !project.undo.is_empty() {
            self.open_undo(&project.undo);
        }
        self.cache = Cache::new();
        self.awaited.clear();
        self.pruned = opened.pruned;
        self.preview = None;
        (self.shell, self.shell_waits) = (None, None);
        self.heat = Heat::default();
        self.sent.stale = self.sent.builds > 0;
        self.run_waiting(emit);
        Ok(())
    }

    /// Takes the states that a project has kept.
    #[inline(never)]
    fn open_undo(&mut self, steps: &[UndoStep]) {
        self.undo = Undo::open(steps, &self.point(), self.entries.len(), self.began);
    }

    fn stored_undo(&self) -> Vec<UndoStep> {
        // Of a project that nobody touched there is nothing, and the code for it need not be there.
        let is_any = self.undo.can_undo() || self.undo.can_redo();
        if is_any { self.undo.stored(&self.point(), self.began) } else { Vec::new() }
    }

    /// Says the project as it stands; `apart` without the files of its start, and with the layers of loaded images
    /// besides, as far as they are new.
    #[inline(never)]
    pub(super) fn save(&mut self, apart: bool, emit: Emit<'_>) {
        let project = self.project(apart);
        let layers = if apart { self.loaded.news() } else { Vec::new() };
        self.loaded.all_told();
        emit(Event::Saved { project, layers });
    }

    /// The files that the project began with.
    fn files_of_start(&self) -> Vec<FileInput> {
        let nothing = Workspace::new(self.began, self.start.settings.clone());
        let files = edits(&nothing.tree, &self.start.tree, self.began);
        let file = |edit| match edit {
            Edit::Put { file } => Some(file),
            _ => None,
        };
        files.into_iter().filter_map(file).collect()
    }

    #[inline(never)]
    fn project(&self, apart: bool) -> Project {
        let workspace_of = |build: Option<u32>| {
            build.and_then(|build| self.entry(build).ok()).map_or(&self.start, |entry| &entry.workspace)
        };
        let build = |entry: &Entry| ProjectBuild {
            parent: entry.parent,
            edits: between(workspace_of(entry.parent), &entry.workspace, entry.at, entry.prune),
            at: entry.at as f64,
            tags: entry.tags.clone(),
            no_cache: entry.no_cache,
            record: entry.record.as_ref().map(|(record, _)| record.stored()),
        };
        Project {
            version: VERSION,
            name: self.name.clone(),
            at: self.began as f64,
            files: if apart { Vec::new() } else { self.files_of_start() },
            settings: self.start.settings.clone(),
            builds: self.entries.iter().map(build).collect(),
            head: self.head,
            draft: between(self.base(), &self.workspace, self.changed_at, self.pruned),
            draft_at: self.changed_at as f64,
            images: self.loaded.stored(apart),
            undo: if apart { self.stored_undo() } else { Vec::new() },
        }
    }
}

fn between(before: &Workspace, after: &Workspace, at: i64, prune: bool) -> Vec<Edit> {
    let mut list = if prune { vec![Edit::Prune] } else { Vec::new() };
    list.extend(edits(&before.tree, &after.tree, at));
    if before.settings != after.settings {
        list.push(Edit::Settings { settings: after.settings.clone() });
    }
    list
}

/// A project whose edits have been applied and whose builds have not been run.
struct Opened {
    start: Workspace,
    entries: Vec<Entry>,
    draft: Workspace,
    pruned: bool,
}

#[inline(never)]
fn read(project: &Project) -> Result<Opened, ErrorView> {
    if project.version > VERSION {
        let detail = format!("the project has version {}, this lab reads up to {VERSION}", project.version);
        return Err(error("project/too-new", project.version.to_string(), detail));
    }
    let damaged = |subject: String, detail: String| error("project/damaged", subject, detail);
    if project.builds.len() > MOST_BUILDS {
        return Err(damaged("builds".into(), format!("{MOST_BUILDS} builds are the most")));
    }
    let mut start = Workspace::new(seconds(project.at), project.settings.clone());
    let put = |file: &FileInput| Edit::Put { file: file.clone() };
    let files: Vec<Edit> = project.files.iter().map(put).collect();
    change(&mut start, &files, seconds(project.at))?;
    let mut entries: Vec<Entry> = Vec::new();
    for (at, build) in project.builds.iter().enumerate() {
        let number = at + 1;
        let parent = parent(build.parent, &entries, &start)
            .ok_or_else(|| damaged(format!("build {number}"), "its parent is no build before it".into()))?;
        if let Some(tag) = build.tags.iter().find(|tag| !reference::is_valid(tag)) {
            return Err(damaged(format!("build {number}"), format!("{tag} is no name of an image")));
        }
        let mut workspace = parent.clone();
        let prune = change(&mut workspace, &build.edits, seconds(build.at))?;
        let record = build.record.as_ref().map(Record::open).transpose();
        let record = record.map_err(|cause| damaged(format!("build {number}"), cause))?;
        entries.push(Entry {
            workspace,
            parent: build.parent,
            at: seconds(build.at),
            tags: build.tags.clone(),
            no_cache: build.no_cache,
            prune,
            finished: None,
            record: record.map(|record| (Arc::new(record), false)),
        });
    }
    let base = parent(project.head, &entries, &start)
        .ok_or_else(|| damaged("head".into(), "it is none of the builds".into()))?;
    let mut draft = base.clone();
    let pruned = change(&mut draft, &project.draft, seconds(project.draft_at))?;
    Ok(Opened { start, entries, draft, pruned })
}

fn parent<'a>(number: Option<u32>, entries: &'a [Entry], start: &'a Workspace) -> Option<&'a Workspace> {
    match number {
        None => Some(start),
        Some(number) => Some(&entries.get((number as usize).checked_sub(1)?)?.workspace),
    }
}

/// Applies edits, and says whether the cache was emptied among them.
#[inline(never)]
fn change(workspace: &mut Workspace, edits: &[Edit], now: i64) -> Result<bool, ErrorView> {
    let mut pruned = false;
    for edit in edits {
        match edit {
            Edit::Settings { settings } => workspace.settings = settings.clone(),
            Edit::Prune => pruned = true,
            Edit::Put { .. } | Edit::Delete { .. } => {
                apply(&mut workspace.tree, edit, now).map_err(|cause| ErrorView {
                    code: "project/damaged".to_owned(),
                    detail: format!("{}: {}", cause.code, cause.detail),
                    subject: cause.subject,
                })?;
            }
        }
    }
    check_context(&workspace.tree, "")?;
    Ok(pruned)
}
