//! From a parsed Dockerfile to the graph, in the phases of BuildKit's frontend: stages, images, instructions, merging.

mod commands;
mod configure;
mod copy;
mod epoch;
mod images;
mod merge;
mod run;
mod stages;
mod state;
mod surroundings;
mod workdir;

use super::error::{PlanError, PlanErrorKind};
use super::options::PlanOptions;
use super::{Graph, Row, RowId, StageId, StageSummary, VertexId};
use crate::dockerfile::platform::Platform;
use crate::dockerfile::{Dockerfile, Instruction};
use crate::oci::ImageConfig;
use crate::world::World;
pub(crate) use configure::duration as go_duration;
pub use run::mount_target;
use state::{RawVertex, State};
pub use surroundings::{Surroundings, surroundings};
pub use workdir::join_workdir;

/// What planning gives.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// What to do.
    pub graph: Graph,
    /// The vertex whose result is the image's filesystem; `None` for an empty one.
    pub result: Option<VertexId>,
    /// The configuration of the image. It has no diff IDs yet; history rows of this build have no time unless an epoch was
    /// given.
    pub config: ImageConfig,
    /// Whether a step takes files from the build context.
    pub uses_context: bool,
    /// `SOURCE_DATE_EPOCH`, in seconds since 1970.
    pub epoch: Option<i64>,
}

/// The work in progress.
pub(super) struct Planner<'a> {
    dockerfile: &'a Dockerfile,
    options: PlanOptions<'a>,
    world: &'a dyn World,
    platform: Platform,
    /// The global arguments, those without an `ARG` included.
    global_args: Vec<(String, String)>,
    /// The time of new history rows, in seconds since 1970; `None` leaves it open.
    epoch: Option<i64>,
    states: Vec<State>,
    raw: Vec<RawVertex>,
    /// What the build does besides its steps, in the order in which it happens.
    internal: Vec<String>,
    /// What is to be known of one instruction, if anything.
    looking: Option<surroundings::Looking>,
}

/// Makes the graph of a Dockerfile.
///
/// `internal` gets the names of what the build does besides its steps, up to where it got.
pub fn plan(
    dockerfile: &Dockerfile,
    options: PlanOptions<'_>,
    world: &dyn World,
    internal: &mut Vec<String>,
) -> Result<Plan, PlanError> {
    let mut planner = Planner::new(dockerfile, options, world)?;
    let result = planner.run().map_err(|mut error| {
        // What has no place of its own gets that of the frontend, where one is named.
        if error.lines.is_empty() {
            error.lines.extend(dockerfile.syntax_lines());
        }
        error
    });
    internal.append(&mut planner.internal);
    result
}

impl<'a> Planner<'a> {
    fn new(
        dockerfile: &'a Dockerfile,
        options: PlanOptions<'a>,
        world: &'a dyn World,
    ) -> Result<Self, PlanError> {
        Ok(Self {
            dockerfile,
            platform: Platform::parse(options.platform).map_err(PlanError::new)?,
            options,
            world,
            global_args: Vec::new(),
            epoch: None,
            states: Vec::new(),
            raw: Vec::new(),
            internal: Vec::new(),
            looking: None,
        })
    }

    fn run(&mut self) -> Result<Plan, PlanError> {
        self.resolve_frontend()?;
        if let Some(error) = self.dockerfile.error() {
            let mut failure = PlanError::new(&*error.message);
            failure.lines.extend(error.lines);
            failure.range = Some(error.diagnostic.range);
            return Err(failure);
        }
        if self.dockerfile.stages.is_empty() {
            return Err(PlanError::new("dockerfile contains no stages to build"));
        }
        self.expand_global_args()?;
        self.epoch = self.resolve_epoch()?;
        self.add_stages()?;
        let target = self.find_target()?;
        self.add_commands()?;
        self.check_circles()?;
        if let [only] = &mut self.states[..] {
            only.shown.clear();
        }
        let reachable = self.resolve_images(target)?;
        self.internal.push("[internal] load .dockerignore".to_owned());
        if let Some(fault) = self.options.ignore_fault {
            return Err(PlanError::new(fault));
        }
        for index in 0..self.states.len() {
            if reachable.contains(&index) {
                self.dispatch_stage(index)?;
            }
        }
        self.finish(target, &reachable)
    }

    /// Merges what is equal, and puts everything together.
    fn finish(&mut self, target: usize, reachable: &[usize]) -> Result<Plan, PlanError> {
        let merged = self.merge(target)?;
        let mut config = self.states[target].scope.image.clone();
        for (name, value) in self.options.labels {
            config.config.labels.insert(name.clone(), value.clone());
        }
        let stages = self.stage_summaries(target, reachable, &merged);
        let rows = self.rows(reachable, &merged);
        let uses_context = merged.uses_context();
        let result = self.states[target].result.map(|raw| merged.of_raw(raw));
        let graph = Graph { vertices: merged.vertices, rows, stages };
        Ok(Plan { graph, result, config, uses_context, epoch: self.epoch })
    }

    fn stage_summaries(
        &self,
        target: usize,
        reachable: &[usize],
        merged: &merge::Merged,
    ) -> Vec<StageSummary> {
        let stages =
            self.states.iter().enumerate().filter_map(|(index, state)| Some((index, state, state.stage?)));
        stages
            .map(|(index, state, number)| StageSummary {
                id: StageId(number),
                name: state.name.clone().unwrap_or_else(|| number.to_string()),
                reachable: reachable.contains(&index),
                target: index == target,
                result: state.result.and_then(|raw| merged.find_raw(raw)),
            })
            .collect()
    }

    fn rows(&self, reachable: &[usize], merged: &merge::Merged) -> Vec<Row> {
        let reachable_stages: Vec<u32> =
            reachable.iter().filter_map(|index| self.states[*index].stage).collect();
        let mut rows: Vec<Row> = rows_of(self.dockerfile);
        for row in &mut rows {
            row.reachable = row.stage.is_none_or(|stage| reachable_stages.contains(&stage.0));
        }
        for (raw, vertex) in self.raw.iter().enumerate() {
            let (Some(place), Some(id)) = (vertex.place, merged.find_raw(VertexId(raw as u32))) else {
                continue;
            };
            if let Some(row) = rows.iter_mut().find(|row| row.range == place.range && vertex.number > 0)
                && !row.vertices.contains(&id)
            {
                row.vertices.push(id);
            }
        }
        rows
    }
}

/// The rows of a Dockerfile, without vertices: what can be said of one that cannot be built, too.
pub fn rows_of(dockerfile: &Dockerfile) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut add = |instruction: &Instruction, stage: Option<StageId>| {
        rows.push(Row {
            id: RowId(rows.len() as u32),
            stage,
            keyword: instruction.kind.name().to_owned(),
            text: instruction.text.clone(),
            range: instruction.range,
            line: instruction.start_line.saturating_sub(1),
            end_line: instruction.end_line.saturating_sub(1),
            vertices: Vec::new(),
            reachable: false,
        });
    };
    for instruction in &dockerfile.global_args {
        add(instruction, None);
    }
    for stage in &dockerfile.stages {
        let id = Some(StageId(stage.index as u32));
        add(&stage.from, id);
        for instruction in &stage.instructions {
            add(instruction, id);
        }
    }
    rows
}

/// An error about `--target`.
fn unknown_target(message: String) -> PlanError {
    PlanError { kind: PlanErrorKind::UnknownTarget, ..PlanError::new(message) }
}
