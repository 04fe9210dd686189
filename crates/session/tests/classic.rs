//! The classic builder in a session: what it finds, why, and what it says.

mod support;

use lab_session::protocol::{Builder, Cause, Event, Query, Request, Settings, State};
use support::{Lab, causes, row, states};

const DOCKERFILE: &str = "FROM diamol/node\n\nENV TARGET=\"blog.example.com\"\nENV METHOD=\"HEAD\"\nENV INTERVAL=\"3000\"\n\n\
                          WORKDIR /web-ping\nCOPY app.js .\n\nCMD [\"node\", \"/web-ping/app.js\"]\n";

/// The first example, built once by the rule of a builder.
fn web_ping(builder: Builder) -> Lab {
    let files = [("Dockerfile", DOCKERFILE), ("app.js", "console.log('ping');\n")];
    let mut lab = Lab::open(&files);
    lab.send(Request::SetSettings { settings: Settings { builder, ..Settings::default() } });
    lab.build();
    lab
}

#[test]
fn an_env_is_a_step_of_the_classic_builder_and_none_of_buildkit() {
    let edited = DOCKERFILE.replace("3000", "5000");
    let mut lab = web_ping(Builder::Buildkit);
    lab.edit("Dockerfile", &edited);
    assert_eq!(
        states(lab.preview()),
        ["FROM hit", "ENV meta", "ENV meta", "ENV meta", "WORKDIR hit", "COPY hit", "CMD meta"]
    );
    let mut lab = web_ping(Builder::Classic);
    assert_eq!(
        states(lab.preview()),
        ["FROM hit", "ENV hit", "ENV hit", "ENV hit", "WORKDIR hit", "COPY hit", "CMD hit"]
    );
    lab.edit("Dockerfile", &edited);
    assert_eq!(
        states(lab.preview()),
        ["FROM hit", "ENV hit", "ENV hit", "ENV miss", "WORKDIR follows", "COPY follows", "CMD follows"]
    );
    let env = row(lab.preview(), "ENV INTERVAL=\"5000\"");
    let changed = Cause::Command { before: "ENV INTERVAL=3000".into(), after: "ENV INTERVAL=5000".into() };
    assert_eq!(causes(env), [changed]);
    let copy = row(lab.preview(), "COPY app.js .");
    assert_eq!((copy.root, causes(copy)), (Some(env.id), &[Cause::Parent { root: env.id }][..]));
    assert_eq!(copy.why.as_ref().map(|why| why.rule), Some(Builder::Classic));
}

#[test]
fn where_cmd_stands_decides_what_is_built_again() {
    let cmd = "CMD [\"node\", \"/web-ping/app.js\"]\n";
    let first = DOCKERFILE.replace(cmd, "").replace("\n\nENV TARGET", &format!("\n\n{cmd}ENV TARGET"));
    for (builder, others) in [(Builder::Buildkit, "hit"), (Builder::Classic, "follows")] {
        let mut lab = web_ping(builder);
        lab.edit("Dockerfile", &first);
        let copy = row(lab.preview(), "COPY app.js .");
        assert_eq!(copy.state, if others == "hit" { State::Hit } else { State::Follows }, "{builder:?}");
    }
    // With the CMD in front an edit of it costs everything; behind, it costs itself.
    let mut lab = web_ping(Builder::Classic);
    lab.edit("Dockerfile", &DOCKERFILE.replace("/web-ping/app.js\"]", "/app.js\"]"));
    assert_eq!(
        states(lab.preview()),
        ["FROM hit", "ENV hit", "ENV hit", "ENV hit", "WORKDIR hit", "COPY hit", "CMD miss"]
    );
}

#[test]
fn a_file_that_changed_is_the_cause_and_what_is_below_follows() {
    let mut lab = web_ping(Builder::Classic);
    lab.edit("app.js", "console.log('pong');\n");
    assert_eq!(states(lab.preview())[5..], ["COPY miss", "CMD follows"]);
    let copy = row(lab.preview(), "COPY app.js .");
    assert!(matches!(causes(copy), [Cause::FileChanged { path, .. }] if path == "app.js"));
    let key = lab.why(5);
    let instruction = key.parts.iter().find(|part| part.name == "instruction").expect("the key names it");
    assert!(instruction.now.starts_with("/bin/sh -c #(nop) COPY file:") && !instruction.same);
    lab.edit("app.js", "console.log('ping');\n");
    assert_eq!(states(lab.preview())[5..], ["COPY hit", "CMD hit"]);
}

#[test]
fn the_log_and_the_history_are_those_of_that_builder() {
    let mut lab = web_ping(Builder::Classic);
    let built = lab.build_with(&["ping"], false);
    assert_eq!(built.builder, Builder::Classic);
    let text: Vec<&str> = built.log.iter().map(|line| line.text.as_str()).collect();
    assert_eq!(text[..2], ["Sending build context to Docker daemon  3.072kB", "Step 1/7 : FROM diamol/node"]);
    assert_eq!(text[3..5], ["Step 2/7 : ENV TARGET=\"blog.example.com\"", " ---> Using cache"]);
    assert_eq!(built.log[4].step, Some(1));
    let id = &built.image_id.as_deref().expect("it was built")["sha256:".len()..][..12];
    let last = [
        &*format!("Successfully built {id}"),
        "Successfully tagged lab:latest",
        "Successfully tagged ping:latest",
    ];
    assert_eq!(text[text.len() - 3..], last);
    let Event::History { history } = lab.query(Query::History { build: None }) else { panic!("no history") };
    assert_eq!(history.rows[0].image, id);
    assert_eq!(history.rows[0].created_by, "/bin/sh -c #(nop)  CMD [\"node\" \"/web-ping/app.js\"]");
    assert!(history.rows[1].created_by.starts_with("/bin/sh -c #(nop) COPY file:"));
    let named = history.rows.iter().filter(|row| row.image != "<missing>").count();
    assert_eq!(named, 7, "six steps and the base image");
}

#[test]
fn each_rule_has_records_of_its_own_and_a_timeline_takes_both() {
    let mut lab = web_ping(Builder::Buildkit);
    lab.send(Request::SetSettings {
        settings: Settings { builder: Builder::Classic, ..Settings::default() },
    });
    assert_eq!(states(lab.preview())[4..], ["WORKDIR miss", "COPY miss", "CMD miss"]);
    let built = lab.build();
    assert_eq!(built.totals.hits, 0);
    lab.send(Request::SetSettings { settings: Settings::default() });
    assert_eq!(states(lab.preview())[4..], ["WORKDIR hit", "COPY hit", "CMD meta"]);
    let project = lab.save();
    assert!(!project.builds.is_empty());
}

#[test]
fn a_failure_is_told_in_the_words_of_the_daemon() {
    let mut lab = web_ping(Builder::Classic);
    lab.edit("Dockerfile", "FROM diamol/node\nRUN echo before && exit 3\nCMD x\n");
    let built = lab.build();
    assert_eq!(states(&built), ["FROM hit", "RUN failed", "CMD not run"]);
    let error = built.error.expect("it failed");
    assert_eq!(error.message, "The command '/bin/sh -c echo before && exit 3' returned a non-zero code: 3");
    assert_eq!((error.exit_code, error.step), (Some(3), Some(1)));
    let last = built.log.last().expect("there is a log");
    assert_eq!((&*last.text, &*last.kind), (&*error.message, "error"));
    assert!(built.log.iter().any(|line| line.kind == "output" && line.text == "before"));
}
