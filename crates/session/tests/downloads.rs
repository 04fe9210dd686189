//! `ADD` of what is somewhere else: the same stand-ins as those of `curl` and `wget`.

mod support;

use lab_session::protocol::{BuildView, State};
use support::{Lab, row};

const GO: &str = "https://go.dev/dl/go1.26.0.linux-amd64.tar.gz";

fn build(dockerfile: &str) -> BuildView {
    Lab::open(&[("Dockerfile", dockerfile)]).build()
}

fn output(build: &BuildView) -> Vec<&str> {
    let lines = build.log.iter().filter(|line| line.kind == "output");
    lines.filter_map(|line| Some(line.text.split_once(' ')?.1)).collect()
}

#[test]
fn a_download_is_a_file_that_stands_for_it() {
    let built = build(&format!(
        "FROM debian\nADD {GO} /tmp/\nADD --chmod=644 --chown=5 {GO} /go.tgz\n\
         RUN stat -c '%a %u %n' /tmp/go* /go.tgz && tar -xf /go.tgz -C /opt && ls /opt/go/bin\n"
    ));
    assert!(built.error.is_none(), "{:?}", built.error);
    let lines = output(&built);
    assert_eq!(lines[..2], ["600 0 /tmp/go1.26.0.linux-amd64.tar.gz", "644 5 /go.tgz"]);
    assert!(lines.contains(&"go"), "{lines:?}");
    assert!(row(&built, &format!("ADD {GO} /tmp/")).size.as_ref().is_some_and(|size| size.modelled));
}

#[test]
fn a_download_is_unpacked_where_that_is_asked_for() {
    let built = build(&format!(
        "FROM debian\nADD --unpack=true --chown=7 {GO} /opt/\nRUN stat -c '%u %n' /opt/go/bin/go\n"
    ));
    assert_eq!(output(&built), ["7 /opt/go/bin/go"]);
}

/// The same address gives the same, another one or another checksum something else.
#[test]
fn what_is_fetched_is_the_key() {
    let sum = |letter: &str| format!("--checksum=sha256:{}", letter.repeat(64));
    let mut lab = Lab::open(&[("Dockerfile", "")]);
    let mut state = |flags: &str, address: &str| {
        let line = format!("ADD {flags}{address} /x");
        lab.edit("Dockerfile", &format!("FROM debian\n{line}\n"));
        let built = lab.build();
        assert!(built.error.is_none(), "{:?}", built.error);
        built.steps[1].state
    };
    assert_eq!(state("", GO), State::Miss);
    assert_eq!(state("", GO), State::Hit);
    assert_eq!(state("", "https://x.example/other"), State::Miss);
    assert_eq!(state(&(sum("a") + " "), GO), State::Miss);
    assert_eq!(state(&(sum("b") + " "), GO), State::Miss);
    assert_eq!(state(&(sum("a") + " "), GO), State::Hit);
}

#[test]
fn a_repository_that_nobody_knows_says_so() {
    let built = build("FROM debian\nADD https://x.example/a.git#v1 /src/\n");
    let error = built.error.expect("the build fails");
    assert_eq!(error.code, "sim/not-simulated");
    assert!(error.message.ends_with("https://x.example/a.git: nobody here knows what is in this repository"));
}
