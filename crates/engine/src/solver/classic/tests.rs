//! The builder on a world with one image that has no programs: what is looked for, said and written down.

use super::*;
use crate::cache::{BuildId, EnvVariable, SnapshotLayer};
use crate::oci::{HistoryEntry, Image, ImageConfig, Layer, RuntimeConfig};
use crate::solver::options::{BuilderKind, Removal};
use crate::solver::{Build, BuildReport, VertexStatus};
use crate::vfs::{Follow, Metadata};
use crate::world::WorldError;

struct Shelf(Vec<(String, Arc<Image>)>);

impl World for Shelf {
    fn now(&self) -> i64 {
        1_600_000_000
    }

    fn resolve_image(&self, name: &str, _: &str) -> Result<Arc<Image>, WorldError> {
        let found = self.0.iter().find(|(known, _)| known == name).map(|(_, image)| image.clone());
        let nearest = self.0.iter().map(|(known, _)| known.clone()).collect();
        found.ok_or_else(|| WorldError::UnknownImage { name: name.to_owned(), nearest })
    }
}

fn files(files: &[(&str, &str)]) -> Tree {
    let mut tree = Tree::new();
    for (name, text) in files {
        tree.make_directories(crate::vfs::path::parent(name), Metadata::new(0o755, 1)).unwrap();
        tree.write(name, (*text).into(), Metadata::new(0o644, 1)).unwrap();
    }
    tree
}

fn base() -> Arc<Image> {
    let tree = files(&[
        ("/etc/passwd", "root:x:0:0::/:/bin/sh\napp:x:7:8::/:/bin/sh\n"),
        ("/etc/group", "app:x:8:\n"),
    ]);
    let layer = Layer::between(&Tree::new(), &tree, None);
    let row = HistoryEntry {
        created: Some("2020-01-01T00:00:00Z".into()),
        created_by: "/bin/sh -c #(nop) ADD file:0 in / ".into(),
        comment: String::new(),
        empty_layer: false,
        author: String::new(),
    };
    let config = ImageConfig {
        architecture: "amd64".into(),
        os: "linux".into(),
        config: RuntimeConfig { cmd: Some(vec!["/bin/sh".into()]), ..RuntimeConfig::default() },
        history: vec![row],
        ..ImageConfig::default()
    };
    Arc::new(Image { tree, ..Image::assemble(config, vec![Arc::new(layer)], 1, None) })
}

/// Builds by the classic rule, one build after the other.
struct Desk {
    world: Shelf,
    cache: Cache,
    options: BuildOptions,
    builds: u32,
}

impl Desk {
    fn new(release: Release, context: Tree) -> Self {
        let mut options = BuildOptions::new("", context);
        options.builder = BuilderKind::Classic(ClassicOptions { release, ..ClassicOptions::default() });
        let world = Shelf(vec![("docker.io/library/base:latest".to_owned(), base())]);
        Self { world, cache: Cache::new(), options, builds: 0 }
    }

    fn build(&mut self, text: &str) -> BuildReport {
        text.clone_into(&mut self.options.dockerfile);
        self.builds += 1;
        self.options.build = BuildId(self.builds);
        let report = Build::new(self.options.clone(), &self.cache, &self.world).finish();
        self.cache = report.cache.clone();
        report
    }

    fn said(&mut self, text: &str) -> (String, BuildReport) {
        let report = self.build(text);
        let BuilderKind::Classic(settings) = self.options.builder else { panic!("not the classic builder") };
        let lines = progress_lines(&report.progress, settings.release);
        (lines.into_iter().map(|line| line.text).collect(), report)
    }

    fn error(&mut self, text: &str) -> String {
        self.build(text).result.expect_err("the build fails").message
    }

    /// Of each step of the text whether it was found.
    fn hits(&mut self, text: &str) -> Vec<bool> {
        let report = self.build(text);
        assert!(report.result.is_ok(), "{:?}", report.result.err());
        report.vertices.iter().skip(1).map(|vertex| vertex.status == VertexStatus::Cached).collect()
    }
}

fn desk() -> Desk {
    Desk::new(Release::Docker20, files(&[("/a.txt", "a\n"), ("/d/b.txt", "b\n")]))
}

fn history(report: &BuildReport) -> Vec<(String, bool)> {
    let image = report.result.as_ref().expect("the build succeeds");
    image.config.history.iter().skip(1).map(|row| (row.created_by.clone(), row.empty_layer)).collect()
}

const TEXT: &str = "FROM base\nENV LEVEL=1\nWORKDIR /app\nCOPY a.txt .\nCMD [\"x\"]\n";

#[test]
fn every_instruction_is_looked_for_on_the_image_above() {
    let mut desk = desk();
    assert_eq!(desk.hits(TEXT), [false; 4]);
    assert_eq!(desk.hits(TEXT), [true; 4]);
    // BuildKit would find both: here an ENV is a step, and what is below follows.
    assert_eq!(desk.hits(&TEXT.replace("LEVEL=1", "LEVEL=2")), [false; 4]);
    assert_eq!(desk.hits(TEXT), [true; 4]);
    let moved = "FROM base\nCMD [\"x\"]\nENV LEVEL=1\nWORKDIR /app\nCOPY a.txt .\n";
    assert_eq!(desk.hits(moved), [false; 4]);
    assert_eq!(desk.hits(&TEXT.replace("COPY", "copy  ")), [true; 4]);
}

#[test]
fn files_count_by_their_checksums() {
    let mut desk = desk();
    desk.hits(TEXT);
    desk.options.context.set_metadata("/a.txt", Follow::No, |metadata| metadata.mtime = 77).unwrap();
    assert_eq!(desk.hits(TEXT), [true; 4]);
    desk.options.context = files(&[("/a.txt", "b\n")]);
    assert_eq!(desk.hits(TEXT), [true, true, false, false]);
}

#[test]
fn two_texts_of_one_command_are_two_environments() {
    let mut desk = desk();
    assert_eq!(desk.hits("FROM base\nENV a=1 b=2\n"), [false]);
    assert_eq!(desk.hits("FROM base\nENV a=\"1 b=2\"\n"), [false]);
}

#[test]
fn no_cache_makes_new_images_for_the_builds_to_come() {
    let mut desk = desk();
    desk.hits(TEXT);
    let first = desk.build(TEXT).result.unwrap().step().unwrap().identity();
    desk.options.no_cache = NoCache::All;
    assert_eq!(desk.hits(TEXT), [false; 4]);
    desk.options.no_cache = NoCache::None;
    assert_eq!(desk.hits(TEXT), [true; 4]);
    let last = desk.build(TEXT).result.unwrap().step().unwrap().identity();
    assert_ne!(first, last);
    // Of several images on one the newest counts, and nothing stands on it yet.
    desk.options.no_cache = NoCache::All;
    desk.error("FROM base\nENV LEVEL=1\nCOPY none /\n");
    desk.options.no_cache = NoCache::None;
    assert_eq!(desk.hits(TEXT), [true, false, false, false]);
}

#[test]
fn an_image_that_is_removed_is_found_no_longer() {
    let mut desk = desk();
    desk.hits(TEXT);
    let last = desk.cache.records().last().unwrap().id;
    desk.cache.forget(last);
    assert_eq!(desk.hits(TEXT), [true, true, true, false]);
}

#[test]
fn what_is_said() {
    let mut desk = desk();
    desk.options.build_args = vec![("EXTRA".into(), "1".into())];
    let (said, report) = desk.said(TEXT);
    let ids: Vec<String> = report
        .vertices
        .iter()
        .skip(1)
        .map(|vertex| vertex.record.as_ref().unwrap().image.as_ref().unwrap().id().short(12))
        .collect();
    let container = |at: usize| {
        report
            .progress
            .iter()
            .filter_map(|said| match said {
                Progress::Running { container } => Some(container[..12].to_owned()),
                _ => None,
            })
            .nth(at)
            .unwrap()
    };
    let base = desk.world.0[0].1.config_digest.short(12);
    let wanted = format!(
        "Step 1/5 : FROM base\n ---> {base}\nStep 2/5 : ENV LEVEL=1\n ---> Running in {c0}\nRemoving intermediate \
         container {c0}\n ---> {i0}\nStep 3/5 : WORKDIR /app\n ---> Running in {c1}\nRemoving intermediate container \
         {c1}\n ---> {i1}\nStep 4/5 : COPY a.txt .\n ---> {i2}\nStep 5/5 : CMD [\"x\"]\n ---> Running in \
         {c2}\nRemoving intermediate container {c2}\n ---> {i3}\n[Warning] One or more build-args [EXTRA] were not \
         consumed\nSuccessfully built {i3}\n",
        c0 = container(0),
        c1 = container(1),
        c2 = container(2),
        i0 = ids[0],
        i1 = ids[1],
        i2 = ids[2],
        i3 = ids[3],
    );
    assert_eq!(said, wanted);
    let (again, _) = desk.said("FROM base\nENV LEVEL=1\n");
    assert_eq!(
        again.lines().skip(2).collect::<Vec<_>>()[1..3],
        [" ---> Using cache".to_owned(), format!(" ---> {}", ids[0])]
    );
}

#[test]
fn a_newer_daemon_says_it_otherwise() {
    let mut desk = Desk::new(Release::Docker29, Tree::new());
    let (said, _) = desk.said("FROM base\nENV A=1\n");
    assert!(said.contains("\n ---> Removed intermediate container "), "{said}");
    desk.options.builder =
        BuilderKind::Classic(ClassicOptions { remove: Removal::Never, ..Default::default() });
    assert!(!desk.said("FROM base\nENV A=2\n").0.contains("Removed"));
}

#[test]
fn history_and_layers() {
    let mut desk = desk();
    let report = desk.build(
        "FROM base\nMAINTAINER me\nWORKDIR /etc\nWORKDIR /new\nEXPOSE 80 53/udp\nHEALTHCHECK --retries=3 CMD x\n\
         COPY --chown=app a.txt d/ /to/\nVOLUME /v /w\nCMD y\nENTRYPOINT [\"z\"]\nSHELL [\"/bin/s\", \"-c\"]\nUSER app\n",
    );
    let rows = history(&report);
    let (copied, _) = &rows[5];
    assert!(copied.starts_with("/bin/sh -c #(nop) COPY --chown=appmulti:") && copied.ends_with(" in /to/ "));
    let words: Vec<(&str, bool)> = rows.iter().map(|(text, empty)| (text.as_str(), *empty)).collect();
    assert_eq!(
        [&words[..5], &words[6..]].concat(),
        [
            ("/bin/sh -c #(nop)  MAINTAINER me", true),
            // A directory that is there already makes no layer.
            ("/bin/sh -c #(nop) WORKDIR /etc", true),
            ("/bin/sh -c #(nop) WORKDIR /new", false),
            // The words are sorted when they are read.
            ("/bin/sh -c #(nop)  EXPOSE 53/udp 80", true),
            ("/bin/sh -c #(nop)  HEALTHCHECK &{[\"CMD-SHELL\" \"x\"] \"0s\" \"0s\" \"0s\" '\\x03'}", true),
            ("/bin/sh -c #(nop)  VOLUME [/v /w]", true),
            ("/bin/sh -c #(nop)  CMD [\"/bin/sh\" \"-c\" \"y\"]", true),
            ("/bin/sh -c #(nop)  ENTRYPOINT [\"z\"]", true),
            ("/bin/s -c #(nop)  SHELL [/bin/s -c]", true),
            ("/bin/s -c #(nop)  USER app", true),
        ]
    );
    let image = report.result.unwrap();
    assert_eq!(image.layers.len(), 3);
    let owner = image.tree.stat("/to/a.txt").unwrap().metadata();
    assert_eq!((owner.uid, owner.gid, &*image.config.author), (7, 8, "me"));
    let made = image.image();
    let container = made.config.container.as_ref().unwrap();
    let parent = image.step().unwrap().parent().unwrap().id();
    assert_eq!((container.id.len(), container.parent), (64, Some(parent)));
    assert!(made.config.to_json().contains("\"docker_version\""));
    let same: Vec<bool> = image.layers.iter().map(|layer| SnapshotLayer::is_base(layer)).collect();
    assert_eq!(same, [true, false, false]);
}

#[test]
fn stages_up_to_the_target_are_all_built() {
    let mut desk = desk();
    let text = "ARG B=base\nFROM ${B} AS one\nCOPY a.txt /one\nFROM base AS unused\nENV A=1\nFROM base\n\
                COPY --from=one /one /two\nCOPY --from=0 /one /three\nFROM one\n";
    let report = desk.build(text);
    assert!(report.result.is_ok(), "{:?}", report.result.err());
    assert_eq!(report.graph.rows.iter().filter(|row| row.reachable).count(), 9);
    desk.options.target = Some("ONE".into());
    let report = desk.build(text);
    assert_eq!(report.vertices.len(), 2);
    assert_eq!(report.graph.rows.iter().filter(|row| row.reachable).count(), 3);
    desk.options.target = Some("0".into());
    assert_eq!(desk.error(text), "failed to reach build target 0 in Dockerfile");
}

#[test]
fn an_image_that_was_built_is_the_one_that_its_steps_stand_on() {
    let mut desk = desk();
    let report = desk.build("FROM base\nENV A=1\n");
    let image = report.result.unwrap().image().clone();
    desk.world.0.push(("docker.io/library/made:latest".into(), image));
    assert_eq!(desk.hits("FROM made\nENV B=1\n"), [false]);
    assert_eq!(desk.hits("FROM base\nENV A=1\nENV B=1\n"), [true, true]);
}

#[test]
fn triggers_run_in_the_place_of_the_from() {
    let mut desk = desk();
    let report = desk.build("FROM base\nONBUILD COPY a.txt /x\nONBUILD ENV T=1\n");
    let parent = report.result.unwrap().image().clone();
    desk.world.0.push(("docker.io/library/parent:latest".into(), parent));
    let (said, report) = desk.said("FROM parent\nENV B=$T\n");
    assert!(
        said.starts_with("Step 1/2 : FROM parent\n# Executing 2 build triggers\n ---> Running in "),
        "{said}"
    );
    let image = report.result.unwrap();
    assert!(image.config.config.on_build.is_empty() && image.tree.exists("/x"));
    assert!(image.config.config.env.contains(&"B=1".to_owned()));
    assert_eq!(report.graph.rows[0].vertices.len(), 3);
}

#[test]
fn the_arguments_of_a_command_are_told() {
    let mut desk = desk();
    desk.options.build_args = vec![("WHO".into(), "bob".into()), ("http_proxy".into(), "p".into())];
    let report = desk.build("FROM base\nARG WHO=ann\nARG NONE\nRUN [\"/none\"]\n");
    let told = |report: &BuildReport| {
        let parts = report.vertices.last().unwrap().parts.clone().unwrap();
        let pair = |variable: &EnvVariable| format!("{}={}", variable.name, variable.value);
        (parts.env.iter().map(pair).collect::<Vec<_>>(), parts.command)
    };
    assert_eq!(told(&report), (vec!["WHO=bob".to_owned()], vec!["/none".to_owned()]));
    let report = desk.build("FROM base\nRUN [\"/none\"]\n");
    assert_eq!(told(&report), (Vec::new(), vec!["|0".to_owned(), "/none".to_owned()]));
}

#[test]
fn words_of_failures() {
    let mut desk = desk();
    let missing = "COPY failed: file not found in build context or excluded by .dockerignore: stat none: file does not exist";
    assert_eq!(desk.error("FROM base\nCOPY none /\n"), missing);
    assert_eq!(desk.error("FROM base\nCOPY *.none /\n"), "COPY failed: no source files were specified");
    let two = "When using COPY with more than one source file, the destination must be a directory and end with a /";
    assert_eq!(desk.error("FROM base\nCOPY a.txt d /x\n"), two);
    assert_eq!(
        desk.error("FROM base\nCOPY ../a.txt /x\n"),
        "COPY failed: forbidden path outside the build context: ../a.txt ()"
    );
    assert_eq!(
        desk.error("FROM base\nCOPY --from=base /none /\n"),
        "COPY failed: stat none: file does not exist"
    );
    let nobody =
        "unable to convert uid/gid chown string to host mapping: can't find uid for user x: no such user: x";
    assert_eq!(desk.error("FROM base\nCOPY --chown=x a.txt /\n"), nobody);
    assert!(
        desk.error("FROM base\nCOPY --chmod=755 a.txt /\n")
            .starts_with("the --chmod option requires BuildKit. ")
    );
    assert!(
        desk.error("FROM base\nRUN --mount=type=tmpfs,target=/x y\n")
            .starts_with("the --mount option requires")
    );
    assert!(
        desk.error("FROM other\n").starts_with("pull access denied for other, repository does not exist")
    );
    assert_eq!(
        desk.error("FROM base:2\n"),
        "manifest for base:2 not found: manifest unknown: manifest unknown"
    );
    assert_eq!(desk.error("FROM base\nFOO x\n"), "dockerfile parse error line 2: unknown instruction: FOO");
    assert_eq!(
        desk.error("FROM base\nCOPY --link a.txt /\n"),
        "dockerfile parse error line 2: Unknown flag: link"
    );
    let unknown = "dockerfile parse error line 2: Unknown flag: shown";
    assert_eq!(desk.error("FROM base\nCOPY --shown=1 a.txt /\n"), unknown);
    assert_eq!(desk.error(""), "the Dockerfile (Dockerfile) cannot be empty");
    // What was done before is there for the next build.
    assert_eq!(desk.hits("FROM base\nCOPY a.txt /\n"), [false]);
    desk.error("FROM base\nCOPY a.txt /\nENV X=1\nCOPY none /\n");
    assert_eq!(desk.hits("FROM base\nCOPY a.txt /\nENV X=1\n"), [true, true]);
}
