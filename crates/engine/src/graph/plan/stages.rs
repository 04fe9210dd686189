//! The stages: their bases, the target, who takes files from whom.

use super::state::{Command, SCRATCH, State};
use super::{Planner, unknown_target};
use crate::case::Case;
use crate::dockerfile::expand::Expander;
use crate::dockerfile::scope::GlobalScope;
use crate::dockerfile::stages::{StageError, check_plain_source, expand_platform, find_circle, find_target};
use crate::dockerfile::{Instruction, InstructionKind};
use crate::graph::error::{Place, PlanError};

impl Planner<'_> {
    pub(super) fn expander(&self) -> Expander {
        Expander::new(self.dockerfile.escape)
    }

    /// The platform arguments and the `ARG`s before the first `FROM`.
    pub(super) fn expand_global_args(&mut self) -> Result<(), PlanError> {
        let arguments = self.options.build_args.iter().cloned().collect();
        let target = self.options.target.filter(|target| !target.is_empty());
        let last = self.dockerfile.stages.last().and_then(|stage| stage.name.as_deref());
        let scope = GlobalScope::new(self.dockerfile, &arguments, &self.platform, target.or(last));
        self.global_args = scope.map_err(|error| self.located(error))?.variables;
        Ok(())
    }

    /// The error of a stage with its place in the text.
    fn located(&self, error: StageError) -> PlanError {
        let first = error.lines.first().copied();
        let instructions = self.dockerfile.stages.iter().flat_map(|stage| &stage.instructions);
        let globals = self.dockerfile.global_args.iter().chain(instructions).map(Place::from);
        let mut places = globals.chain(self.dockerfile.stages.iter().map(|stage| Place::from(&stage.from)));
        let range = places.find(|place| Some(place.lines) == first).map(|place| place.range);
        PlanError { lines: error.lines, range, ..PlanError::new(error.message) }
    }

    fn expand_global(&self, word: &str, place: Place) -> Result<String, PlanError> {
        match self.expander().expand(word, &self.global_args) {
            Ok(expansion) => Ok(expansion.text),
            Err(error) => Err(PlanError::new(error.message).at(place)),
        }
    }

    /// A state for each stage of the text.
    pub(super) fn add_stages(&mut self) -> Result<(), PlanError> {
        for stage in &self.dockerfile.stages {
            let place = Place::from(&stage.from);
            let base_name = self.expand_global(&stage.base, place)?;
            if base_name.is_empty() {
                let message = format!("base name ({}) should not be blank", stage.base);
                return Err(PlanError::new(message).at(place));
            }
            let mut state = State::new(base_name, Some(place));
            state.stage = Some(stage.index as u32);
            state.name = stage.name.clone();
            state.shown = stage.name.clone().unwrap_or_else(|| format!("stage-{}", stage.index));
            if let Some(platform) = &stage.platform {
                state.platform = Some(self.stage_platform(platform, place)?);
            }
            state.ignore_cache = self.options.no_cache.covers(stage.name.as_deref());
            // Names are kept in lower case, and `FROM` alone looks for them as it is written.
            let is_base = |known: &State| known.name.as_deref() == Some(&state.base_name);
            state.base = self.states.iter().rposition(is_base);
            state.total = u32::from(state.base.is_none() && state.base_name != SCRATCH);
            state.total += stage.instructions.iter().filter(|instruction| counts(instruction)).count() as u32;
            self.states.push(state);
        }
        Ok(())
    }

    fn stage_platform(&self, written: &str, place: Place) -> Result<String, PlanError> {
        let (_, platform) = expand_platform(written, place.lines, self.expander(), &self.global_args);
        Ok(platform.map_err(|error| self.located(error))?.to_string())
    }

    /// The last stage with this name among those that there are so far.
    fn find_by_name(&self, name: &str) -> Option<usize> {
        let lower = name.lower();
        self.states.iter().rposition(|state| state.name.as_deref() == Some(&lower))
    }

    pub(super) fn find_target(&self) -> Result<usize, PlanError> {
        let Some(target) = self.options.target.filter(|target| !target.is_empty()) else {
            return Ok(self.states.len() - 1);
        };
        find_target(self.dockerfile, target).map_err(|error| unknown_target(error.message))
    }

    /// The instructions of each stage, with the stages that they take files from.
    pub(super) fn add_commands(&mut self) -> Result<(), PlanError> {
        for stage in &self.dockerfile.stages {
            for instruction in &stage.instructions {
                let command = self.command_of(instruction.clone(), false)?;
                self.add_deps(stage.index, &command);
                self.states[stage.index].commands.push(command);
            }
        }
        Ok(())
    }

    pub(super) fn add_deps(&mut self, index: usize, command: &Command) {
        let place = Place::from(&command.instruction);
        let sources = command.sources.iter().flatten();
        self.states[index].deps.extend(sources.map(|source| (*source, place.lines)));
    }

    /// Finds the stages that an instruction takes files from; a name that is no stage becomes an image of its own.
    pub(super) fn command_of(
        &mut self,
        instruction: Instruction,
        on_build: bool,
    ) -> Result<Command, PlanError> {
        let mut sources = Vec::new();
        match &instruction.kind {
            InstructionKind::Copy(copy) => {
                if let Some(from) = &copy.from {
                    check_plain_source(from, self.dockerfile.escape)?;
                    sources.push(Some(self.source_state(from, Some((&instruction).into()))?));
                }
            }
            InstructionKind::Run(run) => {
                for mount in &run.mounts {
                    // BuildKit makes a stage on scratch even for a mount that takes files from the context: it is why
                    // steps of a single stage are called `stage-0` then.
                    let from = mount.from.as_deref().unwrap_or(SCRATCH);
                    sources.push(Some(self.source_state(from, None)?));
                }
            }
            _ => {}
        }
        Ok(Command { instruction, sources, on_build })
    }

    fn source_state(&mut self, from: &str, place: Option<Place>) -> Result<usize, PlanError> {
        let is_number =
            from.strip_prefix(['-', '+']).unwrap_or(from).bytes().all(|byte| byte.is_ascii_digit());
        if let (true, Ok(number)) = (is_number && place.is_some(), from.parse::<i64>()) {
            let index = usize::try_from(number).ok().filter(|index| *index < self.states.len());
            return index.ok_or_else(|| PlanError::new(format!("invalid stage index {number}")));
        }
        if let Some(found) = self.find_by_name(from) {
            return Ok(found);
        }
        let mut state = State::new(from.to_owned(), place);
        state.shown = format!("stage-{}", self.states.len());
        self.states.push(state);
        Ok(self.states.len() - 1)
    }

    /// A stage must not take files from itself, not even through others.
    pub(super) fn check_circles(&self) -> Result<(), PlanError> {
        let sources: Vec<_> = self.states.iter().map(|state| state.deps.clone()).collect();
        find_circle(self.dockerfile, &sources).map_err(|error| self.located(error))
    }

    /// The stages that the target needs, in the order of the text.
    pub(super) fn reachable(&self, target: usize) -> Vec<usize> {
        let mut found = vec![false; self.states.len()];
        let mut todo = vec![target];
        while let Some(index) = todo.pop() {
            if !std::mem::replace(&mut found[index], true) {
                let state = &self.states[index];
                todo.extend(state.base);
                todo.extend(state.deps.keys());
            }
        }
        (0..found.len()).filter(|index| found[*index]).collect()
    }
}

/// Whether names of steps count the instruction.
fn counts(instruction: &Instruction) -> bool {
    use InstructionKind::{Add, Copy, Run, Workdir};
    matches!(instruction.kind, Add(_) | Copy(_) | Run(_) | Workdir(_))
}
