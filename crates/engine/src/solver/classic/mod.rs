//! The classic builder, Docker's own before BuildKit: every instruction makes an image on the one above.
//!
//! Takes the same options as BuildKit's policy and gives the same report, so that everything that reads one reads both. It
//! goes through the text once, from top to bottom, all stages up to the target, and looks for each instruction among the
//! images that stand on the same image: the one whose container had the same command and configuration is it. Files are in
//! that command by their checksums. What a step does it leaves to the solver's operations.

mod arguments;
mod commands;
mod configure;
mod files;
mod making;
mod progress;
mod stage;
mod stages;
mod sums;
#[cfg(test)]
mod tests;

pub use progress::{Progress, ProgressLine, progress_lines};
pub use sums::context_size;

use super::image::BuiltImage;
use super::options::{BuildOptions, ClassicOptions, Release};
use super::report::{BuildError, BuildErrorKind, VertexReport};
use super::step::StepError;
use crate::cache::{Cache, RecordId, Snapshot, StepImage};
use crate::dockerfile::platform::Platform;
use crate::dockerfile::{Dockerfile, Instruction, InstructionKind, parse};
use crate::graph::{Graph, NoCache, StageId, StageSummary, rows_of};
use crate::text::TextRange;
use crate::vfs::Tree;
use crate::vfs::ignore::IgnoreMatcher;
use crate::world::World;
use arguments::Arguments;
use stage::Stage;
use std::sync::Arc;

/// What came out.
pub(super) struct Outcome {
    pub(super) graph: Graph,
    pub(super) vertices: Vec<VertexReport>,
    pub(super) result: Result<BuiltImage, BuildError>,
    pub(super) cache: Cache,
    pub(super) added: Vec<RecordId>,
    pub(super) progress: Vec<Progress>,
    pub(super) context_bytes: u64,
}

/// Where in the text the builder is.
#[derive(Clone, Copy, Default)]
struct Here {
    range: TextRange,
    lines: (u32, u32),
    /// The number of the step.
    number: u32,
}

/// A build in progress.
struct Classic<'a> {
    options: &'a BuildOptions,
    settings: ClassicOptions,
    dockerfile: &'a Dockerfile,
    world: &'a dyn World,
    platform: Platform,
    cache: Cache,
    context: Tree,
    arguments: Arguments,
    graph: Graph,
    /// The results of the steps, by vertex.
    snapshots: Vec<Option<Snapshot>>,
    vertices: Vec<VertexReport>,
    added: Vec<RecordId>,
    progress: Vec<Progress>,
    /// The stages that are done.
    done: Vec<Stage>,
    stage: Stage,
    here: Here,
    total: u32,
    /// Modelled seconds since the start: one step after the other.
    clock: f64,
}

/// Runs a whole build. `ignored` is the text of the `.dockerignore`.
#[inline(never)]
pub(super) fn run(
    options: &BuildOptions,
    settings: ClassicOptions,
    ignored: &str,
    cache: &Cache,
    world: &dyn World,
) -> Outcome {
    let dockerfile = parse(&options.dockerfile).value;
    let mut build = Classic {
        options,
        settings,
        dockerfile: &dockerfile,
        world,
        platform: Platform::default(),
        cache: cache.clone(),
        context: Tree::new(),
        arguments: Arguments::new(&options.build_args),
        graph: Graph { rows: rows_of(&dockerfile), ..Graph::default() },
        snapshots: Vec::new(),
        vertices: Vec::new(),
        added: Vec::new(),
        progress: Vec::new(),
        done: Vec::new(),
        stage: Stage::default(),
        here: Here::default(),
        total: 0,
        clock: 0.0,
    };
    let sent = build.take_context(ignored);
    let result = sent.and_then(|sent| Ok((sent, build.all()?)));
    let context_bytes = result.as_ref().map_or_else(|_| context_size(&options.context), |(sent, _)| *sent);
    let result = match result {
        Ok((_, image)) => Ok(BuiltImage::of_step(image)),
        Err(error) => Err(build.failure(error)),
    };
    let Classic { graph, vertices, cache, added, progress, .. } = build;
    Outcome { graph, vertices, result, cache, added, progress, context_bytes }
}

impl Classic<'_> {
    /// Leaves out what the `.dockerignore` names. The Dockerfile and the file itself are sent all the same.
    fn take_context(&mut self, ignored: &str) -> Result<u64, StepError> {
        let matcher = IgnoreMatcher::parse(ignored).map_err(|error| {
            StepError::new(BuildErrorKind::Dockerfile, format!("error checking context: {error}"))
        })?;
        self.context = self.cache.filter_context(&self.options.context, &matcher);
        let mut sent = self.context.clone();
        for name in [&*self.options.dockerfile_name, ".dockerignore"] {
            let place = format!("/{name}");
            if let Some(node) = self.options.context.entry_shared(&place).filter(|_| !sent.exists(&place)) {
                let _ = sent.put_shared(&place, node.clone(), 0);
            }
        }
        Ok(context_size(&sent))
    }

    /// The whole text.
    fn all(&mut self) -> Result<Arc<StepImage>, StepError> {
        self.platform = Platform::parse(&self.options.platform).map_err(dockerfile_error)?;
        self.check_text()?;
        let count = self.target()? + 1;
        self.plan(count);
        for instruction in &self.dockerfile.global_args {
            self.begin(instruction);
            self.global_argument(instruction)?;
        }
        for index in 0..count {
            self.begin_stage(index)?;
            for instruction in &self.dockerfile.stages[index].instructions {
                self.begin(instruction);
                self.instruction(instruction)?;
                self.progress.push(Progress::Image(self.stage.image.clone()));
            }
            if index + 1 == count {
                self.labels()?;
            }
            self.end_stage(index);
        }
        let unused = self.arguments.unused();
        if !unused.is_empty() {
            self.progress.push(Progress::Unused(unused));
        }
        let built = self.done.last().and_then(|stage| stage.image.clone());
        let built =
            built.ok_or_else(|| dockerfile_error("No image was generated. Is your Dockerfile empty?"))?;
        self.progress.push(Progress::Built(built.clone()));
        Ok(built)
    }

    /// What is wrong with the text before anything is done.
    fn check_text(&mut self) -> Result<(), StepError> {
        if self.options.dockerfile.is_empty() {
            let name = &self.options.dockerfile_name;
            return Err(dockerfile_error(format!("the Dockerfile ({name}) cannot be empty")));
        }
        let old = self.settings.release == Release::Docker20;
        if let Some(error) = self.dockerfile.error() {
            self.here.range = error.diagnostic.range;
            let mut message = error.message.clone();
            if old {
                message = message.replace("dockerfile parse error on line ", "dockerfile parse error line ");
                message = message.replace("unknown flag: --", "Unknown flag: ");
                let suggestion = message.find(" (did you mean ");
                message.truncate(suggestion.unwrap_or(message.len()));
            }
            return Err(dockerfile_error(message));
        }
        if old {
            for instruction in self.dockerfile.instructions() {
                if let Some(message) = not_known_in_20(instruction) {
                    self.here.range = instruction.range;
                    return Err(dockerfile_error(message));
                }
            }
        }
        Ok(())
    }

    /// The number of the stage that is built: that of the name, and never that of a number.
    fn target(&self) -> Result<usize, StepError> {
        let Some(target) = &self.options.target else { return Ok(self.dockerfile.stages.len() - 1) };
        let is_it = |stage: &crate::dockerfile::Stage| {
            stage.name.as_ref().is_some_and(|name| name.eq_ignore_ascii_case(target))
        };
        self.dockerfile.stages.iter().position(is_it).ok_or_else(|| {
            let message = match self.settings.release {
                Release::Docker20 => format!("failed to reach build target {target} in Dockerfile"),
                Release::Docker29 => format!("target stage {target:?} could not be found"),
            };
            StepError::new(BuildErrorKind::UnknownTarget, message)
        })
    }

    /// The rows and stages that will be reached: all of them, up to the target.
    fn plan(&mut self, count: usize) {
        let stages = &self.dockerfile.stages[..count];
        let instructions = stages.iter().map(|stage| stage.instructions.len() + 1).sum::<usize>();
        self.total = (self.dockerfile.global_args.len() + instructions + self.options.labels.len()) as u32;
        for row in &mut self.graph.rows {
            row.reachable = row.stage.is_none_or(|stage| (stage.0 as usize) < count);
        }
        for stage in &self.dockerfile.stages {
            self.graph.stages.push(StageSummary {
                id: StageId(stage.index as u32),
                name: stage.name.clone().unwrap_or_else(|| stage.index.to_string()),
                reachable: stage.index < count,
                target: stage.index + 1 == count,
                result: None,
            });
        }
    }

    /// Says that an instruction begins.
    fn begin(&mut self, instruction: &Instruction) {
        let lines = (instruction.start_line, instruction.end_line);
        self.here = Here { range: instruction.range, lines, number: self.here.number };
        self.say_step(instruction.text.clone());
    }

    fn say_step(&mut self, text: String) {
        self.here.number += 1;
        self.progress.push(Progress::Step { number: self.here.number, total: self.total, text });
    }

    fn failure(&self, error: StepError) -> BuildError {
        let failed = self.vertices.last().filter(|vertex| vertex.error.is_some());
        BuildError {
            vertex: failed.map(|vertex| vertex.id),
            range: Some(self.here.range).filter(|range| *range != TextRange::default()),
            kind: error.kind,
            exit_code: error.attempt.and_then(|attempt| attempt.exit_code),
            message: error.message,
            source: String::new(),
            log_tail: Vec::new(),
        }
    }

    /// `--label`, each an instruction of its own at the end.
    fn labels(&mut self) -> Result<(), StepError> {
        let labels = crate::order::map(self.options.labels.iter().cloned());
        for (name, value) in labels {
            self.here.range = TextRange::default();
            self.say_step(format!("LABEL {name}={value}"));
            self.label(&[(name, value)])?;
            self.progress.push(Progress::Image(self.stage.image.clone()));
        }
        Ok(())
    }

    fn ignores_cache(&self, stage: &str) -> bool {
        match &self.options.no_cache {
            NoCache::None => false,
            NoCache::All => true,
            NoCache::Stages(names) => names.iter().any(|name| name.eq_ignore_ascii_case(stage)),
        }
    }
}

fn dockerfile_error(message: impl Into<String>) -> StepError {
    StepError::new(BuildErrorKind::Dockerfile, message)
}

/// What the frontend of Docker 20.10 does not understand: flags that came later, and heredocs.
fn not_known_in_20(instruction: &Instruction) -> Option<String> {
    let flags: Vec<(&str, bool)> = match &instruction.kind {
        InstructionKind::Copy(copy) => {
            vec![("link", copy.link), ("parents", copy.parents), ("exclude", !copy.excludes.is_empty())]
        }
        InstructionKind::Add(add) => vec![
            ("link", add.link),
            ("keep-git-dir", add.keep_git_dir.is_some()),
            ("checksum", add.checksum.is_some()),
            ("unpack", add.unpack.is_some()),
            ("exclude", !add.excludes.is_empty()),
        ],
        InstructionKind::Run(run) => {
            let heredoc = run.command.heredocs.first()?;
            let first = heredoc.content.lines().find(|line| !line.trim().is_empty())?;
            let word = first.split_whitespace().next()?.to_ascii_uppercase();
            let line = instruction.start_line + 1;
            return Some(format!("dockerfile parse error line {line}: unknown instruction: {word}"));
        }
        _ => Vec::new(),
    };
    let (name, _) = flags.into_iter().find(|(_, said)| *said)?;
    Some(format!("dockerfile parse error line {}: Unknown flag: {name}", instruction.start_line))
}
