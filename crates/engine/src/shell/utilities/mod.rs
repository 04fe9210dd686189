//! Utilities: commands that are really executed, one file each.
//!
//! A utility behaves as the applet of BusyBox 1.35 where it is one, and as Debian's (coreutils and so on) elsewhere;
//! [`super::Process::flavour`] says which.

pub(super) mod busybox;
mod options;
mod r#true;

use super::interrupt::Outcome;
use super::process::Process;

/// The main function of a utility.
pub type Main = fn(&mut Process<'_, '_>) -> Outcome;

/// The utility that is called `name`.
pub fn find(name: &str) -> Option<Main> {
    Some(match name {
        "true" => r#true::succeed,
        "false" => r#true::fail,
        _ => return None,
    })
}
