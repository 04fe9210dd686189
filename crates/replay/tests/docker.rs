//! What the docker command does where no recording shows it: honest answers, and values at the edge of what fits.
#![cfg(not(target_arch = "wasm32"))]

use lab_replay::{Base, replay_transcript};
use serde_json::{Value, json};
use std::path::Path;

/// What a command printed, and its exit code.
struct Said {
    stdout: String,
    stderr: String,
    exit: i64,
}

/// Runs commands one after another as a session of client version 29.
fn session(files: Value, commands: &[&str]) -> Vec<Said> {
    let commands: Vec<Value> = commands.iter().map(|words| json!({ "cmd": words })).collect();
    let scenario = json!({
        "client": "29.7.2", "server": "29.7.2, containerd image store", "directory": "/home/dev/work",
        "files": files, "commands": commands,
    });
    let run = move || {
        let base = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/transcripts/base.json");
        let base = Base::load(&std::fs::read_to_string(base).unwrap()).unwrap();
        replay_transcript(&scenario, &base).unwrap()
    };
    // Replays run deep in the shell; so they have a stack of their own.
    let played = std::thread::Builder::new().stack_size(256 << 20).spawn(run).unwrap().join().unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let said = |command: &Value| Said {
        stdout: text(&command["stdout"]),
        stderr: text(&command["stderr"]),
        exit: command["exit"].as_i64().unwrap(),
    };
    played["commands"].as_array().unwrap().iter().map(said).collect()
}

#[test]
fn a_search_is_not_simulated() {
    let said = &session(json!({}), &["docker search redis"])[0];
    assert_eq!((said.stderr.as_str(), said.exit), ("docker search is not simulated\n", 1));
}

#[test]
fn contexts_are_looked_for_in_the_home_of_the_caller() {
    for (words, folder) in [
        ("HOME=/srv/ann docker --context nosuch ps", "/srv/ann/.docker"),
        ("HOME=/srv/ann docker context inspect nosuch", "/srv/ann/.docker"),
        ("DOCKER_CONFIG=/etc/client docker --context nosuch ps", "/etc/client"),
    ] {
        let said = &session(json!({}), &[words])[0];
        assert!(said.stderr.contains(&format!("open {folder}/contexts/meta/")), "{words}: {}", said.stderr);
    }
}

#[test]
fn help_tells_what_commands_do() {
    let said = session(json!({}), &["docker --help", "docker ps --help"]);
    assert!(said[0].stdout.contains("\n  ps          Show the containers\n"), "{}", said[0].stdout);
    assert!(said[1].stdout.contains("\n\nShow the containers\n\nOptions:\n"), "{}", said[1].stdout);
}
