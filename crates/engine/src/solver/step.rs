//! What a step works with, and how it ends.

use super::report::BuildErrorKind;
use crate::cache::{CommandNote, LogLine, Snapshot};
use crate::case::Case;
use crate::graph::{Source, VertexId};
use crate::shell::Scene;
use crate::vfs::{Content, Metadata, Node, Tree};
use crate::world::{NotLoaded, World};
use std::sync::Arc;

/// Everything that steps take from.
pub(super) struct Inputs<'a> {
    pub(super) world: &'a dyn World,
    /// The build context, filtered.
    pub(super) context: &'a Tree,
    /// The results so far, by vertex.
    pub(super) snapshots: &'a [Option<Snapshot>],
    /// The time that layers are cut at, if the exporter rewrites times.
    pub(super) epoch: Option<i64>,
    /// `--secret`.
    pub(super) secrets: &'a [(String, Vec<u8>)],
}

/// What a step made.
#[derive(Debug, Default)]
pub(super) struct Made {
    pub(super) tree: Tree,
    pub(super) log: Vec<LogLine>,
    pub(super) commands: Vec<CommandNote>,
    /// Modelled seconds.
    pub(super) seconds: f64,
}

/// Why a step failed.
#[derive(Clone, Debug)]
pub(super) struct StepError {
    pub(super) kind: BuildErrorKind,
    /// BuildKit's text at the step.
    pub(super) message: String,
    /// What BuildKit puts in front of it at the end of the build.
    pub(super) prefix: &'static str,
    /// What a command did before it failed.
    pub(super) attempt: Option<Box<Attempt>>,
    /// Whether it happened before the step began: BuildKit makes the files that stand in the Dockerfile in a step of
    /// their own, which has no place in the text.
    pub(super) is_early: bool,
}

/// What a command did before it failed.
#[derive(Clone, Debug, Default)]
pub(super) struct Attempt {
    pub(super) exit_code: Option<u32>,
    pub(super) log: Vec<LogLine>,
    pub(super) commands: Vec<CommandNote>,
    pub(super) seconds: f64,
    pub(super) failed: Option<Arc<FailedRun>>,
}

/// A `RUN` that failed, to be looked at.
#[derive(Clone, Debug)]
pub struct FailedRun {
    /// What it was given.
    pub scene: Scene,
    /// The number of the command that failed among those of its shell, as [`crate::shell::LiveShell::open_before`] takes it.
    pub command: u64,
}

impl StepError {
    pub(super) fn new(kind: BuildErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), prefix: "", attempt: None, is_early: false }
    }

    pub(super) fn step(message: impl Into<String>) -> Self {
        Self::new(BuildErrorKind::Step, message)
    }
}

impl From<NotLoaded> for StepError {
    fn from(missing: NotLoaded) -> Self {
        let message = format!("the catalogue part {} is not loaded yet", missing.asset);
        Self::new(BuildErrorKind::NotLoaded { asset: missing.asset }, message)
    }
}

impl Inputs<'_> {
    /// The files of a vertex that ran; nothing for none.
    pub(super) fn tree_of(&self, vertex: Option<VertexId>) -> Tree {
        self.snapshot_of(vertex).map(|snapshot| snapshot.tree.clone()).unwrap_or_default()
    }

    pub(super) fn snapshot_of(&self, vertex: Option<VertexId>) -> Option<&Snapshot> {
        self.snapshots.get(vertex?.0 as usize)?.as_ref()
    }

    /// The files of a source.
    pub(super) fn source_tree(&self, source: &Source) -> Result<Tree, StepError> {
        Ok(match source {
            Source::Context => self.context.clone(),
            Source::Vertex { vertex, .. } => self.tree_of(Some(*vertex)),
            Source::Empty => Tree::new(),
            Source::Remote(remote) => super::remote::tree(remote, self.world)?,
            Source::Inline { name, data, mode } => {
                let now = self.world.now();
                let mut tree = Tree::with_root(Metadata::new(0o755, now));
                let file = Node::file(Metadata::new(*mode, now), Content::from(&**data));
                let place = format!("/{name}");
                tree.put(&place, file, now).map_err(|error| {
                    let message = format!("open {place}: {}", error.kind.message().lower());
                    StepError { is_early: true, ..StepError::step(message) }
                })?;
                tree
            }
        })
    }
}
