//! Makes the page with Trunk.

use std::process::Command;

use crate::process::{Outcome, command, finish, phase};
use crate::setup;

/// `cargo xtask build`: the release build in `dist/`.
pub(crate) fn release() -> Outcome {
    setup::for_building()?;
    phase("build: release page in dist/", || finish(&mut trunk(&["build", "--release"])))
}

/// A Trunk command in a clean environment: `NO_COLOR=1` and the like would be read as its own options.
pub(crate) fn trunk(arguments: &[&str]) -> Command {
    let mut trunk = command("trunk", arguments);
    trunk.env_remove("NO_COLOR");
    trunk
}
