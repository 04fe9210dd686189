//! The reducer.

use super::*;
use crate::samples::step;
use lab_session::protocol::{Builder, ErrorView, Event, Figure, FileKind, Reply, TimelineBuild, Totals};

fn build(number: Option<u32>, steps: &[(&str, State)]) -> BuildView {
    BuildView {
        builder: Builder::Buildkit,
        number,
        empty: false,
        steps: steps.iter().enumerate().map(|(id, (text, state))| step(id as u32, text, *state)).collect(),
        totals: Totals::default(),
        diagnostics: Vec::new(),
        error: None,
        log: Vec::new(),
        image_id: None,
        manifest_digest: None,
        waiting: false,
        recorded: None,
    }
}

fn file(path: &str, size: f64) -> FileEntry {
    FileEntry {
        path: path.to_owned(),
        kind: FileKind::File,
        size,
        mode: 0o644,
        mtime: 0.0,
        target: None,
        ignored: false,
        change: None,
    }
}

fn workspace(epoch: u32, files: &[&str]) -> WorkspaceView {
    WorkspaceView {
        dockerfile: "Dockerfile".to_owned(),
        files: files.iter().map(|path| file(path, 1.0)).collect(),
        epoch,
        ..WorkspaceView::default()
    }
}

fn hear(model: &mut Model, event: Event) {
    model.apply(Action::Reply(Reply { generation: 1, events: vec![event], done: true }));
}

fn model() -> Model {
    let mut model = Model::default();
    hear(&mut model, Event::Workspace { workspace: workspace(1, &["Dockerfile", "server.js"]) });
    let rows = [("FROM a", State::Hit), ("COPY . .", State::Miss), ("RUN x", State::Follows)];
    hear(&mut model, Event::Preview { build: build(None, &rows) });
    model
}

#[test]
fn the_first_miss_is_selected_until_someone_chooses() {
    let mut model = model();
    assert_eq!(model.selected().unwrap().id, 1);
    model.apply(Action::Select(2));
    assert_eq!(model.selected().unwrap().id, 2);
    model.apply(Action::SelectLine(0));
    assert_eq!(model.selected().unwrap().id, 0);
}

#[test]
fn a_chosen_row_is_found_again_after_it_moved() {
    let mut model = model();
    model.apply(Action::Select(2));
    let rows = [("FROM a", State::Hit), ("RUN x", State::Miss), ("COPY . .", State::Follows)];
    hear(&mut model, Event::Preview { build: build(None, &rows) });
    assert_eq!(model.selected().unwrap().text, "RUN x");
}

#[test]
fn the_caret_selects_a_row_that_has_something_to_say() {
    let mut model = model();
    model.apply(Action::SelectLine(2));
    hear(
        &mut model,
        Event::Preview {
            build: build(None, &[("FROM a", State::Hit), ("RUN", State::Failed), ("RUN x", State::NotRun)]),
        },
    );
    assert_eq!(model.selected().unwrap().id, 1);
    hear(
        &mut model,
        Event::Preview {
            build: build(None, &[("FROM a", State::Hit), ("RUN", State::Miss), ("RUN x", State::Follows)]),
        },
    );
    assert_eq!(model.selected().unwrap().id, 2);
}

#[test]
fn editing_a_file_shows_its_consequence() {
    let mut model = model();
    model.apply(Action::Select(0));
    model.apply(Action::Typed { path: "server.js".to_owned(), text: "x".into(), generation: 2 });
    assert_eq!(model.selected().unwrap().id, 1);
}

#[test]
fn a_reason_is_asked_for_once_per_preview() {
    let mut model = model();
    assert_eq!(model.wanted(), Some(Query::Why { build: None, step: 1 }));
    hear(&mut model, Event::Why { build: None, step: 1, why: Why { changed: 7, ..Why::default() } });
    assert_eq!(model.wanted(), None);
    assert_eq!(model.why().unwrap().changed, 7);
    hear(
        &mut model,
        Event::Preview { build: build(None, &[("FROM a", State::Hit), ("COPY . .", State::Miss)]) },
    );
    assert_eq!(model.wanted(), Some(Query::Why { build: None, step: 1 }));
}

#[test]
fn a_past_build_is_shown_when_it_comes_and_not_when_it_is_stale() {
    let mut model = model();
    model.apply(Action::Inspect(Some(1)));
    model.apply(Action::Inspect(Some(2)));
    hear(&mut model, Event::BuildShown { build: build(Some(1), &[("FROM a", State::Miss)]) });
    assert_eq!(model.looking_at(), None);
    hear(&mut model, Event::BuildShown { build: build(Some(2), &[("FROM a", State::Hit)]) });
    assert_eq!(model.looking_at(), Some(2));
    model.apply(Action::Typed { path: "Dockerfile".to_owned(), text: "FROM b".into(), generation: 2 });
    assert_eq!(model.looking_at(), None, "typing is about the present");
}

#[test]
fn a_keystroke_changes_one_entry() {
    let mut model = model();
    hear(
        &mut model,
        Event::FileEdited {
            entries: vec![file("server.js", 9.0)],
            context_size: Figure::computed(10.0),
            dockerfile_text: None,
            can_undo: true,
            can_redo: false,
        },
    );
    assert_eq!(model.entries[1].size, 9.0);
    assert_eq!(model.workspace.context_size.value, 10.0);
    assert!(model.workspace.can_undo);
}

#[test]
fn tabs_follow_their_files() {
    let mut model = model();
    model.apply(Action::OpenFile("server.js".to_owned()));
    assert!(!model.in_dockerfile());
    model.apply(Action::Renamed { from: "server.js".to_owned(), to: "app.js".to_owned() });
    assert_eq!((model.active.as_str(), model.tabs.len()), ("app.js", 1));
    hear(&mut model, Event::Workspace { workspace: workspace(2, &["Dockerfile"]) });
    assert!(model.in_dockerfile() && model.tabs.is_empty(), "the file is gone");
}

#[test]
fn only_a_change_of_the_cause_draws_the_rail() {
    let mut model = model();
    assert!(!model.fresh, "never on load");
    hear(
        &mut model,
        Event::Preview { build: build(None, &[("FROM a", State::Miss), ("COPY . .", State::Follows)]) },
    );
    assert!(model.fresh);
    hear(
        &mut model,
        Event::Preview { build: build(None, &[("FROM a", State::Miss), ("COPY . .", State::Follows)]) },
    );
    assert!(!model.fresh);
}

#[test]
fn at_most_two_messages_are_shown() {
    let mut model = Model::default();
    for text in ["a", "b", "c"] {
        model.apply(Action::Toast { text: text.to_owned(), alarm: false, undo: None });
    }
    let texts: Vec<_> = model.toasts.iter().map(|toast| toast.text.as_str()).collect();
    assert_eq!(texts, ["b", "c"]);
    model.apply(Action::DropToast(3));
    assert_eq!(model.toasts.len(), 1);
}

#[test]
fn the_log_is_of_the_build_just_made_until_something_differs_from_it() {
    let logged = |model: &Model| model.logged().and_then(|build| build.number);
    let timeline = |head| Event::Timeline { timeline: TimelineView { head, ..TimelineView::default() } };
    let edited = |paths: &[&str]| Event::TimelineNow {
        edited: paths.iter().map(|path| (*path).to_owned()).collect(),
        now: Vec::new(),
    };
    let mut model = model();
    assert_eq!(logged(&model), None);
    hear(&mut model, Event::Built { build: build(Some(2), &[("FROM a", State::Miss)]) });
    hear(&mut model, timeline(Some(2)));
    hear(&mut model, Event::Preview { build: build(None, &[("FROM a", State::Hit)]) });
    assert_eq!(logged(&model), Some(2), "the preview that follows a build is not what was built");

    hear(&mut model, edited(&["server.js"]));
    assert_eq!(logged(&model), None);
    hear(&mut model, edited(&[]));
    assert_eq!(logged(&model), Some(2), "the edit was taken back");

    let settings = Settings { target: "test".to_owned(), ..Settings::default() };
    hear(&mut model, Event::Workspace { workspace: WorkspaceView { settings, ..workspace(1, &[]) } });
    assert_eq!(logged(&model), None, "other options are another build");
    hear(&mut model, Event::Workspace { workspace: workspace(1, &[]) });

    model.apply(Action::Inspect(Some(1)));
    hear(&mut model, Event::BuildShown { build: build(Some(1), &[("FROM a", State::Hit)]) });
    assert_eq!(logged(&model), Some(1));
    model.apply(Action::Inspect(None));

    hear(&mut model, timeline(Some(1)));
    assert_eq!(logged(&model), None, "the workspace stands on another build");
    hear(&mut model, timeline(Some(2)));
    model.apply(Action::Opening);
    assert!(model.logged().is_none());
}

#[test]
fn an_edit_that_was_not_typed_here_reaches_the_editor() {
    let mut model =
        Model { workspace: Shared::new(workspace(1, &["Dockerfile"])), ready: true, ..Model::default() };
    let edited = |text: &str| Event::FileEdited {
        entries: Vec::new(),
        context_size: Figure::default(),
        dockerfile_text: Some(text.to_owned()),
        can_undo: true,
        can_redo: false,
    };
    model.hear(edited("from an earlier visit"), 1);
    assert_eq!(model.epoch, 1);
    // The editor is ahead of what the session says: it must not get an older text.
    let path = model.workspace.dockerfile.clone();
    model.apply(Action::Typed { path, text: "typed twice".into(), generation: 2 });
    model.hear(edited("typed"), 2);
    assert_eq!(model.epoch, 1);
}

#[test]
fn what_is_typed_is_not_replaced_by_an_answer_that_is_older() {
    let mut model = model();
    let content = |model: &mut Model, generation: u32, text: &str| {
        let path = "server.js".to_owned();
        let event = Event::FileContent { path, text: Some(text.to_owned()), base64: None, size: 1.0 };
        model.apply(Action::Reply(Reply { generation, events: vec![event], done: true }));
    };
    let shown = |model: &Model| model.files["server.js"].text.as_deref().map(str::to_owned);
    content(&mut model, 3, "stored");
    // Asked for with request 4, then typed: what comes is older than what is shown.
    model.apply(Action::Typed { path: "server.js".to_owned(), text: "typed".into(), generation: 5 });
    let epoch = model.files["server.js"].epoch;
    content(&mut model, 4, "stored");
    assert_eq!(shown(&model).as_deref(), Some("typed"));
    assert_eq!(model.files["server.js"].epoch, epoch, "the editor is left alone");
    content(&mut model, 6, "taken back");
    assert_eq!(shown(&model).as_deref(), Some("taken back"));
}

#[test]
fn a_question_about_what_is_gone_alarms_nobody() {
    let mut model = model();
    let failed = |code: &str, subject: &str| Event::Failed {
        error: ErrorView { code: code.to_owned(), subject: subject.to_owned(), detail: String::new() },
    };
    hear(&mut model, failed("build/unknown-step", "4"));
    hear(&mut model, failed("build/unknown", "preview"));
    assert_eq!(model.failure, None);
    hear(&mut model, failed("build/unknown", "7"));
    assert_eq!(model.failure.unwrap().1.subject, "7");
}

#[test]
fn the_workspace_of_a_project_that_is_opened_is_another_one_whatever_its_epoch() {
    let mut model = model();
    let before = model.epoch;
    hear(&mut model, Event::Workspace { workspace: workspace(1, &["Dockerfile"]) });
    assert_eq!(model.epoch, before);
    model.apply(Action::Opening);
    hear(&mut model, Event::Workspace { workspace: workspace(1, &["Dockerfile"]) });
    assert_eq!(model.epoch, before + 1);
    hear(&mut model, Event::Workspace { workspace: workspace(1, &["Dockerfile"]) });
    assert_eq!(model.epoch, before + 1);
}

#[test]
fn undo_goes_back_to_the_project_before_when_this_one_has_no_change() {
    let mut model = Model::default();
    assert!(!model.can_undo() && !model.can_redo());
    model.apply(Action::Toast { text: "Opened.".to_owned(), alarm: false, undo: Some(TakeBack::Project) });
    model.apply(Action::Ways { back: true, forth: false });
    // What it offered before is not what it would do now.
    assert!(model.toasts.is_empty());
    assert!(model.undoes_project() && model.can_undo() && !model.can_redo());
    model.workspace.make_mut().can_undo = true;
    assert!(!model.undoes_project() && model.can_undo());
    model.workspace.make_mut().can_undo = false;
    model.apply(Action::Ways { back: false, forth: true });
    assert!(!model.can_undo() && model.redoes_project() && model.can_redo());
    // First what was taken back in this one.
    model.workspace.make_mut().can_redo = true;
    assert!(!model.redoes_project() && model.can_redo());
}

#[test]
fn the_first_build_of_an_example_is_the_examples() {
    let mut model = model();
    let given = |model: &mut Model, name: &str, build: TimelineBuild| {
        model.workspace.make_mut().name = name.to_owned();
        model.timeline.make_mut().builds = vec![build];
        model.is_first_given()
    };
    let first = TimelineBuild {
        number: 1,
        parent: None,
        at: 0.0,
        cells: Vec::new(),
        hits: 4,
        steps: 4,
        seconds: Figure::default(),
        saved: Figure::default(),
        failed: false,
        edited: Vec::new(),
        edited_count: 0,
        recorded: false,
    };
    assert!(given(&mut model, "node-naive", first.clone()));
    assert!(!given(&mut model, "", first.clone()));
    assert!(!given(&mut model, "node-naive", TimelineBuild { recorded: true, ..first.clone() }));
    assert!(!given(&mut model, "node-naive", TimelineBuild { edited_count: 1, ..first }));
}
