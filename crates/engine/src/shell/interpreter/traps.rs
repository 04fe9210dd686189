//! The traps of bash that are no signals: `ERR`, `DEBUG` and `RETURN`.
//!
//! A function does not see them unless `set -E` or `set -T` say so, and gives back those that it was called under.

use super::state::State;
use super::{Flow, Shell};

/// Whether an option is on that lets functions and subshells have a trap.
type Inherits = fn(&State) -> bool;

const INHERITED: [(&str, Inherits); 3] = [
    ("ERR", |state| state.options.errtrace),
    ("DEBUG", |state| state.options.functrace),
    ("RETURN", |state| state.options.functrace),
];

/// What a function was called under and does not see.
pub(super) type Hidden = Vec<(&'static str, String)>;

impl Shell<'_, '_> {
    /// Before a command runs.
    pub(super) fn run_debug_trap(&mut self) -> Result<(), Flow> {
        self.run_trap("DEBUG")
    }

    /// After a command that failed where nobody looks.
    pub(super) fn run_error_trap(&mut self) -> Result<(), Flow> {
        self.run_trap("ERR")
    }

    /// After a function, or a file that was read in.
    pub(super) fn run_return_trap(&mut self) -> Result<(), Flow> {
        self.run_trap("RETURN")
    }

    fn run_trap(&mut self, name: &str) -> Result<(), Flow> {
        if self.state.traps.is_empty() || self.state.trapped {
            return Ok(());
        }
        let Some(action) = self.state.traps.get(name).filter(|action| !action.is_empty()).cloned() else {
            return Ok(());
        };
        let (status, line) = (self.state.status, self.state.line);
        let pipe_status = self.state.pipe_status.clone();
        self.state.trapped = true;
        self.process.machine.enter()?;
        let ended = self.eval_text(&action);
        self.process.machine.leave();
        self.state.trapped = false;
        (self.state.status, self.state.line) = (status, line);
        self.state.pipe_status = pipe_status;
        ended.map(|_| ())
    }

    /// Takes away what a function does not see.
    pub(super) fn hide_traps(&mut self) -> Hidden {
        let mut hidden = Hidden::new();
        if self.state.traps.is_empty() {
            return hidden;
        }
        for (name, inherits) in INHERITED {
            if !inherits(&self.state)
                && let Some(action) = self.state.traps.remove(name)
            {
                hidden.push((name, action));
            }
        }
        hidden
    }

    /// Puts back what was hidden, but for what the function has set anew.
    pub(super) fn show_traps(&mut self, hidden: Hidden) {
        for (name, action) in hidden {
            self.state.traps.entry(name.to_owned()).or_insert(action);
        }
    }
}

impl State {
    /// A subshell starts without the traps of its parent, but for those that ignore a signal and those that it inherits.
    pub(super) fn keep_traps_of_subshell(&mut self) {
        if self.traps.is_empty() {
            return;
        }
        let inherited: Vec<&str> =
            INHERITED.iter().filter(|(_, inherits)| inherits(self)).map(|(name, _)| *name).collect();
        self.traps.retain(|name, action| action.is_empty() || inherited.contains(&name.as_str()));
    }
}
