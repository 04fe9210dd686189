//! Builds that were made elsewhere: the log of `--progress=rawjson`, read, shown and kept.

mod support;

use lab_session::protocol::{BuildView, Event, ExportKind, Query, Request, State};
use lab_session::text::{base64, log};
use support::{Lab, row, states};

const DOCKERFILE: &str = "FROM node AS build\nWORKDIR /app\nENV A=b\nCOPY . .\nRUN npm install\n\
                          FROM alpine\nARG V=1\nCOPY --from=build /app /srv$V\nCMD [\"x\"]\n";

fn lab(dockerfile: &str) -> Lab {
    Lab::open(&[("Dockerfile", dockerfile), ("package.json", "{\"dependencies\":{\"left-pad\":\"1\"}}\n")])
}

fn rawjson(lab: &mut Lab, build: u32) -> String {
    let query = Query::Export { build: Some(build), kind: ExportKind::Rawjson };
    let Event::Exported { export } = lab.query(query) else { panic!() };
    String::from_utf8(base64::decode(&export.base64).unwrap()).unwrap()
}

fn add(lab: &mut Lab, text: &str) -> Option<BuildView> {
    let events = lab.send(Request::AddRecord { name: "build.log".into(), text: text.into() });
    events.into_iter().find_map(|event| match event {
        Event::Recorded { build } => Some(build),
        _ => None,
    })
}

/// A line of a stream in the form of BuildKit's client, with times after 10:00:00 in nanoseconds of Seoul.
fn vertex(digest: &str, name: &str, times: (&str, &str), rest: &str) -> String {
    let (start, end) = times;
    format!(
        r#"{{"vertexes":[{{"digest":"sha256:{digest}","name":"{name}","started":"2026-03-01T19:00:{start}+09:00","completed":"2026-03-01T19:00:{end}+09:00"{rest}}}]}}"#
    )
}

#[test]
fn what_is_written_reads_back_as_the_same_rows() {
    for (dockerfile, fails) in [
        (DOCKERFILE.to_owned(), false),
        (DOCKERFILE.replace("RUN npm install", "RUN echo out && exit 3"), true),
        ("FROM scratch\nCOPY Dockerfile /\n".to_owned(), false),
        ("FROM node\nRUN <<EOF\necho a\necho b\nEOF\nCOPY <<X <<Y /\nx\nX\ny\nY\n".to_owned(), false),
    ] {
        let mut lab = lab(&dockerfile);
        for (number, edit) in [(1, "a\n"), (2, "b\n")] {
            lab.edit("new.txt", edit);
            let built = lab.build();
            assert_eq!(built.error.is_some(), fails, "{:?}", built.error);
            let text = rawjson(&mut lab, number);
            let read = add(&mut support_lab(&dockerfile), &text).unwrap();
            let recorded = read.recorded.clone().unwrap();
            assert_eq!((recorded.damaged.len(), recorded.matched), (0, recorded.steps), "{text}");
            assert_eq!(read.steps.len(), built.steps.len());
            for (read, built) in read.steps.iter().zip(&built.steps) {
                // A log does not say why.
                let state = if built.state == State::Follows { State::Miss } else { built.state };
                assert_eq!((&read.text, read.state, read.line), (&built.text, state, built.line));
                assert_eq!(
                    (&read.name, &read.stage, read.end_line),
                    (&built.name, &built.stage, built.end_line)
                );
                let seconds = |step: &lab_session::protocol::StepView| step.seconds.map_or(0.0, |s| s.value);
                let is_timed = matches!(state, State::Miss | State::Failed);
                assert!(!is_timed || (seconds(read) - seconds(built)).abs() < 1e-6, "{}", read.text);
                assert!(read.seconds.is_none_or(|seconds| !seconds.modelled));
            }
            assert_eq!((read.totals.hits, read.totals.steps), (built.totals.hits, built.totals.steps));
            let output = |build: &BuildView| -> Vec<String> {
                let lines = build.log.iter().filter(|line| line.kind == "output");
                lines.map(|line| line.text.split_once(' ').unwrap().1.to_owned()).collect()
            };
            assert_eq!(output(&read), output(&built));
            let code = |build: &BuildView| build.error.as_ref().map(|error| (error.step, error.exit_code));
            assert_eq!(code(&read), code(&built));
        }
    }
}

fn support_lab(dockerfile: &str) -> Lab {
    lab(dockerfile)
}

#[test]
fn a_log_of_buildkit_is_read() {
    let text = [
        r#"{"vertexes":[{"digest":"sha256:d","name":"[internal] load build definition from Dockerfile"}]}"#.to_owned(),
        vertex("d", "[internal] load build definition from Dockerfile", ("00.1", "00.17"), ""),
        r#"{"statuses":[{"id":"transferring dockerfile:","vertex":"sha256:d","current":312,"timestamp":"2026-03-01T10:00:00.14Z","started":"2026-03-01T10:00:00.11Z","completed":"2026-03-01T10:00:00.14Z"}]}"#.to_owned(),
        vertex("f", "[1/3] FROM docker.io/library/node:22@sha256:abc", ("00.2", "00.2"), r#","cached":true"#),
        String::new(),
        r#"{"vertexes":[{"digest":"sha256:r","inputs":["sha256:f"],"name":"[2/3] RUN make  all","started":"2026-03-01T10:00:01Z"}],"logs":[{"vertex":"sha256:r","stream":1,"data":"b25lCnR3","timestamp":"2026-03-01T10:00:01.5Z"}]}"#.to_owned(),
        r#"{"logs":[{"vertex":"sha256:r","stream":2,"data":"bwo=","timestamp":"2026-03-01T10:00:02Z"},{"vertex":"sha256:r","stream":1,"data":null,"timestamp":"2026-03-01T10:00:02Z"}]}"#.to_owned(),
        vertex("r", "[2/3] RUN make  all", ("01", "03.250000001"), r#","error":"process \"/bin/sh -c make all\" did not complete successfully: exit code: 2""#),
        vertex("c", "[3/3] COPY . .", ("03", "03.2"), r#","error":"context canceled""#),
        r#"{"warnings":[{"vertex":"sha256:d","level":1,"short":"QTogYiAobGluZSAxKQ==","detail":["eA=="],"url":"https://x","range":[{"start":{"line":1},"end":{"line":1}}]}]}"#.to_owned(),
    ]
    .join("\r\n");
    let mut lab = lab("FROM node:22\nRUN make  all\nENV A=b\nCOPY . .\n");
    let build = add(&mut lab, &text).unwrap();
    assert_eq!(states(&build), ["FROM hit", "RUN failed", "ENV meta", "COPY not run"]);
    assert_eq!(row(&build, "RUN make  all").seconds.unwrap().value, 2.250000001);
    let expected = "#1 [internal] load build definition from Dockerfile\n\
                    #1 transferring dockerfile: 312B done\n#1 WARN: A: b (line 1)\n#1 DONE 0.1s\n\n\
                    #2 [1/3] FROM docker.io/library/node:22@sha256:abc\n#2 CACHED\n\n\
                    #3 [2/3] RUN make  all\n#3 0.500 one\n#3 0.500 two\n\
                    #3 ERROR: process \"/bin/sh -c make all\" did not complete successfully: exit code: 2\n\n\
                    #4 [3/3] COPY . .\n#4 CANCELED\n\
                    ERROR: failed to build: failed to solve: process \"/bin/sh -c make all\" did not complete \
                    successfully: exit code: 2\n";
    assert_eq!(log::plain(&build.log), expected);
    let error = build.error.clone().unwrap();
    assert_eq!((error.step, error.line, error.exit_code), (Some(1), Some(1), Some(2)));
    assert_eq!(error.output, ["0.500 one", "0.500 two"]);
    assert_eq!(build.recorded.unwrap().began, 1_772_359_200.0);
}

#[test]
fn steps_of_another_dockerfile_are_shown_as_they_are() {
    let text = [
        vertex("a", "[stage-1 2/2] COPY --from=build /x /", ("03", "04"), ""),
        vertex("b", "[build 2/2] RUN make", ("01", "02"), r#","cached":true"#),
        vertex("c", "[build 1/2] FROM docker.io/library/node:22", ("00", "01"), ""),
        vertex("d", "[stage-1 1/2] FROM docker.io/library/alpine", ("00", "01"), ""),
    ]
    .join("\n");
    let build = add(&mut lab("FROM scratch\nCOPY . .\n"), &text).unwrap();
    let texts: Vec<&str> = build.steps.iter().map(|step| step.text.as_str()).collect();
    assert_eq!(
        texts,
        [
            "FROM docker.io/library/alpine",
            "COPY --from=build /x /",
            "FROM docker.io/library/node:22",
            "RUN make"
        ]
    );
    let recorded = build.recorded.unwrap();
    assert_eq!((recorded.steps, recorded.matched), (4, 0));
}

#[test]
fn damaged_lines_are_told_by_their_numbers() {
    let good = vertex("a", "[1/1] RUN make", ("01", "02"), "");
    let log = |vertex: &str, data: &str| {
        format!(r#"{{"logs":[{{"vertex":"{vertex}","data":"{data}","timestamp":"2026-03-01T10:00:01Z"}}]}}"#)
    };
    let text = [
        "#0 building with \"default\"",
        &good,
        &good[..50],
        "{}",
        r#"{"vertexes":7}"#,
        r#"{"vertexes":[{"digest":"sha256:b","name":"x","started":"soon"}]}"#,
        &log("sha256:unknown", "eA=="),
        &log("sha256:a", "###"),
        &log("sha256:a", "eA=="),
        "",
    ]
    .join("\n");
    let build = add(&mut lab("FROM scratch\n"), &text).unwrap();
    let damaged = build.recorded.clone().unwrap().damaged;
    let lines: Vec<u32> = damaged.iter().map(|damaged| damaged.line).collect();
    assert_eq!(lines, [1, 3, 4, 5, 6, 7, 8], "{damaged:#?}");
    assert!(damaged[4].message.contains("\"soon\" is no time"), "{damaged:#?}");
    assert_eq!(build.log[1].text, "0.000 x", "what is good is there");
    for text in ["", "no log\n", "{\"vertexes\":[{\"digest\":\"a\",\"name\":\"b\"}]}\n"] {
        let mut lab = lab("FROM scratch\n");
        assert!(add(&mut lab, text).is_none());
        assert_eq!(lab.error().as_deref(), Some("record/damaged"), "{text:?}");
        assert!(lab.timeline.builds.is_empty());
    }
}

#[test]
fn a_record_stands_on_the_timeline_and_is_kept() {
    let mut lab = lab(DOCKERFILE);
    lab.build();
    let text = rawjson(&mut lab, 1);
    let known = lab.timeline.rows.clone();
    let shown = add(&mut lab, &format!("{text}rubbish\n")).unwrap();
    assert_eq!(shown.number, Some(2));
    let column = &lab.timeline.builds[1];
    assert!(column.recorded && column.parent == Some(1) && lab.timeline.head == Some(1));
    assert_eq!(lab.timeline.rows, known, "the rows are the same instructions");
    lab.edit("package.json", "{}\n");
    let next = lab.build();
    assert_eq!((next.number, lab.timeline.builds[2].parent), (Some(3), Some(1)));
    for query in [Query::Why { build: Some(2), step: 1 }, Query::History { build: Some(2) }] {
        lab.query(query);
        assert_eq!(lab.error().as_deref(), Some("build/recorded"));
    }
    // Its own stream can be taken away, and reads back to the same.
    let again = rawjson(&mut lab, 2);
    let mut other = support_lab(DOCKERFILE);
    let BuildView { steps, log, .. } = add(&mut other, &again).unwrap();
    assert_eq!((&steps, &log), (&shown.steps, &shown.log));
    // The project keeps it, and does not repeat it.
    let project = lab.save();
    let mut back = Lab::new();
    back.send(Request::Open { project: project.clone() });
    assert_eq!(back.timeline, lab.timeline);
    let Event::BuildShown { build } = back.query(Query::Build { build: 2 }) else { panic!() };
    assert_eq!(build, shown);
    assert_eq!(build.recorded.unwrap().damaged[0].line, text.lines().count() as u32 + 1);
    assert_eq!(back.save(), project);
    back.send(Request::Checkout { build: 2 });
    assert_eq!(back.timeline.head, Some(1), "one builds on what it stood on");
    let mut damaged = project;
    damaged.builds[1].record.as_mut().unwrap().text = "rubbish".into();
    back.send(Request::Open { project: damaged });
    assert_eq!(back.error().as_deref(), Some("project/damaged"));
}

/// A record is kept as a stream, so that it has to be the same when it is read again.
#[test]
fn times_that_are_far_away_are_none() {
    let mut lab = lab(DOCKERFILE);
    let far =
        r#"{"logs":[{"vertex":"sha256:a","stream":1,"data":"eA==","timestamp":"4052-03-01T10:00:04Z"}]}"#;
    let text = format!("{}\n{far}\n", vertex("a", "[1/2] FROM node", ("00:01.5", "00:02"), ""));
    let recorded = add(&mut lab, &text).expect("a step begins").recorded.expect("it is a record");
    let told: Vec<(u32, &str)> =
        recorded.damaged.iter().map(|damaged| (damaged.line, damaged.message.as_str())).collect();
    assert_eq!(told, [(2, "\"4052-03-01T10:00:04Z\" is more than a week away from the begin of the build")]);
}

/// What is in a log of any size is found in a time that grows with it: here a minute would not do otherwise.
#[test]
fn logs_of_any_size_are_read() {
    let mut lab = lab(DOCKERFILE);
    let mut text = String::new();
    for number in 0..20_000 {
        text += &vertex(&number.to_string(), &format!("[s{number} 1/1] RUN x"), ("00:01", "00:02"), "");
        text += "\n";
    }
    for number in 0..40_000 {
        text +=
            &format!("{{\"statuses\":[{{\"id\":\"{number}\",\"vertex\":\"sha256:0\",\"current\":1}}]}}\n");
        text += "{\"warnings\":[{\"vertex\":\"sha256:1\",\"short\":\"eA==\"}]}\n";
    }
    for second in 0..200 {
        let at = format!("{:02}:{:02}", second / 60, second % 60);
        text += &vertex("2", "[s2 1/1] RUN x", (&at, "59:59"), "");
        text += "\n";
    }
    let view = add(&mut lab, &text).expect("a step begins");
    let recorded = view.recorded.expect("it is a record");
    assert_eq!((view.steps.len(), recorded.steps), (10_000, 10_000));
    let told = |text: &str| recorded.damaged.iter().any(|damaged| damaged.message == text);
    assert!(told("there are more than 10000 vertexes"));
}

/// A line that is damaged says nothing of when the build began, so that what is kept opens to the same.
#[test]
fn a_damaged_line_does_not_begin_a_build() {
    let early = vertex("a", "[1/2] FROM node", ("01.5", "02"), "")
        .replace("\"completed\":\"2026", "\"completed\":\"2025");
    let kept = vertex("b", "[2/2] RUN make", ("03.25", "05"), "");
    let log =
        r#"{"logs":[{"vertex":"sha256:b","stream":1,"data":"b25lCg==","timestamp":"2026-03-01T10:00:02Z"}]}"#;
    let mut lab = support_lab("FROM node\nRUN make\n");
    let recorded = add(&mut lab, &[early.clone(), kept, log.to_owned()].join("\n")).unwrap();
    assert_eq!(recorded.recorded.unwrap().damaged.len(), 1);
    let project = lab.save();
    lab.send(Request::Open { project: project.clone() });
    assert_eq!(lab.save(), project);
    assert!(add(&mut support_lab("FROM node\n"), &early).is_none());
}
