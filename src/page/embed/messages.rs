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
use gloo::timers::callback::Timeout;
use js_sys::Promise;
use lab_session::protocol::{Edit, ErrorView, FileInput, Project, Request};
use serde::{Deserialize, Serialize};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
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
        let asked = asked.clone();
        let queue =
            Rc::new(Queue { hub: hub.clone(), wanted, waiting: RefCell::default(), busy: Cell::new(false) });
        use_effect_with((), move |()| {
            let listener = EventListener::new(&dom::window(), "message", move |event| {
                if let Some(event) = event.dyn_ref::<MessageEvent>()
                    && let Some(message) = heard(event)
                {
                    if message.hear {
                        asked.set(Some(event.origin()));
                    }
                    queue.take_in(message);
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

/// The messages, done one after the other: opening an example takes its time, and what follows is about its files.
struct Queue {
    hub: Hub,
    /// The file to show, once it is there.
    wanted: Rc<RefCell<Option<String>>>,
    waiting: RefCell<VecDeque<Message>>,
    busy: Cell<bool>,
}

impl Queue {
    fn take_in(self: &Rc<Self>, message: Message) {
        self.waiting.borrow_mut().push_back(message);
        if self.busy.replace(true) {
            return;
        }
        let queue = self.clone();
        wasm_bindgen_futures::spawn_local(async move {
            loop {
                let next = queue.waiting.borrow_mut().pop_front();
                let Some(message) = next else { break };
                queue.act(message).await;
            }
            queue.busy.set(false);
        });
    }

    async fn act(&self, message: Message) {
        if let Some(set) = message.set {
            self.set(set).await;
        }
        if message.build {
            self.hub.build(false);
        }
    }

    async fn set(&self, Set { example, mut dockerfile, files, show }: Set) {
        if let Some(id) = example {
            let text = dockerfile.take();
            let Some(mut project) = boot::of_example(&self.hub, &id, text.as_deref()).await else { return };
            // Opened with what is set besides: a reader takes back all of it at once.
            let is_vain =
                |edit: &Edit| matches!(edit, Edit::Delete { path } if !is_there(&project.files, path));
            project.draft = edits(&self.hub, None, files).into_iter().filter(|edit| !is_vain(edit)).collect();
            opened(&self.hub, project).await;
        } else {
            let edits = edits(&self.hub, dockerfile, files);
            if !edits.is_empty() {
                self.hub.send(Request::Apply { edits });
            }
        }
        if let Some(path) = show {
            let there = self.hub.model().0.entries.iter().any(|entry| entry.path == path);
            *self.wanted.borrow_mut() = (!there).then(|| path.clone());
            if there {
                self.hub.act(Action::OpenFile(path));
            }
        }
    }
}

/// Opens a project; done when it is open and drawn. Undo goes back to the one before.
async fn opened(hub: &Hub, project: Project) {
    let before = hub.lab().at_hand();
    let opener = hub.clone();
    let done = Promise::new(&mut |resolve, _| {
        let (hub, before) = (opener.clone(), before.clone());
        let then = Callback::from(move |fault: Option<ErrorView>| {
            if let (None, Some(before)) = (fault, before.clone()) {
                hub.keep_before(before, true);
            }
            let resolve = resolve.clone();
            // By the next turn the page shows it, and what follows looks at what is shown.
            Timeout::new(0, move || drop(resolve.call0(&JsValue::NULL))).forget();
        });
        opener.open_project(project.clone(), then);
    });
    let _ = JsFuture::from(done).await;
}

/// Whether there is a file or a directory.
fn is_there(files: &[FileInput], path: &str) -> bool {
    let is_in = |file: &FileInput| {
        file.path.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    files.iter().any(is_in)
}

/// The edits that put and delete files. Done as from elsewhere, so that open editors show what came.
fn edits(hub: &Hub, dockerfile: Option<String>, files: BTreeMap<String, Option<String>>) -> Vec<Edit> {
    let name = hub.model().0.workspace.dockerfile.clone();
    let name = if name.is_empty() { "Dockerfile".to_owned() } else { name };
    let dockerfile = dockerfile.map(|text| (name, Some(text)));
    let edit = |(path, text): (String, Option<String>)| match text {
        Some(_) => Edit::Put { file: FileInput { path, text, ..FileInput::default() } },
        None => Edit::Delete { path },
    };
    dockerfile.into_iter().chain(files).map(edit).collect()
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
