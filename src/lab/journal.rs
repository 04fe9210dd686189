//! What must not be lost when the worker goes: the last saved project and the requests since then.

use super::sealed;
use super::store::Written;
use lab_session::protocol::{Envelope, LayerInput, Project, ProjectBuild, Request};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

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
    /// When this was written, in milliseconds; of two the later one is what a person did last.
    pub written: f64,
    /// The seal under which the files of the project are stored, which are not in it then.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub files_seal: String,
    /// The layers of its loaded images by their seals; `project` names them by these alone. They are large and never
    /// change, so they are stored apart, once.
    #[serde(skip)]
    pub layers: BTreeMap<String, Rc<LayerInput>>,
    /// The files that the project began with as they are written: the most of it, and always the same.
    #[serde(skip)]
    files: Option<Rc<FilesText>>,
}

/// The first files of a project as JSON.
#[derive(Debug, PartialEq)]
pub(crate) struct FilesText {
    /// The list.
    pub text: String,
    /// Of their length and their bytes; of few there is none, and they stay in the project.
    pub seal: Option<String>,
}

/// Files that are longer as JSON have a record of their own: to write them with every change would hold up the page.
const MOST_IN_PROJECT: usize = 32_000;

impl FilesText {
    fn of(project: &Project) -> Result<Self, serde_json::Error> {
        let text = serde_json::to_string(&project.files)?;
        let is_long = text.len() > MOST_IN_PROJECT;
        let seal = is_long.then(|| format!("files-{}-{:016x}", text.len(), sealed::number(text.as_bytes())));
        Ok(Self { text, seal })
    }
}

/// A list of files that was left out. Quotes within a text of JSON are escaped, so the first place is the list itself.
const NO_FILES: &str = r#""files":[]"#;

impl Journal {
    /// The same with its files and the layers of its images in the project.
    pub(crate) fn in_one(&self) -> Self {
        Self { project: self.whole(), files_seal: String::new(), ..self.clone() }
    }

    /// Writes a request down, if it changes something. Of a run of edits of one file the last is enough.
    pub(crate) fn record(&mut self, envelope: &Envelope) {
        if let Request::Open { project } = &envelope.request {
            if project.images.is_empty() && self.layers.is_empty() {
                self.project = project.clone();
            } else {
                self.take(project.clone(), Vec::new());
            }
            self.files = None;
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

    /// Takes a project, and puts its layers apart.
    #[inline(never)]
    fn take(&mut self, mut project: Project, mut layers: Vec<LayerInput>) {
        let mut known = std::mem::take(&mut self.layers);
        for layer in project.images.iter_mut().flat_map(|image| &mut image.layers) {
            if !layer.entries.is_empty() && !layer.seal.is_empty() {
                layers.push(layer.clone());
                layer.entries = Vec::new();
            }
        }
        known.extend(layers.into_iter().map(|layer| (layer.seal.clone(), Rc::new(layer))));
        self.project = project;
        let needed: BTreeSet<&str> = seals(&self.project).collect();
        known.retain(|seal, _| needed.contains(seal.as_str()));
        self.layers = known;
    }

    /// All but the layers as JSON, written at a time in milliseconds; without the files if they have a seal and
    /// `is_apart` finds that it will do.
    #[inline(never)]
    pub(crate) fn text(
        &mut self,
        written: f64,
        is_apart: impl Fn(&str) -> bool,
    ) -> Result<(String, Rc<FilesText>), serde_json::Error> {
        self.written = written;
        let files = match &self.files {
            Some(files) => files.clone(),
            None => self.files.insert(Rc::new(FilesText::of(&self.project)?)).clone(),
        };
        self.files_seal = files.seal.clone().filter(|seal| is_apart(seal)).unwrap_or_default();
        let list = std::mem::take(&mut self.project.files);
        let rest = serde_json::to_string(self);
        self.project.files = list;
        let rest = rest?;
        if !self.files_seal.is_empty() {
            return Ok((rest, files));
        }
        let (before, after) = rest.split_once(NO_FILES).unwrap_or((&rest, ""));
        Ok(([before, r#""files":"#, &files.text, after].concat(), files))
    }

    /// Whether something would be lost with it: what came from no example is a person's from the start.
    pub(crate) fn is_work(&self) -> bool {
        self.is_changed() || (self.project.name.is_empty() && !self.project.files.is_empty())
    }

    /// Whether a person did anything to what it began as.
    pub(crate) fn is_changed(&self) -> bool {
        let project = &self.project;
        let is_edited = |build: &ProjectBuild| !build.edits.is_empty() || build.record.is_some();
        !self.requests.is_empty()
            || !project.draft.is_empty()
            || !project.images.is_empty()
            || project.builds.len() > 1
            || project.builds.iter().any(is_edited)
    }

    /// What is stored of it, by its text.
    pub(super) fn with_text(&self, text: String, files: Rc<FilesText>) -> Written {
        let made = self.requests.iter().filter(|envelope| matches!(envelope.request, Request::Build { .. }));
        let builds = (self.project.builds.len() + made.count()) as u32;
        let work = self.is_work();
        let (at, name) = (self.written, self.project.name.clone());
        Written { text, files, layers: self.layers.clone(), at, name, builds, work }
    }

    /// The project with the layers of its images.
    fn whole(&self) -> Project {
        let mut project = self.project.clone();
        for layer in project.images.iter_mut().flat_map(|image| &mut image.layers) {
            if let Some(kept) = self.layers.get(&layer.seal) {
                layer.entries.clone_from(&kept.entries);
            }
        }
        project
    }

    /// Crosses out those of these requests that are builds, or the log of one: they can be asked for again.
    pub(crate) fn forget_builds(&mut self, generations: &[u32]) {
        let is_build =
            |request: &Request| matches!(request, Request::Build { .. } | Request::AddRecord { .. });
        self.requests
            .retain(|envelope| !generations.contains(&envelope.generation) || !is_build(&envelope.request));
    }

    /// Takes a project that covers all requests with a generation below `generation`; without its first files, and with
    /// layers that are new in it.
    pub(crate) fn saved(&mut self, mut project: Project, layers: Vec<LayerInput>, generation: u32) {
        project.files = std::mem::take(&mut self.project.files);
        self.take(project, layers);
        self.requests.retain(|envelope| envelope.generation >= generation);
    }

    /// The requests that bring a new worker to the same workspace: no preview but after the last one, and not even
    /// there when `quiet`.
    pub(crate) fn replay(&self, quiet: bool) -> Vec<(Request, f64, bool)> {
        let open = (Request::Open { project: self.whole() }, self.project.draft_at, self.requests.is_empty());
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

/// The seals of the layers that a project needs.
pub(crate) fn seals(project: &Project) -> impl Iterator<Item = &str> {
    project.images.iter().flat_map(|image| &image.layers).map(|layer| layer.seal.as_str())
}

/// Leaves the builds of a project out, and what they stood on as it is: the edits that led to it become the draft.
pub(crate) fn leave_out_builds(project: &mut Project) {
    let mut at = project.head.take();
    let builds = std::mem::take(&mut project.builds);
    // What is there is there from the first of the next builds on.
    project.images.retain(|image| image.until.is_none());
    project.images.iter_mut().for_each(|image| image.after = 0);
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
