//! The interpreter: runs the syntax tree in a process.
//!
//! A [`Shell`] is a process and its [`State`]; a subshell is a fork of both. What is printed, which files change and
//! which exit code comes out is that of BusyBox ash, dash or bash, whichever the image has.

mod arithmetic;
mod assign;
mod brace;
mod builtins;
mod execute;
mod expand;
mod fields;
mod glob;
mod interactive;
mod jobs;
mod parameter;
mod pipeline;
mod redirect;
mod run;
mod select;
mod simple;
mod state;
mod test;
#[cfg(test)]
mod tests;
mod trace;
mod traps;

use super::interrupt::Interrupt;
use super::process::Process;
pub(super) use builtins::{SIGNALS, exists as builtin_exists, signal_name};
pub(super) use interactive::{INTERRUPTED, is_incomplete};
pub(super) use jobs::{Ended, Waiting};
pub(super) use run::main;
pub(super) use state::State;

/// A shell.
pub(super) struct Shell<'m, 'w> {
    pub process: Process<'m, 'w>,
    pub state: State,
}

/// What ends commands before their end.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Flow {
    /// `exit`.
    Exit(i32),
    /// An error that ends the shell, unless it happened in an ordinary builtin. In bash it ends the commands that were
    /// read together, and the shell goes on with the next line.
    Error(i32),
    /// A signal that nothing is done about.
    Killed(u8),
    /// `return`.
    Return(i32),
    /// `break n`.
    Break(u32),
    /// `continue n`.
    Continue(u32),
    /// The process ends.
    Interrupt(Interrupt),
}

impl From<Interrupt> for Flow {
    fn from(interrupt: Interrupt) -> Self {
        Self::Interrupt(interrupt)
    }
}

/// The status of a command, or what ends more than it.
pub(super) type Status = Result<i32, Flow>;

impl<'w> Shell<'_, 'w> {
    /// A subshell.
    pub(super) fn fork(&mut self) -> Shell<'_, 'w> {
        let mut state = self.state.clone();
        // ash and dash let `break` end a subshell.
        if state.dialect == crate::shell::language::Dialect::Bash {
            state.loops = 0;
        }
        state.is_subshell = true;
        state.subshells += 1;
        state.counted = false;
        state.processes.clear();
        state.keep_traps_of_subshell();
        Shell { process: self.process.fork(), state }
    }

    /// Runs something as a subshell to its end: its exit code.
    pub(super) fn run_to_end(&mut self, body: impl FnOnce(&mut Self) -> Status) -> Result<i32, Interrupt> {
        self.process.machine.enter()?;
        let result = body(self);
        let status = self.finish(result);
        self.process.machine.leave();
        status
    }

    /// Ends a shell: runs the EXIT trap and gives the exit code.
    pub(super) fn finish(&mut self, result: Status) -> Result<i32, Interrupt> {
        let status = match result {
            Ok(status) | Err(Flow::Exit(status) | Flow::Error(status) | Flow::Return(status)) => status,
            Err(Flow::Killed(signal)) => {
                self.process.machine.killed = Some(signal);
                return Ok(128 + i32::from(signal));
            }
            Err(Flow::Break(_) | Flow::Continue(_)) => 0,
            Err(Flow::Interrupt(interrupt)) => return Err(interrupt),
        };
        if !self.state.is_subshell {
            self.let_others_run()?;
        }
        let status = self.run_exit_trap(status)?;
        self.end_processes(0)?;
        Ok(status)
    }

    fn run_exit_trap(&mut self, status: i32) -> Result<i32, Interrupt> {
        let Some(action) = self.state.traps.remove("EXIT").filter(|action| !action.is_empty()) else {
            return Ok(status & 0xff);
        };
        self.state.status = status;
        self.state.counted = false;
        // In ash a subshell has undone the redirections around by then.
        for saved in std::mem::take(&mut self.state.redirected).into_iter().rev() {
            self.undo_redirects(saved);
        }
        // The trace of bash shows it one deeper in a subshell that is no substitution.
        let deeper = self.state.is_subshell && self.state.substitutions == 0;
        let ended = if deeper { self.eval_text(&action) } else { self.eval_here(&action) };
        match ended {
            Err(Flow::Exit(status) | Flow::Error(status)) => Ok(status & 0xff),
            Err(Flow::Interrupt(interrupt)) => Err(interrupt),
            _ => Ok(status & 0xff),
        }
    }

    /// Prints an error of the shell itself: its name, perhaps the line, perhaps the builtin, and the message.
    pub(super) fn error(&mut self, builtin: Option<&str>, message: &str) -> Result<(), Interrupt> {
        let prefix = self.error_prefix(builtin);
        self.process.error_output(&format!("{prefix}{message}\n"))
    }
}
