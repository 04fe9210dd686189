//! `dockerfile-lab log`: what a log of `--progress=rawjson` tells, as `--progress=plain` would have printed it.

use crate::arguments::{Failure, LogOptions};
use crate::driver::{Driver, print_json};
use lab_session::protocol::{Event, FileInput, Project, Request, VERSION};
use lab_session::text::log;
use std::io::Read;
use std::path::Path;
use std::process::ExitCode;

/// Reads a log and prints it.
pub(crate) fn run(options: &LogOptions) -> Result<ExitCode, Failure> {
    let (name, text) = read(options.input.as_deref())?;
    let mut driver = Driver::open(project(options.file.as_deref())?)?;
    let events = driver.send(Request::AddRecord { name: name.clone(), text })?;
    let build = events.into_iter().find_map(|event| match event {
        Event::Recorded { build } => Some(build),
        _ => None,
    });
    let build = build.ok_or_else(|| Failure::new("the session gave no build"))?;
    for damaged in build.recorded.iter().flat_map(|recorded| &recorded.damaged) {
        eprintln!("WARNING: {name}:{}: {}", damaged.line, damaged.message);
    }
    if options.json {
        print_json(&build)?;
    } else {
        print!("{}", log::plain(&build.log));
    }
    Ok(if build.error.is_none() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn read(input: Option<&Path>) -> Result<(String, String), Failure> {
    let name = input.map_or("standard input".to_owned(), |path| path.display().to_string());
    let failed = |error: std::io::Error| Failure::new(format!("{name}: {error}"));
    let bytes = match input {
        Some(path) => std::fs::read(path).map_err(failed)?,
        None => {
            let mut bytes = Vec::new();
            std::io::stdin().read_to_end(&mut bytes).map_err(failed)?;
            bytes
        }
    };
    // A byte that is no text damages its line and no other one.
    let text = String::from_utf8_lossy(&bytes).into_owned();
    Ok((name, text))
}

/// A project with the Dockerfile that was built, if it was given.
fn project(file: Option<&Path>) -> Result<Project, Failure> {
    let mut project = Project { version: VERSION, ..Project::default() };
    if let Some(path) = file {
        let failed = |error: std::io::Error| Failure::new(format!("{}: {error}", path.display()));
        let text = Some(std::fs::read_to_string(path).map_err(failed)?);
        project.files.push(FileInput { path: "Dockerfile".to_owned(), text, ..FileInput::default() });
    }
    Ok(project)
}
