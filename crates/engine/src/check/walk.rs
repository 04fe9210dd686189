//! The order of the checks: the file, its stages, then instruction by instruction.

use super::CheckInput;
use super::reporter::{Place, Reporter};
use super::rules;
use super::stage::StageWalk;
use crate::dockerfile::excerpt::Lines;
use crate::dockerfile::expand::Expander;
use crate::dockerfile::platform::Platform;
use crate::dockerfile::reference::ImageReference;
use crate::dockerfile::scope::GlobalScope;
use crate::dockerfile::stages::{ResolvedStages, StageError, StageSource, resolve_stages};
use crate::dockerfile::{Instruction, InstructionLine, Phase, parse_trigger};
use crate::oci::ImageConfig;
use std::collections::BTreeMap;

/// Runs the checks up to the error at which BuildKit stops.
pub(super) fn walk(input: &CheckInput<'_>, reporter: &mut Reporter<'_>) -> Result<(), StageError> {
    let dockerfile = input.dockerfile;
    let stop = |phase: Phase| match dockerfile.errors.iter().find(|error| error.phase == phase) {
        Some(error) => {
            Err(StageError { message: error.message.clone(), lines: error.lines.into_iter().collect() })
        }
        None => Ok(()),
    };
    stop(Phase::Frontend)?;
    stop(Phase::Syntax)?;
    for line in &dockerfile.lines {
        rules::no_empty_continuation::check(reporter, line);
    }
    for line in &dockerfile.lines {
        reporter.at_instruction(&line.comments);
        check_line(reporter, line);
        if line.failure.is_some() {
            break;
        }
    }
    reporter.at_file();
    stop(Phase::Instruction)?;
    for stage in &dockerfile.stages {
        rules::reserved_stage_name::check(reporter, stage);
        rules::duplicate_stage_name::check(reporter, stage, &dockerfile.stages[..stage.index]);
    }
    rules::consistent_instruction_casing::check(reporter, dockerfile);
    check_defaults(input, reporter);
    let resolved = resolve_stages(dockerfile, input.options);
    check_from(input, reporter, &resolved);
    if let Some(error) = resolved.error {
        return Err(error);
    }
    walk_stages(input, reporter, &resolved)
}

/// The checks of an instruction by itself.
fn check_line(reporter: &mut Reporter<'_>, line: &InstructionLine) {
    let place = Place { lines: (line.start_line, line.end_line), range: line.range };
    match line.keyword.to_lowercase().as_str() {
        "from" => {
            rules::stage_name_casing::check(reporter, place, &line.words);
            rules::from_as_casing::check(reporter, place, &line.keyword, &line.words);
        }
        "maintainer" => rules::maintainer_deprecated::check(reporter, place),
        _ => {}
    }
    if let Some(instruction) = &line.instruction {
        rules::invalid_definition_description::check(reporter, instruction);
    }
}

/// Looks at the bases as they are without build arguments.
fn check_defaults(input: &CheckInput<'_>, reporter: &mut Reporter<'_>) {
    let dockerfile = input.dockerfile;
    let options = input.options;
    let last = dockerfile.stages.last().and_then(|stage| stage.name.as_deref());
    let target = options.target.as_deref().or(last);
    let mut scope = GlobalScope::of_platform(&options.arguments, &options.platform, target);
    for instruction in &dockerfile.global_args {
        // The build fails with the same error, so there is nothing to warn of.
        if scope.declare(instruction, &BTreeMap::new(), dockerfile.escape).is_err() {
            return;
        }
    }
    for stage in &dockerfile.stages {
        match Expander::new(dockerfile.escape).expand(&stage.base, &scope.variables) {
            Ok(base) => rules::invalid_default_arg_in_from::check(reporter, stage, &base.text),
            Err(_) => return,
        }
    }
}

/// Looks at the words of each `FROM`, also of the one at which resolving stopped.
fn check_from(input: &CheckInput<'_>, reporter: &mut Reporter<'_>, resolved: &ResolvedStages) {
    for (stage, resolved_stage) in input.dockerfile.stages.iter().zip(&resolved.stages) {
        reporter.at_instruction(&stage.from.comments);
        let place = Place::of(&stage.from);
        rules::undefined_arg_in_from::check(reporter, place, &resolved_stage.base_name, &resolved.scope);
        if let (Some(written), Some(platform)) = (&stage.platform, &resolved_stage.platform_name) {
            rules::undefined_arg_in_from::check(reporter, place, platform, &resolved.scope);
            rules::redundant_target_platform::check(reporter, place, written, platform, &resolved.scope);
            rules::from_platform_flag_const_disallowed::check(reporter, stage, platform);
        }
    }
    reporter.at_file();
}

/// The stages that are looked at: all, or those that the target needs.
fn reachable(input: &CheckInput<'_>, resolved: &ResolvedStages) -> Vec<bool> {
    let mut reached = vec![input.all_stages; resolved.stages.len()];
    let mut open = vec![resolved.target];
    let mut seen = vec![false; resolved.stages.len()];
    while let Some(index) = open.pop() {
        if std::mem::replace(&mut seen[index], true) {
            continue;
        }
        reached[index] = true;
        let stage = &resolved.stages[index];
        let sources = stage.inputs.iter().map(|stage_input| &stage_input.source).chain([&stage.base]);
        open.extend(sources.filter_map(|source| match source {
            StageSource::Stage(index) => Some(*index),
            _ => None,
        }));
    }
    reached
}

/// Finds the base images, then goes through the instructions.
fn walk_stages(
    input: &CheckInput<'_>,
    reporter: &mut Reporter<'_>,
    resolved: &ResolvedStages,
) -> Result<(), StageError> {
    let reached = reachable(input, resolved);
    let mut bases = BTreeMap::new();
    for (stage, resolved_stage) in input.dockerfile.stages.iter().zip(&resolved.stages) {
        let lines = (stage.from.start_line, stage.from.end_line);
        if let StageSource::Image(name) = &resolved_stage.base {
            let place = Place::of(&stage.from);
            let platform = resolved_stage.platform.as_ref();
            if let Some(image) =
                base_image(input, reporter, name, platform, place, lines, reached[stage.index])?
            {
                bases.insert(stage.index, image);
            }
        }
        for stage_input in &resolved_stage.inputs {
            if let StageSource::Image(name) = &stage_input.source {
                let place = Place::of(&stage.instructions[stage_input.instruction]);
                base_image(input, reporter, name, None, place, place.lines, reached[stage.index])?;
            }
        }
    }
    let mut walks: Vec<Option<StageWalk>> = Vec::new();
    for (stage, resolved_stage) in input.dockerfile.stages.iter().zip(&resolved.stages) {
        if !reached[stage.index] {
            walks.push(None);
            continue;
        }
        let mut triggers = Vec::new();
        let mut walk = match &resolved_stage.base {
            StageSource::Stage(base) => {
                triggers.extend(pending_triggers(&input.dockerfile.stages[*base].instructions));
                walks[*base].as_ref().map(StageWalk::on_top).unwrap_or_default()
            }
            _ => {
                let image = bases.get(&stage.index);
                triggers.extend(image.into_iter().flat_map(|image| image.config.on_build.clone()));
                StageWalk::on_image(image)
            }
        };
        let lines = (stage.from.start_line, stage.from.end_line);
        for trigger in &triggers {
            let mut instruction =
                parse_trigger(trigger, lines).map_err(|message| StageError::new(message, lines))?;
            instruction.range = stage.from.range;
            walk.instruction(input, reporter, &resolved.scope, &instruction)?;
        }
        for instruction in &stage.instructions {
            walk.instruction(input, reporter, &resolved.scope, instruction)?;
        }
        walks.push(Some(walk));
    }
    reporter.at_file();
    Ok(())
}

/// What the `ONBUILD`s of a stage leave for the stages on top of it.
fn pending_triggers(instructions: &[Instruction]) -> impl Iterator<Item = String> {
    instructions.iter().filter_map(|instruction| match &instruction.kind {
        crate::dockerfile::InstructionKind::Onbuild(onbuild) => Some(onbuild.expression.clone()),
        _ => None,
    })
}

fn base_image(
    input: &CheckInput<'_>,
    reporter: &mut Reporter<'_>,
    name: &str,
    platform: Option<&Platform>,
    place: Place,
    lines: Lines,
    reached: bool,
) -> Result<Option<ImageConfig>, StageError> {
    let error = |message: String| StageError::new(message, lines);
    let reference = ImageReference::parse(name).map_err(|reason| {
        error(format!("failed to parse stage name {}: {reason}", crate::dockerfile::quote::quote(name)))
    })?;
    if !reached {
        return Ok(None);
    }
    let reference = reference.with_default_tag().to_string();
    let platform = platform.unwrap_or(&input.options.platform);
    let image =
        (input.images)(&reference, platform).ok_or_else(|| error(format!("{reference}: not found")))?;
    let actual = Platform {
        os: image.os.clone(),
        architecture: image.architecture.clone(),
        variant: image.variant.clone(),
        os_version: String::new(),
    };
    rules::invalid_base_image_platform::check(reporter, place, name, platform, &actual);
    Ok(Some(image))
}
