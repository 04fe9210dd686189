//! One build of a session: run, judged, and drawn as rows, totals and log.
//!
//! Takes a workspace, a cache and a world; gives a [`Finished`] build, which the timeline keeps or the preview throws
//! away. It knows nothing of other builds but what the cache has of them.

mod classic;
mod diagnostics;
mod figures;
mod log;
mod near;
mod rawjson;
mod rows;
mod view;

pub(crate) use figures::{layer_figure, saved, seconds};
pub(crate) use lab_engine::solver::command_notes as notes;
pub(crate) use near::Edited;
pub(crate) use rawjson::rawjson;
pub(crate) use rows::{RowState, rows, text_of as row_text};
pub(crate) use view::{Context, command, view, why_of};

use crate::protocol::{BuildView, Builder, Settings};
use crate::why::{self, Verdict};
use crate::workspace::Workspace;
use lab_engine::cache::{BuildId, Cache};
use lab_engine::dockerfile::{Dockerfile, parse};
use lab_engine::graph::{PlanOptions, Surroundings, surroundings};
use lab_engine::solver::{Build, BuildErrorKind, BuildOptions, BuildReport, BuilderKind, NoCache};
use lab_engine::world::World;

/// Changed files that are compared by lines for each row at every keystroke.
const DIFFS: usize = 2;

/// What is asked of a build besides the workspace.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Order {
    /// The number that it has or would have.
    pub(crate) number: u32,
    /// Whether the cache may not be used.
    pub(crate) no_cache: bool,
}

/// A build that has been run.
#[derive(Clone, Debug)]
pub(crate) struct Finished {
    /// What was built.
    pub(crate) workspace: Workspace,
    /// The cache as it was before.
    pub(crate) before: Cache,
    /// What came out.
    pub(crate) report: BuildReport,
    /// The text, parsed.
    pub(crate) dockerfile: Dockerfile,
    /// Why each vertex is what it is.
    pub(crate) verdicts: Vec<Verdict>,
}

impl Finished {
    /// Runs a build in a fork of the cache.
    #[inline(never)]
    pub(crate) fn run(workspace: &Workspace, cache: &Cache, world: &dyn World, order: Order) -> Self {
        let report = Build::new(options(workspace, order), cache, world).finish();
        let dockerfile = parse(workspace.dockerfile_text().unwrap_or_default()).value;
        let verdicts = why::judge(&report, cache, DIFFS);
        Self { workspace: workspace.clone(), before: cache.clone(), report, dockerfile, verdicts }
    }

    /// The part of the catalogue that has to be loaded before this build can be done.
    pub(crate) fn missing_asset(&self) -> Option<&str> {
        match &self.report.result {
            Err(error) => match &error.kind {
                BuildErrorKind::NotLoaded { asset } => Some(asset),
                _ => None,
            },
            Ok(_) => None,
        }
    }

    /// What a command would find right behind an instruction, by its row.
    pub(crate) fn surroundings(&self, row: u32, world: &dyn World) -> Option<Surroundings> {
        let range = self.report.graph.rows.get(row as usize)?.range;
        let options = options(&self.workspace, Order { number: 0, no_cache: false });
        let options = PlanOptions {
            target: options.target.as_deref(),
            build_args: &options.build_args,
            labels: &[],
            no_cache: &NoCache::None,
            platform: &options.platform,
            ignore_fault: None,
        };
        surroundings(&self.dockerfile, options, world, range)
    }

    /// The same build with the diffs of all changed files.
    pub(crate) fn in_full(&self) -> Self {
        Self { verdicts: why::judge(&self.report, &self.before, usize::MAX), ..self.clone() }
    }

    /// Steps that hit, and steps in all.
    pub(crate) fn score(&self) -> (u32, u32) {
        rows::score(&rows::rows(self))
    }
}

/// What can be said while a part of the catalogue is missing: nothing.
pub(crate) fn waiting() -> BuildView {
    BuildView { empty: false, waiting: true, ..nothing() }
}

/// What there is to say of an empty Dockerfile: nothing.
pub(crate) fn nothing() -> BuildView {
    BuildView {
        number: None,
        builder: Builder::Buildkit,
        empty: true,
        steps: Vec::new(),
        totals: crate::protocol::Totals::default(),
        diagnostics: Vec::new(),
        error: None,
        log: Vec::new(),
        image_id: None,
        manifest_digest: None,
        waiting: false,
        recorded: None,
    }
}

fn options(workspace: &Workspace, order: Order) -> BuildOptions {
    let Settings { target, build_args, labels, no_cache, no_cache_stages, .. } = &workspace.settings;
    let text = workspace.dockerfile_text().unwrap_or_default();
    let mut options = BuildOptions::new(text, workspace.tree.clone());
    options.build = BuildId(order.number);
    options.dockerfile_name = workspace.dockerfile().to_owned();
    options.target = (!target.is_empty()).then(|| target.clone());
    // A name alone takes its value from the environment of the client, of which there is none: it is not given at all.
    options.build_args = pairs(build_args.iter().filter(|argument| argument.contains('=')));
    options.labels = pairs(labels.iter());
    options.no_cache = match (order.no_cache || *no_cache, no_cache_stages.as_slice()) {
        (true, _) => NoCache::All,
        (false, []) => NoCache::None,
        (false, stages) => NoCache::Stages(stages.to_vec()),
    };
    options.builder = match workspace.settings.builder {
        Builder::Buildkit => BuilderKind::BuildKit,
        Builder::Classic => classic::builder(),
    };
    options
}

fn pairs<'a>(list: impl Iterator<Item = &'a String>) -> Vec<(String, String)> {
    let pair = |text: &String| {
        let (name, value) = text.split_once('=').unwrap_or((text, ""));
        (name.to_owned(), value.to_owned())
    };
    list.map(pair).collect()
}
