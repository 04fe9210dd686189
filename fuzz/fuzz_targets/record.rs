//! Any text as the log of a build that was made elsewhere. What can be read is drawn, saved, and opens to the same.

#![no_main]

use lab_session::Session;
use lab_session::protocol::{Envelope, Event, Request};
use libfuzzer_sys::fuzz_target;

const DOCKERFILE: &str = "FROM base AS build\nCOPY a b /\nRUN make\n\nFROM scratch\nCOPY --from=build / /$V\n";

fuzz_target!(|text: &str| {
    let mut session = Session::new();
    let mut send = |request| session.handle(Envelope { generation: 1, now: 1.8e9, preview: false, request });
    send(Request::EditFile { path: "Dockerfile".to_owned(), text: DOCKERFILE.to_owned() });
    let added = send(Request::AddRecord { name: "build.log".to_owned(), text: text.to_owned() });
    if !added.iter().any(|event| matches!(event, Event::Recorded { .. })) {
        return;
    }
    let saved = |events: Vec<Event>| {
        events.into_iter().find_map(|event| match event {
            Event::Saved { project, .. } => Some(project),
            _ => None,
        })
    };
    let project = saved(send(Request::Save)).expect("save is answered");
    send(Request::Open { project: project.clone() });
    assert_eq!(saved(send(Request::Save)), Some(project), "what is saved opens to the same");
});
