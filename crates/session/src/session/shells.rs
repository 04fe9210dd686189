//! The shell that opens on a step.

use super::{Emit, Session};
use crate::build::{self, Finished, command};
use crate::news::News;
use crate::protocol::{ErrorView, Event, ShellPrompt, ShellView, State};
use crate::tables;
use crate::workspace::error;
use lab_engine::layer::diff;
use lab_engine::shell::{Credentials, LiveOutcome, LiveShell, RunSpec, Scene};
use lab_engine::solver::FailedRun;
use lab_engine::vfs::Tree;
use std::sync::Arc;

/// The most changed files that are listed.
const MOST_CHANGES: usize = 200;

/// A shell that is to be opened, perhaps once a part of the catalogue is there.
#[derive(Clone)]
pub(super) struct Opening {
    pub(super) build: Option<u32>,
    pub(super) step: u32,
    pub(super) lines: Vec<String>,
    pub(super) interrupted: bool,
}

/// A shell that is open.
pub(super) struct OpenShell {
    live: LiveShell,
    /// The time of the build, which is the time in the shell too, and its number.
    at: i64,
    number: u32,
}

/// What a shell waits for a part of the catalogue with.
pub(super) enum Waiting {
    Opening(Opening),
    Lines(String),
}

/// Where a shell opens.
struct Place {
    view: ShellView,
    shell: Vec<String>,
    state: Start,
}

/// In which state.
enum Start {
    /// Just before a command failed.
    Failed(Arc<FailedRun>),
    /// A filesystem with what a command would find in it.
    Scene(Box<Scene>),
}

impl Session {
    /// Opens a shell, in the place of one that is open.
    #[inline(never)]
    pub(super) fn open_shell(&mut self, opening: Opening, now: i64, emit: Emit<'_>) -> Result<(), ErrorView> {
        self.shell = None;
        if opening.build.is_none() && self.preview.is_none() {
            // A worker that was stopped has made none: what a person looks at is from before.
            let at = if self.changed_at > 0 { self.changed_at } else { now };
            let build = self.make_preview(at, emit);
            if build.waiting {
                self.shell_waits = Some(Waiting::Opening(opening));
                return Ok(());
            }
            emit(Event::Preview { build });
        }
        let finished = self.shown(opening.build)?;
        let (at, number) = match opening.build {
            Some(number) => (self.entry(number)?.at, number),
            None => (self.preview.as_ref().map_or(now, |preview| preview.at), self.entries.len() as u32 + 1),
        };
        let world = self.world(at, number);
        let place = place(&finished, &opening, &world)?;
        let live = match &place.state {
            Start::Failed(run) => LiveShell::open_before(&run.scene, run.command, &place.shell, &world),
            Start::Scene(scene) => LiveShell::open(scene, &place.shell, &world),
        };
        let mut live = live.map_err(|none| error("shell/none", &place.view.text, none.to_string()))?;
        let mut missing = None;
        for line in &opening.lines {
            missing = missing.or(live.run(line, &world).not_loaded);
        }
        drop(world);
        if let Some(asset) = missing {
            self.shell_waits = Some(Waiting::Opening(opening));
            self.ask_for(asset, emit);
            return Ok(());
        }
        if opening.interrupted {
            live.interrupt();
        }
        let view = ShellView {
            build: opening.build,
            step: opening.step,
            before: live.before().map(str::to_owned),
            program: live.program().to_owned(),
            ..place.view
        };
        emit(Event::ShellOpened { shell: view });
        emit(Event::ShellPrompt { prompt: prompt(&live, &LiveOutcome::default()) });
        self.shell = Some(OpenShell { live, at, number });
        Ok(())
    }

    /// Runs lines in the shell.
    #[inline(never)]
    pub(super) fn shell_input(&mut self, text: String, emit: Emit<'_>) -> Result<(), ErrorView> {
        let mut shell = self.shell.take().ok_or_else(closed)?;
        if shell.live.is_incomplete(&text) {
            let outcome = LiveOutcome::default();
            let prompt = ShellPrompt { incomplete: true, ..prompt(&shell.live, &outcome) };
            emit(Event::ShellPrompt { prompt });
            self.shell = Some(shell);
            return Ok(());
        }
        let news = News::of_shell(emit);
        let world = self.world(shell.at, shell.number).telling(&news);
        let outcome = shell.live.run(&text, &world);
        drop(world);
        drop(news);
        if let Some(asset) = outcome.not_loaded {
            self.shell = Some(shell);
            self.shell_waits = Some(Waiting::Lines(text));
            self.ask_for(asset, emit);
            return Ok(());
        }
        emit(Event::ShellPrompt { prompt: prompt(&shell.live, &outcome) });
        if !outcome.closed {
            self.shell = Some(shell);
        }
        Ok(())
    }

    /// Goes on with what waited for a part of the catalogue.
    #[inline(never)]
    pub(super) fn resume_shell(&mut self, now: i64, emit: Emit<'_>) -> Result<(), ErrorView> {
        match self.shell_waits.take() {
            Some(Waiting::Opening(opening)) => self.open_shell(opening, now, emit),
            Some(Waiting::Lines(text)) => self.shell_input(text, emit),
            None => Ok(()),
        }
    }

    /// Completes a word.
    #[inline(never)]
    pub(super) fn complete_input(&self, text: &str, at: u32, emit: Emit<'_>) -> Result<(), ErrorView> {
        let shell = self.shell.as_ref().ok_or_else(closed)?;
        let units = |text: &str| text.encode_utf16().count() as u32;
        let mut end = 0;
        for (offset, letter) in text.char_indices() {
            if units(&text[..offset]) >= at {
                break;
            }
            end = offset + letter.len_utf8();
        }
        let world = self.world(shell.at, shell.number);
        let found = shell.live.complete(text, end, &world);
        emit(Event::Completed { from: units(&text[..found.from]), words: found.words });
        Ok(())
    }

    /// Throws the shell away.
    pub(super) fn close_shell(&mut self) {
        (self.shell, self.shell_waits) = (None, None);
    }
}

fn closed() -> ErrorView {
    error("shell/closed", "", "no shell is open")
}

/// Finds out where a shell opens.
fn place(
    finished: &Finished,
    opening: &Opening,
    world: &dyn lab_engine::world::World,
) -> Result<Place, ErrorView> {
    let nowhere = |why: &str| error("shell/nowhere", opening.step.to_string(), why);
    let rows = build::rows(finished);
    let row = rows.get(opening.step as usize).ok_or_else(|| nowhere("there is no such row"))?;
    let around = finished.surroundings(opening.step, world);
    let around = around.ok_or_else(|| nowhere("the step is not part of the build"))?;
    let reports = &finished.report.vertices;
    let last = |vertices: &[lab_engine::graph::VertexId]| {
        vertices.iter().rev().find_map(|id| reports.get(id.0 as usize)).cloned()
    };
    let report = last(&row.vertices);
    let mut view = ShellView { text: row.text.clone(), ..ShellView::default() };
    view.failed = row.state == State::Failed;
    if let Some(run) = report.as_ref().and_then(|report| report.failed.clone()) {
        let mounts = run.scene.mounts.iter();
        view.mounts = mounts.map(|mount| mount.target.clone()).collect();
        return Ok(Place { view, shell: around.shell, state: Start::Failed(run) });
    }
    // What changes only the configuration stands on the step above it, and so does what failed without having run.
    let above = rows[..opening.step as usize].iter().rev().filter(|above| above.stage == row.stage);
    let mut above = above.filter_map(|above| last(&above.vertices));
    let ran = report.filter(|report| report.record.is_some()).or_else(|| above.next());
    let record = ran.and_then(|report| report.record).ok_or_else(|| nowhere("the step was not run"))?;
    let tree: &Tree = &record.snapshot.tree;
    let credentials = Credentials::of_user(&around.user, tree)
        .map_err(|unknown| error("shell/none", &row.text, unknown.to_string()))?;
    let spec = RunSpec {
        arguments: Vec::new(),
        environment: around.environment,
        cwd: around.cwd,
        credentials,
        stdin: Vec::new(),
    };
    let scene = Scene {
        tree: tree.clone(),
        mounts: Vec::new(),
        spec,
        now: world.now() + record.snapshot.layers.len() as i64,
        network: true,
        hostname: String::new(),
    };
    Ok(Place { view, shell: around.shell, state: Start::Scene(Box::new(scene)) })
}

fn prompt(live: &LiveShell, outcome: &LiveOutcome) -> ShellPrompt {
    let changes = diff(live.opened(), live.tree());
    let mut listed: Vec<_> = changes.changes().filter_map(tables::change).collect();
    let changed = listed.len() as u32;
    listed.truncate(MOST_CHANGES);
    ShellPrompt {
        user: live.user(),
        root: live.is_root(),
        cwd: live.cwd().to_owned(),
        status: live.status(),
        incomplete: false,
        closed: outcome.closed,
        limit: outcome.limit.map(|limit| limit.to_string()),
        commands: build::notes(&outcome.notes).iter().map(command).collect(),
        changes: listed,
        changed,
    }
}
