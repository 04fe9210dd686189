//! The native command `dockerfile-lab`: the lab without a browser.
//!
//! Takes words in the manner of `docker`, drives the same session as the page, and prints what Docker prints. What was
//! built is kept in a state file, so that the next call finds the cache.

#![forbid(unsafe_code)]

mod arguments;
mod build;
mod catalogue;
mod check;
mod context;
mod docker_replay;
mod driver;
mod load;
mod log;
mod output;
mod sh;
mod state;
mod tables;

use arguments::{Command, Failure, ReplayOptions};
use lab_replay::RecordedWorld;
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let command = match arguments::parse(lexopt::Parser::from_env()) {
        Ok(command) => command,
        Err(failure) => return fail(&failure),
    };
    match run(command) {
        Ok(code) => code,
        Err(failure) => fail(&failure),
    }
}

fn run(command: Command) -> Result<ExitCode, Failure> {
    match command {
        Command::Help(text) => {
            print!("{text}");
            Ok(ExitCode::SUCCESS)
        }
        Command::Version => {
            println!("dockerfile-lab {}", env!("CARGO_PKG_VERSION"));
            Ok(ExitCode::SUCCESS)
        }
        Command::Build(options) => build::run(&options),
        Command::Check(options) => check::run(&options),
        Command::History(options) => tables::history(&options),
        Command::Images(options) => tables::images(&options),
        Command::SystemDf(options) => tables::system_df(&options),
        Command::Prune(options) => tables::prune(&options),
        Command::Log(options) => log::run(&options),
        Command::Load(options) => load::run(&options),
        Command::Inspect(options) => tables::inspect(&options),
        Command::Remove(options) => tables::remove(&options),
        Command::Replay(options) => replay(&options),
        Command::DockerReplay(options) => docker_replay::run(options),
        Command::Shell(options) => sh::run(options),
    }
}

/// Replays a recorded case and prints what came out, to be held against the recording.
fn replay(options: &ReplayOptions) -> Result<ExitCode, Failure> {
    let read = |path: &Path| {
        std::fs::read_to_string(path).map_err(|error| Failure::new(format!("{}: {error}", path.display())))
    };
    let base = options.base.as_deref().unwrap_or(Path::new("tests/conformance/testbase.json"));
    let world = RecordedWorld::load(&read(base)?).map_err(Failure::new)?;
    let malformed = |error: serde_json::Error| Failure::new(format!("{}: {error}", options.case.display()));
    let case = serde_json::from_str(&read(&options.case)?).map_err(malformed)?;
    let replayed = lab_replay::replay(&case, &world).map_err(Failure::new)?;
    println!("{}", serde_json::to_string(&replayed).map_err(malformed)?);
    Ok(ExitCode::SUCCESS)
}

fn fail(failure: &Failure) -> ExitCode {
    eprintln!("ERROR: {}", failure.message);
    if let Some(help) = &failure.help {
        eprintln!("{help}");
    }
    ExitCode::from(failure.code)
}
