//! The workspace through the dispatcher: edits, their errors, undo, saving and opening.

mod support;

use lab_session::protocol::{
    Edit, Event, FileChange, FileInput, Project, ProjectBuild, Request, Settings, VERSION,
};
use support::{Lab, file};

fn lab() -> Lab {
    Lab::open(&[
        ("Dockerfile", ""),
        (".dockerignore", "*.log\n"),
        ("src/app.js", "one\n"),
        ("debug.log", "noise"),
    ])
}

fn paths(lab: &Lab) -> Vec<&str> {
    lab.workspace.files.iter().map(|file| file.path.as_str()).collect()
}

fn entry<'a>(lab: &'a Lab, path: &str) -> &'a lab_session::protocol::FileEntry {
    lab.workspace.files.iter().find(|file| file.path == path).expect("the file is listed")
}

#[test]
fn the_files_are_listed_with_what_builds_see_of_them() {
    let lab = lab();
    assert_eq!(paths(&lab), [".dockerignore", "Dockerfile", "debug.log", "src", "src/app.js"]);
    assert!(entry(&lab, "debug.log").ignored);
    assert_eq!(lab.workspace.context_files, 3);
    assert_eq!(lab.workspace.context_size.value, 10.0);
    assert_eq!(entry(&lab, "src").size, 4.0);
}

#[test]
fn typing_sends_only_the_file_that_changed() {
    let mut lab = lab();
    let events = lab.edit("src/app.js", "one two\n");
    assert!(events.iter().any(|event| matches!(event, Event::FileEdited { .. })));
    assert!(!events.iter().any(|event| matches!(event, Event::Workspace { .. } | Event::Timeline { .. })));
    assert_eq!((entry(&lab, "src").size, entry(&lab, "src/app.js").size), (8.0, 8.0));
    assert_eq!(entry(&lab, "src/app.js").change, Some(FileChange::Changed));
    assert_eq!(lab.workspace.context_size.value, 14.0);
    assert_eq!(lab.timeline.edited, ["src/app.js"]);
    let events = lab.edit(".dockerignore", "src\n");
    assert!(events.iter().any(|event| matches!(event, Event::Workspace { .. })));
    assert!(entry(&lab, "src/app.js").ignored && !entry(&lab, "debug.log").ignored);
}

#[test]
fn a_run_of_typing_is_taken_back_at_once() {
    let mut lab = lab();
    let epoch = lab.workspace.epoch;
    for text in ["a", "ab", "abc"] {
        lab.edit("src/app.js", text);
        lab.now -= 59.0;
    }
    assert!(lab.workspace.can_undo && !lab.workspace.can_redo);
    assert_eq!(lab.workspace.epoch, epoch);
    lab.send(Request::Undo);
    assert_eq!(entry(&lab, "src/app.js").size, 4.0);
    assert!(lab.workspace.epoch > epoch && !lab.workspace.can_undo);
    lab.send(Request::Redo);
    assert_eq!(entry(&lab, "src/app.js").size, 3.0);
    lab.send(Request::Undo);
    lab.send(Request::Undo);
    assert_eq!(entry(&lab, "src/app.js").size, 4.0);
}

#[test]
fn files_are_made_moved_and_deleted() {
    let mut lab = lab();
    lab.send(Request::MakeDirectory { path: "docs/img".into() });
    lab.send(Request::Rename { from: "src".into(), to: "docs/src".into() });
    lab.send(Request::Delete { path: "debug.log".into() });
    lab.send(Request::SetMode { path: "docs/src/app.js".into(), mode: 0o755 });
    lab.send(Request::PutFiles {
        files: vec![FileInput { path: "b".into(), base64: Some("/wA=".into()), ..FileInput::default() }],
    });
    assert_eq!(
        paths(&lab),
        [".dockerignore", "Dockerfile", "b", "docs", "docs/img", "docs/src", "docs/src/app.js"]
    );
    assert_eq!(entry(&lab, "docs/src/app.js").mode, 0o755);
    let read = lab.send(Request::ReadFile { path: "b".into() });
    let expected =
        Event::FileContent { path: "b".into(), text: None, base64: Some("/wA=".into()), size: 2.0 };
    assert_eq!(read, [expected]);
    assert!(lab.errors.is_empty());
}

#[test]
fn several_edits_are_one_step_and_all_or_none_is_done() {
    let mut lab = lab();
    let untouched = [".dockerignore", "Dockerfile", "debug.log", "src", "src/app.js"];
    let put = |path: &str| Edit::Put { file: FileInput { path: path.into(), ..FileInput::default() } };
    let delete = |path: &str| Edit::Delete { path: path.into() };
    lab.send(Request::Apply { edits: vec![put("new/a"), delete("debug.log"), delete("never")] });
    assert!(lab.errors.is_empty());
    assert_eq!(paths(&lab), [".dockerignore", "Dockerfile", "new", "new/a", "src", "src/app.js"]);
    lab.send(Request::Undo);
    assert_eq!(paths(&lab), untouched);
    lab.send(Request::Apply { edits: vec![delete("debug.log"), put("src")] });
    assert_eq!(lab.errors.len(), 1);
    assert_eq!(paths(&lab), untouched);
}

#[test]
fn what_cannot_be_done_changes_nothing() {
    let mut lab = lab();
    let before = lab.save();
    let put = |path: &str| FileInput { path: path.into(), ..FileInput::default() };
    let cases: Vec<(Request, &str)> = vec![
        (Request::EditFile { path: "../x".into(), text: String::new() }, "path/invalid"),
        (Request::EditFile { path: "/etc/passwd".into(), text: String::new() }, "path/invalid"),
        (Request::EditFile { path: "src".into(), text: String::new() }, "path/exists"),
        (Request::EditFile { path: "Dockerfile/x".into(), text: String::new() }, "path/invalid"),
        (Request::EditFile { path: "big".into(), text: " ".repeat((32 << 20) + 1) }, "file/too-large"),
        (Request::PutFiles { files: vec![put("ok"), put("src")] }, "path/exists"),
        (Request::MakeDirectory { path: "src".into() }, "path/exists"),
        (Request::Rename { from: "none".into(), to: "x".into() }, "path/not-found"),
        (Request::Rename { from: "src".into(), to: "Dockerfile".into() }, "path/exists"),
        (Request::Rename { from: "src".into(), to: "src/in".into() }, "path/invalid"),
        (Request::Delete { path: "none".into() }, "path/not-found"),
        (Request::SetMode { path: "none".into(), mode: 0 }, "path/not-found"),
        (Request::Touch { path: "none".into() }, "path/not-found"),
        (Request::ReadFile { path: "src".into() }, "path/exists"),
        (Request::RevertFile { path: "src/app.js".into(), build: 7 }, "build/unknown"),
        (Request::Checkout { build: 0 }, "build/unknown"),
        (Request::Provide { asset: "images".into(), text: "{".into() }, "asset/damaged"),
        (Request::Build { tags: vec!["Not A Name".into()], no_cache: false }, "build/invalid-tag"),
    ];
    for (request, code) in cases {
        let shown = format!("{request:?}").chars().take(80).collect::<String>();
        lab.send(request);
        assert_eq!(lab.error().as_deref(), Some(code), "{shown}");
    }
    assert!(!lab.workspace.can_undo);
    assert_eq!(lab.save(), before);
}

#[test]
fn a_project_that_is_too_new_or_damaged_leaves_the_old_one() {
    let mut lab = lab();
    let before = lab.save();
    let project = |change: &dyn Fn(&mut Project)| {
        let mut project = Project { version: VERSION, ..Project::default() };
        change(&mut project);
        Request::Open { project }
    };
    let later = ProjectBuild { parent: Some(2), ..ProjectBuild::default() };
    let delete =
        ProjectBuild { edits: vec![Edit::Delete { path: "none".into() }], ..ProjectBuild::default() };
    let cases = [
        (project(&|project| project.version = VERSION + 1), "project/too-new"),
        (project(&|project| project.files = vec![file("../x", "")]), "project/damaged"),
        (project(&|project| project.files = vec![file("a", ""), file("a/b", "")]), "project/damaged"),
        (project(&|project| project.builds = vec![later.clone()]), "project/damaged"),
        (project(&|project| project.builds = vec![delete.clone()]), "project/damaged"),
        (project(&|project| project.head = Some(1)), "project/damaged"),
    ];
    for (request, code) in cases {
        lab.send(request);
        assert_eq!(lab.error().as_deref(), Some(code));
    }
    assert_eq!(lab.save(), before);
}

#[test]
fn saving_keeps_times_modes_and_the_draft() {
    let mut lab = lab();
    lab.edit("src/app.js", "two\n");
    lab.send(Request::Touch { path: "debug.log".into() });
    lab.send(Request::SetMode { path: "src".into(), mode: 0o700 });
    lab.send(Request::Delete { path: "Dockerfile".into() });
    let settings = Settings { target: "build".into(), ..Settings::default() };
    lab.send(Request::SetSettings { settings: settings.clone() });
    let saved = lab.save();
    let mut other = Lab::new();
    other.send(Request::Open { project: saved.clone() });
    assert_eq!(other.save(), saved);
    assert_eq!(other.workspace.files, lab.workspace.files);
    assert_eq!(other.workspace.settings, settings);
}

#[test]
fn what_can_be_taken_back_is_in_what_a_browser_stores_and_in_no_link() {
    let mut lab = lab();
    lab.edit("src/app.js", "two\n");
    lab.send(Request::Delete { path: "debug.log".into() });
    lab.send(Request::Rename { from: "src/app.js".into(), to: "src/main.js".into() });
    lab.send(Request::SetSettings { settings: Settings { target: "x".into(), ..Settings::default() } });
    lab.send(Request::Undo);
    let stored = lab.send(Request::SaveApart).into_iter().find_map(|event| match event {
        Event::Saved { project, .. } => Some(project),
        _ => None,
    });
    let linked = lab.save();
    assert!(linked.undo.is_empty());
    let mut other = Lab::new();
    other.send(Request::Open { project: Project { files: linked.files, ..stored.expect("it was saved") } });
    assert!(other.workspace.can_undo && other.workspace.can_redo);
    other.send(Request::Redo);
    assert_eq!(other.workspace.settings.target, "x");
    for _ in 0..2 {
        other.send(Request::Undo);
    }
    assert_eq!(paths(&other), [".dockerignore", "Dockerfile", "src", "src/app.js"]);
    other.send(Request::Undo);
    assert_eq!(paths(&other), [".dockerignore", "Dockerfile", "debug.log", "src", "src/app.js"]);
    other.send(Request::Undo);
    assert_eq!(entry(&other, "src/app.js").size, 4.0);
    assert!(!other.workspace.can_undo);
}

#[test]
fn an_argument_without_a_value_is_not_given() {
    let text = "FROM alpine\nARG WHO=default\nRUN echo [$WHO]\n";
    let mut lab = Lab::open(&[("Dockerfile", text)]);
    let printed = |lab: &mut Lab, argument: &str| {
        let settings = Settings { build_args: vec![argument.into()], ..Settings::default() };
        lab.send(Request::SetSettings { settings });
        let build = lab.build();
        build.log.iter().map(|line| line.text.clone()).collect::<Vec<_>>().join("\n")
    };
    assert!(printed(&mut lab, "WHO").contains("[default]"));
    assert!(printed(&mut lab, "WHO=").contains("[]"));
}
