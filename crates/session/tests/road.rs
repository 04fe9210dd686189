//! The road through the dispatcher: open the naive Node example, build, edit, see why, reorder, build again.

mod support;

use lab_session::protocol::{Cause, Event, NearMiss, Query, Remedy, Request, Settings, StandIn, State};
use support::{Lab, causes, row, states};

const NAIVE: &str =
    "FROM node\nCOPY . /app\nWORKDIR /app\nRUN npm install\nEXPOSE 80\nCMD [\"node\", \"server.js\"]\n";
const ORDERED: &str = "FROM node\nCOPY package.json /app/\nWORKDIR /app\nRUN npm install\nCOPY . /app\nCMD [\"node\", \"server.js\"]\n";
const PACKAGE: &str = "{\"name\": \"shop\", \"dependencies\": {\"express\": \"^4.0.0\"}}\n";

fn shop(dockerfile: &str) -> Lab {
    Lab::open(&[("Dockerfile", dockerfile), ("package.json", PACKAGE), ("server.js", "listen(3000)\n")])
}

#[test]
fn a_first_build_has_no_records_and_the_next_preview_hits_everything() {
    let mut lab = shop(NAIVE);
    let built = lab.build();
    assert_eq!(
        states(&built),
        ["FROM miss", "COPY miss", "WORKDIR miss", "RUN miss", "EXPOSE meta", "CMD meta"]
    );
    assert_eq!(causes(row(&built, "COPY . /app")), [Cause::NoRecord]);
    assert_eq!((built.number, built.totals.hits, built.totals.steps), (Some(1), 0, 4));
    assert!(built.image_id.as_ref().is_some_and(|id| id.starts_with("sha256:")));
    let preview = lab.preview();
    assert_eq!(states(preview)[..4], ["FROM hit", "COPY hit", "WORKDIR hit", "RUN hit"]);
    assert_eq!((preview.totals.hits, preview.totals.steps), (4, 4));
    assert!(preview.totals.saved.value > 0.0 && preview.totals.saved.modelled);
    assert_eq!(preview.totals.rebuilt.value, 0.0);
}

#[test]
fn editing_a_source_misses_at_copy_and_the_rest_follows() {
    let mut lab = shop(NAIVE);
    lab.build();
    lab.edit("server.js", "listen(8080)\n");
    let preview = lab.preview().clone();
    assert_eq!(states(&preview)[..4], ["FROM hit", "COPY miss", "WORKDIR follows", "RUN follows"]);
    let copy = row(&preview, "COPY . /app");
    let [Cause::FileChanged { path, before, after, diff }] = causes(copy) else {
        panic!("{:?}", causes(copy))
    };
    assert_eq!((path.as_str(), *before, *after), ("server.js", 13.0, 13.0));
    assert_eq!(
        diff.iter().map(|line| line.text.as_str()).collect::<Vec<_>>(),
        ["listen(3000)", "listen(8080)"]
    );
    assert_eq!((diff[1].from, diff[1].to), (7, 11));
    let why = copy.why.as_ref().unwrap();
    assert_eq!((why.against, why.matched, why.changed), (Some(1), 3, 1));
    let changed: Vec<&str> =
        why.parts.iter().filter(|part| !part.same).map(|part| part.name.as_str()).collect();
    assert_eq!(changed, ["files"]);
    let run = row(&preview, "RUN npm install");
    assert_eq!((run.root, causes(run)), (Some(copy.id), &[Cause::Parent { root: copy.id }][..]));
    assert!(run.seconds.unwrap().value > 0.0 && run.seconds.unwrap().modelled);
    let remedies = lab.why(copy.id).remedies;
    assert!(
        matches!(&remedies[0], Remedy::Reorder { files, .. } if files == &["package.json"]),
        "{remedies:?}"
    );
    assert_eq!(remedies[1..], [Remedy::RevertFile { path: "server.js".into(), build: 1, hits: 4, steps: 4 }]);
    assert_eq!(lab.why(run.id).remedies, remedies);
    lab.send(Request::RevertFile { path: "server.js".into(), build: 1 });
    assert_eq!(lab.preview().totals.hits, 4);
}

#[test]
fn another_order_keeps_npm_install() {
    let mut lab = shop(NAIVE);
    lab.build();
    lab.edit("Dockerfile", ORDERED);
    let preview = lab.preview().clone();
    assert_eq!(row(&preview, "COPY package.json /app/").state, State::Miss);
    assert_eq!(row(&preview, "RUN npm install").state, State::Follows);
    lab.build();
    lab.edit("server.js", "listen(9090)\n");
    let preview = lab.preview().clone();
    let expected = ["FROM hit", "COPY hit", "WORKDIR hit", "RUN hit", "COPY miss"];
    assert_eq!(states(&preview)[..5], expected);
    let install = row(&preview, "RUN npm install").why.clone().unwrap();
    assert_eq!((install.hit_build, install.causes.len()), (Some(2), 0));
    let package = row(&preview, "COPY package.json /app/").why.clone().unwrap();
    assert_eq!(package.near_misses, [NearMiss::NotMatched { path: "server.js".into() }]);
    lab.build();
    let timeline = &lab.timeline;
    assert_eq!(
        timeline.builds.iter().map(|build| (build.number, build.parent)).collect::<Vec<_>>(),
        [(1, None), (2, Some(1)), (3, Some(2))]
    );
    assert_eq!((timeline.head, timeline.edited.len()), (Some(3), 0));
    assert_eq!(timeline.builds[2].edited, ["server.js"]);
    for build in &timeline.builds {
        assert!(build.cells.windows(2).all(|pair| pair[0].row < pair[1].row));
    }
    assert_eq!(timeline.builds[1].cells[3].row, timeline.builds[2].cells[3].row);
}

#[test]
fn touching_a_file_keeps_the_hit_and_says_so() {
    let mut lab = shop(NAIVE);
    lab.build();
    lab.send(Request::Touch { path: "server.js".into() });
    let copy = row(lab.preview(), "COPY . /app").clone();
    assert_eq!(copy.state, State::Hit);
    assert_eq!(copy.why.unwrap().near_misses, [NearMiss::Touched { path: "server.js".into() }]);
    lab.send(Request::SetMode { path: "server.js".into(), mode: 0o755 });
    let copy = row(lab.preview(), "COPY . /app").clone();
    assert_eq!(causes(&copy), [Cause::FileMode { path: "server.js".into(), before: 0o644, after: 0o755 }]);
}

#[test]
fn causes_of_commands_variables_and_bases() {
    let first =
        "FROM alpine\nENV MODE=dev\nARG LEVEL=1\nRUN echo $MODE > /mode\nRUN echo one > /one\nWORKDIR /srv\n";
    let mut lab = Lab::open(&[("Dockerfile", first)]);
    lab.build();
    let mut cause = |from: &str, to: &str, row_text: &str| {
        lab.edit("Dockerfile", &first.replace(from, to));
        causes(row(lab.preview(), row_text)).to_vec()
    };
    let env = Cause::Env { name: "MODE".into(), before: Some("dev".into()), after: Some("prod".into()) };
    assert_eq!(cause("=dev", "=prod", "RUN echo $MODE > /mode"), [env]);
    let arg = Cause::Arg { name: "LEVEL".into(), before: Some("1".into()), after: Some("2".into()) };
    assert_eq!(cause("LEVEL=1", "LEVEL=2", "RUN echo $MODE > /mode"), [arg]);
    let command = cause("echo one >", "echo two >", "RUN echo two > /one");
    let [Cause::Command { before, after }] = command.as_slice() else { panic!("{command:?}") };
    assert!(before.contains("echo one") && after.contains("echo two"));
    let base = cause("FROM alpine", "FROM alpine:3.20", "FROM alpine:3.20");
    let renamed = Cause::Command { before: "FROM alpine:latest".into(), after: "FROM alpine:3.20".into() };
    assert_eq!(base, [renamed]);
    let new = cause("WORKDIR /srv", "RUN true\nWORKDIR /srv", "RUN true");
    assert_eq!(new, [Cause::NoRecord]);
    let swapped =
        first.replace("RUN echo one > /one\n", "").replace("RUN echo $M", "RUN echo one > /one\nRUN echo $M");
    lab.edit("Dockerfile", &swapped);
    let moved = causes(row(lab.preview(), "RUN echo one > /one")).to_vec();
    assert_eq!(moved, [Cause::Moved { after: "FROM alpine".into() }]);
    assert_eq!(row(lab.preview(), "RUN echo $MODE > /mode").state, State::Follows);
}

#[test]
fn content_stops_a_cascade_at_copy_from() {
    let dockerfile = "FROM alpine AS build\nCOPY in.txt /in.txt\nRUN head -n 1 /in.txt > /out.txt\n\
        FROM alpine\nCOPY --from=build /out.txt /out.txt\nRUN cat /out.txt\n";
    let mut lab = Lab::open(&[("Dockerfile", dockerfile), ("in.txt", "first\nsecond\n")]);
    lab.build();
    lab.edit("in.txt", "first\nother\n");
    let preview = lab.preview().clone();
    let copy = row(&preview, "COPY --from=build /out.txt /out.txt");
    assert!(copy.held && copy.state == State::Hit, "{:?}", states(&preview));
    assert_eq!(copy.why.as_ref().unwrap().near_misses, [NearMiss::Held]);
    assert_eq!(row(&preview, "RUN cat /out.txt").state, State::Hit);
    lab.edit("in.txt", "1st\nother\n");
    let preview = lab.preview().clone();
    let root = row(&preview, "COPY in.txt /in.txt").id;
    let copy = row(&preview, "COPY --from=build /out.txt /out.txt");
    assert_eq!((copy.state, copy.root), (State::Follows, Some(root)));
    assert!(matches!(causes(copy)[0], Cause::FileChanged { .. }));
}

#[test]
fn no_cache_and_prune_are_causes() {
    let mut lab = shop(NAIVE);
    lab.build();
    let built = lab.build_with(&[], true);
    assert_eq!(causes(row(&built, "COPY . /app")), [Cause::NoCache]);
    lab.send(Request::Prune);
    assert_eq!(causes(row(lab.preview(), "COPY . /app")), [Cause::Pruned]);
    lab.build();
    assert_eq!(lab.preview().totals.hits, 4);
}

#[test]
fn the_settings_can_keep_the_cache_out_and_name_the_image() {
    let mut lab = shop(NAIVE);
    lab.build();
    let asked = lab.build_with(&[], true);
    let settings =
        Settings { no_cache: true, tags: vec!["shop:2".into(), "lab".into()], ..Settings::default() };
    lab.send(Request::SetSettings { settings });
    assert_eq!(causes(row(lab.preview(), "COPY . /app")), [Cause::NoCache]);
    let built = lab.build();
    assert_eq!(causes(row(&built, "COPY . /app")), [Cause::NoCache]);
    assert_eq!(states(&built), states(&asked));
    let named = |line: &&str| line.starts_with("naming to ");
    let names: Vec<&str> = built.log.iter().map(|line| line.text.as_str()).filter(named).collect();
    assert_eq!(
        names,
        ["naming to docker.io/library/lab:latest done", "naming to docker.io/library/shop:2 done"]
    );
    let project = lab.save();
    let mut other = Lab::new();
    other.send(Request::Open { project: project.clone() });
    assert_eq!((other.save(), other.preview.clone()), (project, lab.preview.clone()));
}

#[test]
fn an_image_that_stands_in_for_another_says_so() {
    let mut lab =
        Lab::open(&[("Dockerfile", "FROM redis AS store\nFROM alpine\nCOPY --from=store /data /data\n")]);
    let stand_in = |lab: &Lab, text: &str| row(lab.preview(), text).stand_in.clone();
    let redis = StandIn { wanted: "redis:latest".into(), shown: "redis:7.4.1".into() };
    assert_eq!(stand_in(&lab, "FROM redis AS store"), Some(redis));
    assert_eq!(stand_in(&lab, "FROM alpine"), None);
    lab.edit("Dockerfile", "FROM redis:7.4.1\n");
    assert_eq!(stand_in(&lab, "FROM redis:7.4.1"), None);
}

#[test]
fn a_limit_of_the_lab_is_no_exit_code_of_the_command() {
    let lab = Lab::open(&[("Dockerfile", "FROM alpine\nRUN while :; do :; done\n")]);
    let error = lab.preview().error.clone().unwrap();
    assert_eq!((error.code.as_str(), error.exit_code), ("build/limit-reached", None));
    assert!(error.message.contains("was ended by a limit of the lab: stopped after"), "{}", error.message);
}

#[test]
fn going_back_hits_the_old_records_and_branches() {
    let mut lab = shop(NAIVE);
    lab.build();
    lab.edit("server.js", "two\n");
    lab.build();
    lab.send(Request::Checkout { build: 1 });
    assert_eq!((lab.timeline.head, lab.preview().totals.hits), (Some(1), 4));
    assert_eq!(row(lab.preview(), "COPY . /app").why.as_ref().unwrap().hit_build, Some(1));
    lab.send(Request::Undo);
    assert_eq!(lab.timeline.head, Some(2));
    lab.send(Request::Redo);
    lab.edit("server.js", "three\n");
    lab.build();
    assert_eq!(lab.timeline.builds[2].parent, Some(1));
}

#[test]
fn taking_back_an_edit_stays_at_the_build() {
    let mut lab = shop(NAIVE);
    lab.edit("server.js", "two\n");
    lab.build();
    lab.send(Request::Undo);
    assert_eq!((lab.timeline.head, lab.timeline.edited.clone()), (Some(1), vec!["server.js".to_owned()]));
    lab.build();
    assert_eq!(lab.timeline.builds[1].parent, Some(1));
    lab.send(Request::Redo);
    assert_eq!((lab.timeline.head, lab.preview().totals.hits), (Some(2), 4));
}

#[test]
fn a_saved_session_opens_to_the_same_digests() {
    let mut lab = shop(NAIVE);
    lab.build_with(&["shop:1"], false);
    lab.edit("Dockerfile", ORDERED);
    lab.build();
    lab.send(Request::Checkout { build: 1 });
    lab.edit("server.js", "two\n");
    lab.send(Request::Prune);
    lab.build_with(&["shop:1"], true);
    lab.edit("draft.txt", "not built\n");
    let project = lab.save();
    let mut other = Lab::new();
    other.send(Request::Open { project: project.clone() });
    assert_eq!(other.save(), project);
    for build in 1..=3 {
        assert_eq!(other.query(Query::Build { build }), lab.query(Query::Build { build }));
    }
    assert_eq!(other.timeline, lab.timeline);
    assert_eq!(other.preview, lab.preview);
}

#[test]
fn a_failure_is_shown_where_it_is() {
    let mut lab = Lab::open(&[("Dockerfile", "FROM alpine\nRUN echo hi && false\nRUN true\n")]);
    let preview = lab.preview().clone();
    assert_eq!(states(&preview), ["FROM miss", "RUN failed", "RUN not run"]);
    let error = preview.error.clone().unwrap();
    assert_eq!((error.step, error.exit_code, error.line), (Some(1), Some(1), Some(1)));
    assert!(preview.log.iter().any(|line| line.kind == "error" && line.text.starts_with("ERROR: process")));
    lab.edit("Dockerfile", "FROM alpine\nRUNN x\nRUN true\n");
    let preview = lab.preview().clone();
    assert_eq!(states(&preview), ["FROM not run", "RUNN failed", "RUN not run"]);
    assert!(preview.error.unwrap().message.contains("unknown instruction: RUNN"));
    lab.edit("Dockerfile", "");
    assert!(lab.preview().empty && lab.preview().error.is_none());
    lab.edit("Dockerfile", "FROM alpine\nCOPY no/such.txt /\n");
    let error = lab.preview().error.clone().unwrap();
    assert_eq!(
        (error.code.as_str(), error.subject.as_deref()),
        ("build/copy-source-missing", Some("no/such.txt"))
    );
    lab.edit("app/server.js", "one\n");
    lab.edit("server.ts", "one\n");
    lab.edit("Dockerfile", "FROM alpine\nCOPY server.js /\n");
    assert_eq!(lab.preview().error.clone().unwrap().nearest, ["/server.ts", "/app/server.js"]);
    lab.edit("Dockerfile", "FROM alpine AS builder\nFROM alpine\nCOPY --from=bulder /etc/hosts /\n");
    assert_eq!(lab.preview().error.clone().unwrap().nearest, ["builder"]);
    lab.edit("Dockerfile", "FROM alpin\n");
    let error = lab.preview().error.clone().unwrap();
    assert_eq!(
        (error.code.as_str(), error.nearest.first().map(String::as_str)),
        ("build/unknown-image", Some("alpine"))
    );
}

#[test]
fn tables_of_a_build() {
    let mut lab = shop(NAIVE);
    lab.build_with(&["shop"], false);
    lab.edit("server.js", "two\n");
    lab.build_with(&["shop"], false);
    let Event::History { history } = lab.query(Query::History { build: Some(2) }) else { panic!() };
    assert_eq!(history.rows[0].created_by, "CMD [\"node\" \"server.js\"]");
    assert_eq!(history.rows[2].created_by, "RUN /bin/sh -c npm install # buildkit");
    assert!(history.rows[5].base && !history.rows[4].base, "{:#?}", &history.rows[..7]);
    assert!(history.text.starts_with("IMAGE          CREATED "));
    let Event::Images { images, disk } = lab.query(Query::Images) else { panic!() };
    let names: Vec<String> =
        images.iter().map(|image| format!("{}:{}", image.repository, image.tag)).collect();
    assert_eq!(names, ["lab:latest", "shop:latest", "<none>:<none>", "node:latest"]);
    assert!(disk.real.value < disk.logical.value);
    assert!(disk.reclaimable.value > 0.0);
    let Event::Layer { layer } = lab.query(Query::Layer { build: Some(2), step: 1 }) else { panic!() };
    let paths: Vec<&str> = layer.changes.iter().map(|change| change.path.as_str()).collect();
    assert_eq!(paths, ["/app/", "/app/Dockerfile", "/app/package.json", "/app/server.js"]);
}

#[test]
fn typing_says_nothing_new_of_the_builds() {
    let mut lab = shop(NAIVE);
    lab.build();
    let known = lab.timeline.clone();
    let text = format!("{NAIVE}RUN echo 1\n");
    lab.edit("Dockerfile", &text);
    assert_eq!((&lab.timeline.rows, &lab.timeline.builds), (&known.rows, &known.builds));
    let last = lab.timeline.now.last().unwrap();
    assert_eq!((last.row as usize, last.new.as_deref()), (known.rows.len(), Some("RUN echo 1")));
    lab.build();
    assert_eq!(lab.timeline.rows.last().map(String::as_str), Some("RUN echo 1"));
    assert!(lab.timeline.now.iter().all(|cell| cell.new.is_none()));
}

#[test]
fn the_size_of_an_export_is_that_of_the_file() {
    let mut lab = Lab::open(&[
        ("Dockerfile", "FROM scratch\nCOPY a /deep/a\n"),
        ("a", "one\n"),
        (".dockerignore", "Dockerfile\n"),
    ]);
    lab.build();
    let Event::Exports { exports } = lab.query(Query::Exports { build: Some(1) }) else { panic!() };
    assert_eq!(exports.options.len(), 5);
    for option in exports.options {
        let Event::Exported { export } = lab.query(Query::Export { build: Some(1), kind: option.kind })
        else {
            panic!("{:?}", option.kind)
        };
        let padding = export.base64.bytes().rev().take_while(|byte| *byte == b'=').count();
        let bytes = export.base64.len() / 4 * 3 - padding;
        assert_eq!((option.size, option.exact), (Some(bytes as f64), true), "{:?}", option.kind);
    }
    // What is too large to be written for nothing is estimated, not far from the truth.
    lab.edit("large", &"0123456789".repeat(1_000_000));
    let Event::Exports { exports } = lab.query(Query::Exports { build: None }) else { panic!() };
    let context = exports.options.iter().find(|option| option.file == "context.tar").unwrap();
    assert!(!context.exact && (context.size.unwrap() / 1e7 - 1.0).abs() < 0.01, "{context:?}");
}
