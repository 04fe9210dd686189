//! `RUN`: a POSIX shell and its utilities on the virtual filesystem.
//!
//! Input: a tree, the command line of a `RUN`, its environment, directory and user ([`RunSpec`]). Output: the changed
//! tree, what was printed, the exit code ([`RunOutcome`]) and a note for every command: whether it was executed,
//! modelled, or is unknown ([`CommandNote`]).
//!
//! * [`Machine`]: what all processes of one `RUN` share: tree, mounts, output, limits.
//! * [`Process`]: what one command sees: arguments, environment, files with permission checks, standard streams.
//! * [`Scene`]: everything that a `RUN` is given, to be run or to be run again.
//! * [`LiveShell`]: a shell that a person types into, in the state before a command that failed, or in a tree.
//! * [`utilities`]: commands that are really executed; [`programs`]: commands that are modelled.
//!
//! It must not know Dockerfiles, layers or caches. Everything is deterministic: time comes from the world, processes
//! of a pipeline run one after the other, and limits end whatever does not end by itself.

mod bytes;
mod command;
mod credentials;
mod escape;
mod files;
mod given;
mod interpreter;
mod interrupt;
mod language;
mod live;
mod machine;
mod moment;
mod mount;
mod output;
pub(crate) mod process;
pub mod programs;
mod regex;
mod run;
mod scene;
mod stand_in;
mod system;
#[cfg(test)]
mod testing;
pub mod utilities;

pub use command::{CommandKind, CommandNote, Flavour};
pub use credentials::{Credentials, UnknownUser};
pub use given::{GivenAnswer, GivenCall, GivenCommand};
pub use interrupt::{ExitCode, Interrupt, LimitExceeded, Outcome};
pub use live::{Completion, LiveOutcome, LiveShell, NoShell};
pub use machine::{Console, Machine, Meanwhile};
pub use mount::Mount;
pub use output::{LogEntry, Stream};
pub use process::{Input, Process};
pub use run::{RunOutcome, RunSpec, run};
pub use scene::Scene;
