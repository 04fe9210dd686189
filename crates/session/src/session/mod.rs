//! The session: the one dispatcher over the engine.
//!
//! Takes envelopes, gives events. It holds the workspace, its undo, the timeline with the build cache, and the live
//! preview. Everything in it is a persistent value, so a preview is a real build in a fork, and going back costs
//! nothing. It has no clock: every request says what time it is.

mod builds;
mod edits;
mod exports;
mod loading;
mod project;
mod queries;
mod records;
mod remedies;
mod shells;
mod show;

use crate::build::Finished;
use crate::catalogue::Catalogue;
use crate::images::{Archived, Shelf, Visible, WorldWith};
use crate::protocol::{Envelope, ErrorView, Event, LiveCell, Request, Settings};
use crate::timeline::{Entry, Heat};
use crate::workspace::{Drawing, Point, Undo, Workspace, error, seconds};
use lab_catalog::CatalogWorld;
use lab_engine::cache::Cache;
use lab_engine::import::Importer;
use shells::{OpenShell, Opening, Waiting};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Where events go.
type Emit<'a> = &'a mut dyn FnMut(Event);

/// A person's workspace with all that was built from it.
pub struct Session {
    catalogue: Box<dyn Catalogue>,
    /// Parts of the catalogue that were asked for and have not come yet.
    asked: BTreeSet<String>,
    image_names: Vec<String>,
    /// Images that were loaded.
    loaded: Shelf,
    /// An archive that is coming.
    importer: Option<Importer>,
    /// Whether images get a name after the project.
    names_images: bool,

    name: String,
    began: i64,
    start: Workspace,
    workspace: Workspace,
    changed_at: i64,
    undo: Undo,
    epoch: u32,

    head: Option<u32>,
    entries: Vec<Entry>,
    cache: Cache,
    /// The builds that a person waits for, to be told of when they are finished.
    awaited: BTreeSet<u32>,
    /// Whether the cache was emptied since the last build.
    pruned: bool,

    preview: Option<Preview>,
    /// The shell that is open on a step, and what it waits for.
    shell: Option<OpenShell>,
    shell_waits: Option<Waiting>,
    drawing: Drawing,
    heat: Heat,
    sent: Sent,
}

/// What was said of the timeline, to be said again only when it changed.
#[derive(Default, PartialEq)]
struct Sent {
    /// How many builds.
    builds: usize,
    /// Whether they are those of a project that is open no more.
    stale: bool,
    head: Option<u32>,
    edited: Vec<String>,
    now: Vec<LiveCell>,
}

/// The build in the fork.
struct Preview {
    finished: Arc<Finished>,
    at: i64,
}

/// How much of the workspace changed.
enum Change {
    /// Only the text of this file, which was there before.
    Text(String),
    /// Anything.
    Any,
    /// Nothing; only builds did.
    Nothing,
}

impl Default for Session {
    fn default() -> Self {
        Self::new()
    }
}

impl Session {
    /// An empty session over the catalogue, of which nothing has been loaded yet.
    pub fn new() -> Self {
        Self::with_catalogue(Box::new(CatalogWorld::new(0)))
    }

    /// An empty session over other images and packages.
    pub fn with_catalogue(catalogue: Box<dyn Catalogue>) -> Self {
        let start = Workspace::new(0, Settings::default());
        Self {
            image_names: catalogue.image_names(),
            catalogue,
            loaded: Shelf::default(),
            importer: None,
            asked: BTreeSet::new(),
            names_images: true,
            name: String::new(),
            began: 0,
            workspace: start.clone(),
            start,
            changed_at: 0,
            undo: Undo::default(),
            epoch: 0,
            head: None,
            entries: Vec::new(),
            cache: Cache::new(),
            awaited: BTreeSet::new(),
            pruned: false,
            preview: None,
            shell: None,
            shell_waits: None,
            drawing: Drawing::default(),
            heat: Heat::default(),
            sent: Sent::default(),
        }
    }

    /// The same session, giving images only the names that a build asks for, as the Docker command does.
    #[must_use]
    pub fn without_default_name(mut self) -> Self {
        self.names_images = false;
        self
    }

    /// Does what is asked and says what happened.
    pub fn handle(&mut self, envelope: Envelope) -> Vec<Event> {
        let mut events = Vec::new();
        self.handle_with(envelope, &mut |event| events.push(event));
        events
    }

    /// As [`Session::handle`], saying what happened as it happens.
    pub fn handle_with(&mut self, envelope: Envelope, emit: &mut dyn FnMut(Event)) {
        let now = seconds(envelope.now);
        let preview = envelope.preview;
        let outcome = match envelope.request {
            Request::Open { project } => self.open(&project, emit).map(|()| Some(Change::Any)),
            Request::Provide { asset, text } => {
                self.provide(&asset, &text, now, emit).map(|()| Some(Change::Any))
            }
            Request::Build { tags, no_cache } => {
                self.build(tags, no_cache, now, emit).map(|()| Some(Change::Any))
            }
            Request::Checkout { build } => self.checkout(build, now).map(|()| Some(Change::Any)),
            Request::Prune => {
                self.prune();
                Ok(Some(Change::Nothing))
            }
            Request::LoadImages { name, base64, first, last } => self
                .load_images((&name, &base64), (first, last), now, emit)
                .map(|done| done.then_some(Change::Any)),
            Request::AddRecord { name, text } => {
                self.add_record(&name, &text, now, emit).map(|()| Some(Change::Nothing))
            }
            Request::RemoveImage { id } => self.remove_image(&id, now).map(|()| Some(Change::Any)),
            Request::Undo => Ok(self.travel(Undo::back)),
            Request::Redo => Ok(self.travel(Undo::forth)),
            Request::ReadFile { path } => self.read_file(&path, emit).map(|()| None),
            Request::Query { query } => self.query(&query, now, emit).map(|()| None),
            Request::OpenShell { build, step, lines, interrupted } => {
                self.open_shell(Opening { build, step, lines, interrupted }, now, emit).map(|()| None)
            }
            Request::ShellInput { text } => self.shell_input(text, emit).map(|()| None),
            Request::CompleteInput { text, at } => self.complete_input(&text, at, emit).map(|()| None),
            Request::CloseShell => {
                self.close_shell();
                Ok(None)
            }
            Request::Save => {
                self.save(false, emit);
                Ok(None)
            }
            Request::SaveApart => {
                self.save(true, emit);
                Ok(None)
            }
            edit => self.edit(edit, now).map(Some),
        };
        match outcome {
            Ok(Some(change)) => self.show(change, now, preview, emit),
            Ok(None) => {}
            Err(error) => emit(Event::Failed { error }),
        }
    }

    #[inline(never)]
    fn provide(&mut self, asset: &str, text: &str, now: i64, emit: Emit<'_>) -> Result<(), ErrorView> {
        // Also a damaged part may be asked for again.
        self.asked.remove(asset);
        self.catalogue.provide(asset, text).map_err(|detail| error("asset/damaged", asset, detail))?;
        self.image_names = self.catalogue.image_names();
        self.preview = None;
        self.run_waiting(emit);
        // Only then, as it lies in a part that a first look does not fetch.
        if self.shell_waits.is_some() { self.resume_shell(now, emit) } else { Ok(()) }
    }

    /// Goes one step back or forth in the states of the workspace. Builds stay.
    #[inline(never)]
    fn travel(&mut self, step: fn(&mut Undo, Point) -> Option<Point>) -> Option<Change> {
        let present = self.point();
        if let Some(point) = step(&mut self.undo, present) {
            self.workspace = point.workspace;
            self.head = point.head.unwrap_or(self.head);
            self.show_images(&point.images);
            self.epoch += 1;
        }
        Some(Change::Any)
    }

    fn point(&self) -> Point {
        Point { workspace: self.workspace.clone(), head: Some(self.head), images: self.loaded.visible() }
    }

    /// The world at a time, as the build of this number sees it.
    fn world(&self, now: i64, number: u32) -> WorldWith<'_> {
        WorldWith { world: self.catalogue.world(now), loaded: &self.loaded, number, news: None }
    }

    /// The world as the next build sees it.
    fn world_now(&self, now: i64) -> WorldWith<'_> {
        self.world(now, self.entries.len() as u32 + 1)
    }

    /// The entry of a build.
    fn entry(&self, build: u32) -> Result<&Entry, ErrorView> {
        let unknown = || error("build/unknown", build.to_string(), "there is no such build");
        self.entries.get((build as usize).wrapping_sub(1)).ok_or_else(unknown)
    }

    /// A build that is finished.
    fn finished(&self, build: u32) -> Result<&Arc<Finished>, ErrorView> {
        let entry = self.entry(build)?;
        let missing = || match entry.record {
            Some(_) => error("build/recorded", build.to_string(), "nothing but the log of it is here"),
            None => error("build/unknown", build.to_string(), "the build waits for a part of the catalogue"),
        };
        entry.finished.as_ref().ok_or_else(missing)
    }

    /// The workspace that changes are told against: that of the build it stands on, or the start.
    fn base(&self) -> &Workspace {
        self.head.and_then(|head| self.entry(head).ok()).map_or(&self.start, |entry| &entry.workspace)
    }
}
