//! What is to be done with a file that a person brought, how far it is, and what came of it.

use super::{Brought, Kind, load};
use crate::page::context::put_one;
use crate::page::dom;
use crate::page::hub::{Hub, Words, use_hub, use_words};
use crate::page::keys;
use crate::page::overlay::Modal;
use crate::page::parts::{CopyButton, icon};
use dockerfile_lab_app::edits;
use dockerfile_lab_app::errors;
use dockerfile_lab_app::figure;
use dockerfile_lab_app::model::{Action, Dialog, Place, Tab};
use dockerfile_lab_app::sniff::Fault;
use gloo::timers::callback::Timeout;
use lab_session::protocol::{ErrorView, LoadedView};
use std::cell::Cell;
use std::rc::Rc;
use yew::prelude::*;

/// How things stand with the file.
#[derive(Clone, PartialEq)]
enum At {
    /// The person is asked what it is.
    Question,
    /// So much of it has come.
    Coming(f64),
    /// These images are there.
    Loaded(Vec<LoadedView>),
    /// Something is wrong with it.
    Failed(ErrorView),
}

/// The dialog, about the first of the files that wait.
#[component]
pub(in crate::page) fn BringDialog() -> Html {
    let hub = use_hub();
    let words = use_words();
    let brought = use_memo((), |()| hub.brought().borrow().front().cloned());
    let at = use_state(|| match brought.as_ref() {
        Some(brought) if brought.decided => At::Coming(0.0),
        _ => At::Question,
    });
    let stopped = use_memo((), |()| Cell::new(false));
    let begin = {
        let (hub, at, stopped, brought) = (hub.clone(), at.clone(), stopped.clone(), brought.clone());
        Callback::from(move |()| {
            let Some(brought) = (*brought).clone() else { return };
            begin(&hub, &brought, &at, &stopped, words);
        })
    };
    {
        let (begin, brought, stopped, hub) = (begin.clone(), brought.clone(), stopped.clone(), hub.clone());
        use_effect_with((), move |()| {
            if brought.as_ref().as_ref().is_some_and(|brought| brought.decided) {
                begin.emit(());
            }
            move || {
                // However the dialog goes, the file is done with.
                stopped.set(true);
                next(&hub);
            }
        });
    }
    // Each state has buttons of its own, of which the last one is what most people want.
    use_effect_with(std::mem::discriminant(&*at), |_| dom::focus("dialog.bring footer button:last-of-type"));
    let Some(brought) = (*brought).clone() else { return Html::default() };
    let close = {
        let hub = hub.clone();
        Callback::from(move |_: MouseEvent| hub.act(Action::Dialog(None)))
    };
    let name = brought.file.name();
    let size = figure::bytes(brought.file.size());
    let title = match (&*at, brought.kind) {
        (At::Loaded(_), _) => words.t("bring.loaded"),
        (At::Failed(_), _) | (_, Kind::Damaged) => words.t("bring.failed"),
        (_, Kind::Record) => words.t("bring.record"),
        (..) => words.t("bring.image"),
    };
    let body = match &*at {
        At::Question if brought.kind == Kind::Damaged => damaged(&hub, words, &brought, close),
        At::Question => question(&hub, words, &brought, begin.reform(|_: MouseEvent| ())),
        At::Coming(part) => coming(words, *part, close),
        At::Loaded(images) => loaded(&hub, words, images),
        At::Failed(error) => html! {
            <>
                <p role="alert" class="wrong">{ errors::sentence(words.0, error) }</p>
                <p>{ words.t("bring.nothingChanged") }</p>
                { anyway(&hub, words, &brought, close) }
            </>
        },
    };
    html! {
        <Modal {title} class="bring">
            <p class="brought">{ icon(if brought.kind == Kind::Record { "commit" } else { "layer" }) }<b>{ name }</b><span class="quiet">{ size }</span></p>
            { body }
        </Modal>
    }
}

/// Takes the file out, and asks about the next one.
fn next(hub: &Hub) {
    let waits = {
        let mut brought = hub.brought().borrow_mut();
        brought.pop_front();
        !brought.is_empty()
    };
    if waits {
        let hub = hub.clone();
        Timeout::new(0, move || hub.open(Dialog::Bring)).forget();
    }
}

fn begin(hub: &Hub, brought: &Brought, at: &UseStateHandle<At>, stopped: &Rc<Cell<bool>>, words: Words) {
    at.set(At::Coming(0.0));
    let (hub, file, kind, at, stopped) =
        (hub.clone(), brought.file.clone(), brought.kind, at.clone(), stopped.clone());
    wasm_bindgen_futures::spawn_local(async move {
        if kind == Kind::Record {
            match load::record(&hub, &file, &stopped).await {
                None => hub.say(words.t("toast.loadStopped")),
                // The dialog went meanwhile: another one that is open now is none of this.
                Some(Ok(())) if stopped.get() => hub.say(words.t("toast.recorded")),
                Some(Ok(())) => {
                    hub.act(Action::Dialog(None));
                    hub.act(Action::Tab(Tab::Why));
                    hub.act(Action::Place(Place::Steps));
                    hub.say(words.t("toast.recorded"));
                }
                Some(Err(error)) => at.set(At::Failed(error)),
            }
            return;
        }
        let far = {
            let at = at.clone();
            Callback::from(move |part: f64| at.set(At::Coming(part)))
        };
        match load::load(&hub, &file, &far, &stopped).await {
            None => hub.say(words.t("toast.loadStopped")),
            Some(Ok(images)) => at.set(At::Loaded(images)),
            Some(Err(error)) => at.set(At::Failed(error)),
        }
    });
}

/// What it is: as the content says, or a file like any other.
fn question(hub: &Hub, words: Words, brought: &Brought, begin: Callback<MouseEvent>) -> Html {
    let (text, act) = match brought.kind {
        Kind::Image => (words.t("bring.imageText"), words.t("bring.load")),
        Kind::Packed => (words.t("bring.packedText"), words.t("bring.load")),
        Kind::Record | Kind::Damaged => (words.t("bring.recordText"), words.t("bring.show")),
    };
    let put = as_file(hub, words, brought);
    // Where the file was dropped says what is more likely meant.
    let on_tree = brought.on_tree;
    let class = |main: bool| if main { "btn main" } else { "btn line" };
    html! {
        <>
            <p>{ text }</p>
            <footer>
                <button type="button" class={class(on_tree)} autofocus={on_tree} onclick={put}>{ words.t("bring.asFile") }</button>
                <button type="button" class={class(!on_tree)} autofocus={!on_tree} onclick={begin}>{ act }</button>
            </footer>
        </>
    }
}

/// Puts the file into the context as it is.
fn as_file(hub: &Hub, words: Words, brought: &Brought) -> Callback<MouseEvent> {
    let (hub, file) = (hub.clone(), brought.file.clone());
    Callback::from(move |_: MouseEvent| {
        hub.act(Action::Dialog(None));
        put_one(&hub, file.clone(), words);
    })
}

/// What cannot be read can still be a file of the context.
fn anyway(hub: &Hub, words: Words, brought: &Brought, close: Callback<MouseEvent>) -> Html {
    html! {
        <footer>
            <button type="button" class="btn line" onclick={as_file(hub, words, brought)}>{ words.t("bring.asFile") }</button>
            <button type="button" class="btn main" autofocus=true onclick={close}>{ words.t("dialog.close") }</button>
        </footer>
    }
}

/// What is wrong with a file, and where.
fn damaged(hub: &Hub, words: Words, brought: &Brought, close: Callback<MouseEvent>) -> Html {
    let byte = |at: &u64| at.to_string();
    let wrong = match &brought.fault {
        Some(Fault::NoHeader { at }) => words.with("bring.noHeader", &[("at", &byte(at))]),
        Some(Fault::Cut { at, path }) => words.with("bring.cut", &[("at", &byte(at)), ("path", path)]),
        Some(Fault::NotPacked { detail }) => words.with("bring.notPacked", &[("detail", detail)]),
        Some(Fault::NoLine) | None => words.t("bring.noLine").to_owned(),
    };
    html! {
        <>
            <p role="alert" class="wrong">{ wrong }</p>
            <p>{ words.t("bring.damaged") }</p>
            { anyway(hub, words, brought, close) }
        </>
    }
}

fn coming(words: Words, part: f64, stop: Callback<MouseEvent>) -> Html {
    let percent = (part * 100.0).floor().clamp(0.0, 100.0);
    html! {
        <>
            <div class="meter" role="progressbar" aria-label={words.t("bring.coming")} aria-valuemin="0" aria-valuemax="100" aria-valuenow={percent.to_string()}>
                <i ~style={format!("--v:{percent}%")}></i>
            </div>
            <p role="status">{ words.with("bring.part", &[("n", &percent.to_string())]) }</p>
            <footer><button type="button" class="btn line" autofocus=true onclick={stop}>{ words.t("dialog.cancel") }</button></footer>
        </>
    }
}

/// The images that are there now, and what can be done with them.
fn loaded(hub: &Hub, words: Words, images: &[LoadedView]) -> Html {
    html! {
        <>
            { for images.iter().map(|image| one(hub, words, image)) }
            <p class="against">{ words.t("bring.undoHint") }</p>
        </>
    }
}

fn one(hub: &Hub, words: Words, image: &LoadedView) -> Html {
    let name = image.names.first().cloned();
    let facts =
        words.with("bring.facts", &[("n", &image.layers.to_string()), ("size", &figure::bytes(image.size))]);
    let inspect = {
        let (hub, id) = (hub.clone(), image.id.clone());
        Callback::from(move |_: MouseEvent| {
            hub.act(Action::Dialog(None));
            let (hub, id) = (hub.clone(), id.clone());
            Timeout::new(0, move || hub.open(Dialog::Image(id))).forget();
        })
    };
    html! {
        <section class="arrived">
            <h3><code>{ name.clone().unwrap_or_else(|| figure::id(&image.id).to_owned()) }</code><span>{ facts }</span></h3>
            if image.opaque_files > 0 {
                <p>{ words.with("bring.opaque", &[("n", &image.opaque_files.to_string()), ("size", &figure::bytes(image.opaque_size))]) }</p>
            }
            if let Some(name) = &name { { from_line(hub, words, name) } } else { <p>{ words.t("bring.noName") }</p> }
            <footer>
                <button type="button" class="btn line" onclick={inspect}>{ words.t("bring.inspect") }</button>
                if let Some(name) = name { { stand_on(hub, words, name) } }
            </footer>
        </section>
    }
}

/// The line that builds on an image.
pub(in crate::page) fn from_line(_hub: &Hub, words: Words, name: &str) -> Html {
    let line = format!("FROM {}", short(name));
    html! { <div class="command"><code>{ line.clone() }</code><CopyButton text={line} label={words.t("copy.label")} /></div> }
}

/// Lets the Dockerfile stand on an image.
pub(in crate::page) fn stand_on(hub: &Hub, words: Words, name: String) -> Html {
    let hub = hub.clone();
    let onclick = Callback::from(move |_: MouseEvent| {
        let model = hub.model();
        let text = model.0.workspace.dockerfile_text.clone().unwrap_or_default();
        hub.act(Action::Dialog(None));
        hub.write_dockerfile(edits::rebased(&text, short(&name)));
        hub.say(words.with("toast.rebased", &[("image", short(&name))]));
        keys::to_editor(&hub);
    });
    html! { <button type="button" class="btn main" autofocus=true {onclick}>{ words.t("bring.use") }</button> }
}

/// A name as one would write it behind `FROM`.
fn short(name: &str) -> &str {
    name.strip_suffix(":latest").unwrap_or(name)
}
