//! Goes through the instructions of a stage, with the variables as they are at each.

use super::Planner;
use super::state::{Command, DEFAULT_PATH};
use crate::dockerfile::InstructionKind;
use crate::dockerfile::expand::Variables;
use crate::dockerfile::step::step_text;
use crate::graph::error::{Place, PlanError};
use crate::graph::operation::EnvOrigin;
use crate::oci::HistoryEntry;

impl Planner<'_> {
    /// Does all instructions of a stage. Its base and the stages it takes files from come before it in the text.
    pub(super) fn dispatch_stage(&mut self, index: usize) -> Result<(), PlanError> {
        self.begin_stage(index);
        self.look(index, self.states[index].place.map(|place| place.range));
        for command in std::mem::take(&mut self.states[index].commands) {
            let place = Place::from(&command.instruction);
            self.dispatch(index, &command).map_err(|error| error.at(place))?;
            self.look(index, Some(place.range));
            self.states[index].commands.push(command);
        }
        self.states[index].dispatched = true;
        Ok(())
    }

    /// Takes over what the base has set.
    fn begin_stage(&mut self, index: usize) {
        if let Some(base) = self.states[index].base {
            let base = &self.states[base];
            let (mut scope, result) = (base.scope.clone(), base.result);
            scope.cmd_set = false;
            scope.image.config.on_build.clear();
            self.states[index].scope = scope;
            self.states[index].result = result;
        }
        let scope = &mut self.states[index].scope;
        if !scope.image.config.env.iter().any(|line| line.starts_with("PATH=")) {
            scope.image.config.env.push(format!("PATH={DEFAULT_PATH}"));
        }
        for line in &scope.image.config.env {
            let (name, value) = line.split_once('=').unwrap_or((line, ""));
            let known = scope.env.variables().iter().find(|variable| variable.name == name);
            let origin = known.map_or(EnvOrigin::Base, |variable| variable.origin);
            scope.env.set(name, value, origin);
        }
        let working_dir = std::mem::take(&mut scope.image.config.working_dir);
        if !working_dir.is_empty() {
            scope.image.config.working_dir = super::workdir::join_workdir("", &working_dir);
        }
    }

    fn dispatch(&mut self, index: usize, command: &Command) -> Result<(), PlanError> {
        match &command.instruction.kind {
            InstructionKind::Add(add) => self.dispatch_add(index, command, add),
            InstructionKind::Arg(definitions) => self.dispatch_arg(index, definitions),
            InstructionKind::Cmd(line) => self.dispatch_cmd(index, line),
            InstructionKind::Copy(copy) => self.dispatch_copy(index, command, copy),
            InstructionKind::Entrypoint(line) => self.dispatch_entrypoint(index, line),
            InstructionKind::Env(pairs) => self.dispatch_env(index, pairs),
            InstructionKind::Expose(ports) => self.dispatch_expose(index, ports),
            InstructionKind::From(_) => Ok(()),
            InstructionKind::Healthcheck(healthcheck) => self.dispatch_healthcheck(index, healthcheck),
            InstructionKind::Label(pairs) => self.dispatch_label(index, pairs),
            InstructionKind::Maintainer(author) => self.dispatch_maintainer(index, author),
            InstructionKind::Onbuild(onbuild) => {
                let config = &mut self.states[index].scope.image.config;
                config.on_build.push(onbuild.expression.clone());
                Ok(())
            }
            InstructionKind::Run(run) => self.dispatch_run(index, command, run),
            InstructionKind::Shell(words) => self.dispatch_shell(index, words),
            InstructionKind::Stopsignal(signal) => self.dispatch_stopsignal(index, signal),
            InstructionKind::User(user) => self.dispatch_user(index, user),
            InstructionKind::Volume(paths) => self.dispatch_volume(index, paths),
            InstructionKind::Workdir(path) => self.dispatch_workdir(index, command, path),
        }
    }

    /// A word with the variables of the stage.
    pub(super) fn expand(&self, index: usize, word: &str) -> Result<String, PlanError> {
        let expansion = self.expander().expand(word, &self.states[index].scope.env);
        expansion.map(|expansion| expansion.text).map_err(|error| PlanError::new(error.message))
    }

    pub(super) fn expand_all(&self, index: usize, words: &[String]) -> Result<Vec<String>, PlanError> {
        words.iter().map(|word| self.expand(index, word)).collect()
    }

    /// The name of a step: the instruction with variables filled in where that is possible, the keyword in capitals.
    pub(super) fn step_text(&self, index: usize, command: &Command) -> String {
        let env = &self.states[index].scope.env;
        let text = step_text(&command.instruction, self.dockerfile.escape, env);
        if command.on_build { format!("ONBUILD {text}") } else { text }
    }

    /// Adds a row to the history.
    pub(super) fn record(&mut self, index: usize, created_by: String, has_layer: bool) {
        let created = self.epoch.map(crate::world::rfc3339);
        let author = String::new();
        let comment = "buildkit.dockerfile.v0".to_owned();
        let row = HistoryEntry { created, created_by, comment, empty_layer: !has_layer, author };
        self.states[index].scope.image.history.push(row);
    }

    pub(super) fn env_value(&self, index: usize, name: &str) -> Option<String> {
        self.states[index].scope.env.get(name).map(str::to_owned)
    }
}
