//! Exported archives, proved by programs that nobody here wrote: `tests/archives/prove.py`.

use crate::process::{Outcome, command, output, run};
use crate::setup;

/// What the script exits with when skopeo or umoci is missing.
const SKIPPED: i32 = 77;

/// Builds the command and runs the script. Where Python, skopeo or umoci is missing, that is said and no failure.
pub(crate) fn prove() -> Outcome {
    if output("python3", &["--version"]).is_none() {
        println!("SKIPPED: python3 is missing");
        return Ok(());
    }
    setup::image_tools();
    run("cargo", &["build", "--quiet", "--package", "dockerfile-lab"])?;
    let mut script = command("python3", &["tests/archives/prove.py", "target/debug/dockerfile-lab"]);
    let status = script.status().map_err(|error| format!("python3 could not be started: {error}"))?;
    match status.code() {
        Some(0 | SKIPPED) => Ok(()),
        _ => Err("an exported archive is not what other programs read".to_owned()),
    }
}
