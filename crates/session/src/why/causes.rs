//! The reasoning about one vertex.

use super::files::FileChanges;
use super::nearest::{Kinship, Nearest, find};
use super::{Reason, Verdict, has_run, parts, touched};
use crate::protocol::{Cause, State};
use lab_engine::cache::{Cache, KeyParts, Record, SourceOrigin};
use lab_engine::graph::VertexId;
use lab_engine::solver::{BuildReport, VertexReport, VertexStatus};
use std::sync::Arc;

/// What is known when a vertex is judged: the build, the cache before it, the verdicts on all its inputs.
pub(super) struct Reasoning<'a> {
    pub(super) report: &'a BuildReport,
    pub(super) before: &'a Cache,
    pub(super) diffs: usize,
    pub(super) verdicts: &'a [Verdict],
}

impl Reasoning<'_> {
    /// The verdict on the next vertex.
    pub(super) fn verdict(&self, vertex: &VertexReport) -> Verdict {
        let mut verdict = match (vertex.status, &vertex.parts) {
            (VertexStatus::Cached, _) => self.hit(vertex),
            (status, Some(parts)) if has_run(status) => self.run(vertex, parts),
            _ => Verdict::new(State::NotRun),
        };
        if vertex.status == VertexStatus::Error {
            verdict.state = State::Failed;
        }
        let sources = vertex.parts.iter().flat_map(|parts| {
            parts.sources.iter().chain(parts.mounts.iter().filter_map(|mount| mount.source.as_ref()))
        });
        verdict.matched = sources.map(|source| source.files).sum();
        verdict
    }

    fn hit(&self, vertex: &VertexReport) -> Verdict {
        let mut verdict = Verdict::new(State::Hit);
        verdict.held =
            self.inputs(vertex.id).any(|input| self.verdict_on(input).is_some_and(Verdict::was_run));
        if let Some(record) = &vertex.record {
            verdict.touched = touched(vertex, record);
            verdict.record = Some(record.clone());
        }
        verdict
    }

    fn run(&self, vertex: &VertexReport, now: &KeyParts) -> Verdict {
        let mut verdict = Verdict::new(State::Miss);
        let above = self.above(vertex.id, now);
        let parent_root = above.and_then(|above| self.root_of(above));
        let previous = above.and_then(|above| self.verdict_on(above)?.record.clone());
        let instructions = self.other_instructions(vertex);
        let parent_missed = parent_root.is_some();
        let wanted =
            Nearest { parts: now, parent_missed, previous: previous.as_deref(), others: &instructions };
        let found = find(self.before, &wanted);
        if self.report.graph.vertex(vertex.id).ignore_cache {
            verdict.reasons.push(Reason::Cause(Cause::NoCache));
        } else if vertex.key.is_some_and(|key| self.before.was_pruned(key)) {
            verdict.reasons.push(Reason::Cause(Cause::Pruned));
        }
        let is_decided = !verdict.reasons.is_empty();
        let Some((record, kinship)) = found else {
            if !is_decided {
                verdict.reasons.push(Reason::Cause(Cause::NoRecord));
            }
            return verdict;
        };
        let files = FileChanges::between(&record.parts.sources, &now.sources, self.diffs);
        verdict.touched.clone_from(&files.touched);
        let own = parts::own_causes(&record.parts, now, files);
        let comes_from =
            if is_decided { None } else { self.follows(vertex.id, now, &record, &own, parent_root) };
        if let Some(root) = comes_from {
            verdict.state = State::Follows;
            verdict.root = Some(root);
        }
        verdict.reasons.extend(own.into_iter().map(Reason::Cause));
        match parent_root {
            Some(root) if record.parts.parent != now.parent => verdict.reasons.push(Reason::Parent(root)),
            None if kinship != Kinship::Sibling && record.parts.parent != now.parent && !is_decided => {
                verdict.reasons.push(Reason::Cause(Cause::Moved { after: self.instruction_above(above) }));
            }
            _ => {}
        }
        if verdict.reasons.is_empty() {
            if let Some(root) = comes_from {
                verdict.reasons.push(Reason::Parent(root));
            } else {
                verdict.reasons.push(Reason::Cause(Cause::NoRecord));
            }
        }
        verdict.record = Some(record);
        verdict
    }

    /// The root cause that a vertex follows, if it has none of its own.
    ///
    /// Files of another stage that came out otherwise because that stage was run again are no cause of its own.
    fn follows(
        &self,
        id: VertexId,
        now: &KeyParts,
        record: &Arc<Record>,
        own: &[Cause],
        parent_root: Option<VertexId>,
    ) -> Option<VertexId> {
        if own.is_empty() {
            let linked = || self.inputs(id).find_map(|input| self.root_of(input));
            return parent_root.or_else(linked);
        }
        let is_of_files = |cause: &Cause| {
            matches!(
                cause,
                Cause::FileChanged { .. }
                    | Cause::FileAdded { .. }
                    | Cause::FileRemoved { .. }
                    | Cause::FileMode { .. }
            )
        };
        let changed_sources = now.sources.iter().enumerate().filter(|(at, source)| {
            record.parts.sources.get(*at).is_none_or(|old| old.digest != source.digest)
        });
        let from_stages = changed_sources
            .map(|(_, source)| &source.origin)
            .all(|origin| matches!(origin, SourceOrigin::Stage(_)));
        if !(own.iter().all(is_of_files) && from_stages) {
            return None;
        }
        let skip = usize::from(now.parent.is_some());
        let inputs = &self.report.graph.vertex(id).inputs;
        parent_root.or_else(|| inputs.iter().skip(skip).find_map(|input| self.root_of(*input)))
    }

    fn inputs(&self, id: VertexId) -> impl Iterator<Item = VertexId> {
        self.report.graph.vertex(id).inputs.iter().copied()
    }

    /// The vertex above, in the same stage or at the end of the stage that it begins with.
    fn above(&self, id: VertexId, now: &KeyParts) -> Option<VertexId> {
        now.parent?;
        self.inputs(id).next()
    }

    fn verdict_on(&self, id: VertexId) -> Option<&Verdict> {
        self.verdicts.get(id.0 as usize)
    }

    /// The root cause of a vertex that was run; `None` for one that hit.
    fn root_of(&self, id: VertexId) -> Option<VertexId> {
        let verdict = self.verdict_on(id)?;
        verdict.was_run().then(|| verdict.root.unwrap_or(id))
    }

    fn instruction_above(&self, above: Option<VertexId>) -> String {
        above
            .and_then(|above| self.report.graph.row_of(above))
            .map_or_else(String::new, |row| row.text.clone())
    }

    /// The keys of all other vertices of the build: what they do was not edited away.
    fn other_instructions(&self, vertex: &VertexReport) -> Vec<&KeyParts> {
        let others = self.report.vertices.iter().filter(|other| other.id != vertex.id);
        others.filter_map(|other| other.parts.as_ref()).collect()
    }
}
