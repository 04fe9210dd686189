//! Why a step hit or missed: every vertex of a build held against the records of the builds before it.
//!
//! Takes the report of a build and the cache as it was before; gives a [`Verdict`] for each vertex. A step *follows* when
//! the one it builds on was run again and everything else in its key equals a record; it is a *miss* when it has a cause
//! of its own. It compares keys and never runs anything; `remedy` does.

mod causes;
mod diff;
mod files;
mod nearest;
mod parts;

use crate::protocol::{Cause, KeyPart, State};
use causes::Reasoning;
use files::FileChanges;
use lab_engine::cache::{Cache, Record};
use lab_engine::graph::VertexId;
use lab_engine::solver::{BuildReport, VertexReport, VertexStatus};
use std::sync::Arc;

/// What is to be said about a vertex.
#[derive(Clone, Debug)]
pub(crate) struct Verdict {
    /// `Hit`, `Miss`, `Follows`, `Failed` or `NotRun`.
    pub(crate) state: State,
    /// The vertex with the root cause, for one that follows.
    pub(crate) root: Option<VertexId>,
    /// Whether something that it takes was run again and it hit all the same.
    pub(crate) held: bool,
    /// The record that it hit, or the nearest one that it missed.
    pub(crate) record: Option<Arc<Record>>,
    /// Why it missed, the most telling first; [`Reason::Parent`] is drawn by row.
    pub(crate) reasons: Vec<Reason>,
    /// Matched files that only have another time than in the record.
    pub(crate) touched: Vec<String>,
    /// How many files it matches.
    pub(crate) matched: u32,
}

/// A cause, or the vertex above as one.
#[derive(Clone, Debug)]
pub(crate) enum Reason {
    /// Finished.
    Cause(Cause),
    /// The root cause of the step above, which was run again.
    Parent(VertexId),
}

/// Judges all vertices of a build, in their order. At most `diffs` changed files of each are compared by lines.
pub(crate) fn judge(report: &BuildReport, before: &Cache, diffs: usize) -> Vec<Verdict> {
    let mut verdicts: Vec<Verdict> = Vec::with_capacity(report.vertices.len());
    for vertex in &report.vertices {
        let verdict = Reasoning { report, before, diffs, verdicts: &verdicts }.verdict(vertex);
        verdicts.push(verdict);
    }
    verdicts
}

/// The key of a vertex part by part, beside that of the record in its verdict.
pub(crate) fn key_parts(vertex: &VertexReport, verdict: &Verdict) -> Vec<KeyPart> {
    let Some(now) = &vertex.parts else { return Vec::new() };
    parts::table(verdict.record.as_ref().map(|record| &record.parts), now)
}

impl Verdict {
    fn new(state: State) -> Self {
        Self {
            state,
            root: None,
            held: false,
            record: None,
            reasons: Vec::new(),
            touched: Vec::new(),
            matched: 0,
        }
    }

    /// Whether the step had to be run.
    fn was_run(&self) -> bool {
        !matches!(self.state, State::Hit | State::Meta)
    }
}

/// Whether the vertex was taken from the cache, run, or neither.
fn has_run(status: VertexStatus) -> bool {
    matches!(status, VertexStatus::Done | VertexStatus::Error)
}

/// The files that only have another time than in the record that was hit.
fn touched(vertex: &VertexReport, record: &Record) -> Vec<String> {
    let Some(parts) = &vertex.parts else { return Vec::new() };
    FileChanges::between(&record.parts.sources, &parts.sources, 0).touched
}

/// Whether a vertex fetches a base image: what that would cost is no saving of the cache.
pub(crate) fn is_pull(vertex: &VertexReport) -> bool {
    vertex.parts.as_ref().is_some_and(|parts| parts.kind == lab_engine::cache::StepKind::From)
}
