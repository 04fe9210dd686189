//! What must not be lost when the worker goes: the last saved project and the requests since then.

use lab_session::protocol::{Envelope, Project, Request};
use serde::{Deserialize, Serialize};

/// A project and the requests that came after it was saved.
///
/// Opening the project and sending the requests again gives the workspace as it was.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Journal {
    /// The project, as the session saved it last.
    pub project: Project,
    /// The changes since then, oldest first.
    pub requests: Vec<Envelope>,
}

impl Journal {
    /// Writes a request down, if it changes something. Of a run of edits of one file the last is enough.
    pub(crate) fn record(&mut self, envelope: &Envelope) {
        if let Request::Open { project } = &envelope.request {
            self.project = project.clone();
            self.requests.clear();
            return;
        }
        if !envelope.request.changes_project() {
            return;
        }
        if let (Some(last), Request::EditFile { path, .. }) = (self.requests.last_mut(), &envelope.request)
            && matches!(&last.request, Request::EditFile { path: before, .. } if before == path)
        {
            *last = envelope.clone();
            return;
        }
        self.requests.push(envelope.clone());
    }

    /// Crosses out those of these requests that are builds.
    pub(crate) fn forget_builds(&mut self, generations: &[u32]) {
        self.requests.retain(|envelope| {
            !generations.contains(&envelope.generation) || !matches!(envelope.request, Request::Build { .. })
        });
    }

    /// Takes a project that covers all requests with a generation below `generation`.
    pub(crate) fn saved(&mut self, project: Project, generation: u32) {
        self.project = project;
        self.requests.retain(|envelope| envelope.generation >= generation);
    }

    /// The requests that bring a new worker to the same workspace: no preview but after the last one, and not even
    /// there when `quiet`.
    pub(crate) fn replay(&self, quiet: bool) -> Vec<(Request, f64, bool)> {
        let open = (
            Request::Open { project: self.project.clone() },
            self.project.draft_at,
            self.requests.is_empty(),
        );
        let last = self.requests.len().saturating_sub(1);
        let rest = self
            .requests
            .iter()
            .enumerate()
            .map(|(at, envelope)| (envelope.request.clone(), envelope.now, at == last));
        std::iter::once(open)
            .chain(rest)
            .map(|(request, now, preview)| (request, now, preview && !quiet))
            .collect()
    }
}

/// Leaves the builds of a project out, and what they stood on as it is: the edits that led to it become the draft.
pub(crate) fn leave_out_builds(project: &mut Project) {
    let mut at = project.head.take();
    let builds = std::mem::take(&mut project.builds);
    // A parent comes before its builds; a project that says otherwise must not lead in a circle.
    let mut steps_left = builds.len();
    while let Some(number) = at.filter(|_| steps_left > 0) {
        let Some(build) = (number as usize).checked_sub(1).and_then(|index| builds.get(index)) else {
            return;
        };
        project.draft.splice(0..0, build.edits.iter().cloned());
        at = build.parent;
        steps_left -= 1;
    }
}
