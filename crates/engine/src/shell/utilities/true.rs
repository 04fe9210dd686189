//! `true` and `false`.

use crate::shell::{Outcome, Process};

/// Does nothing, well.
pub(super) fn succeed(_: &mut Process<'_, '_>) -> Outcome {
    Ok(0)
}

/// Does nothing, badly.
pub(super) fn fail(_: &mut Process<'_, '_>) -> Outcome {
    Ok(1)
}
