//! The native command.

#![forbid(unsafe_code)]

use dockerfile_lab::replay::{RecordedWorld, replay};
use std::process::ExitCode;

const USAGE: &str = "usage: dockerfile-lab replay [--base testbase.json] CASE.json";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(text) => {
            println!("{text}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("dockerfile-lab: {error}");
            ExitCode::from(2)
        }
    }
}

fn run(arguments: &[String]) -> Result<String, String> {
    let (command, rest) = arguments.split_first().ok_or(USAGE)?;
    if command != "replay" {
        return Err(format!("there is no command {command}\n{USAGE}"));
    }
    let (base, case) = match rest {
        [flag, base, case] if flag == "--base" => (base.as_str(), case),
        [case] => ("tests/conformance/testbase.json", case),
        _ => return Err(USAGE.to_owned()),
    };
    let read = |path: &str| std::fs::read_to_string(path).map_err(|error| format!("{path}: {error}"));
    let world = RecordedWorld::load(&read(base)?)?;
    let case = serde_json::from_str(&read(case)?).map_err(|error| error.to_string())?;
    let replayed = replay(&case, &world)?;
    serde_json::to_string(&replayed).map_err(|error| error.to_string())
}
