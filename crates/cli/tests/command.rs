//! The command as a person runs it: words in, texts and exit codes out.

use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

struct Project {
    folder: TempDir,
}

impl Project {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = TempDir::new().unwrap();
        let project = Self { folder };
        for (path, text) in files {
            project.write(path, text);
        }
        project
    }

    fn context(&self) -> std::path::PathBuf {
        self.folder.path().join("context")
    }

    fn write(&self, path: &str, text: &str) {
        let place = self.context().join(path);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(place, text).unwrap();
    }

    /// Runs the command in the context; the state is the project's own.
    fn run(&self, words: &[&str]) -> Output {
        let state = self.folder.path().join("state.json");
        let mut command = Command::new(env!("CARGO_BIN_EXE_dockerfile-lab"));
        command.args(words).current_dir(self.context());
        if ["build", "history", "images", "df", "prune", "load", "inspect", "rmi"].contains(&words[0]) {
            command.arg("--state").arg(state);
        }
        command.output().unwrap()
    }
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn shop() -> Project {
    Project::new(&[
        ("Dockerfile", "FROM alpine\nWORKDIR /app\nCOPY . .\nRUN cat note.txt > copy.txt\n"),
        ("note.txt", "first\n"),
        ("docs/read.me", "docs\n"),
    ])
}

#[test]
fn a_second_build_is_cached_and_gives_the_same_image() {
    let project = shop();
    let first = project.run(&["build", "-t", "shop", "."]);
    assert!(first.status.success(), "{}", stderr(&first));
    let log = stderr(&first);
    assert!(
        log.starts_with(
            "#0 building with \"default\" instance using docker driver\n\n#1 [internal] load build"
        ),
        "{log}"
    );
    assert!(log.contains("[3/4] COPY . .\n") && log.contains("naming to docker.io/library/shop:latest done"));
    assert!(!log.contains("CACHED"));
    let second = project.run(&["build", "-t", "shop", "."]);
    assert_eq!(stdout(&second), stdout(&first));
    assert_eq!(stderr(&second).matches(" CACHED\n").count(), 4, "{}", stderr(&second));
    project.write("note.txt", "second\n");
    let third = project.run(&["build", "-t", "shop", "."]);
    assert_eq!(stderr(&third).matches(" CACHED\n").count(), 2, "{}", stderr(&third));
    assert_ne!(stdout(&third), stdout(&first));
    fs::remove_dir_all(project.context().join("docs")).unwrap();
    project.write("docs", "a file now\n");
    assert!(project.run(&["build", "."]).status.success());
}

#[test]
fn reasons_are_in_the_json() {
    let project = shop();
    project.run(&["build", "."]);
    project.write("note.txt", "second\n");
    let output = project.run(&["build", "--json", "."]);
    let build: Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert_eq!(build["steps"][2]["state"], "miss");
    assert_eq!(build["steps"][2]["why"]["causes"][0]["fileChanged"]["path"], "note.txt");
    assert_eq!(build["steps"][3]["state"], "follows");
    assert!(stderr(&output).is_empty());
}

#[test]
fn tables_show_what_was_built() {
    let project = shop();
    project.run(&["build", "-t", "shop:1", "--label", "a=b", "."]);
    let images = stdout(&project.run(&["images"]));
    assert!(images.lines().nth(1).unwrap().starts_with("shop         1 "), "{images}");
    let history = stdout(&project.run(&["history", "shop:1"]));
    assert!(history.contains("RUN /bin/sh -c cat note.txt > copy.txt # bui…"), "{history}");
    let json: Value = serde_json::from_str(&stdout(&project.run(&["history", "--json", "shop:1"]))).unwrap();
    assert_eq!(json[0]["createdBy"], "RUN /bin/sh -c cat note.txt > copy.txt # buildkit");
    assert!(stdout(&project.run(&["df"])).contains("Build Cache     4 "));
    let unknown = project.run(&["history", "shop:2"]);
    assert_eq!(unknown.status.code(), Some(1));
    assert_eq!(stderr(&unknown), "ERROR: No such image: shop:2\nThere are: shop:1\n");
    assert!(project.run(&["prune"]).status.success());
    let rebuilt = project.run(&["build", "."]);
    assert!(!stderr(&rebuilt).contains("CACHED"));
}

#[test]
fn options_reach_the_build() {
    let project = shop();
    project.write(
        "other/My.dockerfile",
        "FROM alpine AS one\nARG WHO\nRUN echo $WHO > /who\nFROM one AS two\nRUN false\n",
    );
    let words = ["build", "-f", "other/My.dockerfile", "--build-arg", "WHO=me", "--target", "one", "."];
    let first = project.run(&words);
    assert!(first.status.success(), "{}", stderr(&first));
    let failed = project.run(&["build", "-f", "other/My.dockerfile", "--build-arg", "WHO=me", "."]);
    assert_eq!(failed.status.code(), Some(1));
    assert!(
        stderr(&failed).ends_with("did not complete successfully: exit code: 1\n"),
        "{}",
        stderr(&failed)
    );
    assert!(stdout(&failed).is_empty());
    let no_cache = project.run(&[&words[..], &["--no-cache"]].concat());
    // A base image is not fetched again.
    assert_eq!(stderr(&no_cache).matches(" CACHED\n").count(), 1);
}

#[test]
fn checks_are_printed_as_docker_does() {
    let project = Project::new(&[
        ("Dockerfile", "from alpine AS Build\nRUN true\n"),
        ("Fine", "FROM alpine\nRUN true\n"),
    ]);
    let fine = project.run(&["check", "-f", "Fine", "."]);
    assert_eq!(
        (fine.status.code(), stdout(&fine).as_str()),
        (Some(0), "Check complete, no warnings found.\n")
    );
    let output = project.run(&["check", "."]);
    assert_eq!(output.status.code(), Some(1));
    let text = stdout(&output);
    assert!(text.starts_with("Check complete, 3 warnings have been found!\n\nWARNING: "), "{text}");
    assert!(text.contains("   1 | >>> from alpine AS Build\n"));
    let json: Value = serde_json::from_str(&stdout(&project.run(&["check", "--json", "."]))).unwrap();
    assert_eq!(json.as_array().unwrap().len(), 3);
    let broken = Project::new(&[("Dockerfile", "FROM alpine\nRUNN x\n")]);
    let output = broken.run(&["check", "."]);
    assert!(
        stderr(&output).starts_with("ERROR: dockerfile parse error on line 2: unknown instruction: RUNN")
    );
}

#[test]
fn rawjson_is_buildkits_progress_stream() {
    let project = shop();
    project.write(
        "Dockerfile",
        "FROM alpine\nCOPY note.txt /\nRUN cat note.txt >&2\nRUN nothing\nMAINTAINER me\n",
    );
    let lines = |output: &Output| -> Vec<Value> {
        let text = stderr(output);
        let stream = text.lines().take_while(|line| line.starts_with('{'));
        stream.map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    let build = || project.run(&["build", "--progress=rawjson", "."]);
    let first = lines(&build());
    let last = |lines: &[Value], name: &str| {
        let mut all = lines.iter().filter_map(|line| line["vertexes"].as_array()).flatten();
        all.rfind(|vertex| vertex["name"].as_str().is_some_and(|found| found.contains(name)))
            .cloned()
            .unwrap()
    };
    let copied = last(&first, "COPY");
    assert_eq!(copied["inputs"][0], last(&first, "FROM")["digest"]);
    assert!(copied["completed"].as_str() >= copied["started"].as_str() && copied.get("cached").is_none());
    assert!(last(&first, "RUN nothing")["error"].as_str().unwrap().contains("exit code: 127"));
    let logs: Vec<&Value> = first.iter().filter_map(|line| line["logs"].as_array()).flatten().collect();
    assert_eq!((logs[0]["stream"].as_u64(), logs[0]["data"].as_str()), (Some(2), Some("Zmlyc3QK")));
    assert_eq!(logs[0]["vertex"], last(&first, "RUN cat")["digest"]);
    let statuses = first.iter().filter_map(|line| line["statuses"].as_array()).flatten();
    assert!(statuses.clone().any(|status| status["id"] == "transferring context:"));
    let warnings = first.iter().filter_map(|line| line["warnings"].as_array()).flatten();
    assert!(warnings.clone().any(|warning| warning["range"][0]["start"]["line"] == 5));
    assert_eq!(last(&lines(&build()), "COPY")["cached"], true);
}

#[test]
fn outputs_are_written_and_standard_output_is_left_to_them() {
    let project =
        Project::new(&[("Dockerfile", "FROM scratch\nCOPY a.txt /deep/\nARG A=1\n"), ("a.txt", "text\n")]);
    let words = ["build", "-q", "-o", "out", "-o", "type=tar,dest=-", "--build-arg", "A=two words", "."];
    let output = project.run(&words);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(output.stdout.starts_with(b"deep/\0"), "only the archive");
    assert_eq!(fs::read_to_string(project.context().join("out/deep/a.txt")).unwrap(), "text\n");
    let words =
        ["build", "-q", "-t", "shop", "-o", "type=context,dest=c.tar", "--build-arg", "A=two words", "."];
    let output = project.run(&words);
    assert_eq!(stderr(&output), "docker build -t shop --build-arg 'A=two words' - < c.tar\n");
    let simulated = shop();
    let output = simulated.run(&["build", "-q", "-o", "type=docker,dest=x.tar", "."]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("are simulated"), "{}", stderr(&output));
}

#[test]
fn what_was_exported_is_loaded_and_built_from() {
    let maker =
        Project::new(&[("Dockerfile", "FROM scratch\nCOPY a.txt /deep/\nENV A=b\n"), ("a.txt", "text\n")]);
    let archive = maker.folder.path().join("made.tar");
    let output = format!("type=docker,dest={}", archive.display());
    let id = stdout(&maker.run(&["build", "-q", "-t", "made:1", "-o", &output, "."]));
    let project = Project::new(&[("Dockerfile", "FROM made:1\nCOPY --from=made:1 /deep/a.txt /copy\n")]);
    let before = project.run(&["build", "."]);
    assert_eq!(before.status.code(), Some(1));
    let archive = archive.display().to_string();
    assert_eq!(stdout(&project.run(&["load", "-i", &archive])), "Loaded image: made:1\n");
    let config = stdout(&project.run(&["inspect", "made:1"]));
    assert!(config.contains(r#""Env": ["#) && config.contains("A=b"), "{config}");
    let loaded = stdout(&project.run(&["history", "made:1"]));
    assert!(loaded.contains("COPY a.txt /deep/ # buildkit"), "{loaded}");
    let built = project.run(&["build", "-t", "next", "-o", "out", "."]);
    assert_eq!(built.status.code(), Some(0), "{}", stderr(&built));
    assert_eq!(fs::read_to_string(project.context().join("out/copy")).unwrap(), "text\n");
    let table = stdout(&project.run(&["images"]));
    assert!(table.contains("made") && table.contains(&id["sha256:".len()..][..12]), "{table}");
    let history = stdout(&project.run(&["history", "next"]));
    assert!(history.contains("COPY a.txt /deep/ # buildkit"), "{history}");
    assert_eq!(project.run(&["rmi", "next"]).status.code(), Some(1), "it was built");
    assert_eq!(stdout(&project.run(&["rmi", "made:1"])), format!("Untagged: made:1\nDeleted: {id}"));
    assert_eq!(project.run(&["build", "."]).status.code(), Some(1), "nothing has this name any more");
    let history = stdout(&project.run(&["history", "next"]));
    assert!(history.contains("COPY a.txt /deep/ # buildkit"), "the build keeps it: {history}");
    project.write("broken.tar", "no archive at all");
    let broken = project.run(&["load", "-i", "broken.tar"]);
    assert_eq!(broken.status.code(), Some(1));
    assert!(stderr(&broken).starts_with("ERROR: broken.tar: archive: unexpected EOF"), "{}", stderr(&broken));
}

#[test]
fn a_log_that_was_written_is_printed_again() {
    let project = shop();
    let plain = stderr(&project.run(&["build", "."]));
    let project = shop();
    let stream = stderr(&project.run(&["build", "--progress=rawjson", "."]));
    project.write("build.log", &format!("{stream}rubbish\n"));
    let output = project.run(&["log", "build.log"]);
    assert_eq!(output.status.code(), Some(0));
    let number = stream.lines().count() + 1;
    assert_eq!(stderr(&output), format!("WARNING: build.log:{number}: it is no JSON object\n"));
    // What happened at the same time may stand in another order.
    let steps = |text: &str| -> BTreeSet<String> {
        let lines = text.lines().filter(|line| line.contains("[") || line.ends_with("CACHED"));
        lines.map(|line| line.split_once(' ').unwrap_or_default().1.to_owned()).collect()
    };
    assert_eq!(steps(&stdout(&output)), steps(&plain));
    let json = stdout(&project.run(&["log", "--json", "-f", "Dockerfile", "build.log"]));
    assert!(json.contains("\"matched\": 4") && json.contains("\"keyword\": \"COPY\""), "{json}");
    let broken = project.run(&["log", "Dockerfile"]);
    assert_eq!(broken.status.code(), Some(1));
    assert!(
        stderr(&broken).starts_with("ERROR: Dockerfile: no step begins in it; line 1: "),
        "{}",
        stderr(&broken)
    );
}

#[test]
fn wrong_words_are_explained() {
    let project = shop();
    for (words, message) in [
        (&["bild", "."][..], "ERROR: unknown command: bild\n"),
        (&["build"], "ERROR: 'dockerfile-lab build' requires 1 argument"),
        (&["build", "--nope", "."], "ERROR: invalid option '--nope'\n"),
        (&["build", "--progress", "x", "."], "ERROR: invalid progress mode x\n"),
    ] {
        let output = project.run(words);
        assert_eq!(output.status.code(), Some(2));
        assert!(stderr(&output).starts_with(message), "{}", stderr(&output));
    }
    let missing = project.run(&["build", "nowhere"]);
    assert_eq!(missing.status.code(), Some(1));
    assert!(stdout(&project.run(&["--help"])).contains("Usage:  dockerfile-lab COMMAND"));
    assert!(stdout(&project.run(&["build", "--help"])).contains("--no-cache-filter"));
}

#[test]
fn a_damaged_state_is_said_and_kept() {
    let project = shop();
    let state = project.folder.path().join("state.json");
    fs::write(&state, "{").unwrap();
    let output = project.run(&["build", "."]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("The state file is damaged"));
    assert_eq!(fs::read_to_string(Path::new(&state)).unwrap(), "{");
}
