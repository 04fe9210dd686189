//! Remedies: what can be done about a miss, each tried out as a build in a fork.

use super::Session;
use super::edits::revert_file;
use crate::advice::{Proposal, proposals};
use crate::build::{Finished, Order, seconds};
use crate::protocol::{Cause, Remedy, Why};
use crate::workspace::{Workspace, write_text};
use lab_engine::cache::Cache;
use lab_engine::digest::Digest;
use lab_engine::vfs::{Metadata, Node};

/// The most files whose reverting is tried.
const MOST_FILES: usize = 3;
/// Less than this many seconds is no reason to change a Dockerfile.
const WORTH: f64 = 0.1;

impl Session {
    /// What helps against the causes of a miss at a row of the preview: another order of the Dockerfile first, then what
    /// takes the causes back, the most hits first; nothing that does not help.
    #[inline(never)]
    pub(super) fn remedies(&self, finished: &Finished, (row, why): (u32, &Why), now: i64) -> Vec<Remedy> {
        let Some(build) = why.against else { return Vec::new() };
        let Ok(entry) = self.entry(build) else { return Vec::new() };
        let old = &entry.workspace;
        let (hits_now, _) = finished.score();
        let mut found = Vec::new();
        let dockerfile = finished.workspace.dockerfile().to_owned();
        let tried = |path: &str| -> Option<(u32, u32)> {
            let mut workspace = finished.workspace.clone();
            revert_file(&mut workspace, old, path, now).ok()?;
            let score = self.try_out(&workspace, now)?;
            (score.0 > hits_now).then_some(score)
        };
        let files = why.causes.iter().filter_map(path_of).filter(|path| *path != dockerfile);
        for path in files.take(MOST_FILES) {
            if let Some((hits, steps)) = tried(path) {
                found.push(Remedy::RevertFile { path: path.to_owned(), build, hits, steps });
            }
        }
        if finished.workspace.dockerfile_text() != old.dockerfile_text()
            && let Some((hits, steps)) = tried(&dockerfile)
        {
            found.push(Remedy::RevertDockerfile { build, hits, steps });
        }
        lab_engine::order::sort_by_key(&mut found, |remedy| match remedy {
            Remedy::RevertFile { hits, .. }
            | Remedy::RevertDockerfile { hits, .. }
            | Remedy::Reorder { hits, .. } => std::cmp::Reverse(*hits),
        });
        if why.causes.iter().any(|cause| path_of(cause).is_some_and(|path| path != dockerfile)) {
            let better = self.reorder(finished, row, old, now);
            found.splice(..0, better);
        }
        found
    }

    /// Another order of the Dockerfile in which the same edit costs less: the one that costs least.
    #[inline(never)]
    fn reorder(&self, finished: &Finished, row: u32, old: &Workspace, now: i64) -> Option<Remedy> {
        let is_better = |one: &Measured, than: &Measured| {
            (one.seconds, than.hits * one.steps) < (than.seconds, one.hits * than.steps)
        };
        let as_it_is = self.measure(finished, old, finished.workspace.dockerfile_text()?, now)?;
        let mut best: Option<(Proposal, Measured)> = None;
        for proposal in proposals(finished, row) {
            let Some(measured) = self.measure(finished, old, &proposal.text, now) else { continue };
            let helps = measured.seconds + WORTH < as_it_is.seconds
                || !proposal.is_known && is_better(&measured, &as_it_is);
            if helps
                && is_the_same(&measured.build, &as_it_is.build)
                && best.as_ref().is_none_or(|(_, best)| is_better(&measured, best))
            {
                best = Some((proposal, measured));
            }
        }
        let (proposal, measured) = best?;
        Some(Remedy::Reorder {
            text: proposal.text,
            files: proposal.files,
            run: proposal.run,
            before: seconds(as_it_is.seconds),
            after: seconds(measured.seconds),
            hits: measured.hits,
            steps: measured.steps,
            known: proposal.is_known,
        })
    }

    /// What the edit from an old workspace to that of a build costs where the Dockerfile has this text: both are built.
    fn measure(&self, finished: &Finished, old: &Workspace, text: &str, now: i64) -> Option<Measured> {
        let with_text = |workspace: &Workspace| {
            let mut workspace = workspace.clone();
            let dockerfile = finished.workspace.dockerfile();
            write_text(&mut workspace.tree, dockerfile, text, now).ok()?;
            workspace.settings = finished.workspace.settings.clone();
            Some(workspace)
        };
        let first = self.fork(&with_text(old)?, &self.cache, now)?;
        let build = self.fork(&with_text(&finished.workspace)?, &first.report.cache, now)?;
        build.report.result.as_ref().ok()?;
        let (hits, steps) = build.score();
        Some(Measured { hits, steps, seconds: build.report.seconds, build })
    }

    /// Hits and steps of a build of another workspace.
    fn try_out(&self, workspace: &Workspace, now: i64) -> Option<(u32, u32)> {
        self.fork(workspace, &self.cache, now).map(|finished| finished.score())
    }

    /// A build of another workspace.
    fn fork(&self, workspace: &Workspace, cache: &Cache, now: i64) -> Option<Finished> {
        let world = self.world_now(now);
        let order = Order { number: self.entries.len() as u32 + 1, no_cache: false };
        let finished = Finished::run(workspace, cache, &world, order);
        finished.missing_asset().is_none().then_some(finished)
    }
}

/// A build that was made to see what it costs.
struct Measured {
    hits: u32,
    steps: u32,
    seconds: f64,
    build: Finished,
}

/// Whether two builds make images with the same files (times apart) that start in the same way.
fn is_the_same(one: &Finished, other: &Finished) -> bool {
    let (Ok(made), Ok(also)) = (&one.report.result, &other.report.result) else { return false };
    let text = |build: &Finished| {
        let place = format!("/{}", build.workspace.dockerfile());
        Some(build.workspace.tree.entry(&place)?.as_file()?.content.digest())
    };
    let same = Same { dockerfiles: text(one).zip(text(other)) };
    made.config.config == also.config.config && same.nodes(made.tree.root_node(), also.tree.root_node())
}

/// A comparison of files in which a Dockerfile that was copied along counts as the other one.
struct Same {
    dockerfiles: Option<(Digest, Digest)>,
}

impl Same {
    fn nodes(&self, one: &Node, other: &Node) -> bool {
        if one.content_digest() == other.content_digest() {
            return true;
        }
        let head = |node: &Node| {
            let Metadata { mode, uid, gid, .. } = *node.metadata();
            (mode, uid, gid)
        };
        let is_same = match (one, other) {
            (Node::Directory(one), Node::Directory(other)) => {
                one.differences(other).all(|pair| match (pair.old, pair.new) {
                    (Some(one), Some(other)) => self.nodes(one, other),
                    _ => false,
                })
            }
            (Node::File(one), Node::File(other)) => {
                Some((one.content.digest(), other.content.digest())) == self.dockerfiles
            }
            _ => false,
        };
        is_same && head(one) == head(other)
    }
}

/// The file of the context that a cause is about.
fn path_of(cause: &Cause) -> Option<&str> {
    match cause {
        Cause::FileChanged { path, .. }
        | Cause::FileAdded { path, .. }
        | Cause::FileRemoved { path }
        | Cause::FileMode { path, .. } => Some(path),
        _ => None,
    }
}
