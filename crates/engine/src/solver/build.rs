//! One build, step by step.

use super::classic::{self, Progress};
use super::event::{Event, VertexStatus};
use super::failure::{excerpts, plan_failure, step_failure};
use super::image::BuiltImage;
use super::keys::{key_parts, missing_in_context};
use super::ops;
use super::options::{BuildOptions, BuilderKind, ClassicOptions};
use super::report::{BuildError, BuildReport, VertexReport};
use super::step::{Inputs, Made, StepError};
use crate::cache::{Cache, KeyParts, Record, RecordId, Snapshot};
use crate::check::{BuildCheck, CheckReport, Warning};
use crate::digest::CacheKey;
use crate::dockerfile::{Dockerfile, parse};
use crate::graph::{Graph, Operation, Plan, PlanError, PlanOptions, Vertex, VertexId, plan, rows_of};
use crate::vfs::Tree;
use crate::vfs::ignore::IgnoreMatcher;
use crate::world::World;
use std::collections::VecDeque;
use std::sync::Arc;

/// A build that can be driven step by step.
///
/// ```
/// # use lab_engine::{cache::Cache, solver::{Build, BuildOptions}, vfs::Tree, world::{World, WorldError}};
/// # struct Empty;
/// # impl World for Empty {
/// #     fn now(&self) -> i64 { 0 }
/// #     fn resolve_image(&self, name: &str, _: &str) -> Result<std::sync::Arc<lab_engine::oci::Image>, WorldError> {
/// #         Err(WorldError::UnknownImage { name: name.into(), nearest: Vec::new() })
/// #     }
/// # }
/// # let (world, cache) = (Empty, Cache::new());
/// let options = BuildOptions::new("FROM scratch\nCMD [\"/x\"]\n", Tree::new());
/// let mut build = Build::new(options, &cache, &world);
/// while let Some(event) = build.step() {
///     println!("{event:?}");
/// }
/// assert!(build.finish().result.is_ok());
/// ```
pub struct Build<'a> {
    options: BuildOptions,
    cache: Cache,
    world: &'a dyn World,
    phase: Phase,
    events: VecDeque<Event>,
    plan: Plan,
    context: Tree,
    context_bytes: u64,
    internal: Vec<String>,
    warnings: Vec<Warning>,
    keys: Vec<Option<CacheKey>>,
    snapshots: Vec<Option<Snapshot>>,
    /// Which vertices may not be taken from the cache, for themselves or for the step above them.
    uncached: Vec<bool>,
    reports: Vec<VertexReport>,
    added: Vec<RecordId>,
    error: Option<BuildError>,
    /// What the classic builder said, and its image.
    progress: Vec<Progress>,
    built: Option<BuiltImage>,
    /// A step that will fail because a source in the context is missing. BuildKit finds that out while other steps still
    /// run, and stops them.
    doomed: Option<(VertexId, StepError)>,
}

/// How far a build has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Start,
    /// The next vertex.
    Vertex(u32),
    Done,
}

impl<'a> Build<'a> {
    /// A build that has not begun. The cache is forked: the given one stays as it is.
    pub fn new(options: BuildOptions, cache: &Cache, world: &'a dyn World) -> Self {
        Self {
            options,
            cache: cache.clone(),
            world,
            phase: Phase::Start,
            events: VecDeque::new(),
            plan: Plan::default(),
            context: Tree::new(),
            context_bytes: 0,
            internal: Vec::new(),
            warnings: Vec::new(),
            keys: Vec::new(),
            snapshots: Vec::new(),
            uncached: Vec::new(),
            reports: Vec::new(),
            added: Vec::new(),
            error: None,
            progress: Vec::new(),
            built: None,
            doomed: None,
        }
    }

    /// What is to be done; empty before [`Event::Planned`].
    pub fn graph(&self) -> &Graph {
        &self.plan.graph
    }

    /// Goes on until something happens; `None` at the end.
    pub fn step(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.events.pop_front() {
                return Some(event);
            }
            match self.phase {
                Phase::Start => match self.options.builder {
                    BuilderKind::BuildKit => self.begin(),
                    BuilderKind::Classic(settings) => self.classic(settings),
                },
                Phase::Vertex(index) if (index as usize) < self.plan.graph.vertices.len() => {
                    self.phase = Phase::Vertex(index + 1);
                    self.vertex(VertexId(index));
                }
                Phase::Vertex(_) => self.phase = Phase::Done,
                Phase::Done => return None,
            }
        }
    }

    /// Does what is left to do and tells what came out.
    pub fn finish(mut self) -> BuildReport {
        while self.step().is_some() {}
        let result = match self.error.take() {
            Some(error) => Err(error),
            None => Ok(self.built.take().unwrap_or_else(|| self.image())),
        };
        let end = |report: &VertexReport| report.started + report.seconds;
        BuildReport {
            seconds: self.reports.iter().map(end).fold(0.0, f64::max),
            graph: self.plan.graph,
            vertices: self.reports,
            result,
            cache: self.cache,
            added: self.added,
            progress: self.progress,
            warnings: self.warnings,
            internal: self.internal,
            context_bytes: self.context_bytes,
        }
    }

    /// The epoch that the exporter cuts times at.
    fn epoch(&self) -> Option<i64> {
        self.plan.epoch.filter(|_| self.options.rewrite_timestamp)
    }

    fn image(&self) -> BuiltImage {
        let snapshot = self.plan.result.and_then(|vertex| self.snapshots[vertex.0 as usize].clone());
        let snapshot = snapshot.unwrap_or_default();
        let epoch = self.epoch();
        let layers = snapshot.layers.iter().map(|layer| layer.for_epoch(epoch)).collect();
        BuiltImage::new(self.plan.config.clone(), layers, snapshot.tree, epoch)
    }

    /// The whole of a build by the classic rule.
    #[inline(never)]
    fn classic(&mut self, settings: ClassicOptions) {
        self.phase = Phase::Done;
        let ignored = self.ignore_file().to_owned();
        let done = classic::run(&self.options, settings, &ignored, &self.cache, self.world);
        self.events.push_back(Event::Planned);
        for report in &done.vertices {
            self.events.push_back(Event::VertexStarted { vertex: report.id, at: report.started });
            self.finished(report);
        }
        (self.plan.graph, self.reports, self.cache) = (done.graph, done.vertices, done.cache);
        (self.added, self.progress, self.context_bytes) = (done.added, done.progress, done.context_bytes);
        match done.result {
            Ok(image) => self.built = Some(image),
            Err(error) => self.error = Some(error),
        }
    }

    /// Reads the Dockerfile, makes the graph, and takes in the context.
    fn begin(&mut self) {
        self.phase = Phase::Vertex(0);
        let name = &self.options.dockerfile_name;
        self.internal.push(format!("[internal] load build definition from {name}"));
        let parsed = parse(&self.options.dockerfile);
        self.plan.graph.rows = rows_of(&parsed.value);
        let planned = self.plan(&parsed.value);
        let checked = self.check(&parsed.value);
        let planned = match (checked.bad_options, checked.violation) {
            // Options that mean nothing stop BuildKit before it looks at the rest of the text.
            (Some(error), _) => Err(error.into()),
            (None, Some(violation)) => planned.and(Err(violation.into())),
            (None, None) => planned,
        };
        for name in &self.internal {
            self.events.push_back(Event::Internal { name: name.clone(), transferred: None });
        }
        match planned {
            Ok(plan) => self.start(plan),
            Err(error) => {
                let text = &self.options.dockerfile;
                self.error = Some(plan_failure(error, &self.options.dockerfile_name, text));
            }
        }
        self.events.push_back(Event::Planned);
    }

    fn plan(&mut self, dockerfile: &Dockerfile) -> Result<Plan, PlanError> {
        let ignored = IgnoreMatcher::parse(self.ignore_file());
        let fault = ignored.as_ref().err().map(ToString::to_string);
        let options = PlanOptions {
            target: self.options.target.as_deref(),
            build_args: &self.options.build_args,
            labels: &self.options.labels,
            no_cache: &self.options.no_cache,
            platform: &self.options.platform,
            ignore_fault: fault.as_deref(),
        };
        let plan = plan(dockerfile, options, self.world, &mut self.internal)?;
        let ignored = ignored.unwrap_or_default();
        let context = self.cache.sync_context(&self.options.context, &ignored, self.options.trust_times);
        self.context = context.tree;
        if plan.uses_context {
            self.context_bytes = context.transferred;
        }
        Ok(plan)
    }

    /// Runs the build checks and keeps their warnings.
    fn check(&mut self, dockerfile: &Dockerfile) -> CheckReport {
        let check = BuildCheck {
            dockerfile,
            text: &self.options.dockerfile,
            build_args: &self.options.build_args,
            target: self.options.target.as_deref(),
            platform: &self.options.platform,
            ignore: self.ignore_file(),
            check_only: false,
        };
        let mut report = check.run(self.world);
        self.warnings = std::mem::take(&mut report.warnings);
        report
    }

    /// The text of `<Dockerfile>.dockerignore` or else of `.dockerignore`; empty for none.
    fn ignore_file(&self) -> &str {
        let context = &self.options.context;
        let own = format!("/{}.dockerignore", self.options.dockerfile_name);
        context.read_text(&own).or_else(|| context.read_text("/.dockerignore")).unwrap_or("")
    }

    fn start(&mut self, plan: Plan) {
        if plan.uses_context {
            let name = "[internal] load build context".to_owned();
            self.internal.push(name.clone());
            self.events.push_back(Event::Internal { name, transferred: Some(self.context_bytes) });
        }
        self.keys = vec![None; plan.graph.vertices.len()];
        self.snapshots = vec![None; plan.graph.vertices.len()];
        self.uncached = vec![false; plan.graph.vertices.len()];
        self.plan = plan;
        let vertices = &self.plan.graph.vertices;
        self.doomed = vertices.iter().find_map(|vertex| {
            let error = missing_in_context(&vertex.operation, &self.context)?;
            Some((vertex.id, error))
        });
    }

    fn vertex(&mut self, id: VertexId) {
        let vertex = self.plan.graph.vertex(id).clone();
        let ended = |input: &VertexId| {
            let report = &self.reports[input.0 as usize];
            report.started + report.seconds
        };
        let mut report = VertexReport {
            id,
            name: vertex.name.clone(),
            status: VertexStatus::NotRun,
            key: None,
            parts: None,
            record: None,
            layer: None,
            started: vertex.inputs.iter().map(ended).fold(0.0, f64::max),
            seconds: 0.0,
            commands: Vec::new(),
            log: Vec::new(),
            error: None,
            failed: None,
        };
        if let Some((_, error)) = self.doomed.take_if(|(doomed, _)| self.error.is_some() && *doomed == id) {
            (report.status, report.error) = (VertexStatus::Error, Some(error.message));
            self.events.push_back(Event::VertexStarted { vertex: id, at: report.started });
            self.finished(&report);
        } else if self.error.is_none() {
            self.events.push_back(Event::VertexStarted { vertex: id, at: report.started });
            if let Err(error) = self.solve(&vertex, &mut report) {
                self.fail(&vertex, &mut report, error);
            }
            self.finished(&report);
        }
        self.reports.push(report);
    }

    /// Takes a vertex from the cache or runs it.
    fn solve(&mut self, vertex: &Vertex, report: &mut VertexReport) -> Result<(), StepError> {
        let inputs = Inputs {
            world: self.world,
            context: &self.context,
            snapshots: &self.snapshots,
            epoch: self.epoch(),
            secrets: &self.options.secrets,
        };
        let parts = key_parts(vertex, &self.keys, &inputs, &mut self.cache)?;
        let key = parts.key();
        (report.key, report.parts) = (Some(key), Some(parts.clone()));
        self.keys[vertex.id.0 as usize] = Some(key);
        let uncached = vertex.ignore_cache || self.is_on_uncached(vertex);
        self.uncached[vertex.id.0 as usize] = uncached;
        let record = match self.cache.get(key).filter(|_| !uncached) {
            Some(record) => {
                report.status = VertexStatus::Cached;
                report.commands.clone_from(&record.commands);
                record.clone()
            }
            None => {
                if let Some(error) = self.stopped_by(vertex) {
                    self.error = Some(error);
                    report.status = VertexStatus::Canceled;
                    return Ok(());
                }
                self.world.began(self.row_of(vertex.id), &vertex.name);
                let (made, snapshot) = ops::run(vertex, &parts, key, &inputs, &mut self.cache)?;
                report.status = VertexStatus::Done;
                report.seconds = made.seconds;
                report.log.clone_from(&made.log);
                report.commands.clone_from(&made.commands);
                self.record(vertex, key, parts, made, snapshot)
            }
        };
        self.snapshots[vertex.id.0 as usize] = Some(record.snapshot.clone());
        report.layer = record.layer().cloned();
        report.record = Some(record);
        Ok(())
    }

    fn row_of(&self, vertex: VertexId) -> Option<u32> {
        let rows = &self.plan.graph.rows;
        rows.iter().position(|row| row.vertices.contains(&vertex)).map(|at| at as u32)
    }

    /// Whether a vertex changes the result of one that was not to be taken from the cache. To BuildKit such a result has
    /// no key by which what is built on it could be found. What is copied or mounted is found by its content.
    fn is_on_uncached(&self, vertex: &Vertex) -> bool {
        let layer = match &vertex.operation {
            Operation::Merge { layer } => Some(*layer),
            _ => None,
        };
        vertex.base.into_iter().chain(layer).any(|below| self.uncached[below.0 as usize])
    }

    /// What stops a command at once: a later step that cannot find its source.
    fn stopped_by(&self, vertex: &Vertex) -> Option<BuildError> {
        let (doomed, error) = self.doomed.as_ref()?;
        if !matches!(vertex.operation, Operation::Exec(_)) || *doomed <= vertex.id {
            return None;
        }
        let doomed = self.plan.graph.vertex(*doomed);
        let source = excerpts(&self.options.dockerfile_name, &self.options.dockerfile, &doomed.lines);
        Some(step_failure(doomed, error.clone(), source))
    }

    fn record(
        &mut self,
        vertex: &Vertex,
        key: CacheKey,
        parts: KeyParts,
        made: Made,
        snapshot: Snapshot,
    ) -> Arc<Record> {
        let line = vertex.lines.last().map_or(0, |(first, _)| first.saturating_sub(1));
        let id = self.cache.insert(|id| Record {
            id,
            key,
            parts,
            build: self.options.build,
            vertex: vertex.name.clone(),
            created: self.world.now(),
            line,
            snapshot,
            image: None,
            has_layer: !matches!(vertex.operation, Operation::Image(_)),
            seconds: made.seconds,
            log: made.log,
            commands: made.commands,
        });
        self.added.push(id);
        self.cache.record(id).cloned().unwrap_or_else(|| unreachable!("the record was added just now"))
    }

    fn fail(&mut self, vertex: &Vertex, report: &mut VertexReport, error: StepError) {
        if error.is_early {
            self.error = Some(step_failure(vertex, error, String::new()));
            return;
        }
        report.status = VertexStatus::Error;
        report.error = Some(error.message.clone());
        if let Some(attempt) = &error.attempt {
            report.log.clone_from(&attempt.log);
            report.commands.clone_from(&attempt.commands);
            report.seconds = attempt.seconds;
            report.failed.clone_from(&attempt.failed);
        }
        let source = excerpts(&self.options.dockerfile_name, &self.options.dockerfile, &vertex.lines);
        self.error = Some(step_failure(vertex, error, source));
    }

    fn finished(&mut self, report: &VertexReport) {
        for line in &report.log {
            let (stream, text) = (line.stream, line.text.clone());
            self.events.push_back(Event::VertexLog { vertex: report.id, stream, text });
        }
        self.events.push_back(Event::VertexFinished {
            vertex: report.id,
            status: report.status,
            at: report.started + report.seconds,
            error: report.error.clone(),
        });
    }
}
