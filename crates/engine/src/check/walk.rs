//! The order of the checks: the file, its stages, then instruction by instruction.

use super::CheckInput;
use super::bases::{LookedUp, look_up};
use super::reporter::{Place, Reporter};
use super::rules;
use super::stage::StageWalk;
use crate::case::Case;
use crate::dockerfile::expand::Expander;
use crate::dockerfile::scope::GlobalScope;
use crate::dockerfile::stages::{ResolvedStages, StageError, StageSource, resolve_stages};
use crate::dockerfile::{InstructionLine, Phase};
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
    let looked = look_up(input, reporter, &resolved)?;
    input.ignore.map_err(StageError::without_place)?;
    walk_stages(input, reporter, &resolved, &looked)
}

/// The checks of an instruction by itself.
fn check_line(reporter: &mut Reporter<'_>, line: &InstructionLine) {
    let place = Place { lines: (line.start_line, line.end_line), range: line.range };
    match line.keyword.lower().as_str() {
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

/// Goes through the instructions of the stages that are looked at, triggers first.
fn walk_stages(
    input: &CheckInput<'_>,
    reporter: &mut Reporter<'_>,
    resolved: &ResolvedStages,
    looked: &[Option<LookedUp>],
) -> Result<(), StageError> {
    let mut walks: Vec<Option<StageWalk>> = Vec::new();
    for ((stage, resolved_stage), looked) in input.dockerfile.stages.iter().zip(&resolved.stages).zip(looked)
    {
        let Some(looked) = looked else {
            walks.push(None);
            continue;
        };
        let mut walk = match &resolved_stage.base {
            StageSource::Stage(base) => walks[*base].as_ref().map(StageWalk::on_top).unwrap_or_default(),
            _ => StageWalk::on_image(looked.image.as_ref()),
        };
        for instruction in looked.triggers.iter().chain(&stage.instructions) {
            walk.instruction(input, reporter, &resolved.scope, instruction)?;
        }
        walks.push(Some(walk));
    }
    reporter.at_file();
    Ok(())
}
