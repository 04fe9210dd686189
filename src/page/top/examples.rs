//! The examples: a menu in the header, and the list on an empty page.

use crate::lab::assets::{self, ExampleEntry, Localized};
use crate::page::boot;
use crate::page::hub::{Hub, use_hub, use_words};
use crate::page::parts::small_icon;
use dockerfile_lab_app::locale::Lang;
use dockerfile_lab_app::model::Dialog;
use std::rc::Rc;
use yew::prelude::*;

/// A text in the language of the page.
fn of(text: &Localized, lang: Lang) -> AttrValue {
    AttrValue::from(match lang {
        Lang::En => text.en.clone(),
        Lang::Ko => text.ko.clone(),
    })
}

/// The list of examples, fetched once.
#[hook]
pub(in crate::page) fn use_examples() -> Option<Rc<Result<Vec<ExampleEntry>, String>>> {
    let state = use_state(|| None);
    {
        let state = state.clone();
        use_effect_with((), move |()| {
            wasm_bindgen_futures::spawn_local(async move {
                state.set(Some(Rc::new(assets::examples().await)));
            });
        });
    }
    (*state).clone()
}

fn open(hub: &Hub, id: &str) {
    let (hub, id) = (hub.clone(), id.to_owned());
    wasm_bindgen_futures::spawn_local(async move { boot::open_example(&hub, &id).await });
}

#[derive(Properties, PartialEq)]
pub(super) struct PickerProps {
    /// The name of the project: the id of an example, or what a person gave.
    pub(super) name: AttrValue,
    pub(super) lang: Lang,
}

/// The name of what is open; opens a menu of all examples.
#[component]
pub(super) fn ExamplePicker(props: &PickerProps) -> Html {
    let hub = use_hub();
    let words = use_words();
    let examples = use_examples();
    let open_menu = use_state(|| false);
    let root = use_node_ref();
    let list = use_node_ref();
    let known = match examples.as_deref() {
        Some(Ok(list)) => list.as_slice(),
        _ => &[],
    };
    let title =
        known.iter().find(|entry| entry.id == props.name.as_str()).map(|entry| of(&entry.title, props.lang));
    let title = title.unwrap_or_else(|| {
        if props.name.is_empty() { AttrValue::from(words.t("top.untitled")) } else { props.name.clone() }
    });
    {
        let list = list.clone();
        use_effect_with(*open_menu, move |open| {
            if *open {
                focus_item(&list, 0);
            }
        });
    }
    let close = {
        let open_menu = open_menu.clone();
        Callback::from(move |()| open_menu.set(false))
    };
    let toggle = {
        let open_menu = open_menu.clone();
        Callback::from(move |_: MouseEvent| open_menu.set(!*open_menu))
    };
    let onkeydown = {
        let (list, close, root) = (list.clone(), close.clone(), root.clone());
        Callback::from(move |event: KeyboardEvent| menu_key(&event, &list, &root, &close))
    };
    let onfocusout = {
        let (root, close) = (root.clone(), close.clone());
        Callback::from(move |event: FocusEvent| {
            use wasm_bindgen::JsCast;
            let to = event.related_target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
            let inside = root.cast::<web_sys::Node>().is_some_and(|root| root.contains(to.as_ref()));
            if !inside {
                close.emit(());
            }
        })
    };
    let item = |label: AttrValue, hint: AttrValue, act: Callback<()>| {
        let close = close.clone();
        let onclick = Callback::from(move |_: MouseEvent| {
            close.emit(());
            act.emit(());
        });
        html! { <li role="none"><button type="button" role="menuitem" tabindex="0" {onclick}><b>{ label }</b><span>{ hint }</span></button></li> }
    };
    html! {
        <div class="picker" ref={root} {onkeydown} {onfocusout}>
            <button type="button" class="btn" aria-haspopup="menu" aria-expanded={open_menu.to_string()} onclick={toggle}>
                <span class="name">{ title }</span>{ small_icon("down") }
            </button>
            if *open_menu {
                <ul class="menu" role="menu" aria-label={words.t("top.examples")} ref={list}>
                    { for known.iter().map(|entry| {
                        let (hub, id) = (hub.clone(), entry.id.clone());
                        item(of(&entry.title, props.lang), of(&entry.description, props.lang), Callback::from(move |()| open(&hub, &id)))
                    }) }
                    if let Some(Err(message)) = examples.as_deref() {
                        <li class="none" role="none">{ words.with("error.examples", &[("detail", message)]) }</li>
                    }
                    <li role="separator" class="rule"></li>
                    { item(words.t("top.new").into(), words.t("top.newHint").into(), {
                        let hub = hub.clone();
                        Callback::from(move |()| hub.replace_project(Hub::empty_project(), words.t("toast.started").to_owned()))
                    }) }
                    { item(words.t("projects.title").into(), words.t("projects.hint").into(), {
                        let hub = hub.clone();
                        Callback::from(move |()| hub.open(Dialog::Projects))
                    }) }
                    { item(words.t("top.reset").into(), words.t("top.resetHint").into(), {
                        let hub = hub.clone();
                        Callback::from(move |()| hub.open(Dialog::Reset))
                    }) }
                </ul>
            }
        </div>
    }
}

/// The keys of the menu: arrows, the ends, and Escape back to the button.
fn menu_key(event: &KeyboardEvent, list: &NodeRef, root: &NodeRef, close: &Callback<()>) {
    use wasm_bindgen::JsCast;
    let Some(menu) = list.cast::<web_sys::Element>() else { return };
    let Ok(items) = menu.query_selector_all("[role=menuitem]") else { return };
    let active = gloo::utils::document().active_element();
    let count = items.length();
    let here = (0..count)
        .find(|at| items.item(*at).and_then(|item| item.dyn_into::<web_sys::Element>().ok()) == active);
    let next = match (event.key().as_str(), here) {
        ("Escape", _) => {
            event.stop_propagation();
            event.prevent_default();
            close.emit(());
            let button =
                root.cast::<web_sys::Element>().and_then(|root| root.query_selector("button").ok().flatten());
            if let Some(button) = button.and_then(|button| button.dyn_into::<web_sys::HtmlElement>().ok()) {
                let _ = button.focus();
            }
            return;
        }
        ("ArrowDown", Some(at)) => (at + 1) % count,
        ("ArrowUp", Some(at)) => (at + count - 1) % count,
        ("ArrowDown" | "Home", _) => 0,
        ("ArrowUp" | "End", _) => count - 1,
        _ => return,
    };
    event.prevent_default();
    focus_item(list, next);
}

fn focus_item(list: &NodeRef, at: u32) {
    use wasm_bindgen::JsCast;
    let items =
        list.cast::<web_sys::Element>().and_then(|menu| menu.query_selector_all("[role=menuitem]").ok());
    let item =
        items.and_then(|items| items.item(at)).and_then(|item| item.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(item) = item {
        let _ = item.focus();
    }
}

#[derive(Properties, PartialEq)]
pub(in crate::page) struct ListProps {
    pub(in crate::page) lang: Lang,
}

/// The examples on an empty page.
#[component]
pub(in crate::page) fn ExampleList(props: &ListProps) -> Html {
    let hub = use_hub();
    let words = use_words();
    let examples = use_examples();
    match examples.as_deref() {
        None => html! { <p class="quiet" role="status">{ words.t("start.loading") }</p> },
        Some(Err(message)) => {
            html! { <p class="quiet">{ words.with("error.examples", &[("detail", message)]) }</p> }
        }
        Some(Ok(list)) => html! {
            <ul class="exs">
                { for list.iter().map(|entry| {
                    let (hub, id) = (hub.clone(), entry.id.clone());
                    let onclick = Callback::from(move |_: MouseEvent| open(&hub, &id));
                    html! {
                        <li><button type="button" {onclick} data-example={entry.id.clone()}>
                            <b>{ of(&entry.title, props.lang) }</b><span>{ of(&entry.description, props.lang) }</span>
                        </button></li>
                    }
                }) }
            </ul>
        },
    }
}
