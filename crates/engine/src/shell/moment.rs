//! The commands of the first shell of a `RUN`, counted, so that a second run can stop before one of them.
//!
//! A run gives the same every time, so a number says where it was: nothing has to be kept of what may never be looked at.
//! Commands in pipelines, substitutions, the background and traps do not count, as their failure is that of what they
//! are part of.

use super::credentials::Credentials;
use super::interpreter::State;

/// How far the first shell is.
#[derive(Debug, Default)]
pub(super) struct Moments {
    count: u64,
    wanted: Option<u64>,
    has_shell: bool,
    found: Option<Box<Moment>>,
}

/// A shell just before one of its commands.
#[derive(Debug)]
pub(super) struct Moment {
    pub state: State,
    pub cwd: String,
    pub credentials: Credentials,
    pub umask: u32,
    /// The command, roughly as it was written.
    pub command: String,
}

impl Moments {
    /// How many commands the first shell has begun.
    pub(super) fn count(&self) -> u64 {
        self.count
    }

    /// Stops before a command, by its number from 1.
    pub(super) fn look_for(&mut self, number: u64) {
        self.wanted = Some(number);
    }

    /// Whether the shell that starts is the first one.
    pub(super) fn is_first_shell(&mut self) -> bool {
        !std::mem::replace(&mut self.has_shell, true)
    }

    /// Counts a command; whether it is the one that is looked for.
    pub(super) fn is_wanted(&mut self) -> bool {
        self.count += 1;
        self.wanted == Some(self.count)
    }

    pub(super) fn keep(&mut self, moment: Moment) {
        self.found = Some(Box::new(moment));
    }

    pub(super) fn take(&mut self) -> Option<Box<Moment>> {
        self.found.take()
    }
}
