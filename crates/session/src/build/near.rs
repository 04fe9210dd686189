//! Near misses: what changed and does not matter to a step.

use super::Finished;
use super::rows::RowState;
use crate::protocol::{FileChange, NearMiss, State};
use crate::why::Verdict;
use lab_engine::cache::{KeyRule, SourceKey, SourceOrigin, StepKind};
use lab_engine::dockerfile::InstructionKind;
use lab_engine::solver::VertexReport;
use lab_engine::vfs::path;

/// The most near misses of a row.
const MOST: usize = 5;

/// A change since the build that the workspace stands on.
#[derive(Clone, Debug)]
pub(crate) struct Edited {
    /// The path in the context.
    pub(crate) path: String,
    /// How it changed; `None` for a file that is gone.
    pub(crate) change: Option<FileChange>,
    /// Whether the .dockerignore hides it.
    pub(crate) ignored: bool,
}

/// What did not matter to a step that hit. `env` holds the lines of changed `ENV`s with the names that they set.
pub(super) fn near_misses(
    build: &Finished,
    row: &RowState,
    vertex: &VertexReport,
    verdict: &Verdict,
    edited: &[Edited],
    env: &[(u32, String)],
) -> Vec<NearMiss> {
    let mut found = Vec::new();
    let Some(parts) = vertex.parts.as_ref().filter(|_| row.state == State::Hit) else { return found };
    if row.held {
        found.push(NearMiss::Held);
    }
    found.extend(verdict.touched.iter().take(MOST).map(|path| NearMiss::Touched { path: path.clone() }));
    let from_context = |source: &&SourceKey| source.origin == SourceOrigin::Context;
    let contexts: Vec<&SourceKey> = parts.sources.iter().filter(from_context).collect();
    let dockerfile = build.workspace.dockerfile();
    let counts = |edit: &&Edited| edit.path != dockerfile && edit.change != Some(FileChange::Touched);
    for edit in edited.iter().filter(counts).filter(|_| !contexts.is_empty()) {
        let path = edit.path.clone();
        if edit.ignored {
            found.push(NearMiss::Ignored { path });
        } else if !contexts.iter().any(|source| matches(source, &edit.path)) {
            found.push(NearMiss::NotMatched { path });
        }
    }
    if parts.kind != StepKind::Run && parts.kind != StepKind::From && parts.rule == KeyRule::BuildKit {
        let above = env.iter().filter(|(line, _)| *line < row.line);
        found.extend(above.map(|(_, name)| NearMiss::EnvNotUsed { name: name.clone() }));
    }
    found.truncate(MOST);
    found
}

fn matches(source: &SourceKey, name: &str) -> bool {
    source.matches.iter().any(|(place, _)| path::is_within(&format!("/{name}"), place))
}

/// The variables that an `ENV` gives another value than in a former build, with the line of the instruction.
pub(super) fn changed_env(before: &Finished, now: &Finished) -> Vec<(u32, String)> {
    let definitions = |build: &Finished| -> Vec<(u32, String, String)> {
        let mut list = Vec::new();
        for instruction in build.dockerfile.instructions() {
            if let InstructionKind::Env(pairs) = &instruction.kind {
                let line = instruction.start_line.saturating_sub(1);
                list.extend(pairs.iter().map(|pair| (line, pair.name.clone(), pair.value.clone())));
            }
        }
        list
    };
    let old = lab_engine::order::set(definitions(before).into_iter().map(|(_, name, value)| (name, value)));
    let new = definitions(now).into_iter();
    new.filter(|(_, name, value)| !old.contains(&(name.clone(), value.clone())))
        .map(|(line, name, _)| (line, name))
        .collect()
}
