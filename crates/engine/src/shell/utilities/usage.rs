//! What BusyBox prints when an applet is called wrongly: its version, and how the applet wants to be called.

use crate::shell::{ExitCode, Interrupt, Process};

/// Prints the usage of the applet, where it is known here, and gives the exit code that goes with it.
pub(super) fn print(process: &mut Process<'_, '_>) -> Result<ExitCode, Interrupt> {
    let name = process.name().to_owned();
    if let Some((_, text)) = USAGES.iter().find(|(applet, _)| *applet == name) {
        process.error_output(&format!("{VERSION} multi-call binary.\n\nUsage: {text}\n"))?;
    }
    Ok(1)
}

/// As Alpine 3.21 has it.
const VERSION: &str = "BusyBox v1.37.0 (2025-01-17 18:12:01 UTC)";

/// For those that are most often called wrongly.
const USAGES: &[(&str, &str)] = &[(
    "awk",
    "awk [OPTIONS] [AWK_PROGRAM] [FILE]...\n\
             \n\
             \t-v VAR=VAL\tSet variable\n\
             \t-F SEP\t\tUse SEP as field separator\n\
             \t-f FILE\t\tRead program from FILE\n\
             \t-e AWK_PROGRAM",
)];
