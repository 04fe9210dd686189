//! `cargo xtask screenshot`: makes the pictures of the documentation anew, from the release build.

use crate::process::{Outcome, finish, phase, root};
use crate::{build, setup, test};

/// Writes `docs/screenshots/*.png`.
pub(crate) fn run() -> Outcome {
    setup::for_testing()?;
    build::release()?;
    phase("pictures in docs/screenshots", || {
        let mut shoot = test::playwright(&["test"])?;
        shoot.env("LAB_TASK", "shoot").env("LAB_PICTURES", root().join("docs/screenshots"));
        finish(&mut shoot)
    })
}
