//! How stages hang together: what each `FROM`, `COPY --from` and bind mount refers to, and which stage is the target.

use super::ast::{Dockerfile, Instruction, InstructionKind, Stage};
use super::excerpt::Lines;
use super::expand::{Expander, Expansion};
use super::platform::Platform;
use super::quote::quote;
use super::scope::{BuildArguments, GlobalScope};
use super::suggest::{nearest, with_suggestion};
use crate::case::Case;
use std::collections::BTreeMap;

/// Why the stages do not hang together, or why an instruction cannot be carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StageError {
    /// The whole text as BuildKit prints it behind `failed to solve: `.
    pub message: String,
    /// The places that BuildKit shows excerpts of, one after another; often one, sometimes none or the same twice.
    pub lines: Vec<Lines>,
}

impl StageError {
    /// An error at a place.
    pub fn new(message: impl Into<String>, lines: Lines) -> Self {
        Self { message: message.into(), lines: vec![lines] }
    }

    /// An error without a place.
    pub fn without_place(message: impl Into<String>) -> Self {
        Self { message: message.into(), lines: Vec::new() }
    }
}

/// What the stages are resolved for.
#[derive(Clone, Debug, Default)]
pub struct StageOptions {
    /// `--build-arg`.
    pub arguments: BuildArguments,
    /// `--target`.
    pub target: Option<String>,
    /// `--platform`.
    pub platform: Platform,
}

/// What something refers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StageSource {
    /// Nothing: an empty filesystem.
    Scratch,
    /// A stage of the same Dockerfile, by its index.
    Stage(usize),
    /// An image, by its name as written.
    Image(String),
}

/// Something that an instruction takes files from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StageInput {
    /// The index of the instruction within its stage.
    pub instruction: usize,
    /// For a `RUN` the index of the mount.
    pub mount: Option<usize>,
    /// What it refers to; [`StageSource::Scratch`] for a mount without `from`, as BuildKit has it before it knows the
    /// type of the mount.
    pub source: StageSource,
}

/// A stage with its references resolved.
#[derive(Clone, Debug, PartialEq)]
pub struct ResolvedStage {
    /// What it starts from.
    pub base: StageSource,
    /// The word of the `FROM`, expanded.
    pub base_name: Expansion,
    /// The word of `--platform`, expanded.
    pub platform_name: Option<Expansion>,
    /// The platform, where it was said.
    pub platform: Option<Platform>,
    /// What its instructions take files from.
    pub inputs: Vec<StageInput>,
}

/// All stages with their references resolved, as far as that was possible.
#[derive(Clone, Debug, PartialEq)]
pub struct ResolvedStages {
    /// The scope in front of the first stage.
    pub scope: GlobalScope,
    /// In the order of the file. With an error they may be fewer than in the file.
    pub stages: Vec<ResolvedStage>,
    /// The index of the stage to build.
    pub target: usize,
    /// What stops BuildKit.
    pub error: Option<StageError>,
    /// How many bases BuildKit counts: the stages, each `COPY --from` an image and each mount that is not from a stage.
    pub state_count: usize,
}

impl ResolvedStages {
    /// The name of a stage in step names: `build`, `stage-1`, or `None` where there is but one stage.
    pub fn display_name(&self, stage: &Stage) -> Option<String> {
        (self.state_count > 1).then(|| stage_name(stage))
    }
}

/// The name of a stage in messages.
pub fn stage_name(stage: &Stage) -> String {
    stage.name.clone().unwrap_or_else(|| format!("stage-{}", stage.index))
}

/// Resolves what can be resolved from the text alone.
pub fn resolve_stages(dockerfile: &Dockerfile, options: &StageOptions) -> ResolvedStages {
    let target_name = options.target.as_deref().filter(|target| !target.is_empty());
    let last = dockerfile.stages.last();
    let scope_target = target_name.or(last.and_then(|stage| stage.name.as_deref()));
    let mut resolved = ResolvedStages {
        scope: GlobalScope::default(),
        stages: Vec::new(),
        target: dockerfile.stages.len().saturating_sub(1),
        error: None,
        state_count: dockerfile.stages.len(),
    };
    resolved.error = resolved.run(dockerfile, options, scope_target, target_name).err().map(|mut error| {
        if error.lines.is_empty() {
            error.lines.extend(dockerfile.syntax_lines());
        }
        error
    });
    resolved
}

impl ResolvedStages {
    fn run(
        &mut self,
        dockerfile: &Dockerfile,
        options: &StageOptions,
        scope_target: Option<&str>,
        target: Option<&str>,
    ) -> Result<(), StageError> {
        self.scope = GlobalScope::new(dockerfile, &options.arguments, &options.platform, scope_target)?;
        let mut by_name = BTreeMap::new();
        for stage in &dockerfile.stages {
            self.resolve_from(stage, dockerfile.escape, &by_name)?;
            if let Some(name) = &stage.name {
                by_name.insert(name.clone(), stage.index);
            }
        }
        if let Some(target) = target {
            self.target = find_target(dockerfile, target)?;
        }
        for stage in &dockerfile.stages {
            let inputs = inputs(dockerfile, stage, &by_name)?;
            let foreign =
                inputs.iter().filter(|input| !matches!(input.source, StageSource::Stage(_))).count();
            self.state_count += foreign;
            self.stages[stage.index].inputs = inputs;
        }
        find_circle(dockerfile, &self.sources(dockerfile))
    }

    /// For each stage the stages that it takes files from, with the instruction that does.
    fn sources(&self, dockerfile: &Dockerfile) -> Vec<BTreeMap<usize, Lines>> {
        let of_stage = |(stage, resolved): (&Stage, &ResolvedStage)| {
            let sources = resolved.inputs.iter().filter_map(|input| match input.source {
                StageSource::Stage(source) => {
                    let instruction = &stage.instructions[input.instruction];
                    Some((source, (instruction.start_line, instruction.end_line)))
                }
                _ => None,
            });
            sources.collect()
        };
        dockerfile.stages.iter().zip(&self.stages).map(of_stage).collect()
    }

    fn resolve_from(
        &mut self,
        stage: &Stage,
        escape: char,
        by_name: &BTreeMap<String, usize>,
    ) -> Result<(), StageError> {
        let lines = (stage.from.start_line, stage.from.end_line);
        let expander = Expander::new(escape);
        let base_name = match expander.expand(&stage.base, &self.scope.variables) {
            Ok(expansion) => expansion,
            Err(error) => {
                self.push_unresolved(Expansion { unmatched: error.unmatched, ..Expansion::default() });
                return Err(StageError::new(error.message, lines));
            }
        };
        self.push_unresolved(base_name.clone());
        if base_name.text.is_empty() {
            return Err(StageError::new(format!("base name ({}) should not be blank", stage.base), lines));
        }
        if let Some(platform) = &stage.platform {
            let (name, parsed) = expand_platform(platform, lines, expander, &self.scope.variables);
            let resolved = &mut self.stages[stage.index];
            resolved.platform_name = Some(name);
            resolved.platform = Some(parsed?);
        }
        let resolved = &mut self.stages[stage.index];
        resolved.base = match by_name.get(&base_name.text) {
            Some(index) => StageSource::Stage(*index),
            None if base_name.text == "scratch" => StageSource::Scratch,
            None => StageSource::Image(base_name.text),
        };
        Ok(())
    }

    /// Adds a stage of which no more is known yet.
    fn push_unresolved(&mut self, base_name: Expansion) {
        self.stages.push(ResolvedStage {
            base: StageSource::Scratch,
            base_name,
            platform_name: None,
            platform: None,
            inputs: Vec::new(),
        });
    }
}

/// The word of `FROM --platform` expanded, and the platform that it names.
pub(crate) fn expand_platform(
    written: &str,
    lines: Lines,
    expander: Expander,
    variables: &[(String, String)],
) -> (Expansion, Result<Platform, StageError>) {
    let expansion = match expander.expand(written, variables) {
        Ok(expansion) => expansion,
        Err(error) => {
            let message = format!("failed to process arguments for platform : {}", error.message);
            let expansion = Expansion { unmatched: error.unmatched, ..Expansion::default() };
            return (expansion, Err(StageError::new(message, lines)));
        }
    };
    let suggestion = expansion
        .unmatched
        .iter()
        .find_map(|name| nearest(name, variables.iter().map(|(name, _)| name.as_str())));
    let platform = if expansion.text.is_empty() {
        let message = format!("empty platform value from expression {written}");
        Err(StageError::new(with_suggestion(message, suggestion), lines))
    } else {
        Platform::parse(&expansion.text).map_err(|error| StageError {
            message: with_suggestion(format!("failed to parse platform {written}: {error}"), suggestion),
            // BuildKit notes the place twice here.
            lines: vec![lines, lines],
        })
    };
    (expansion, platform)
}

/// The index of the stage that `--target` names: by its name in any case, the last one of several.
pub fn find_target(dockerfile: &Dockerfile, target: &str) -> Result<usize, StageError> {
    let lower = target.lower();
    let found = dockerfile.stages.iter().rev().find(|stage| stage.name.as_deref() == Some(lower.as_str()));
    found.map(|stage| stage.index).ok_or_else(|| {
        let names: Vec<String> = dockerfile.stages.iter().map(stage_name).collect();
        let message = format!("target stage {} could not be found", quote(target));
        StageError::without_place(with_suggestion(message, nearest(target, names.iter().map(String::as_str))))
    })
}

/// What `COPY --from` or the `from` of a mount refers to. Names count in any case, numbers are indexes of stages.
pub fn find_source(dockerfile: &Dockerfile, from: &str) -> Result<StageSource, StageError> {
    let by_name = crate::order::map(
        dockerfile.stages.iter().filter_map(|stage| Some((stage.name.clone()?, stage.index))),
    );
    check_plain_source(from, dockerfile.escape)?;
    match from.parse::<i64>() {
        Err(_) => Ok(named_source(from, &by_name)),
        Ok(index) => match usize::try_from(index).ok().filter(|index| *index < dockerfile.stages.len()) {
            Some(index) => Ok(StageSource::Stage(index)),
            None => Err(StageError::without_place(format!("invalid stage index {index}"))),
        },
    }
}

/// Refuses variables and quotes in `--from`.
pub(crate) fn check_plain_source(from: &str, escape: char) -> Result<(), StageError> {
    let expansion = Expander::new(escape).expand(from, &());
    let plain = expansion.map_err(|error| StageError::without_place(error.message))?.text == from;
    if plain {
        return Ok(());
    }
    Err(StageError::without_place(
        "variable expansion is not supported for --from, define a new stage with FROM using ARG from global \
         scope as a workaround",
    ))
}

fn named_source(from: &str, by_name: &BTreeMap<String, usize>) -> StageSource {
    match by_name.get(&from.lower()) {
        Some(index) => StageSource::Stage(*index),
        None if from == "scratch" => StageSource::Scratch,
        None => StageSource::Image(from.to_owned()),
    }
}

fn inputs(
    dockerfile: &Dockerfile,
    stage: &Stage,
    by_name: &BTreeMap<String, usize>,
) -> Result<Vec<StageInput>, StageError> {
    let mut inputs = Vec::new();
    for (instruction, Instruction { kind, .. }) in stage.instructions.iter().enumerate() {
        match kind {
            InstructionKind::Copy(copy) => {
                if let Some(from) = &copy.from {
                    let source = find_source(dockerfile, from)?;
                    inputs.push(StageInput { instruction, mount: None, source });
                }
            }
            InstructionKind::Run(run) => {
                for (index, mount) in run.mounts.iter().enumerate() {
                    let source = named_source(mount.from.as_deref().unwrap_or("scratch"), by_name);
                    inputs.push(StageInput { instruction, mount: Some(index), source });
                }
            }
            _ => {}
        }
    }
    Ok(inputs)
}

/// Fails if a stage takes files from itself, perhaps by way of others. For each stage `sources` has the stages that it
/// takes files from, with the instruction that does; of several instructions with one source BuildKit keeps the last.
pub(crate) fn find_circle(
    dockerfile: &Dockerfile,
    sources: &[BTreeMap<usize, Lines>],
) -> Result<(), StageError> {
    let mut visited = vec![false; sources.len()];
    for stage in &dockerfile.stages {
        if let Some(lines) = circle_from(stage.index, sources, &mut visited, &mut Vec::new()) {
            let message = format!("circular dependency detected on stage: {}", stage_name(stage));
            return Err(StageError { message, lines });
        }
    }
    Ok(())
}

/// The instructions that lead from a stage back to one on the path to it.
fn circle_from(
    stage: usize,
    sources: &[BTreeMap<usize, Lines>],
    visited: &mut [bool],
    path: &mut Vec<(usize, Lines)>,
) -> Option<Vec<Lines>> {
    if std::mem::replace(&mut visited[stage], true) {
        return None;
    }
    for (source, lines) in &sources[stage] {
        path.push((stage, *lines));
        if path.iter().any(|(on_path, _)| on_path == source) {
            return Some(path.iter().map(|(_, lines)| *lines).collect());
        }
        if let Some(found) = circle_from(*source, sources, visited, path) {
            return Some(found);
        }
        path.pop();
    }
    None
}
