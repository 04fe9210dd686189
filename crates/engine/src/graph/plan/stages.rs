//! The stages: their bases, the target, who takes files from whom.

use super::state::{Command, SCRATCH, State};
use super::{Planner, unknown_target};
use crate::dockerfile::expand::{Expander, Variables};
use crate::dockerfile::platform::Platform;
use crate::dockerfile::{Instruction, InstructionKind, suggest};
use crate::graph::environment::set_arg;
use crate::graph::error::{Place, PlanError};

impl Planner<'_> {
    pub(super) fn expander(&self) -> Expander {
        Expander::new(self.dockerfile.escape)
    }

    /// The `ARG`s before the first `FROM`.
    pub(super) fn expand_global_args(&mut self) -> Result<(), PlanError> {
        for instruction in &self.dockerfile.global_args {
            let InstructionKind::Arg(definitions) = &instruction.kind else { continue };
            for arg in definitions {
                let given = Variables::get(self.options.build_args, &arg.name).map(str::to_owned);
                let value = match (given, &arg.value) {
                    (Some(given), _) => Some(given),
                    (None, Some(default)) => Some(self.expand_global(default, instruction.into())?),
                    (None, None) => None,
                };
                if let Some(value) = value {
                    set_arg(&mut self.global_args, &arg.name, &value);
                }
            }
        }
        Ok(())
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
            state.base = self.find_by_name(&state.base_name);
            state.total = u32::from(state.base.is_none() && state.base_name != SCRATCH);
            state.total += stage.instructions.iter().filter(|instruction| counts(instruction)).count() as u32;
            self.states.push(state);
        }
        Ok(())
    }

    fn stage_platform(&self, written: &str, place: Place) -> Result<String, PlanError> {
        let expansion = self.expander().expand(written, &self.global_args).map_err(|error| {
            let message = format!("failed to process arguments for platform : {}", error.message);
            PlanError::new(message).at(place)
        })?;
        let suggestion = expansion
            .unmatched
            .iter()
            .find_map(|name| suggest::nearest(name, self.global_args.names()).map(str::to_owned));
        let fail = |message| {
            let message = suggest::with_suggestion(message, suggestion.as_deref());
            Err(PlanError::new(message).at(place))
        };
        if expansion.text.is_empty() {
            return fail(format!("empty platform value from expression {written}"));
        }
        match Platform::parse(&expansion.text) {
            Ok(platform) => Ok(platform.to_string()),
            // BuildKit notes the place of this error twice, and prints the excerpt twice.
            Err(error) => {
                fail(format!("failed to parse platform {written}: {error}")).map_err(|mut error| {
                    error.lines.push(place.lines);
                    error
                })
            }
        }
    }

    /// The last stage with this name among those that there are so far.
    fn find_by_name(&self, name: &str) -> Option<usize> {
        let lower = name.to_lowercase();
        self.states.iter().rposition(|state| state.name.as_deref() == Some(&lower))
    }

    pub(super) fn find_target(&self) -> Result<usize, PlanError> {
        let Some(target) = self.options.target.filter(|target| !target.is_empty()) else {
            return Ok(self.states.len() - 1);
        };
        self.find_by_name(target).ok_or_else(|| {
            let names = self.states.iter().filter_map(|state| state.name.as_deref());
            let suggestion = suggest::nearest(target, names);
            let message =
                format!("target stage {} could not be found", crate::dockerfile::quote::quote(target));
            unknown_target(suggest::with_suggestion(message, suggestion))
        })
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
        for source in command.sources.iter().flatten() {
            if !self.states[index].deps.iter().any(|(dep, _)| dep == source) {
                self.states[index].deps.push((*source, place));
            }
        }
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
        let mut visited = vec![false; self.states.len()];
        for (index, state) in self.states.iter().enumerate() {
            if let Some(places) = self.circle_from(index, &mut visited, &mut Vec::new()) {
                let mut error =
                    PlanError::new(format!("circular dependency detected on stage: {}", state.shown));
                error.range = places.first().map(|place| place.range);
                error.lines = places.iter().map(|place| place.lines).collect();
                return Err(error);
            }
        }
        Ok(())
    }

    fn circle_from(&self, index: usize, visited: &mut [bool], path: &mut Vec<usize>) -> Option<Vec<Place>> {
        if std::mem::replace(&mut visited[index], true) {
            return None;
        }
        path.push(index);
        for (dep, place) in &self.states[index].deps {
            if path.contains(dep) {
                return Some(vec![*place]);
            }
            if let Some(mut places) = self.circle_from(*dep, visited, path) {
                places.insert(0, *place);
                return Some(places);
            }
        }
        path.pop();
        None
    }

    /// The stages that the target needs, in the order of the text.
    pub(super) fn reachable(&self, target: usize) -> Vec<usize> {
        let mut found = vec![false; self.states.len()];
        let mut todo = vec![target];
        while let Some(index) = todo.pop() {
            if !std::mem::replace(&mut found[index], true) {
                let state = &self.states[index];
                todo.extend(state.base);
                todo.extend(state.deps.iter().map(|(dep, _)| *dep));
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
