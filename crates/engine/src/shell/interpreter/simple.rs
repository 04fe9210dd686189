//! Simple commands: assignments, functions, builtins and programs.

use super::state::{Value, Variable};
use super::{Flow, Shell, Status, builtins};
use crate::shell::command::{self, Flavour, SpawnError};
use crate::shell::interrupt::Interrupt;
use crate::shell::language::{Assignment, Dialect, Simple};
use crate::shell::utilities;
use std::collections::BTreeMap;

impl Shell<'_, '_> {
    pub(super) fn simple(&mut self, simple: &Simple) -> Status {
        self.state.line = simple.line;
        self.state.substituted = None;
        let words = self.expand_words(&simple.words)?;
        let words = self.without_alias(words);
        let Some(name) = words.first().cloned() else {
            return self.assign_only(simple);
        };
        let is_exec = name == "exec";
        // Redirections of `exec` stay; those of all others are undone.
        let Some(saved) = self.redirect_traced(simple, &words)? else {
            let status = if self.state.dialect == Dialect::Dash { 2 } else { 1 };
            if builtins::is_special(&name)
                && self.state.dialect != Dialect::Bash
                && !self.state.functions.contains_key(&name)
            {
                return Err(Flow::Exit(status));
            }
            return self.check_errexit(status);
        };
        let status = self.run_words(simple, &name, &words);
        if !(is_exec && words.len() == 1) {
            self.undo_redirects(saved);
        }
        let status = status?;
        self.check_errexit(status)
    }

    fn without_alias(&self, mut words: Vec<String>) -> Vec<String> {
        let Some(name) = words.first() else { return words };
        if let Some(text) = self.state.aliases.get(name) {
            let replacement: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
            if replacement.first() != Some(name) || replacement.len() > 1 {
                words.splice(0..1, replacement);
            }
        }
        words
    }

    fn redirect_traced(
        &mut self,
        simple: &Simple,
        words: &[String],
    ) -> Result<Option<super::redirect::Saved>, Flow> {
        if self.state.options.xtrace && !simple.assignments.is_empty() {
            let mut values = Vec::new();
            for assignment in &simple.assignments {
                values.push((assignment.name.clone(), self.expand_assignment(&assignment.value)?));
            }
            self.trace(&values, words)?;
        } else {
            self.trace(&[], words)?;
        }
        self.redirect(&simple.redirects)
    }

    fn assign_only(&mut self, simple: &Simple) -> Status {
        let mut traced = Vec::new();
        for assignment in &simple.assignments {
            let value = self.assign_one(assignment)?;
            traced.push((assignment.name.clone(), value));
        }
        if !traced.is_empty() {
            self.trace(&traced, &[])?;
        }
        let Some(saved) = self.redirect(&simple.redirects)? else { return self.check_errexit(1) };
        self.undo_redirects(saved);
        let status = self.state.substituted.unwrap_or(0);
        self.check_errexit(status)
    }

    /// Does an assignment; gives the value as text.
    fn assign_one(&mut self, assignment: &Assignment) -> Result<String, Flow> {
        let name = &assignment.name;
        if let Some(words) = &assignment.array {
            return self.assign_array(name, words, assignment.append);
        }
        let mut value = self.expand_assignment(&assignment.value)?;
        if let Some(index) = &assignment.index {
            self.assign_element(name, index, value.clone())?;
            return Ok(value);
        }
        if assignment.append {
            value = self.state.get(name).unwrap_or("").to_owned() + &value;
        }
        self.assign(name, value.clone())?;
        Ok(value)
    }

    fn assign_array(
        &mut self,
        name: &str,
        words: &[crate::shell::language::Word],
        append: bool,
    ) -> Result<String, Flow> {
        let old = self.state.variable(name).value.clone();
        if let Some(Value::Map(mut elements)) = old {
            if !append {
                elements.clear();
            }
            for text in self.expand_words(words)? {
                if let Some((key, value)) = text.strip_prefix('[').and_then(|text| text.split_once("]=")) {
                    elements.insert(key.to_owned(), value.to_owned());
                }
            }
            self.state.variable(name).value = Some(Value::Map(elements));
            return Ok("(...)".into());
        }
        let mut elements = match old {
            Some(Value::Array(elements)) if append => elements,
            Some(Value::Text(text)) if append => BTreeMap::from([(0, text)]),
            _ => BTreeMap::new(),
        };
        let next = elements.keys().next_back().map_or(0, |last| last + 1);
        elements.extend((next..).zip(self.expand_words(words)?));
        let shown = elements.values().cloned().collect::<Vec<_>>().join(" ");
        self.state.variable(name).value = Some(Value::Array(elements));
        Ok(format!("({shown})"))
    }

    fn assign_element(
        &mut self,
        name: &str,
        index: &crate::shell::language::Word,
        value: String,
    ) -> Result<(), Flow> {
        if let Some(Value::Map(_)) = self.state.variable(name).value {
            let key = self.expand_text(index)?;
            if let Some(Value::Map(elements)) = &mut self.state.variable(name).value {
                elements.insert(key, value);
            }
            return Ok(());
        }
        let at = self.arithmetic(index)?;
        let variable = self.state.variable(name);
        let mut elements = match variable.value.take() {
            Some(Value::Array(elements)) => elements,
            Some(Value::Text(text)) => BTreeMap::from([(0, text)]),
            _ => BTreeMap::new(),
        };
        elements.insert(at, value);
        variable.value = Some(Value::Array(elements));
        Ok(())
    }

    /// Gives a variable a value; a read-only one ends the shell.
    pub(super) fn assign(&mut self, name: &str, value: String) -> Result<(), Flow> {
        if self.state.set(name, value) {
            if name == "OPTIND" {
                self.state.getopts_at = 0;
            }
            return Ok(());
        }
        let words = if self.state.dialect == Dialect::Bash { "readonly variable" } else { "is read only" };
        self.error(None, &format!("{name}: {words}"))?;
        Err(Flow::Exit(self.fatal_status()))
    }

    fn run_words(&mut self, simple: &Simple, name: &str, words: &[String]) -> Status {
        if let Some(body) = self.state.functions.get(name).cloned() {
            let saved = self.assign_temporarily(simple)?;
            let status = self.call(&body, &words[1..]);
            self.restore_variables(saved);
            return status;
        }
        if let Some(builtin) = builtins::find(name, self.state.dialect) {
            let keeps = builtins::is_special(name) && self.state.dialect != Dialect::Bash;
            let saved = self.assign_temporarily(simple)?;
            let status = builtin(self, words);
            if !keeps {
                self.restore_variables(saved);
            }
            return status;
        }
        let saved = self.assign_temporarily(simple)?;
        for (name, _) in &saved {
            self.state.variable(name).exported = true;
        }
        let status = self.run_program(words);
        self.restore_variables(saved);
        status
    }

    fn assign_temporarily(&mut self, simple: &Simple) -> Result<Vec<(String, Option<Variable>)>, Flow> {
        let mut saved = Vec::new();
        for assignment in &simple.assignments {
            saved.push((assignment.name.clone(), self.state.variables.get(&assignment.name).cloned()));
            self.assign_one(assignment)?;
        }
        Ok(saved)
    }

    fn restore_variables(&mut self, saved: Vec<(String, Option<Variable>)>) {
        for (name, old) in saved.into_iter().rev() {
            match old {
                Some(variable) => self.state.variables.insert(name, variable),
                None => self.state.variables.remove(&name),
            };
        }
    }

    /// Calls a function.
    pub(super) fn call(&mut self, body: &crate::shell::language::Command, arguments: &[String]) -> Status {
        self.process.machine.enter()?;
        let positional = std::mem::replace(&mut self.state.positional, arguments.to_vec());
        let loops = std::mem::take(&mut self.state.loops);
        self.state.locals.push(Vec::new());
        let result = self.command(body);
        let locals = self.state.locals.pop().unwrap_or_default();
        self.restore_variables(locals);
        self.state.positional = positional;
        self.state.loops = loops;
        self.process.machine.leave();
        match result {
            Err(Flow::Return(status)) => {
                self.state.status = status;
                Ok(status)
            }
            other => other,
        }
    }

    /// Runs a program.
    pub(super) fn run_program(&mut self, words: &[String]) -> Status {
        match self.start_program(words)? {
            Ok(status) => Ok(status),
            Err(error) => {
                let message = self.not_started_message(&words[0], error);
                self.error(None, &message)?;
                Ok(error.exit_code())
            }
        }
    }

    /// Starts a program, or says why not.
    pub(super) fn start_program(&mut self, words: &[String]) -> Result<Result<i32, SpawnError>, Interrupt> {
        self.publish();
        self.process.machine.next_pid += 1;
        let mut child = self.process.fork();
        let path = match command::search(&mut child, &words[0]) {
            Ok(path) => path,
            Err(SpawnError::NotFound) if self.state.dialect == Dialect::Ash => {
                // BusyBox's shell knows its applets without their links.
                let name = words[0].as_str();
                return match utilities::find(name).filter(|_| utilities::busybox::is_applet(name)) {
                    Some(main) => {
                        words.clone_into(&mut child.arguments);
                        command::run_utility(&mut child, main, Flavour::Busybox).map(Ok)
                    }
                    None => Ok(Err(SpawnError::NotFound)),
                };
            }
            Err(error) => return Ok(Err(error)),
        };
        match command::execute(&mut child, &path, words)? {
            Err(SpawnError::NotExecutableFormat) => {
                // A file without `#!` is a script for this shell.
                let mut arguments = vec![self.state.name.clone(), path];
                arguments.extend(words[1..].iter().cloned());
                child.arguments = arguments;
                child.flavour =
                    if self.state.dialect == Dialect::Ash { Flavour::Busybox } else { Flavour::Gnu };
                super::main(&mut child).map(Ok)
            }
            other => Ok(other),
        }
    }

    /// Why a command does not run, as this shell says it.
    pub(super) fn not_started_message(&mut self, name: &str, error: SpawnError) -> String {
        let bash = self.state.dialect == Dialect::Bash;
        match error {
            SpawnError::NotFound if name.is_empty() && !bash => ": Permission denied".to_owned(),
            SpawnError::NotFound if bash && !name.contains('/') => format!("{name}: command not found"),
            SpawnError::NotFound if bash && self.process.exists(name) => {
                format!("{name}: cannot execute: required file not found")
            }
            SpawnError::NotFound if bash => format!("{name}: No such file or directory"),
            SpawnError::NotFound => format!("{name}: not found"),
            SpawnError::IsADirectory if bash => format!("{name}: Is a directory"),
            SpawnError::IsADirectory => format!("{name}: Permission denied"),
            other => format!("{name}: {}", other.message()),
        }
    }
}
