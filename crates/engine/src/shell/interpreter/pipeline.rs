//! Pipelines and command substitution.
//!
//! The commands of a pipeline run one after the other, each into a bounded pipe. A producer that meets the bound is
//! stopped as by SIGPIPE. If the consumer then ends without asking for more, that was right; if it asks, the whole
//! pipeline starts again from the state before it, with a larger bound. So `yes | head -1` ends, and what is done is
//! done once.

use super::Shell;
use super::state::OpenProcess;
use crate::shell::files::{Handle, OpenFile, Pipe, handle};
use crate::shell::interrupt::{Interrupt, LimitExceeded};
use crate::shell::language::{Command, Dialect, List};
use crate::shell::machine::Checkpoint;
use std::cell::RefCell;
use std::rc::Rc;

/// The size of a pipe on Linux.
const FIRST_BOUND: usize = 64 << 10;
const GROWTH: usize = 16;

type Shared = Rc<RefCell<Pipe>>;

fn pipe(bound: usize) -> Shared {
    Rc::new(RefCell::new(Pipe { bound, ..Pipe::default() }))
}

fn open(pipe: &Shared) -> Handle {
    handle(OpenFile::Pipe(pipe.clone()))
}

impl Shell<'_, '_> {
    /// Runs a pipeline of several commands: its status.
    pub(super) fn run_pipeline(&mut self, commands: &[Command]) -> Result<i32, Interrupt> {
        if self.state.counted {
            self.pass_moment(commands)?;
        }
        let checkpoint = self.process.machine.checkpoint();
        let status = self.run_again_and_again(commands, &checkpoint);
        self.process.machine.release();
        status
    }

    fn run_again_and_again(
        &mut self,
        commands: &[Command],
        checkpoint: &Checkpoint,
    ) -> Result<i32, Interrupt> {
        let files = self.process.files_mut().snapshot();
        let limit = self.process.machine.pipe_limit();
        let mut bound = FIRST_BOUND.min(limit);
        loop {
            let pipes: Vec<Shared> = commands[1..].iter().map(|_| pipe(bound)).collect();
            let result = self.run_through(commands, &pipes);
            let starved = pipes.iter().any(|pipe| pipe.borrow().starved);
            if !starved {
                let statuses = result?;
                if self.state.dialect == Dialect::Bash {
                    self.state.pipe_status.clone_from(&statuses);
                }
                let last = statuses.last().copied().unwrap_or(0);
                let failed = statuses.iter().rev().find(|status| **status != 0);
                return Ok(if self.state.options.pipefail { failed.copied().unwrap_or(last) } else { last });
            }
            if bound >= limit {
                return Err(Interrupt::Limit(LimitExceeded::Pipe(limit as u64)));
            }
            bound = bound.saturating_mul(GROWTH).min(limit);
            self.process.machine.rewind(checkpoint);
            files.restore();
        }
    }

    fn run_through(&mut self, commands: &[Command], pipes: &[Shared]) -> Result<Vec<i32>, Interrupt> {
        let mut statuses = Vec::with_capacity(commands.len());
        let depth = self.process.machine.depth;
        for (at, command) in commands.iter().enumerate() {
            if at + 1 == commands.len() && self.state.options.lastpipe {
                statuses.push(self.last_of_pipe(command, &pipes[at - 1])?);
                continue;
            }
            let mut element = self.fork();
            if at > 0 {
                element.process.files_mut().set(0, Some(open(&pipes[at - 1])));
            }
            if let Some(pipe) = pipes.get(at) {
                element.process.files_mut().set(1, Some(open(pipe)));
            }
            let first = element.process.machine.next_pid;
            let ended = element.run_to_end(|shell| shell.command(command));
            let ended = match ended {
                Ok(status) if at < pipes.len() => self.run_all_since(first).map(|()| status),
                other => other,
            };
            match ended {
                Ok(status) => statuses.push(status),
                // Stopped at the bound of its own pipe: the next one decides whether that was right.
                Err(Interrupt::BrokenPipe) if pipes.get(at).is_some_and(|pipe| pipe.borrow().stopped) => {
                    self.process.machine.depth = depth;
                    statuses.push(141);
                }
                Err(interrupt) => {
                    self.process.machine.depth = depth;
                    return Err(interrupt);
                }
            }
        }
        Ok(statuses)
    }

    /// `shopt -s lastpipe`: the last command runs in this shell.
    fn last_of_pipe(&mut self, command: &Command, input: &Shared) -> Result<i32, Interrupt> {
        let outer = self.process.files_mut().set(0, Some(open(input)));
        let before = self.state.clone();
        let ended = self.command(command);
        self.process.files_mut().set(0, outer);
        match ended {
            Ok(status) => Ok(status),
            Err(super::Flow::Interrupt(interrupt)) => {
                // The pipeline may start again.
                self.state = before;
                Err(interrupt)
            }
            Err(flow) => {
                self.state.left = Some(flow);
                Ok(self.state.status)
            }
        }
    }

    /// Runs commands and gives what they print, without the newlines at its end.
    pub(super) fn substitute(&mut self, list: &List) -> Result<String, Interrupt> {
        let mut bytes = self.capture(list)?;
        while bytes.last() == Some(&b'\n') {
            bytes.pop();
        }
        bytes.retain(|byte| *byte != 0);
        Ok(crate::shell::bytes::to_text(&bytes))
    }

    /// Opens a process substitution and gives the name of its file. What it prints is there at once; what reads what is
    /// written to it runs when the command that it is for has ended.
    pub(super) fn substitute_process(&mut self, list: &Rc<List>, output: bool) -> Result<String, Interrupt> {
        let (file, reader) = if output {
            let pipe = pipe(self.process.machine.pipe_limit());
            (open(&pipe), Some((list.clone(), pipe, self.process.files_mut().clone())))
        } else {
            let (status, substituted) = (self.state.status, self.state.substituted);
            let bytes = self.capture(list)?.into();
            (self.state.status, self.state.substituted) = (status, substituted);
            (handle(OpenFile::Bytes { bytes, offset: 0 }), None)
        };
        let fd = (10..=63).rev().find(|fd| self.process.files_mut().get(*fd).is_none()).unwrap_or(63);
        self.process.files_mut().set(fd, Some(file));
        self.state.processes.push(OpenProcess { fd, reader });
        Ok(format!("/dev/fd/{fd}"))
    }

    /// Ends the process substitutions that were opened since there were `before`.
    pub(super) fn end_processes(&mut self, before: usize) -> Result<(), Interrupt> {
        while self.state.processes.len() > before {
            let OpenProcess { fd, reader } = self.state.processes.remove(before);
            self.process.files_mut().set(fd, None);
            let Some((list, pipe, mut files)) = reader else { continue };
            files.set(0, Some(open(&pipe)));
            let mut subshell = self.fork();
            *subshell.process.files_mut() = files;
            subshell.run_to_end(|shell| shell.list(&list))?;
        }
        Ok(())
    }

    /// Runs commands in a subshell and gives what they print.
    pub(super) fn capture(&mut self, list: &List) -> Result<Vec<u8>, Interrupt> {
        let limit = self.process.machine.pipe_limit();
        let output = pipe(limit);
        let loops = self.state.loops;
        let mut subshell = self.fork();
        subshell.process.files_mut().set(1, Some(open(&output)));
        subshell.state.substitutions += 1;
        // Here `break` ends the substitution in bash, too.
        subshell.state.loops = loops;
        let first = subshell.process.machine.next_pid;
        let status = subshell.run_to_end(|shell| shell.list(list))?;
        self.run_all_since(first)?;
        self.state.substituted = Some(status);
        if self.state.dialect == Dialect::Bash {
            self.state.status = status;
        }
        let bytes = std::mem::take(&mut output.borrow_mut().bytes);
        Ok(bytes)
    }
}
