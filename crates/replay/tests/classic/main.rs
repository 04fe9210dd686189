//! Builds of the classic builder as real daemons recorded them: which steps they found, and what they said.
//!
//! The recordings (`tests/transcripts`) hold whole sessions of the docker command; of these only the builds are replayed
//! here, and between them the edits and the commands of a shell. The images have the names of those of the recordings and
//! not their programs, so that what commands print is left out.

#![cfg(not(target_arch = "wasm32"))]

mod command;
mod desk;
mod text;

use desk::Desk;
use lab_engine::solver::Release;
use serde_json::Value;
use std::fs;
use std::path::PathBuf;

fn recordings() -> Vec<(String, Value)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/transcripts/recorded");
    let topics = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut files: Vec<PathBuf> = topics
        .filter(|path| path.is_dir())
        .flat_map(|path| fs::read_dir(path).into_iter().flatten().flatten())
        .map(|entry| entry.path())
        .collect();
    files.sort();
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).expect("a recording can be read");
        let name = path.file_name().expect("it has a name").to_string_lossy().into_owned();
        (name, serde_json::from_str(&text).expect("a recording is JSON"))
    };
    files.into_iter().filter(|path| path.extension().is_some_and(|end| end == "json")).map(read).collect()
}

/// The release of the daemon behind a recording.
fn release(recording: &Value) -> Release {
    if recording["server"].as_str().is_some_and(|server| server.starts_with("20.")) {
        Release::Docker20
    } else {
        Release::Docker29
    }
}

/// What a recording lists of a build: instructions, and whether each was found.
fn listed(command: &Value) -> Option<Vec<(String, bool)>> {
    let pair = |item: &Value| Some((item[0].as_str()?.to_owned(), item[1].as_bool()?));
    command["used_cache"].as_array()?.iter().map(pair).collect()
}

#[test]
fn recorded_builds_find_and_say_the_same() {
    let mut builds = 0;
    let mut wrong = Vec::new();
    for (name, recording) in recordings() {
        let commands = recording["commands"].as_array().expect("a recording has commands");
        if !commands.iter().any(|command| command.get("used_cache").is_some()) {
            continue;
        }
        let mut desk = Desk::new(release(&recording), &recording);
        for command in commands {
            let Some(line) = command["cmd"].as_str() else {
                desk.edit(command);
                continue;
            };
            let Some(wanted) = listed(command) else {
                desk.other(line);
                // A quiet build lists nothing, and leaves its images all the same.
                if line.contains("docker build -q") && line.contains("DOCKER_BUILDKIT=0") {
                    desk.build(line, None);
                }
                continue;
            };
            // What fails outside of the builder, for instance at a network that is not there, is no matter of its rule.
            let succeeded = command["exit"] == 0;
            let Some(built) = desk.build(line, command["stdin"].as_str()).filter(|_| succeeded) else {
                continue;
            };
            if built.foreign {
                break;
            }
            builds += 1;
            if built.found != wanted {
                wrong.push(format!("{name} $ {line}\n  found {:?}\n  not   {wanted:?}", built.found));
            }
            let said = desk.said.said(&built.said);
            let told = desk.wanted.said(command["stdout"].as_str().unwrap_or_default());
            for (said, told) in said.lines().zip(told.lines()).filter(|(said, told)| said != told).take(1) {
                wrong.push(format!("{name} $ {line}\n  said {said:?}\n  not  {told:?}"));
            }
            if said.lines().count() != told.lines().count() {
                wrong.push(format!("{name} $ {line}\n  said another number of lines"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {builds}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(builds > 0 || recordings().is_empty(), "nothing of the recordings was replayed");
}
