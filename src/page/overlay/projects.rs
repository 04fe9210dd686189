//! The projects of this browser: what other tabs began is found again here.

use super::dialog::Modal;
use crate::lab::projects::{self, Kept};
use crate::page::boot;
use crate::page::hub::{Hub, Words, use_hub, use_words};
use crate::page::parts::small_icon;
use dockerfile_lab_app::errors;
use wasm_bindgen::{JsCast, JsValue};
use yew::prelude::*;

/// The dialog.
#[component]
pub(super) fn ProjectsDialog() -> Html {
    let hub = use_hub();
    let words = use_words();
    let kept = use_state(|| None::<Vec<Kept>>);
    let sure = use_state(String::new);
    let look = {
        let kept = kept.clone();
        Callback::from(move |()| {
            let kept = kept.clone();
            wasm_bindgen_futures::spawn_local(async move { kept.set(Some(projects::projects().await)) });
        })
    };
    {
        let look = look.clone();
        use_effect_with((), move |()| look.emit(()));
    }
    let delete = {
        let (hub, sure) = (hub.clone(), sure.clone());
        Callback::from(move |id: String| {
            // What is deleted is gone, so that it takes two clicks.
            if *sure != id {
                return sure.set(id);
            }
            let (hub, look) = (hub.clone(), look.clone());
            wasm_bindgen_futures::spawn_local(async move {
                if let Err(detail) = projects::delete(&id).await {
                    hub.warn(words.with("error.store", &[("detail", &errors::of_store(words.0, &detail))]));
                }
                look.emit(());
            });
        })
    };
    html! {
        <Modal title={words.t("projects.title")} class="projects">
            <p>{ words.t("projects.text") }</p>
            <ul>{ for kept.iter().flatten().map(|one| line(&hub, words, one, *sure == one.id, &delete)) }</ul>
        </Modal>
    }
}

/// One project: what it is, since when, and what can be done with it.
fn line(hub: &Hub, words: Words, kept: &Kept, sure: bool, delete: &Callback<String>) -> Html {
    let name = if kept.name.is_empty() { words.t("top.untitled") } else { &kept.name };
    let builds = words.with("projects.builds", &[("n", &kept.builds.to_string())]);
    let open = {
        let (hub, id) = (hub.clone(), kept.id.clone());
        Callback::from(move |_: MouseEvent| {
            wasm_bindgen_futures::spawn_local(boot::change_to(hub.clone(), id.clone()));
        })
    };
    let delete = {
        let id = kept.id.clone();
        delete.reform(move |_: MouseEvent| id.clone())
    };
    html! {
        <li key={kept.id.clone()}>
            <p><b>{ name.to_owned() }</b><span>{ time(words, kept.written) }{ " · " }{ builds }</span></p>
            if kept.here {
                <span class="quiet">{ words.t("projects.here") }</span>
            } else {
                if kept.elsewhere {
                    <span class="quiet">{ words.t("projects.elsewhere") }</span>
                } else {
                    <button type="button" class={classes!("btn", "tight", sure.then_some("line"))} onclick={delete}>
                        { small_icon("close") }{ words.t(if sure { "projects.sure" } else { "projects.delete" }) }
                    </button>
                }
                <button type="button" class="btn tight line" onclick={open}>{ words.t("projects.open") }</button>
            }
        </li>
    }
}

/// A time in the manner of the language.
fn time(words: Words, milliseconds: f64) -> String {
    let options = js_sys::Object::new();
    for (name, value) in [("dateStyle", "medium"), ("timeStyle", "short")] {
        let _ = js_sys::Reflect::set(&options, &name.into(), &value.into());
    }
    let date = js_sys::Date::new(&JsValue::from_f64(milliseconds));
    date.to_locale_string(words.0.tag(), options.unchecked_ref()).into()
}
