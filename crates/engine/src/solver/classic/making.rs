//! One step: looked for among the images on the same image, or made.

use super::super::options::{Release, Removal};
use super::Classic;
use super::progress::Progress;
use crate::cache::{
    Container, EnvVariable, KeyParts, KeyRule, Record, RecordId, Snapshot, SourceKey, StepImage, StepKind,
};
use crate::digest::{CacheKey, Digest, Hasher};
use crate::dockerfile::step::DEFAULT_SHELL;
use crate::graph::{Operation, StageId, Vertex, VertexId, VertexKind};
use crate::layer::diff;
use crate::oci::{HistoryEntry, RuntimeConfig};
use crate::solver::event::VertexStatus;
use crate::solver::ops;
use crate::solver::report::VertexReport;
use crate::solver::step::{Inputs, Made, StepError};
use crate::world::rfc3339;
use std::sync::Arc;

/// What a step is to do.
pub(super) struct Work {
    pub(super) kind: VertexKind,
    pub(super) step: StepKind,
    pub(super) operation: Operation,
    /// The command of its container, as it is looked for and written down.
    pub(super) command: Vec<String>,
    /// Whether it runs in a container.
    pub(super) in_container: bool,
    /// The build arguments that a `RUN` is looked for with.
    pub(super) arguments: Vec<EnvVariable>,
    /// What a `COPY` takes.
    pub(super) sources: Vec<SourceKey>,
    /// Where a `COPY` puts it, as written.
    pub(super) destination: String,
    /// Flags that are in the command, as name and value.
    pub(super) options: Vec<(String, String)>,
    /// The steps that it takes files from.
    pub(super) inputs: Vec<VertexId>,
}

impl Work {
    /// What changes only the configuration, or what has the rest filled in.
    pub(super) fn new(kind: VertexKind, step: StepKind, operation: Operation, command: Vec<String>) -> Self {
        Self {
            kind,
            step,
            operation,
            command,
            in_container: true,
            arguments: Vec::new(),
            sources: Vec::new(),
            destination: String::new(),
            options: Vec::new(),
            inputs: Vec::new(),
        }
    }
}

impl Classic<'_> {
    /// The shell of the shell form.
    pub(super) fn shell(&self) -> Vec<String> {
        let shell = self.stage.config.shell.clone().filter(|shell| !shell.is_empty());
        shell.unwrap_or_else(|| DEFAULT_SHELL.map(str::to_owned).to_vec())
    }

    /// A step that changes only the configuration, which has been changed already.
    pub(super) fn commit(&mut self, comment: String) -> Result<(), StepError> {
        let mut command = self.shell();
        command.extend(["#(nop) ".to_owned(), comment]);
        self.make(Work::new(VertexKind::Configure, StepKind::Configure, Operation::Configure, command))
    }

    /// Takes a step from the cache, or does it.
    pub(super) fn make(&mut self, mut work: Work) -> Result<(), StepError> {
        let container = self.container_config(&work);
        let mut parts = self.parts(work.step, rest_of(&container));
        parts.command.clone_from(&work.command);
        parts.env = std::mem::take(&mut work.arguments);
        parts.sources = std::mem::take(&mut work.sources);
        parts.destination = std::mem::take(&mut work.destination);
        parts.options = std::mem::take(&mut work.options);
        parts.instruction = self.shown(&work.command);
        let key = parts.key();
        let id = container_id(key, self.cache.issued());
        if let Operation::Exec(exec) = &mut work.operation {
            id[..12].clone_into(&mut exec.hostname);
        }
        let vertex = self.vertex(work.kind, work.operation, work.inputs, true);
        let mut report = self.report(&vertex);
        (report.key, report.parts) = (Some(key), Some(parts.clone()));
        let looks = !self.stage.no_cache && !self.stage.missed;
        if let Some(record) = self.cache.get(key).filter(|_| looks).cloned() {
            self.hit(vertex, report, record);
            return Ok(());
        }
        self.stage.missed = true;
        if work.in_container {
            self.progress.push(Progress::Running { container: id.clone() });
        }
        let ran = if work.in_container { id } else { String::new() };
        match self.run(&vertex, &parts, key, &mut report) {
            Ok((made, snapshot)) => {
                let container = Container { id: ran.clone(), config: container };
                self.keep(vertex, report, (key, parts), (made, snapshot), container);
                self.removed(ran, self.settings.remove != Removal::Never);
                Ok(())
            }
            Err(error) => {
                (report.status, report.error) = (VertexStatus::Error, Some(error.message.clone()));
                if let Some(attempt) = &error.attempt {
                    self.printed(&attempt.log);
                    report.log.clone_from(&attempt.log);
                    report.commands.clone_from(&attempt.commands);
                    (report.seconds, report.failed) = (attempt.seconds, attempt.failed.clone());
                }
                self.finish_vertex(vertex, report, None);
                self.removed(ran, self.settings.remove == Removal::Always);
                Err(error)
            }
        }
    }

    fn hit(&mut self, vertex: Vertex, mut report: VertexReport, record: Arc<Record>) {
        self.progress.push(Progress::Cached);
        report.status = VertexStatus::Cached;
        report.commands.clone_from(&record.commands);
        report.layer = record.layer().cloned();
        let snapshot = record.snapshot.clone();
        self.stage.image.clone_from(&record.image);
        report.record = Some(record);
        self.stage.vertex = Some(self.finish_vertex(vertex, report, Some(snapshot)));
    }

    fn run(
        &mut self,
        vertex: &Vertex,
        parts: &KeyParts,
        key: CacheKey,
        report: &mut VertexReport,
    ) -> Result<(Made, Snapshot), StepError> {
        self.world.began(self.row(), &vertex.name);
        let inputs = Inputs {
            world: self.world,
            context: &self.context,
            snapshots: &self.snapshots,
            epoch: None,
            secrets: &[],
        };
        let (made, snapshot) = ops::run(vertex, parts, key, &inputs, &mut self.cache)?;
        report.status = VertexStatus::Done;
        report.seconds = made.seconds;
        report.log.clone_from(&made.log);
        report.commands.clone_from(&made.commands);
        Ok((made, snapshot))
    }

    /// Keeps what a step made: an image on the one above, with a layer if anything changed.
    fn keep(
        &mut self,
        vertex: Vertex,
        mut report: VertexReport,
        (key, parts): (CacheKey, KeyParts),
        (made, snapshot): (Made, Snapshot),
        container: Container,
    ) {
        self.printed(&made.log);
        let below = vertex.base.and_then(|base| self.snapshots[base.0 as usize].clone()).unwrap_or_default();
        let is_empty = diff(&below.tree, &snapshot.tree).is_empty();
        let snapshot = if is_empty { below } else { snapshot };
        let now = moment(self.world.now(), key, self.cache.issued());
        let mut config = self.stage.below(&self.platform);
        config.config = self.stage.config.clone();
        config.author.clone_from(&self.stage.author);
        config.created = Some(now.clone());
        config.history.push(HistoryEntry {
            created: Some(now),
            created_by: container.config.cmd.iter().flatten().cloned().collect::<Vec<_>>().join(" "),
            comment: String::new(),
            empty_layer: is_empty,
            author: self.stage.author.clone(),
        });
        let (build, created) = (self.options.build, self.world.now());
        let (line, name) = (self.here.lines.0.saturating_sub(1), vertex.name.clone());
        let told = (self.settings.release == Release::Docker20).then_some(container);
        let parent = self.stage.image.clone();
        let record = self.insert(|id| Record {
            id,
            key,
            parts,
            build,
            vertex: name,
            created,
            line,
            image: Some(Arc::new(StepImage::new(
                identity(key, id),
                parent,
                config,
                (snapshot.layers.clone(), snapshot.tree.clone()),
                told,
            ))),
            snapshot,
            has_layer: !is_empty,
            seconds: made.seconds,
            log: made.log,
            commands: made.commands,
        });
        report.layer = record.layer().cloned();
        self.stage.image.clone_from(&record.image);
        let snapshot = record.snapshot.clone();
        report.record = Some(record);
        self.stage.vertex = Some(self.finish_vertex(vertex, report, Some(snapshot)));
    }

    pub(super) fn insert(&mut self, make: impl FnOnce(RecordId) -> Record) -> Arc<Record> {
        let id = self.cache.insert(make);
        self.added.push(id);
        self.cache.record(id).cloned().unwrap_or_else(|| unreachable!("the record was added just now"))
    }

    fn printed(&mut self, log: &[crate::cache::LogLine]) {
        self.progress.extend(log.iter().cloned().map(Progress::Output));
    }

    fn removed(&mut self, container: String, is_removed: bool) {
        if is_removed && !container.is_empty() {
            self.progress.push(Progress::Removed { container });
        }
    }

    /// What the container of a step is made with.
    fn container_config(&self, work: &Work) -> RuntimeConfig {
        let mut config = self.stage.config.clone();
        let mut command = Vec::new();
        if !work.arguments.is_empty() {
            command.push(format!("|{}", work.arguments.len()));
            let pair = |variable: &EnvVariable| format!("{}={}", variable.name, variable.value);
            command.extend(work.arguments.iter().map(pair));
        }
        command.extend(work.command.iter().cloned());
        config.cmd = Some(command);
        if work.kind == VertexKind::Run {
            config.entrypoint = None;
        }
        config
    }

    /// The parts of a key, with what is said of a container besides its command.
    pub(super) fn parts(&self, kind: StepKind, container: Digest) -> KeyParts {
        let parent = self.stage.image.as_ref().map(|image| image.identity());
        KeyParts { rule: KeyRule::Classic(container), ..KeyParts::new(kind, parent) }
    }

    /// The instruction as it is shown: what is behind the shell, for one that runs nothing.
    fn shown(&self, command: &[String]) -> String {
        let words: Vec<&str> = match command.iter().position(|word| word.starts_with("#(nop) ")) {
            Some(at) => command[at..].iter().map(|word| word.trim_start_matches("#(nop) ").trim()).collect(),
            None => ["RUN"].into_iter().chain(command.iter().map(String::as_str)).collect(),
        };
        words.join(" ").trim().to_owned()
    }

    /// A vertex at the present place of the text.
    pub(super) fn vertex(
        &self,
        kind: VertexKind,
        operation: Operation,
        others: Vec<VertexId>,
        counts: bool,
    ) -> Vertex {
        let base = self.stage.vertex.filter(|_| kind != VertexKind::From);
        let row = self.graph.rows.iter().find(|row| row.range == self.here.range);
        let text = row.map_or("", |row| &row.text);
        Vertex {
            id: VertexId(self.graph.vertices.len() as u32),
            name: format!("Step {}/{} : {text}", self.here.number, self.total),
            kind,
            stage: StageId(self.done.len() as u32),
            number: if counts { self.here.number } else { 0 },
            range: self.here.range,
            lines: vec![self.here.lines],
            operation,
            base,
            inputs: base.into_iter().chain(others).collect(),
            ignore_cache: self.stage.no_cache && kind != VertexKind::From,
        }
    }

    /// The report on a vertex that has not been run.
    pub(super) fn report(&self, vertex: &Vertex) -> VertexReport {
        VertexReport {
            id: vertex.id,
            name: vertex.name.clone(),
            status: VertexStatus::NotRun,
            key: None,
            parts: None,
            record: None,
            layer: None,
            started: self.clock,
            seconds: 0.0,
            commands: Vec::new(),
            log: Vec::new(),
            error: None,
            failed: None,
        }
    }

    /// Puts a vertex with what became of it into the graph.
    pub(super) fn finish_vertex(
        &mut self,
        vertex: Vertex,
        report: VertexReport,
        snapshot: Option<Snapshot>,
    ) -> VertexId {
        let id = vertex.id;
        let row = self.graph.rows.iter_mut().find(|row| row.range == vertex.range && vertex.number > 0);
        if let Some(row) = row {
            row.vertices.push(id);
        }
        self.clock += report.seconds;
        self.graph.vertices.push(vertex);
        self.vertices.push(report);
        self.snapshots.push(snapshot);
        id
    }

    /// The place of the present row.
    pub(super) fn row(&self) -> Option<u32> {
        self.graph.rows.iter().position(|row| row.range == self.here.range).map(|at| at as u32)
    }
}

/// What the daemon compares of a container besides its command.
fn rest_of(config: &RuntimeConfig) -> Digest {
    let mut hasher = Hasher::new();
    let mut list = |items: &mut dyn Iterator<Item = &String>| {
        let items: Vec<&String> = items.collect();
        hasher.number(items.len() as u64);
        for item in items {
            hasher.field(item.as_bytes());
        }
    };
    list(&mut config.env.iter());
    list(&mut [&config.user].into_iter());
    list(&mut config.labels.iter().flat_map(|(name, value)| [name, value]));
    list(&mut config.exposed_ports.iter());
    list(&mut config.entrypoint.iter().flatten());
    list(&mut config.volumes.iter());
    hasher.finish()
}

/// An image is another one each time it is made.
fn identity(key: CacheKey, record: RecordId) -> CacheKey {
    let mut hasher = Hasher::new();
    hasher.field(b"image");
    hasher.field(key.0.as_bytes());
    hasher.number(record.0.into());
    CacheKey(hasher.finish())
}

/// The time at which an image is made, as Go writes it. The world counts in seconds, and no two images are made at one
/// moment: the fraction is drawn from the step, so that two of them never have one ID.
fn moment(now: i64, key: CacheKey, records: u32) -> String {
    let mut hasher = Hasher::new();
    hasher.field(b"moment");
    hasher.field(key.0.as_bytes());
    hasher.number(records.into());
    let drawn = hasher.finish();
    let bytes = drawn.as_bytes();
    let fraction = u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]) % 1_000_000_000;
    let digits = format!("{fraction:09}");
    let whole = rfc3339(now);
    match digits.trim_end_matches('0') {
        "" => whole,
        digits => format!("{}.{digits}Z", whole.trim_end_matches('Z')),
    }
}

/// Docker draws it at random; here the same build gives the same text.
fn container_id(key: CacheKey, records: u32) -> String {
    let mut hasher = Hasher::new();
    hasher.field(b"container");
    hasher.field(key.0.as_bytes());
    hasher.number(records.into());
    hasher.finish().hex()
}
