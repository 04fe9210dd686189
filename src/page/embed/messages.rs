//! What the page around says to the lab, and what the lab tells it; `docs/embedding.md` is the reference.
//!
//! Only the window that holds the frame is heard. It is answered at the origin that it spoke from, and only once it has
//! asked: what a reader types into the lab goes nowhere else.

use crate::page::boot;
use crate::page::dom;
use crate::page::hub::Hub;
use dockerfile_lab_app::model::{Action, Model};
use dockerfile_lab_app::summary::{Summary, summary};
use gloo::events::EventListener;
use lab_session::protocol::{FileInput, Request};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use wasm_bindgen::JsCast;
use web_sys::MessageEvent;
use yew::prelude::*;

/// The name that all messages carry.
const TYPE: &str = "dockerfile-lab";

/// A message of the page around.
#[derive(Deserialize)]
struct Message {
    #[serde(rename = "type")]
    kind: String,
    /// Another state of the files.
    #[serde(default)]
    set: Option<Set>,
    /// Keep a build.
    #[serde(default)]
    build: bool,
    /// Tell of every build from now on.
    #[serde(default)]
    hear: bool,
}

/// What is to be set; what is left out stays.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Set {
    /// The id of an example, in the place of everything.
    example: Option<String>,
    /// The text of the Dockerfile.
    dockerfile: Option<String>,
    /// Texts by path; none takes the file away.
    files: BTreeMap<String, Option<String>>,
    /// The file that is shown.
    show: Option<String>,
}

/// The first message to the page around: from now on it is heard.
#[derive(Serialize)]
struct Ready {
    #[serde(rename = "type")]
    kind: &'static str,
    ready: bool,
}

/// A message to the page around that has asked for it.
#[derive(Serialize)]
struct Told {
    #[serde(rename = "type")]
    kind: &'static str,
    verdicts: Summary,
}

/// Hears the page around, and tells it of the builds.
#[hook]
pub(super) fn use_messages(hub: &Hub, model: &Model) {
    // The origin to answer, once it has asked.
    let asked = use_state(|| None::<String>);
    // The file to show, once it is there.
    let wanted = use_mut_ref(|| None::<String>);
    {
        let (hub, wanted) = (hub.clone(), wanted.clone());
        use_effect_with(model.entries.clone(), move |entries| {
            let is_there = |path: &String| entries.iter().any(|entry| entry.path == *path);
            let path = wanted.borrow_mut().take_if(|path| is_there(path));
            if let Some(path) = path {
                hub.act(Action::OpenFile(path));
            }
        });
    }
    {
        let (hub, asked) = (hub.clone(), asked.clone());
        use_effect_with((), move |()| {
            let listener = EventListener::new(&dom::window(), "message", move |event| {
                if let Some(event) = event.dyn_ref::<MessageEvent>()
                    && let Some(message) = heard(event)
                {
                    if message.hear {
                        asked.set(Some(event.origin()));
                    }
                    *wanted.borrow_mut() = message.set.as_ref().and_then(|set| set.show.clone());
                    act(&hub, message);
                }
            });
            move || drop(listener)
        });
    }
    // Once the project of the address is open, which would else replace what is set. Said apart from the height, which a
    // frame out of sight does not find out.
    use_effect_with(model.ready, |ready| {
        if *ready {
            say(&Ready { kind: TYPE, ready: true }, "*");
        }
    });
    let told = (model.preview.clone(), (*asked).clone(), model.lang);
    use_effect_with(told, move |(build, asked, lang)| {
        if let (Some(build), Some(origin)) = (build, asked) {
            tell(summary(*lang, build), origin);
        }
    });
    let built = (model.built.as_ref().map(|(build, _)| build.clone()), (*asked).clone());
    let lang = model.lang;
    use_effect_with(built, move |(build, asked)| {
        if let (Some(build), Some(origin)) = (build, asked) {
            tell(summary(lang, build), origin);
        }
    });
}

/// The message, if it comes from the window that holds the frame and is one of ours.
fn heard(event: &MessageEvent) -> Option<Message> {
    let parent = dom::window().parent().ok().flatten().filter(|parent| *parent != dom::window())?;
    event.source().filter(|source| js_sys::Object::is(source, &parent))?;
    let message: Message = serde_wasm_bindgen::from_value(event.data()).ok()?;
    (message.kind == TYPE).then_some(message)
}

fn act(hub: &Hub, message: Message) {
    match message.set {
        Some(Set { example: Some(id), dockerfile, files, .. }) => {
            let hub = hub.clone();
            wasm_bindgen_futures::spawn_local(async move {
                if let Some(project) = boot::of_example(&hub, &id, dockerfile.as_deref()).await {
                    hub.open_project(project, Callback::noop());
                    put(&hub, None, files);
                }
            });
        }
        Some(Set { dockerfile, files, .. }) => put(hub, dockerfile, files),
        None => {}
    }
    if message.build {
        hub.build(false);
    }
}

/// Puts and deletes files, as from elsewhere: open editors show what came.
fn put(hub: &Hub, dockerfile: Option<String>, files: BTreeMap<String, Option<String>>) {
    let name = hub.model().0.workspace.dockerfile.clone();
    let name = if name.is_empty() { "Dockerfile".to_owned() } else { name };
    let dockerfile = dockerfile.map(|text| (name, Some(text)));
    let (put, gone): (Vec<_>, Vec<_>) =
        dockerfile.into_iter().chain(files).partition(|(_, text)| text.is_some());
    if !put.is_empty() {
        let file = |(path, text)| FileInput { path, text, ..FileInput::default() };
        hub.send(Request::PutFiles { files: put.into_iter().map(file).collect() });
    }
    for (path, _) in gone {
        hub.send(Request::Delete { path });
    }
}

fn tell(verdicts: Option<Summary>, origin: &str) {
    if let Some(verdicts) = verdicts {
        // A page without an origin of its own (a local file, a sandbox) can only be reached as a window.
        say(&Told { kind: TYPE, verdicts }, if origin == "null" { "*" } else { origin });
    }
}

fn say(message: &impl Serialize, origin: &str) {
    let Ok(Some(parent)) = dom::window().parent() else { return };
    let serializer = serde_wasm_bindgen::Serializer::new().serialize_missing_as_null(true);
    if let Ok(message) = message.serialize(&serializer) {
        let _ = parent.post_message(&message, origin);
    }
}
