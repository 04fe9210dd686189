//! `nologin`: the shell of accounts that nobody logs in to.

use crate::shell::{Outcome, Process};

/// Says so, and fails.
pub(in crate::shell::utilities) fn nologin(process: &mut Process<'_, '_>) -> Outcome {
    process.output("This account is currently not available.\n")?;
    Ok(1)
}
