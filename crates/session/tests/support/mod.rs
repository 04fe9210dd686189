//! A session as the page drives it: requests in, events out, parts of the catalogue given when they are asked for.

#![allow(dead_code, unreachable_pub, reason = "each test is a crate of its own and uses a part of it")]

use lab_session::Session;
use lab_session::protocol::{
    BuildView, Cause, Envelope, Event, FileInput, Project, Query, Request, State, StepView, TimelineView,
    Why, WorkspaceView,
};

/// A message as it comes out of a worker: the bytes name no fields, so that none may be left out.
fn over_the_wire<T: serde::Serialize + serde::de::DeserializeOwned>(message: &T) -> T {
    let bytes = postcard::to_stdvec(message).expect("a message can be written");
    postcard::from_bytes(&bytes).expect("a message can be read")
}

pub struct Lab {
    session: Session,
    generation: u32,
    /// The time of the next request; each takes a minute.
    pub now: f64,
    pub workspace: WorkspaceView,
    pub preview: Option<BuildView>,
    pub timeline: TimelineView,
    pub errors: Vec<String>,
    /// Whether a preview is made after each change.
    pub preview_wanted: bool,
}

impl Lab {
    pub fn new() -> Self {
        Self {
            session: Session::new(),
            generation: 0,
            now: 1_800_000_000.0,
            workspace: WorkspaceView::default(),
            preview: None,
            timeline: TimelineView::default(),
            errors: Vec::new(),
            preview_wanted: true,
        }
    }

    pub fn open(files: &[(&str, &str)]) -> Self {
        let mut lab = Self::new();
        let files = files.iter().map(|(path, text)| file(path, text)).collect();
        lab.send(Request::Open { project: Project { version: 1, at: lab.now, files, ..Project::default() } });
        lab
    }

    /// Sends a request and keeps what is said about workspace, preview and timeline.
    pub fn send(&mut self, request: Request) -> Vec<Event> {
        self.generation += 1;
        self.now += 60.0;
        let mut events = self.raw(request);
        while let Some(asset) = events.iter().rev().find_map(needed) {
            let path = format!("{}/../../catalog/{asset}.json", env!("CARGO_MANIFEST_DIR"));
            let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
            events.retain(|event| needed(event).as_ref() != Some(&asset));
            events.extend(self.raw(Request::Provide { asset, text }));
        }
        events
    }

    fn raw(&mut self, request: Request) -> Vec<Event> {
        let envelope =
            Envelope { generation: self.generation, now: self.now, preview: self.preview_wanted, request };
        let events = self.session.handle(over_the_wire(&envelope));
        for event in &events {
            assert!(over_the_wire(event) == *event, "{event:?} does not come back as it was sent");
            self.take(event.clone());
        }
        events
    }

    fn take(&mut self, event: Event) {
        match event {
            Event::Workspace { workspace } => self.workspace = workspace,
            Event::FileEdited { entries, context_size, dockerfile_text, can_undo, can_redo } => {
                for entry in entries {
                    let same = self.workspace.files.iter_mut().find(|old| old.path == entry.path);
                    *same.expect("an edited file was in the list") = entry;
                }
                self.workspace.context_size = context_size;
                if dockerfile_text.is_some() {
                    self.workspace.dockerfile_text = dockerfile_text;
                }
                (self.workspace.can_undo, self.workspace.can_redo) = (can_undo, can_redo);
            }
            Event::Preview { build } => self.preview = Some(build),
            Event::Timeline { timeline } => self.timeline = timeline,
            Event::TimelineNow { edited, now } => (self.timeline.edited, self.timeline.now) = (edited, now),
            Event::Failed { error } => self.errors.push(error.code),
            _ => {}
        }
    }

    pub fn edit(&mut self, path: &str, text: &str) -> Vec<Event> {
        self.send(Request::EditFile { path: path.into(), text: text.into() })
    }

    pub fn build(&mut self) -> BuildView {
        self.build_with(&[], false)
    }

    pub fn build_with(&mut self, tags: &[&str], no_cache: bool) -> BuildView {
        let tags = tags.iter().map(|tag| (*tag).to_owned()).collect();
        let events = self.send(Request::Build { tags, no_cache });
        let built = events.into_iter().find_map(|event| match event {
            Event::Built { build } => Some(build),
            _ => None,
        });
        built.expect("a build is answered with `built`")
    }

    pub fn query(&mut self, query: Query) -> Event {
        self.send(Request::Query { query }).remove(0)
    }

    pub fn why(&mut self, step: u32) -> Why {
        match self.query(Query::Why { build: None, step }) {
            Event::Why { why, .. } => why,
            other => panic!("{other:?}"),
        }
    }

    pub fn save(&mut self) -> Project {
        let events = self.send(Request::Save);
        let saved = events.into_iter().find_map(|event| match event {
            Event::Saved { project, .. } => Some(project),
            _ => None,
        });
        saved.expect("save is answered with `saved`")
    }

    pub fn preview(&self) -> &BuildView {
        self.preview.as_ref().expect("there is a preview")
    }

    /// The code of the error that the last request met.
    pub fn error(&mut self) -> Option<String> {
        self.errors.pop()
    }
}

fn needed(event: &Event) -> Option<String> {
    match event {
        Event::NeedAsset { asset } => Some(asset.clone()),
        _ => None,
    }
}

pub fn file(path: &str, text: &str) -> FileInput {
    FileInput { path: path.into(), text: Some(text.into()), ..FileInput::default() }
}

/// The row of the instruction with this text.
pub fn row<'a>(build: &'a BuildView, text: &str) -> &'a StepView {
    let found = build.steps.iter().find(|step| step.text == text);
    found.unwrap_or_else(|| panic!("no {text:?} in {:?} ({:?})", states(build), build.error))
}

/// All rows as `KEYWORD state`.
pub fn states(build: &BuildView) -> Vec<String> {
    let word = |state: State| match state {
        State::Hit => "hit",
        State::Miss => "miss",
        State::Follows => "follows",
        State::Meta => "meta",
        State::Failed => "failed",
        State::NotRun => "not run",
        State::Skipped => "skipped",
    };
    build.steps.iter().map(|step| format!("{} {}", step.keyword, word(step.state))).collect()
}

/// The causes of a row.
pub fn causes(step: &StepView) -> &[Cause] {
    &step.why.as_ref().unwrap_or_else(|| panic!("no why: {step:?}")).causes
}
