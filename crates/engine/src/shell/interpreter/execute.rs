//! Lists and compound commands.

use super::{Flow, Shell, Status};
use crate::shell::language::{
    AndOr, CaseArm, CaseEnd, Command, Compound, Dialect, ForLoop, Item, List, Pipeline, Redirect, Word,
};
use std::rc::Rc;

impl Shell<'_, '_> {
    pub(super) fn list(&mut self, list: &List) -> Status {
        let mut status = 0;
        for item in &list.items {
            if self.state.options.noexec {
                return Ok(0);
            }
            status = self.item(item)?;
        }
        Ok(status)
    }

    fn item(&mut self, item: &Item) -> Status {
        if !item.background {
            return self.and_or(&item.and_or);
        }
        self.start_in_background(item)?;
        Ok(0)
    }

    fn and_or(&mut self, and_or: &AndOr) -> Status {
        let last = and_or.rest.len();
        let mut status = self.tested(last > 0, |shell| shell.pipeline(&and_or.first))?;
        for (at, (is_and, pipeline)) in and_or.rest.iter().enumerate() {
            if (status == 0) == *is_and {
                status = self.tested(at + 1 < last, |shell| shell.pipeline(pipeline))?;
            }
        }
        Ok(status)
    }

    /// Runs something whose failure is looked at, so that `set -e` does not end the shell.
    pub(super) fn tested(&mut self, tested: bool, body: impl FnOnce(&mut Self) -> Status) -> Status {
        self.state.tested += u32::from(tested);
        let status = body(self);
        self.state.tested -= u32::from(tested);
        status
    }

    pub(super) fn pipeline(&mut self, pipeline: &Pipeline) -> Status {
        if let Some(posix) = pipeline.timed {
            let status = self.pipeline_inside(pipeline);
            let times = if posix {
                "real 0.00\nuser 0.00\nsys 0.00\n"
            } else {
                "\nreal\t0m0.000s\nuser\t0m0.000s\nsys\t0m0.000s\n"
            };
            self.process.error_output(times)?;
            return status;
        }
        self.pipeline_inside(pipeline)
    }

    fn pipeline_inside(&mut self, pipeline: &Pipeline) -> Status {
        let status = self.tested(pipeline.negated, |shell| match &pipeline.commands[..] {
            [command] => shell.command(command),
            commands => {
                let status = shell.run_pipeline(commands)?;
                if let (Dialect::Bash, Some(line)) =
                    (shell.state.dialect, commands.last().and_then(Command::line))
                {
                    shell.state.line = line;
                }
                if let Some(flow) = shell.state.left.take() {
                    return Err(flow);
                }
                shell.check_errexit(status)
            }
        })?;
        if let ([command], Dialect::Bash) = (&pipeline.commands[..], self.state.dialect)
            && !matches!(command, Command::Compound(..))
        {
            self.state.pipe_status.clear();
            self.state.pipe_status.push(status);
        }
        let status = if pipeline.negated { i32::from(status == 0) } else { status };
        self.state.status = status;
        self.take_signals()?;
        Ok(status)
    }

    /// Ends the shell if `set -e` says so.
    pub(super) fn check_errexit(&mut self, status: i32) -> Status {
        self.state.status = status;
        if status != 0 && self.state.tested == 0 {
            self.run_error_trap()?;
            if self.state.options.errexit {
                return Err(Flow::Exit(status));
            }
        }
        Ok(status)
    }

    pub(super) fn command(&mut self, command: &Command) -> Status {
        self.process.machine.step(1)?;
        if self.state.counted {
            self.pass_moment(std::slice::from_ref(command))?;
        }
        match command {
            Command::Simple(simple) => self.simple(simple),
            Command::Function(name, body) => {
                self.state.functions.insert(name.clone(), Rc::clone(body));
                self.state.status = 0;
                Ok(0)
            }
            Command::Compound(compound, redirects) => {
                if self.state.dialect != Dialect::Bash
                    && let Some(Redirect { line, .. }) = redirects.first()
                {
                    self.state.line = *line;
                }
                let before = self.state.processes.len();
                let Some(saved) = self.redirect(redirects)? else {
                    let subshell =
                        matches!(compound, Compound::Subshell(_)) && self.state.dialect != Dialect::Bash;
                    let status = if subshell { 2 } else { self.redirect_status() };
                    return self.check_errexit(status);
                };
                self.process.machine.enter()?;
                // A subshell of ash redirects by itself.
                let noted = !matches!(compound, Compound::Subshell(_)) && self.note_redirects(&saved);
                let status = self.compound(compound);
                self.process.machine.leave();
                if noted {
                    self.state.redirected.pop();
                }
                self.undo_redirects(saved);
                if self.state.processes.len() > before {
                    self.end_processes(before)?;
                }
                let status = status?;
                self.state.status = status;
                Ok(status)
            }
        }
    }

    fn compound(&mut self, compound: &Compound) -> Status {
        match compound {
            Compound::Group(list) => self.list(list),
            Compound::Subshell(list) => {
                if let (Dialect::Bash, Some(line)) = (self.state.dialect, list.line()) {
                    self.state.line = line;
                }
                let counted = self.state.counted;
                let mut subshell = self.fork();
                subshell.state.counted = counted;
                let status = subshell.run_to_end(|shell| shell.list(list))?;
                self.tell_killed("")?;
                self.check_errexit(status)
            }
            Compound::If { branches, otherwise } => {
                for (condition, body) in branches {
                    if self.tested(true, |shell| shell.list(condition))? == 0 {
                        return self.list(body);
                    }
                }
                match otherwise {
                    Some(body) => self.list(body),
                    None => Ok(0),
                }
            }
            Compound::While { until, condition, body } => self.while_loop(*until, condition, body),
            Compound::For(parts) => {
                self.state.line = parts.line;
                self.for_loop(parts)
            }
            Compound::Select(parts) => {
                self.state.line = parts.line;
                self.select_loop(parts)
            }
            Compound::ArithmeticFor { start, condition, step, body, line } => {
                self.arithmetic_loop([start, condition, step], body, *line)
            }
            Compound::Case { word, arms, line, source } => {
                self.state.line = *line;
                self.case(word, arms, source)
            }
            Compound::Arithmetic { expression, line } => {
                self.state.line = *line;
                self.run_debug_trap()?;
                let status = self.arithmetic_command(expression)?.map_or(1, |value| i32::from(value == 0));
                self.check_errexit(status)
            }
            Compound::Test { tokens, line } => {
                self.state.line = *line;
                self.run_debug_trap()?;
                let status = self.test_command(tokens)?;
                self.check_errexit(status)
            }
            Compound::Coprocess { line } => {
                self.state.line = *line;
                self.coprocess()
            }
        }
    }

    /// `coproc`: two commands that wait for each other's output cannot run one after the other.
    fn coprocess(&mut self) -> Status {
        self.error(None, "coproc: not simulated: commands run one after the other here")?;
        self.check_errexit(1)
    }

    /// One round of a loop; whether there is another one.
    pub(super) fn round(&mut self, body: &List, status: &mut i32) -> Result<bool, Flow> {
        self.state.loops += 1;
        let result = self.list(body);
        self.state.loops -= 1;
        match result {
            Ok(code) => *status = code,
            Err(Flow::Continue(1)) => *status = 0,
            Err(Flow::Break(1)) => {
                *status = 0;
                return Ok(false);
            }
            Err(Flow::Continue(levels)) => return Err(Flow::Continue(levels - 1)),
            Err(Flow::Break(levels)) => return Err(Flow::Break(levels - 1)),
            Err(other) => return Err(other),
        }
        Ok(true)
    }

    fn while_loop(&mut self, until: bool, condition: &List, body: &List) -> Status {
        let mut status = 0;
        loop {
            self.process.machine.step(1)?;
            self.state.loops += 1;
            let tested = self.tested(true, |shell| shell.list(condition));
            self.state.loops -= 1;
            let go_on = match tested {
                Ok(code) => (code == 0) != until,
                Err(Flow::Break(1)) => return Ok(0),
                Err(Flow::Continue(1)) => continue,
                Err(Flow::Break(levels)) => return Err(Flow::Break(levels - 1)),
                Err(Flow::Continue(levels)) => return Err(Flow::Continue(levels - 1)),
                Err(other) => return Err(other),
            };
            if !go_on || !self.round(body, &mut status)? {
                return Ok(status);
            }
        }
    }

    fn for_loop(&mut self, parts: &ForLoop) -> Status {
        let values = self.loop_values(parts)?;
        let bash = self.state.dialect == Dialect::Bash;
        let mut status = 0;
        for value in values {
            self.process.machine.step(1)?;
            if bash {
                self.trace_loop("for", parts)?;
                if !self.state.trapped && !self.state.traps.is_empty() {
                    self.state.command = format!("for {} in {}", parts.name, parts.source).into();
                }
                self.run_debug_trap()?;
            }
            match self.assign(&parts.name, value) {
                Err(Flow::Error(status)) if bash => return self.check_errexit(status),
                other => other?,
            }
            if !self.round(&parts.body, &mut status)? {
                break;
            }
        }
        Ok(status)
    }

    /// What a loop over words goes through.
    pub(super) fn loop_values(&mut self, parts: &ForLoop) -> Result<Vec<String>, Flow> {
        match &parts.words {
            Some(words) => self.expand_words(words),
            None => Ok(self.state.positional.clone()),
        }
    }

    /// bash shows the head of a loop at each round, as it is written.
    pub(super) fn trace_loop(&mut self, keyword: &str, parts: &ForLoop) -> Result<(), Flow> {
        if self.state.options.xtrace {
            let words = if parts.words.is_some() { &parts.source } else { "\"$@\"" };
            self.trace_line(&format!("{keyword} {} in {words}", parts.name))?;
        }
        Ok(())
    }

    fn case(&mut self, word: &Word, arms: &[CaseArm], source: &str) -> Status {
        if self.state.dialect == Dialect::Bash {
            if self.state.options.xtrace {
                self.trace_line(&format!("case {source} in"))?;
            }
            self.run_debug_trap()?;
        }
        let text = self.expand_text(word)?;
        let mut status = 0;
        if self.state.dialect != Dialect::Bash {
            self.state.status = 0;
        }
        let mut falls_through = false;
        for arm in arms {
            let mut matches = falls_through;
            for pattern in &arm.patterns {
                matches = matches || {
                    let pattern = self.expand_pattern(pattern)?;
                    self.process.machine.step(1)?;
                    self.matches(&pattern, &text, self.state.options.extglob)?
                };
            }
            if !matches {
                continue;
            }
            status = self.list(&arm.body)?;
            match arm.end {
                CaseEnd::Stop => return Ok(status),
                CaseEnd::FallThrough => falls_through = true,
                CaseEnd::TestNext => falls_through = false,
            }
        }
        Ok(status)
    }
}
