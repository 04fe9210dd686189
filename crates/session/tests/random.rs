//! Random walks: no sequence of requests makes the session panic, and what is saved opens to the same.

mod support;

use lab_session::protocol::{Edit, Event, FileInput, Query, Request, Settings};
use proptest::prelude::*;
use support::Lab;

const PATHS: [&str; 9] =
    ["Dockerfile", ".dockerignore", "a", "d", "d/a", "d/e/f", "server.js", "../out", "d/e"];
const TEXTS: [&str; 10] = [
    "",
    "FROM alpine\nCOPY . /app\nRUN cat /app/a > /out\n",
    "FROM alpine AS one\nCOPY d /d\nFROM scratch\nCOPY --from=one /d /x\nENV A=b\n",
    "FROM scratch\nCOPY a /a\nWORKDIR /w\n",
    "FROM alpine\nARG X=1\nRUN echo $X && test -f /missing\n",
    "FROM nowhere\n",
    "FROM alpine\nRUNN\n",
    "d\n!d/a\n",
    "one\n",
    "two\nlines\n",
];

fn path() -> impl Strategy<Value = String> {
    prop::sample::select(&PATHS[..]).prop_map(str::to_owned)
}

fn text() -> impl Strategy<Value = String> {
    prop::sample::select(&TEXTS[..]).prop_map(str::to_owned)
}

fn file() -> impl Strategy<Value = FileInput> {
    (path(), text(), 0..4_u8).prop_map(|(path, text, kind)| match kind {
        0 => FileInput { path, directory: true, ..FileInput::default() },
        1 => FileInput { path, symlink: Some("a".into()), ..FileInput::default() },
        2 => FileInput { path, base64: Some("/wA=".into()), mode: Some(0o755), ..FileInput::default() },
        _ => FileInput { path, text: Some(text), mtime: Some(5.0), ..FileInput::default() },
    })
}

fn edit() -> impl Strategy<Value = Request> {
    let settings =
        (prop::sample::select(&["", "one", "none"][..]), any::<bool>()).prop_map(|(target, argument)| {
            let build_args = if argument { vec!["X=2".to_owned()] } else { Vec::new() };
            Request::SetSettings {
                settings: Settings { target: target.into(), build_args, ..Settings::default() },
            }
        });
    prop_oneof![
        4 => text().prop_map(|text| Request::EditFile { path: "Dockerfile".into(), text }),
        3 => (path(), text()).prop_map(|(path, text)| Request::EditFile { path, text }),
        1 => prop::collection::vec(file(), 1..4).prop_map(|files| Request::PutFiles { files }),
        1 => (prop::collection::vec(file(), 1..3), path()).prop_map(|(files, path)| Request::Apply {
            edits: files.into_iter().map(|file| Edit::Put { file }).chain([Edit::Delete { path }]).collect(),
        }),
        1 => path().prop_map(|path| Request::MakeDirectory { path }),
        1 => (path(), path()).prop_map(|(from, to)| Request::Rename { from, to }),
        1 => path().prop_map(|path| Request::Delete { path }),
        1 => (path(), prop::sample::select(&[0o644_u32, 0o755, 0][..]))
            .prop_map(|(path, mode)| Request::SetMode { path, mode }),
        1 => path().prop_map(|path| Request::Touch { path }),
        1 => settings,
    ]
}

fn request() -> impl Strategy<Value = Request> {
    let query = (0..3_u32, 0..5_u32, 0..5_u8).prop_map(|(build, step, kind)| {
        let some = (build > 0).then_some(build);
        let query = match kind {
            0 => Query::Build { build },
            1 => Query::Why { build: some, step },
            2 => Query::Layer { build: some, step },
            3 => Query::History { build: some },
            _ => Query::Images,
        };
        Request::Query { query }
    });
    prop_oneof![
        8 => edit(),
        3 => (any::<bool>(), any::<bool>()).prop_map(|(no_cache, tag)| Request::Build {
            tags: if tag { vec!["shop:1".to_owned()] } else { Vec::new() },
            no_cache,
        }),
        1 => (0..4_u32).prop_map(|build| Request::Checkout { build }),
        1 => (path(), 0..3_u32).prop_map(|(path, build)| Request::RevertFile { path, build }),
        1 => Just(Request::Undo),
        1 => Just(Request::Redo),
        1 => Just(Request::Prune),
        1 => path().prop_map(|path| Request::ReadFile { path }),
        2 => query,
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn what_is_saved_opens_to_the_same(requests in prop::collection::vec(request(), 1..24)) {
        let mut lab = Lab::open(&[("Dockerfile", TEXTS[1]), ("a", "first\n")]);
        for request in requests {
            // The clock does not move with each request: some edits and builds share a second.
            if (lab.now as u64).is_multiple_of(180) {
                lab.now -= 60.0;
            }
            let before = lab.save();
            let events = lab.send(request);
            if events.iter().any(|event| matches!(event, Event::Failed { .. })) {
                prop_assert_eq!(lab.save(), before);
            }
        }
        let project = lab.save();
        let mut other = Lab::new();
        other.send(Request::Open { project: project.clone() });
        prop_assert_eq!(other.save(), project);
        prop_assert_eq!(&other.workspace.files, &lab.workspace.files);
        prop_assert_eq!(&other.timeline.builds, &lab.timeline.builds);
        for build in 1..=lab.timeline.builds.len() as u32 {
            prop_assert_eq!(other.query(Query::Build { build }), lab.query(Query::Build { build }));
        }
    }
}
