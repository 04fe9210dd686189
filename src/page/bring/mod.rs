//! Files that are no part of a build context: archives of images, and the logs of builds.
//!
//! What a file is is found out by its content. What could be two things is asked about.

mod dialog;
mod load;
mod look;

pub(super) use dialog::{BringDialog, from_line, stand_on};
pub(super) use load::answer;
pub(super) use look::look;

use super::dom;
use super::hub::Hub;
use dockerfile_lab_app::model::Dialog;
use dockerfile_lab_app::sniff::Fault;
use gloo::events::EventListener;
use wasm_bindgen::JsCast;
use web_sys::{File, HtmlInputElement};

/// What a file can be besides a file of the context.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// An archive of images.
    Image,
    /// A compressed archive that cannot be looked into without unpacking all of it.
    Packed,
    /// The progress stream of a build.
    Record,
    /// An archive or a log that cannot be read.
    Damaged,
}

/// A file that a person brought.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Brought {
    pub(super) file: File,
    pub(super) kind: Kind,
    /// What is wrong with what is damaged.
    pub(super) fault: Option<Fault>,
    /// Whether the person has said already what it is.
    pub(super) decided: bool,
    /// Whether it was dropped where the files of the context are.
    pub(super) on_tree: bool,
}

/// Asks about files, one after the other.
pub(super) fn ask_about(hub: &Hub, files: Vec<Brought>) {
    if files.is_empty() {
        return;
    }
    hub.brought().borrow_mut().extend(files);
    hub.open(Dialog::Bring);
}

/// Whether the page can ask: the small view for other pages has no dialogs.
pub(super) fn can_ask() -> bool {
    dom::document().query_selector(".app").is_ok_and(|app| app.is_some())
}

/// Lets a person choose an archive of an image, or the log of a build.
pub(super) fn choose(hub: &Hub, kind: Kind) {
    let input =
        dom::document().create_element("input").ok().and_then(|it| it.dyn_into::<HtmlInputElement>().ok());
    let Some(input) = input else { return };
    input.set_type("file");
    input.set_accept(match kind {
        Kind::Record => ".json,.jsonl,.log,.rawjson,.txt",
        Kind::Image | Kind::Packed | Kind::Damaged => ".tar,.gz,.tgz,.zst,.tzst,.xz,.bz2,.oci",
    });
    let (hub, chosen) = (hub.clone(), input.clone());
    let listener = EventListener::once(&input, "change", move |_| {
        let Some(file) = chosen.files().and_then(|files| files.get(0)) else { return };
        ask_about(&hub, vec![Brought { file, kind, fault: None, decided: true, on_tree: false }]);
    });
    listener.forget();
    input.click();
}
