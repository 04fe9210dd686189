//! Any text as the link of a project, and any bytes as the JSON that one unpacks to. What can be read is opened and saved.

#![no_main]

use lab_session::Session;
use lab_session::link;
use lab_session::protocol::{Envelope, Event, Request};
use libfuzzer_sys::fuzz_target;

const LIMIT: usize = 1 << 18;

fuzz_target!(|bytes: &[u8]| {
    let json = match str::from_utf8(bytes).ok().map(link::deflated) {
        Some(Ok(deflated)) => match miniz_oxide::inflate::decompress_to_vec_with_limit(&deflated, LIMIT) {
            Ok(json) => json,
            Err(_) => return,
        },
        _ => bytes.to_vec(),
    };
    let Ok(project) = link::project(&json) else { return };
    let mut session = Session::new();
    let mut send = |request| session.handle(Envelope { generation: 1, now: 1.8e9, preview: true, request });
    let opened = send(Request::Open { project });
    if opened.iter().any(|event| matches!(event, Event::Failed { .. })) {
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
