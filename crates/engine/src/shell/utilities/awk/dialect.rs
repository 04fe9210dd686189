//! The three programs that are called `awk`, where they differ.

use super::failure::Failure;
use crate::shell::Process;
use crate::vfs::path;

/// Whose behaviour and words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// The applet of BusyBox.
    Busybox,
    /// What Debian has as `awk`.
    Mawk,
    /// What Debian has as `awk` once the package `gawk` is installed.
    Gawk,
}

impl Dialect {
    /// The dialect of the file that the process was started from.
    pub(super) fn of(process: &mut Process<'_, '_>) -> Self {
        if process.is_busybox() {
            return Self::Busybox;
        }
        let called = process.arguments.first().cloned().unwrap_or_default();
        let found = process.find_command(&called).unwrap_or(called);
        let absolute = process.resolve(&found);
        match process.machine.tree().canonical(&absolute) {
            Ok(place) if path::name(&place).starts_with("gawk") => Self::Gawk,
            _ => Self::Mawk,
        }
    }

    /// The exit code of everything that ends the program with a message.
    pub(super) fn failure_code(self) -> i32 {
        if self == Self::Busybox { 1 } else { 2 }
    }

    /// Whether a number may be written as in C: `0x1f`.
    pub(super) fn reads_hexadecimal(self) -> bool {
        self != Self::Gawk
    }

    /// Whether the functions that gawk added are there.
    pub(super) fn has_extensions(self) -> bool {
        self != Self::Mawk
    }

    /// How a file that cannot be read is told of, and whether that ends the program.
    pub(super) fn cannot_read(self, path: &str, reason: &str) -> Failure {
        match self {
            Self::Busybox => Failure::Plain(format!("{path}: {reason}")),
            Self::Mawk => Failure::Plain(format!("cannot open {path} ({reason})")),
            Self::Gawk => Failure::Plain(format!("fatal: cannot open file `{path}' for reading: {reason}")),
        }
    }

    /// How a file that cannot be written to is told of.
    pub(super) fn cannot_write(self, path: &str, reason: &str) -> Failure {
        match self {
            Self::Busybox => Failure::Plain(format!("can't open '{path}': {reason}")),
            Self::Mawk => Failure::Plain(format!("cannot open \"{path}\" for output ({reason})")),
            Self::Gawk => Failure::Running(format!("cannot redirect to `{path}': {reason}")),
        }
    }
}
