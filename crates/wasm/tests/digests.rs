//! A build gives the same digests in a browser and natively: each test runs in both, against the same figures.

use lab_session::Session;
use lab_session::protocol::{BuildView, Envelope, Event, FileInput, Project, Request, VERSION};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test_configure!(run_in_browser);

const NOW: f64 = 1_800_000_000.0;
const ASSETS: [(&str, &str); 2] = [
    ("images", include_str!("../../../catalog/images.json")),
    ("durations", include_str!("../../../catalog/durations.json")),
];

fn project(dockerfile: &str) -> Project {
    let file = |path: &str, text: &str| FileInput {
        path: path.to_owned(),
        text: Some(text.to_owned()),
        ..FileInput::default()
    };
    let files = vec![file("Dockerfile", dockerfile), file("src/안녕.txt", "hello\n")];
    Project { version: VERSION, name: "fixture".to_owned(), at: NOW, files, ..Project::default() }
}

fn build(dockerfile: &str) -> BuildView {
    let mut session = Session::new();
    let mut send = |request| session.handle(Envelope { generation: 1, now: NOW, preview: false, request });
    for (asset, text) in ASSETS {
        send(Request::Provide { asset: asset.to_owned(), text: text.to_owned() });
    }
    send(Request::Open { project: project(dockerfile) });
    let events = send(Request::Build { tags: Vec::new(), no_cache: false });
    let built = events.into_iter().find_map(|event| match event {
        Event::Built { build } => Some(build),
        _ => None,
    });
    built.expect("the build is done")
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn an_image_has_the_same_id_everywhere() {
    let build = build("FROM scratch\nCOPY src /srv\nWORKDIR /srv/data\nENV A=b\n");
    assert_eq!(build.error, None);
    assert_eq!(
        build.image_id.as_deref(),
        Some("sha256:f124c3fd51c71e0aa95ad317640ce1db8e61e1d0496ecdd8507bfc097fd9765f")
    );
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn a_command_has_the_same_layer_everywhere() {
    let build =
        build("FROM alpine\nRUN mkdir /out && seq 3 | sed 's/2/two/' > /out/list && chmod 600 /out/list\n");
    assert_eq!(build.error, None);
    assert_eq!(
        build.steps[1].diff_id.as_deref(),
        Some("sha256:a818a861dd89159c634ebe9a036fae749a9ebf763a659eda5fad07ac3e9db701")
    );
}

#[cfg(target_arch = "wasm32")]
#[wasm_bindgen_test]
fn objects_go_in_and_plain_objects_come_out() {
    use js_sys::{Array, JSON, Object, Reflect};
    use lab_wasm::{Lab, version};
    use wasm_bindgen::{JsCast, JsValue};

    let parse = |text: String| JSON::parse(&text).expect("it is JSON");
    let mut lab = Lab::new();
    let files = r#"[{ "path": "Dockerfile", "text": "FROM scratch\n" }]"#;
    let project = format!(r#"{{ "version": {}, "at": {NOW}, "files": {files} }}"#, version());
    let request = format!(r#"{{ "open": {{ "project": {project} }} }}"#);
    let envelope = parse(format!(r#"{{ "generation": 1, "now": {NOW}, "request": {request} }}"#));
    let events: Array =
        JsValue::from(lab.handle(envelope.unchecked_into()).expect("it is an envelope")).unchecked_into();
    let first: Object = events.get(0).unchecked_into();
    assert!(Reflect::has(&first, &"workspace".into()).expect("an event is an object"));
    assert!(lab.handle(parse("{}".to_owned()).unchecked_into()).is_err());
}
