//! Every example, opened and built as its script says: the states of its rows and the shape of its image.

use lab_catalog::CatalogWorld;
use lab_session::Session;
use lab_session::protocol::{
    BuildView, Edit, Envelope, Event, FileInput, HistoryView, Project, Query, Request, State,
};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// `example.json`, as far as a build is concerned.
#[derive(Deserialize)]
struct Example {
    steps: Vec<Step>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    #[serde(default)]
    edits: Vec<Edit>,
    states: BTreeMap<String, State>,
    image: Option<Shape>,
}

/// What must be true of an image; what is left out may be anything.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Shape {
    rows: Option<usize>,
    layers: Option<usize>,
    size_above: Option<f64>,
    size_below: Option<f64>,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn files_below(folder: &Path, prefix: &str, files: &mut Vec<FileInput>) {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for entry in entries {
        let name = format!("{prefix}{}", entry.file_name().unwrap().to_str().unwrap());
        if entry.is_dir() {
            files_below(&entry, &format!("{name}/"), files);
        } else {
            let text = fs::read_to_string(&entry).unwrap();
            files.push(FileInput { path: name, text: Some(text), ..FileInput::default() });
        }
    }
}

/// A session with the whole catalogue, and its clock.
struct Lab {
    session: Session,
    now: f64,
}

impl Lab {
    fn open(folder: &Path) -> Self {
        let world = CatalogWorld::new(0);
        for asset in CatalogWorld::ASSETS {
            let text = fs::read_to_string(root().join(format!("catalog/{asset}.json"))).unwrap();
            world.provide(asset, &text).unwrap();
        }
        let mut lab = Self { session: Session::with_catalogue(Box::new(world)), now: 1_800_000_000.0 };
        let mut files = Vec::new();
        files_below(&folder.join("context"), "", &mut files);
        let project =
            Project { version: lab_session::protocol::VERSION, files, at: lab.now, ..Project::default() };
        lab.ask(Request::Open { project });
        lab
    }

    fn ask(&mut self, request: Request) -> Vec<Event> {
        self.now += 60.0;
        let events = self.session.handle(Envelope { generation: 1, now: self.now, preview: false, request });
        for event in &events {
            assert!(!matches!(event, Event::Failed { .. } | Event::NeedAsset { .. }), "{event:?}");
        }
        events
    }

    fn edit(&mut self, edit: Edit) {
        match edit {
            Edit::Put { file } => self.ask(Request::PutFiles { files: vec![file] }),
            Edit::Delete { path } => self.ask(Request::Delete { path }),
            Edit::Settings { settings } => self.ask(Request::SetSettings { settings }),
            Edit::Prune => self.ask(Request::Prune),
        };
    }

    fn build(&mut self) -> BuildView {
        let events = self.ask(Request::Build { tags: Vec::new(), no_cache: false });
        let built = events.into_iter().find_map(|event| match event {
            Event::Built { build } => Some(build),
            _ => None,
        });
        built.expect("a build is kept")
    }

    fn history(&mut self, build: Option<u32>) -> HistoryView {
        let events = self.ask(Request::Query { query: Query::History { build } });
        let history = events.into_iter().find_map(|event| match event {
            Event::History { history } => Some(history),
            _ => None,
        });
        history.expect("a history is shown")
    }
}

fn check_shape(what: &str, shape: &Shape, build: &BuildView, history: &HistoryView) {
    let layers = history.rows.iter().filter(|row| !row.empty_layer).count();
    if let Some(rows) = shape.rows {
        assert_eq!(history.rows.len(), rows, "{what}: rows of the history");
    }
    if let Some(expected) = shape.layers {
        assert_eq!(layers, expected, "{what}: layers");
    }
    let size = build.totals.image_size.value;
    assert!(shape.size_above.is_none_or(|least| size > least), "{what}: {size} bytes");
    assert!(shape.size_below.is_none_or(|most| size < most), "{what}: {size} bytes");
}

fn replay(folder: &Path) {
    let id = folder.file_name().unwrap().to_str().unwrap();
    let example: Example =
        serde_json::from_str(&fs::read_to_string(folder.join("example.json")).unwrap()).unwrap();
    assert!(!example.steps.is_empty(), "{id} has no steps");
    let mut lab = Lab::open(folder);
    for (at, step) in example.steps.into_iter().enumerate() {
        let what = format!("{id}, build {}", at + 1);
        for edit in step.edits {
            lab.edit(edit);
        }
        let build = lab.build();
        assert!(build.error.is_none(), "{what}: {:?}", build.error);
        for (text, state) in &step.states {
            let row = build.steps.iter().find(|row| row.text == *text).unwrap_or_else(|| {
                let texts: Vec<&str> = build.steps.iter().map(|row| row.text.as_str()).collect();
                panic!("{what}: no row {text:?} among {texts:#?}")
            });
            assert_eq!(row.state, *state, "{what}: {text}");
        }
        if let Some(shape) = step.image {
            let history = lab.history(build.number);
            check_shape(&what, &shape, &build, &history);
        }
    }
}

#[test]
fn examples_do_what_they_say() {
    let mut folders: Vec<PathBuf> = fs::read_dir(root().join("examples"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    assert!(folders.len() >= 10);
    for folder in folders {
        replay(&folder);
    }
}
