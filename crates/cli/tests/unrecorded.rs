//! What no recording shows: each test says in one line what BuildKit does, and why it is so.
//!
//! The builds go the way of the recorded cases, with the same base images, and look at what a recording would say.

use dockerfile_lab::replay::{RecordedWorld, replay};
use serde_json::{Value, json};
use std::fs;
use std::path::PathBuf;

fn world() -> RecordedWorld {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/conformance/testbase.json");
    let text = fs::read_to_string(path).expect("the recorded base images are there");
    RecordedWorld::load(&text).expect("the recorded base images can be read")
}

/// Builds the steps of a case one after another.
fn build_steps(steps: &[Value]) -> Value {
    let mut steps = steps.to_vec();
    for step in &mut steps {
        step["expect"] = json!({});
    }
    let case = json!({ "name": "case", "about": "", "steps": steps, "layers": {} });
    replay(&case, &world()).expect("the case can be replayed")
}

/// Builds a Dockerfile in a context with one file, `a.txt`.
fn build(dockerfile: &str) -> Value {
    build_with(json!({ "dockerfile": dockerfile }))
}

fn build_with(mut step: Value) -> Value {
    step["files"]["a.txt"] = json!({ "content": "a\n" });
    build_steps(&[step])["steps"][0]["expect"].clone()
}

fn error(dockerfile: &str) -> String {
    build(dockerfile)["error"]
        .as_str()
        .expect("the build fails")
        .trim_start_matches("failed to solve: ")
        .to_owned()
}

/// The rows of the history that the build has added, without those of the base.
fn history(expect: &Value) -> Vec<String> {
    let config = expect["image"]["config"].as_str().expect("there is an image");
    let config: Value = serde_json::from_str(config).expect("a configuration is JSON");
    let rows = config["history"].as_array().expect("there is a history");
    rows.iter().skip(2).map(|row| row["created_by"].as_str().unwrap_or_default().to_owned()).collect()
}

fn stdout(expect: &Value) -> String {
    let vertices = expect["vertices"].as_array().expect("there are vertices");
    vertices.iter().filter_map(|vertex| vertex["stdout"].as_str()).collect()
}

fn rules(expect: &Value) -> Vec<&str> {
    let warnings = expect["warnings"].as_array().expect("there are warnings");
    warnings.iter().filter_map(|warning| warning["ruleName"].as_str()).collect()
}

/// BuildKit puts the script into `/dev/pipes` and calls it by way of the shell, whatever its first line is.
#[test]
fn a_heredoc_that_begins_with_an_interpreter_runs_in_the_shell() {
    let built = build("FROM testbase\nRUN <<-E\n\t#!/bin/sh\n\techo $0\n\tE\n");
    assert_eq!(stdout(&built), "/dev/pipes/E\n");
    assert_eq!(history(&built), ["RUN /bin/sh -c /dev/pipes/E # buildkit"]);
}

/// The name of a step must not show a secret, whatever the variable is elsewhere.
#[test]
fn secrets_are_masked_in_names() {
    let built = build(
        "FROM testbase\nENV T=x\nRUN --mount=type=secret,id=t,env=T,required=false echo $T >/dev/null\n",
    );
    let name = built["vertices"][1]["name"].as_str().unwrap();
    assert!(name.ends_with("echo **** >/dev/null"), "{name}");
}

/// Words are sorted as written, then expanded; nothing is sorted or left out after that.
#[test]
fn exposed_ports_keep_their_order() {
    let built = build("FROM testbase\nENV P=\"90 80\"\nEXPOSE 9998-10000 5 $P 5\n");
    assert_eq!(history(&built)[1], "EXPOSE [90/tcp 80/tcp 5/tcp 5/tcp 9998/tcp 9999/tcp 10000/tcp]");
}

/// Only `ADD` fetches; what is fetched is told by the look of the source.
#[test]
fn copy_takes_no_addresses() {
    assert_eq!(error("FROM testbase\nCOPY https://x.example/a /\n"), "source can't be a URL for COPY");
    assert_eq!(error("FROM testbase\nCOPY git@x.example:a/b /\n"), "source can't be a git ref for COPY");
}

/// A checksum is for one download.
#[test]
fn checksums_need_a_download() {
    let of = |rest: &str| error(&format!("FROM testbase\nADD --checksum=sha256:0 {rest} /x/\n"));
    assert_eq!(of("a.txt"), "checksum requires HTTP(S) or Git sources");
    assert_eq!(of("a.txt b.txt"), "checksum can't be specified for multiple sources");
    assert_eq!(of("https://x.example/a"), "invalid checksum digest length");
}

/// The frontend stops at such an error, so that it never comes to what follows.
#[test]
fn nothing_is_checked_behind_an_error_of_a_copy() {
    for line in ["COPY http://x.example/ /", "COPY --chmod=9 a.txt /", "ADD --checksum=x a.txt /"] {
        let built = build(&format!("FROM testbase\nENV a b\n{line}\nENV c d\n"));
        assert_eq!(rules(&built), ["LegacyKeyValueFormat"], "{line}");
    }
}

/// Options of the checks are read before the text.
#[test]
fn bad_options_of_the_checks_fail_the_build() {
    let option = "invalid check option \"foo\"";
    assert_eq!(
        error("# check=foo=bar\nFROM testbase\nNOSUCH\n"),
        format!("failed to parse check options: {option}")
    );
    let built = build_with(json!({
        "dockerfile": "FROM testbase\n",
        "build_args": { "BUILDKIT_DOCKERFILE_CHECK": "foo" },
    }));
    assert_eq!(
        built["error"],
        format!("failed to solve: failed to parse build-arg:BUILDKIT_DOCKERFILE_CHECK: {option}")
    );
}

/// A pattern has no use for a colon.
#[test]
fn a_colon_before_a_pattern_is_an_error() {
    let message = "unsupported modifier (:%) in substitution";
    assert_eq!(
        error("FROM testbase\nENV a=${u:%x}\n"),
        format!("failed to process \"${{u:%x}}\": {message}")
    );
}

/// Zero is what the kernel sends to ask whether a process is there.
#[test]
fn zero_is_no_signal() {
    assert_eq!(error("FROM testbase\nSTOPSIGNAL 0\n"), "invalid signal: 0");
}

/// The argument names the machine in `hostname` and in `/etc/hosts`, and is part of the key.
#[test]
fn the_name_of_the_machine() {
    let dockerfile = "FROM testbase\nRUN hostname; head -n1 /etc/hosts\n";
    let named = json!({ "dockerfile": dockerfile, "build_args": { "BUILDKIT_SANDBOX_HOSTNAME": "lab" } });
    assert_eq!(stdout(&build_with(named.clone())), "lab\n127.0.0.1\tlocalhost lab\n");
    let replayed = build_steps(&[json!({ "dockerfile": dockerfile }), named]);
    assert_eq!(replayed["steps"][1]["expect"]["vertices"][1]["status"], "done");
}

/// Proxies are found in any case, the lower one wins, and an empty one is none.
#[test]
fn proxies_of_any_spelling() {
    let built = build_with(json!({
        "dockerfile": "FROM testbase\nRUN env | grep -i proxy | sort\n",
        "build_args": { "HTTP_PROXY": "a", "http_proxy": "b", "Ftp_Proxy": "c", "NO_PROXY": "" },
    }));
    assert_eq!(stdout(&built), "FTP_PROXY=c\nHTTP_PROXY=b\nftp_proxy=c\nhttp_proxy=b\n");
}

/// The frontend sorts mounts by their targets, so that their order in the text does not count.
#[test]
fn mounts_have_no_order() {
    let run = |mounts: &str| json!({ "dockerfile": format!("FROM testbase\nRUN {mounts} true\n") });
    let (a, b) = ("--mount=type=tmpfs,target=/a", "--mount=type=tmpfs,target=/b");
    let replayed = build_steps(&[run(&format!("{a} {b}")), run(&format!("{b} {a}"))]);
    assert_eq!(replayed["steps"][1]["expect"]["vertices"][1]["status"], "cached");
}

/// What a cache mount starts with counts, and who owns it.
#[test]
fn cache_mounts_are_keyed_on_what_they_start_with() {
    let run = |stage: &str, flags: &str| {
        let dockerfile = format!(
            "FROM scratch AS s\nCOPY <<E /f\n{stage}\nE\nFROM testbase\n\
             RUN --mount=type=cache,target=/c,from=s{flags} true\n"
        );
        json!({ "dockerfile": dockerfile })
    };
    let replayed = build_steps(&[run("1", ""), run("2", ""), run("1", ""), run("1", ",uid=7")]);
    let statuses: Vec<&Value> = (0..4)
        .map(|step| {
            let vertices = replayed["steps"][step]["expect"]["vertices"].as_array().unwrap();
            &vertices.last().unwrap()["status"]
        })
        .collect();
    assert_eq!(statuses, ["done", "done", "cached", "done"]);
}
