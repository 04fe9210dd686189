//! Properties of the cache that hold for any files.

#![cfg(not(target_arch = "wasm32"))]

use lab_engine::cache::{BuildId, Cache};
use lab_engine::digest::Digest;
use lab_engine::solver::{Build, BuildOptions, BuildReport, VertexStatus};
use lab_engine::vfs::{Follow, Metadata, Tree, path};
use lab_replay::RecordedWorld;
use proptest::prelude::*;
use std::sync::OnceLock;

const DOCKERFILE: &str = "\
FROM testbase
WORKDIR /app
COPY src/ ./src/
RUN echo built > /built
COPY *.txt /texts/
COPY . /all
";

/// The steps by their place in the graph.
const SOURCES: usize = 2;
const RUN: usize = 3;
const TEXTS: usize = 4;
const ALL: usize = 5;

/// Paths with the steps that match them.
const PATHS: [(&str, &[usize]); 6] = [
    ("/src/a.js", &[SOURCES, ALL]),
    ("/src/deep/b.js", &[SOURCES, ALL]),
    ("/one.txt", &[TEXTS, ALL]),
    ("/two.txt", &[TEXTS, ALL]),
    ("/readme.md", &[ALL]),
    ("/ignored/c.log", &[]),
];

fn world() -> &'static RecordedWorld {
    static WORLD: OnceLock<RecordedWorld> = OnceLock::new();
    WORLD.get_or_init(|| {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/conformance/testbase.json");
        let text = std::fs::read_to_string(path).expect("the recorded base images are there");
        RecordedWorld::load(&text).expect("they can be read")
    })
}

fn context(contents: &[String]) -> Tree {
    let mut tree = Tree::new();
    write(&mut tree, "/.dockerignore", "ignored\n");
    for ((path, _), content) in PATHS.iter().zip(contents) {
        write(&mut tree, path, content);
    }
    tree
}

fn write(tree: &mut Tree, place: &str, content: &str) {
    tree.make_directories(path::parent(place), Metadata::new(0o755, 1)).expect("directories can be made");
    tree.write(place, content.to_owned().into(), Metadata::new(0o644, 1)).expect("files can be written");
}

fn build(context: &Tree, cache: &Cache) -> BuildReport {
    let mut options = BuildOptions::new(DOCKERFILE, context.clone());
    options.build = BuildId(cache.len() as u32);
    let report = Build::new(options, cache, world()).finish();
    assert_eq!(report.vertices.len(), 6, "{:?}", report.result.as_ref().err());
    report
}

fn image_id(report: &BuildReport) -> Digest {
    report.result.as_ref().expect("the build succeeds").image().config_digest
}

/// The steps that were run.
fn missed(report: &BuildReport) -> Vec<usize> {
    let ran = |step: &usize| report.vertices[*step].status == VertexStatus::Done;
    (0..report.vertices.len()).filter(ran).collect()
}

fn contents() -> impl Strategy<Value = Vec<String>> {
    proptest::collection::vec("[a-z]{0,12}", PATHS.len())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_same_input_gives_the_same_image(contents in contents()) {
        let (one, two) = (build(&context(&contents), &Cache::new()), build(&context(&contents), &Cache::new()));
        prop_assert_eq!(image_id(&one), image_id(&two));
        prop_assert_eq!(missed(&one).len(), 6);
    }

    #[test]
    fn touching_files_keeps_every_hit(contents in contents(), mtime in 2_i64..1_000_000) {
        let mut files = context(&contents);
        let first = build(&files, &Cache::new());
        for (path, _) in PATHS {
            files.set_metadata(path, Follow::No, |metadata| metadata.mtime = mtime).expect("it is there");
        }
        let second = build(&files, &first.cache);
        prop_assert_eq!(missed(&second), Vec::<usize>::new());
        prop_assert_eq!(image_id(&first), image_id(&second));
    }

    #[test]
    fn an_edit_misses_where_the_file_is_matched_and_from_there_on(contents in contents(), at in 0..PATHS.len()) {
        let mut files = context(&contents);
        let first = build(&files, &Cache::new());
        let (path, matched) = PATHS[at];
        write(&mut files, path, &format!("{}!", contents[at]));
        let second = build(&files, &first.cache);
        let expected: Vec<usize> = matched.first().map_or_else(Vec::new, |first| (*first..6).collect());
        prop_assert_eq!(missed(&second), expected);
        // Back to what it was: the records of the first build are found again.
        write(&mut files, path, &contents[at]);
        prop_assert_eq!(missed(&build(&files, &second.cache)), Vec::<usize>::new());
    }

    #[test]
    fn a_change_of_mode_is_a_change(contents in contents(), at in 0..PATHS.len() - 1) {
        let mut files = context(&contents);
        let first = build(&files, &Cache::new());
        let (path, matched) = PATHS[at];
        files.set_metadata(path, Follow::No, |metadata| metadata.mode = 0o755).expect("it is there");
        let second = missed(&build(&files, &first.cache));
        prop_assert_eq!(second.first(), matched.first());
    }

    #[test]
    fn the_order_of_former_builds_does_not_matter(a in contents(), b in contents(), pick in 0..4_usize) {
        let mixed: Vec<String> =
            a.iter().zip(&b).enumerate().map(|(at, (a, b))| if at < pick { a } else { b }.clone()).collect();
        let after = |builds: [&Vec<String>; 2]| {
            let mut cache = Cache::new();
            for contents in builds {
                cache = build(&context(contents), &cache).cache;
            }
            build(&context(&mixed), &cache)
        };
        let (one, two) = (after([&a, &b]), after([&b, &a]));
        prop_assert_eq!(missed(&one), missed(&two));
        prop_assert_eq!(image_id(&one), image_id(&two));
    }
}

#[test]
fn a_prune_forgets_and_remembers_that_it_did() {
    let files = context(&PATHS.map(|(path, _)| path.to_owned()));
    let mut cache = build(&files, &Cache::new()).cache;
    cache.prune();
    assert!(cache.is_empty());
    let again = build(&files, &cache);
    assert_eq!(missed(&again), [0, 1, SOURCES, RUN, TEXTS, ALL]);
    assert!(cache.was_pruned(again.vertices[RUN].key.expect("it has a key")));
}

#[test]
fn a_missing_source_stops_the_commands_that_run_meanwhile() {
    let text = "FROM testbase\nWORKDIR /app\nRUN echo long > /x\nCOPY nope /app/\nRUN echo never\n";
    let report = Build::new(BuildOptions::new(text, Tree::new()), &Cache::new(), world()).finish();
    let statuses: Vec<VertexStatus> = report.vertices.iter().map(|vertex| vertex.status).collect();
    use VertexStatus::{Canceled, Done, Error, NotRun};
    assert_eq!(statuses, [Done, Done, Canceled, Error, NotRun]);
    let error = report.result.expect_err("the source is missing");
    assert_eq!(error.vertex, Some(report.vertices[3].id));
    assert!(error.message.ends_with("\"/nope\": not found"), "{}", error.message);
    // The steps before are kept: with the file there they hit.
    let mut files = Tree::new();
    write(&mut files, "/nope", "");
    let again = Build::new(BuildOptions::new(text, files), &report.cache, world()).finish();
    assert_eq!(missed(&again), [2, 3, 4]);
}
