//! Parts of the catalogue that are not there yet: asked for once, waited for, and nothing is lost meanwhile.

use lab_session::Session;
use lab_session::protocol::{Envelope, Event, FileInput, Project, Request, VERSION};

fn send(session: &mut Session, request: Request) -> Vec<Event> {
    session.handle(Envelope { generation: 1, now: 1_800_000_000.0, preview: true, request })
}

fn asset(name: &str) -> Request {
    let path = format!("{}/../../catalog/{name}.json", env!("CARGO_MANIFEST_DIR"));
    Request::Provide {
        asset: name.into(),
        text: std::fs::read_to_string(path).expect("the catalogue is there"),
    }
}

fn kinds(events: &[Event]) -> Vec<String> {
    let kind = |event: &Event| match event {
        Event::NeedAsset { asset } => format!("need {asset}"),
        Event::Preview { build } if build.waiting => "waiting".to_owned(),
        Event::Preview { .. } => "preview".to_owned(),
        Event::Built { build } => format!("built {}", build.number.unwrap_or(0)),
        Event::Workspace { .. } => "workspace".to_owned(),
        Event::FileEdited { .. } => "file".to_owned(),
        Event::Timeline { .. } => "timeline".to_owned(),
        other => format!("{other:?}"),
    };
    events.iter().map(kind).collect()
}

#[test]
fn builds_wait_in_their_order_and_edits_go_on() {
    let mut session = Session::new();
    let file = |path: &str, text: &str| FileInput {
        path: path.into(),
        text: Some(text.into()),
        ..FileInput::default()
    };
    let files = vec![file("Dockerfile", "FROM alpine\nCOPY a /a\nRUN cat /a\n"), file("a", "one")];
    let project = Project { version: VERSION, at: 1_799_999_000.0, files, ..Project::default() };
    let events = send(&mut session, Request::Open { project });
    assert_eq!(kinds(&events), ["workspace", "need images", "waiting"]);
    let events = send(&mut session, Request::Build { tags: Vec::new(), no_cache: false });
    assert_eq!(kinds(&events), ["workspace", "waiting", "timeline"]);
    let events = send(&mut session, Request::EditFile { path: "a".into(), text: "two".into() });
    assert_eq!(kinds(&events)[..2], ["file", "waiting"]);
    send(&mut session, Request::Build { tags: Vec::new(), no_cache: false });
    let mut events = send(&mut session, asset("images"));
    let mut told: Vec<String> = kinds(&events);
    while let Some(name) = told.iter().find_map(|kind| kind.strip_prefix("need ").map(str::to_owned)) {
        events = send(&mut session, asset(&name));
        told = kinds(&events);
    }
    let built: Vec<&String> = told.iter().filter(|kind| kind.starts_with("built")).collect();
    assert_eq!(built, ["built 1", "built 2"]);
    assert!(told.contains(&"preview".to_owned()) && !told.contains(&"waiting".to_owned()));
}
