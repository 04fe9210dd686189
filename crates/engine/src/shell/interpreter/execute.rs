//! Lists and compound commands.

use super::state::Job;
use super::{Flow, Shell, Status};
use crate::shell::language::{
    AndOr, CaseArm, CaseEnd, Command, Compound, Dialect, Item, List, Pattern, Pipeline, Word,
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
        // What runs in the background runs at once and to its end: nothing else happens meanwhile.
        let pid = self.process.machine.next_pid;
        self.process.machine.next_pid += 1;
        let slept = self.process.machine.slept;
        let null = crate::shell::files::handle(crate::shell::files::OpenFile::Null);
        let mut background = self.fork();
        background.process.files_mut().set(0, Some(null));
        let ended = background.run_to_end(|shell| shell.and_or(&item.and_or));
        let status = match ended {
            Err(crate::shell::Interrupt::BrokenPipe) => 141,
            other => other?,
        };
        self.state.background = Some(pid);
        let sleeps = self.process.machine.slept > slept;
        let killed = self.process.machine.killed.take().is_some();
        self.state.jobs.insert(pid, Job { status, sleeps, killed });
        self.state.status = 0;
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
    fn tested(&mut self, tested: bool, body: impl FnOnce(&mut Self) -> Status) -> Status {
        self.state.tested += u32::from(tested);
        let status = body(self);
        self.state.tested -= u32::from(tested);
        status
    }

    fn pipeline(&mut self, pipeline: &Pipeline) -> Status {
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
        if status != 0 && self.state.options.errexit && self.state.tested == 0 {
            return Err(Flow::Exit(status));
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
                let before = self.state.processes.len();
                let Some(saved) = self.redirect(redirects)? else {
                    let subshell =
                        matches!(compound, Compound::Subshell(_)) && self.state.dialect != Dialect::Bash;
                    let status = if subshell { 2 } else { self.redirect_status() };
                    return self.check_errexit(status);
                };
                self.process.machine.enter()?;
                let status = self.compound(compound);
                self.process.machine.leave();
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
            Compound::For { name, words, body, line } => {
                self.state.line = *line;
                self.for_loop(name, words.as_deref(), body)
            }
            Compound::ArithmeticFor { start, condition, step, body } => {
                self.trace_arithmetic(start)?;
                self.arithmetic(start)?;
                let mut status = 0;
                loop {
                    self.process.machine.step(1)?;
                    self.trace_arithmetic(condition)?;
                    if !condition.parts.is_empty() && self.arithmetic(condition)? == 0 {
                        break;
                    }
                    if !self.round(body, &mut status)? {
                        break;
                    }
                    self.trace_arithmetic(step)?;
                    self.arithmetic(step)?;
                }
                Ok(status)
            }
            Compound::Case { word, arms, line } => {
                self.state.line = *line;
                self.case(word, arms)
            }
            Compound::Arithmetic(word) => {
                self.trace_arithmetic(word)?;
                let status = i32::from(self.arithmetic(word)? == 0);
                self.check_errexit(status)
            }
            Compound::Test(tokens) => {
                let status = self.test_command(tokens)?;
                self.check_errexit(status)
            }
        }
    }

    /// One round of a loop; whether there is another one.
    fn round(&mut self, body: &List, status: &mut i32) -> Result<bool, Flow> {
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

    fn for_loop(&mut self, name: &str, words: Option<&[Word]>, body: &List) -> Status {
        let values = match words {
            Some(words) => self.expand_words(words)?,
            None => self.state.positional.clone(),
        };
        let mut status = 0;
        for value in values {
            self.process.machine.step(1)?;
            if self.state.options.xtrace && self.state.dialect == crate::shell::language::Dialect::Bash {
                let text = words.map_or_else(
                    || format!("for {name} in \"$@\""),
                    |words| {
                        format!(
                            "for {name} in {}",
                            words.iter().map(super::trace::source).collect::<Vec<_>>().join(" ")
                        )
                    },
                );
                self.trace_line(&text)?;
            }
            self.assign(name, value)?;
            if !self.round(body, &mut status)? {
                break;
            }
        }
        Ok(status)
    }

    fn case(&mut self, word: &Word, arms: &[CaseArm]) -> Status {
        let text = self.expand_text(word)?;
        if self.state.options.xtrace && self.state.dialect == crate::shell::language::Dialect::Bash {
            self.trace_line(&format!("case {} in", super::trace::source(word)))?;
        }
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
                    Pattern::new(&pattern).matches(&text)
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
