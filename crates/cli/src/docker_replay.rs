//! `docker-replay`: a recorded session of the docker command, run again.

use crate::arguments::{Failure, ReplayOptions};
use lab_replay::{Base, replay_transcript};
use std::path::Path;
use std::process::ExitCode;

/// The shell recurses as deep as a script nests.
const STACK: usize = 256 << 20;

/// Prints the session with what came out.
pub(crate) fn run(options: ReplayOptions) -> Result<ExitCode, Failure> {
    let runner = std::thread::Builder::new().stack_size(STACK).spawn(move || replayed(&options));
    let runner = runner.map_err(|error| Failure::new(error.to_string()))?;
    let text = runner.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
    println!("{text}");
    Ok(ExitCode::SUCCESS)
}

fn replayed(options: &ReplayOptions) -> Result<String, Failure> {
    let read = |path: &Path| {
        std::fs::read_to_string(path).map_err(|error| Failure::new(format!("{}: {error}", path.display())))
    };
    let base = options.base.as_deref().unwrap_or(Path::new("tests/transcripts/base.json"));
    let base = Base::load(&read(base)?).map_err(Failure::new)?;
    let malformed = |error: serde_json::Error| Failure::new(format!("{}: {error}", options.case.display()));
    let recorded = serde_json::from_str(&read(&options.case)?).map_err(malformed)?;
    let session = replay_transcript(&recorded, &base).map_err(Failure::new)?;
    serde_json::to_string_pretty(&session).map_err(malformed)
}
