//! Simple commands: assignments, functions, builtins and programs.

use super::state::{Call, Variable};
use super::{Flow, Shell, Status, builtins};
use crate::shell::command::{self, Flavour, SpawnError};
use crate::shell::interrupt::Interrupt;
use crate::shell::language::{Assignment, Dialect, Simple};
use crate::shell::utilities;

impl Shell<'_, '_> {
    pub(super) fn simple(&mut self, simple: &Simple) -> Status {
        let before = self.state.processes.len();
        let status = self.simple_inside(simple);
        if self.state.processes.len() > before
            && !matches!(simple.words[..], [ref word] if word.as_literal() == Some("exec"))
        {
            self.end_processes(before)?;
        }
        status
    }

    fn simple_inside(&mut self, simple: &Simple) -> Status {
        self.state.line = simple.line;
        if self.state.dialect == Dialect::Bash && !self.state.trapped {
            self.state.command = simple.source.clone();
            self.run_debug_trap()?;
        }
        self.state.substituted = None;
        self.state.expanded = None;
        let words = self.expand_words(&simple.words)?;
        let Some(name) = words.first().cloned() else {
            return self.assign_only(simple);
        };
        let is_exec = name == "exec";
        // Redirections of `exec` stay; those of all others are undone.
        let saved = self.redirect_command(simple, &words)?;
        if let Err(status) = saved {
            if builtins::is_special(&name)
                && self.state.dialect != Dialect::Bash
                && !self.state.functions.contains_key(&name)
            {
                return Err(Flow::Error(status));
            }
            return self.check_errexit(status);
        }
        let saved = saved.unwrap_or_default();
        let noted = !is_exec && self.note_redirects(&saved);
        let status = self.run_words(simple, &name, &words);
        if noted {
            self.state.redirected.pop();
        }
        if !(is_exec && words.len() == 1) {
            self.undo_redirects(saved);
        }
        let status = status?;
        self.check_errexit(status)
    }

    /// Does the redirections of a command. What bash does for a program it does in a process of its own: an error ends
    /// that alone, and what its words set is gone.
    fn redirect_command(
        &mut self,
        simple: &Simple,
        words: &[String],
    ) -> Result<Result<super::redirect::Saved, i32>, Flow> {
        let failed = self.redirect_status();
        let own_process = self.state.dialect == Dialect::Bash
            && simple.redirects.iter().any(|redirect| redirect.kind.is_expanded())
            && !self.state.functions.contains_key(&words[0])
            && builtins::find(&words[0], Dialect::Bash).is_none();
        if !own_process {
            return Ok(self.redirect_traced(simple, words)?.ok_or(failed));
        }
        let variables = self.state.variables.clone();
        let saved = self.redirect_traced(simple, words);
        self.state.variables = variables;
        match saved {
            Err(Flow::Exit(status) | Flow::Error(status)) => Ok(Err(status)),
            other => Ok(other?.ok_or(failed)),
        }
    }

    fn redirect_traced(
        &mut self,
        simple: &Simple,
        words: &[String],
    ) -> Result<Option<super::redirect::Saved>, Flow> {
        if !self.state.options.xtrace {
            return self.redirect(&simple.redirects);
        }
        if self.state.dialect == Dialect::Bash {
            self.trace_simple(simple, words)?;
            return self.redirect(&simple.redirects);
        }
        // ash and dash redirect first, and trace to where errors went before.
        let Some(saved) = self.redirect(&simple.redirects)? else { return Ok(None) };
        let before = saved.iter().find(|(fd, _)| *fd == 2).map(|(_, handle)| handle.clone());
        let now = before.map(|handle| self.process.files_mut().set(2, handle));
        // ash shows what `command` runs.
        let shown = match words {
            [command, rest @ ..]
                if command == "command"
                    && self.state.dialect == Dialect::Ash
                    && rest.first().is_some_and(|word| !word.starts_with('-')) =>
            {
                rest
            }
            _ => words,
        };
        let traced = self.trace_simple(simple, shown);
        if let Some(now) = now {
            self.process.files_mut().set(2, now);
        }
        traced?;
        Ok(Some(saved))
    }

    /// Traces a command with its assignments. What they are made of is expanded now, once, and kept for the command.
    fn trace_simple(&mut self, simple: &Simple, words: &[String]) -> Result<(), Flow> {
        let (mut saved, mut values, mut expanded) = (Vec::new(), Vec::new(), Vec::new());
        for assignment in &simple.assignments {
            let name = &assignment.name;
            saved.push((name.clone(), self.state.variables.get(name).cloned()));
            values.push((name.clone(), self.assign_one(assignment)?));
            if self.state.dialect == Dialect::Bash {
                // Each has a line of its own, before the next is looked at.
                self.trace(&values, &[])?;
                values.clear();
            }
            expanded.push(self.state.variables.get(name).cloned());
        }
        self.restore_variables(saved);
        self.state.expanded = Some(expanded);
        Ok(self.trace(&values, words)?)
    }

    fn assign_only(&mut self, simple: &Simple) -> Status {
        // ash and dash redirect first.
        let bash = self.state.dialect == Dialect::Bash;
        let mut saved = None;
        if !bash {
            saved = self.redirect(&simple.redirects)?;
            if saved.is_none() {
                let status = self.redirect_status();
                return self.check_errexit(status);
            }
        }
        let mut traced = Vec::new();
        for assignment in &simple.assignments {
            let value = self.assign_traced(assignment)?;
            if !bash {
                traced.push((assignment.name.clone(), value));
            }
        }
        if !traced.is_empty() {
            self.trace(&traced, &[])?;
        }
        if bash {
            saved = self.redirect(&simple.redirects)?;
        }
        let Some(saved) = saved else { return self.check_errexit(1) };
        self.undo_redirects(saved);
        let status = self.state.substituted.unwrap_or(0);
        self.check_errexit(status)
    }

    /// Does an assignment. bash shows each by itself: arrays as they are written, others with their value.
    fn assign_traced(&mut self, assignment: &Assignment) -> Result<String, Flow> {
        if self.state.dialect != Dialect::Bash || !self.state.options.xtrace {
            return self.assign_one(assignment);
        }
        let plus = if assignment.append { "+" } else { "" };
        let name = &assignment.name;
        if let Some((_, source)) = &assignment.array {
            self.trace_line(&format!("{name}{plus}=({source})"))?;
            return self.assign_one(assignment);
        }
        let value = self.assign_one(assignment)?;
        let index = assignment.index.as_ref().map(|index| format!("[{}]", super::trace::source(index)));
        let shown = (format!("{name}{}{plus}", index.unwrap_or_default()), value);
        self.trace(std::slice::from_ref(&shown), &[])?;
        Ok(shown.1)
    }

    fn run_words(&mut self, simple: &Simple, name: &str, words: &[String]) -> Status {
        if let Some(body) = self.state.functions.get(name).cloned() {
            let saved = self.assign_temporarily(simple)?;
            let status = self.call(name, &body, &words[1..]);
            self.restore_variables(saved);
            return status;
        }
        if let Some(builtin) = builtins::find(name, self.state.dialect) {
            let keeps = builtins::is_special(name) && self.state.dialect != Dialect::Bash;
            let saved = self.assign_temporarily(simple)?;
            // What `exec` runs gets them in its environment.
            for (name, _) in saved.iter().filter(|_| name == "exec") {
                self.state.variable(name).exported = true;
            }
            // `command` only leads to another one.
            let context = if name == "command" { self.state.context.clone() } else { Some(name.to_owned()) };
            let outer = std::mem::replace(&mut self.state.context, context);
            let mut status = builtin(self, words);
            self.state.context = outer;
            if let Err(Flow::Error(code)) = status
                && !matches!(name, "eval" | "." | "source")
                && (!builtins::is_special(name) || self.state.dialect == Dialect::Bash)
            {
                // The error of an ordinary builtin ends it alone.
                status = Ok(code);
            }
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
        if self.process.machine.killed.is_some() {
            self.tell_killed(&words.join(" "))?;
        }
        status
    }

    fn assign_temporarily(&mut self, simple: &Simple) -> Result<Vec<(String, Option<Variable>)>, Flow> {
        let mut saved = Vec::new();
        let mut expanded = self.state.expanded.take().unwrap_or_default().into_iter();
        for assignment in &simple.assignments {
            saved.push((assignment.name.clone(), self.state.variables.get(&assignment.name).cloned()));
            match expanded.next() {
                Some(Some(variable)) => {
                    self.state.variables.insert(assignment.name.clone(), variable);
                }
                _ => {
                    self.assign_one(assignment)?;
                }
            }
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
    pub(super) fn call(
        &mut self,
        name: &str,
        body: &crate::shell::language::Command,
        arguments: &[String],
    ) -> Status {
        self.process.machine.enter()?;
        self.enter_call(name, None);
        let positional = std::mem::replace(&mut self.state.positional, arguments.to_vec());
        // In ash `break` reaches the loop around the call; in ash and dash `getopts` starts anew.
        let almquist = self.state.dialect != Dialect::Bash;
        let loops = self.state.loops;
        let getopts = (self.state.getopts_index, self.state.getopts_at);
        if almquist {
            (self.state.getopts_index, self.state.getopts_at) = (1, 0);
        }
        if self.state.dialect != Dialect::Ash {
            self.state.loops = 0;
        }
        self.state.locals.push(Vec::new());
        let hidden = self.hide_traps();
        let mut result = self.command(body);
        if matches!(result, Ok(_) | Err(Flow::Return(_))) {
            if let Err(Flow::Return(status)) = result {
                self.state.status = status;
            }
            result = self.run_return_trap().and(result);
        }
        self.show_traps(hidden);
        self.state.calls.remove(0);
        let locals = self.state.locals.pop().unwrap_or_default();
        self.restore_variables(locals);
        self.state.positional = positional;
        self.state.loops = loops;
        if almquist {
            (self.state.getopts_index, self.state.getopts_at) = getopts;
        }
        self.process.machine.leave();
        match result {
            Err(Flow::Return(status)) => {
                self.state.status = status;
                Ok(status)
            }
            other => other,
        }
    }

    /// Notes a call: of a function, or of a file that is read in.
    pub(super) fn enter_call(&mut self, name: &str, file: Option<&str>) {
        let around = match self.state.calls.first() {
            Some(call) => call.file.clone(),
            None if self.state.is_script => self.state.name.as_str().into(),
            None => "environment".into(),
        };
        let file = file.map_or(around, Into::into);
        self.state.calls.insert(0, Call { name: name.to_owned(), line: self.state.line, file });
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
        self.start_program_as(None, words)
    }

    /// As [`Shell::start_program`], with another name for it to see.
    pub(super) fn start_program_as(
        &mut self,
        shown: Option<&str>,
        words: &[String],
    ) -> Result<Result<i32, SpawnError>, Interrupt> {
        self.let_others_run()?;
        let slept = self.process.machine.slept;
        let started = self.start_program_now(shown, words)?;
        if self.process.machine.slept > slept {
            self.let_others_run()?;
        }
        Ok(started)
    }

    fn start_program_now(
        &mut self,
        shown: Option<&str>,
        words: &[String],
    ) -> Result<Result<i32, SpawnError>, Interrupt> {
        self.publish();
        let pid = self.process.machine.next_pid;
        self.process.machine.next_pid += 1;
        let mut child = self.process.fork();
        child.pid = pid;
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
        let mut renamed = words.to_vec();
        if let Some(name) = shown {
            name.clone_into(&mut renamed[0]);
        }
        match command::execute(&mut child, &path, &renamed)? {
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
