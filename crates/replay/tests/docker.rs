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

/// A process that does not hear the signal is waited for without end: the client gives up, and no time passed.
#[test]
fn stop_without_a_limit_lets_no_time_pass() {
    for timeout in ["-1", "99999999999", "9223372036854775807"] {
        let stop = format!("docker stop -t {timeout} deaf");
        let said = session(
            json!({}),
            &[
                "docker run -d --name deaf alpine:3.19 sh -c 'trap \"\" TERM; while true; do sleep 1; done'",
                "date +%Y",
                &stop,
                "date +%Y",
                "docker ps --format '{{.State}}'",
                "docker stop -t 2 deaf",
                "docker ps -a --format '{{.Status}}'",
            ],
        );
        assert_eq!((said[2].stdout.as_str(), said[2].exit), ("", 130), "{}", said[2].stderr);
        assert_eq!(said[1].stdout, said[3].stdout);
        assert_eq!(said[4].stdout, "running\n");
        assert_eq!(said[5].stdout, "deaf\n");
        assert!(said[6].stdout.starts_with("Exited (137)"), "{}", said[6].stdout);
    }
}

/// One that ends by itself is waited for; one that was killed is over at once.
#[test]
fn stop_without_a_limit_waits_for_the_end() {
    let said = session(
        json!({}),
        &[
            "docker run -d --name slow alpine:3.19 sh -c 'trap \"\" TERM; sleep 30; exit 3'",
            "docker stop -t -1 slow",
            "docker ps -a --format '{{.Status}}'",
            "docker run -d --rm --name gone alpine:3.19 sleep 100",
            "docker stop -s KILL gone",
        ],
    );
    assert_eq!(said[1].stdout, "slow\n", "{}", said[1].stderr);
    assert!(said[2].stdout.starts_with("Exited (3)"), "{}", said[2].stdout);
    assert_eq!((said[4].stdout.as_str(), said[4].exit), ("gone\n", 0));
}

/// Times beyond what nanoseconds of 64 bits hold end at the last that they do.
#[test]
fn times_beyond_the_clock_are_bounded() {
    let said = session(
        json!({}),
        &[
            "docker image prune -f --filter until=9223372036854775807",
            "docker image prune -f --filter until=2562047h",
            "docker image prune -f --filter until=-2562047h",
            "docker run --rm alpine:3.19 sleep 99999999999",
            "docker ps -a",
            "docker run -d --name long alpine:3.19 sleep 99999999999",
            "docker wait long",
            "docker ps -a",
        ],
    );
    for (at, one) in said.iter().enumerate() {
        assert_eq!(one.exit, 0, "{at}: {}", one.stderr);
    }
}

/// What would be the result of a build is not claimed where it does not come to be.
#[test]
fn builds_do_not_claim_what_they_do_not_do() {
    for option in ["--check", "--push", "--output out", "--call=outline"] {
        let build = format!("docker build {option} -t thing .");
        let said = session(json!({"Dockerfile": "FROM alpine:3.19\n"}), &[&build, "docker images -q thing"]);
        let name = option.split([' ', '=']).next().unwrap();
        let text = format!("docker build: {name} is not simulated; nothing was built\n");
        assert_eq!((said[0].stderr.as_str(), said[0].exit), (text.as_str(), 1));
        assert_eq!(said[1].stdout, "");
    }
}

/// Options that do nothing say so; the usual values of others, and what a build would do anyway, say nothing.
#[test]
fn options_without_effect_are_told() {
    for (words, told) in [
        ("docker build -q --platform linux/arm64 .", Some("docker build: --platform")),
        ("docker build -q --secret id=a,src=b .", Some("docker build: --secret")),
        ("docker build -q --platform linux/amd64 --push=false .", None),
        ("docker run --rm --cap-add NET_ADMIN alpine:3.19 true", Some("docker run: --cap-add")),
        ("docker create --log-driver none alpine:3.19", Some("docker create: --log-driver")),
        ("docker run --rm --network none alpine:3.19 true", None),
    ] {
        let said = &session(json!({"Dockerfile": "FROM alpine:3.19\n"}), &[words])[0];
        assert_eq!(said.exit, 0, "{words}: {}", said.stderr);
        let line = said.stderr.lines().find(|line| line.contains("not simulated"));
        let expected = told.map(|told| format!("{told} is not simulated and does nothing"));
        assert_eq!(line.map(str::to_owned), expected, "{words}");
    }
}
