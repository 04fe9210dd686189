//! Remedies: what can be done about a miss, each tried out as a build in a fork.

use super::Session;
use super::edits::revert_file;
use crate::build::{Finished, Order};
use crate::protocol::{Cause, Remedy, Why};
use crate::workspace::Workspace;

/// The most files whose reverting is tried.
const MOST_FILES: usize = 3;

impl Session {
    /// What helps against the causes of a miss in the preview, the most hits first; nothing that does not help.
    #[inline(never)]
    pub(super) fn remedies(&self, finished: &Finished, why: &Why, now: i64) -> Vec<Remedy> {
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
            Remedy::RevertFile { hits, .. } | Remedy::RevertDockerfile { hits, .. } => {
                std::cmp::Reverse(*hits)
            }
        });
        found
    }

    /// Hits and steps of a build of another workspace.
    fn try_out(&self, workspace: &Workspace, now: i64) -> Option<(u32, u32)> {
        let world = self.world_now(now);
        let order = Order { number: self.entries.len() as u32 + 1, no_cache: false };
        let finished = Finished::run(workspace, &self.cache, &world, order);
        finished.missing_asset().is_none().then(|| finished.score())
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
