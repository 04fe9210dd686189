//! How a process ends other than by its own will.

use crate::world::NotLoaded;
use std::fmt;

/// The exit code of a process, 0 to 255.
pub type ExitCode = i32;

/// What running a command gives.
pub type Outcome = Result<ExitCode, Interrupt>;

/// Ends a process at once; utilities pass it on with `?`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Interrupt {
    /// A limit of the world was met: the whole `RUN` ends.
    Limit(LimitExceeded),
    /// Nobody reads what is written (SIGPIPE).
    BrokenPipe,
    /// More was read from a pipe than its producer has been let write so far. The pipeline starts again with more.
    Starved,
    /// A modelled program needs a part of the catalogue that has not been loaded: the whole `RUN` ends, to be run
    /// again once the part, which is named here, is there.
    NotLoaded(String),
    /// The moment that was looked for is there.
    Moment,
    /// A utility has said what is wrong and ends with this exit code; it goes no further than the utility.
    Exit(ExitCode),
}

impl Interrupt {
    /// What a utility ends with: its own way to give up is an exit code as any other.
    pub(crate) fn caught(outcome: Outcome) -> Outcome {
        match outcome {
            Err(Self::Exit(code)) => Ok(code),
            outcome => outcome,
        }
    }
}

impl From<NotLoaded> for Interrupt {
    fn from(missing: NotLoaded) -> Self {
        Self::NotLoaded(missing.asset)
    }
}

/// A limit that a `RUN` met, with its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitExceeded {
    /// `shell_steps`.
    Steps(u64),
    /// `output_bytes` in a pipe, which may carry a multiple of it.
    Pipe(u64),
    /// `tree_bytes`.
    TreeBytes(u64),
    /// `files`.
    Files(u64),
    /// Nesting of calls, subshells and commands.
    Depth(u64),
    /// The moment, in seconds that were slept, up to which whoever drives the machine lets it run.
    Until(u64),
}

impl fmt::Display for LimitExceeded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Steps(limit) => write!(f, "stopped after {limit} steps of the shell (limit shell_steps)"),
            Self::Pipe(limit) => {
                write!(f, "stopped after {limit} bytes through one pipe (limit output_bytes)")
            }
            Self::TreeBytes(limit) => {
                write!(f, "the filesystem grew beyond {limit} bytes (limit tree_bytes)")
            }
            Self::Files(limit) => write!(f, "the filesystem grew beyond {limit} files (limit files)"),
            Self::Depth(limit) => write!(f, "commands are nested more than {limit} deep"),
            Self::Until(limit) => write!(f, "it still ran after {limit} seconds"),
        }
    }
}

impl std::error::Error for LimitExceeded {}
