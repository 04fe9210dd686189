//! The examples: a menu in the header, and the list on an empty page.

use super::menu::{Choice, Face, Item, Menu};
use crate::lab::assets::{self, ExampleEntry, Localized};
use crate::page::boot;
use crate::page::hub::{Hub, Words, use_hub, use_words};
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
    let known = match examples.as_deref() {
        Some(Ok(list)) => list.as_slice(),
        _ => &[],
    };
    let title =
        known.iter().find(|entry| entry.id == props.name.as_str()).map(|entry| of(&entry.title, props.lang));
    let title = title.unwrap_or_else(|| {
        if props.name.is_empty() { AttrValue::from(words.t("top.untitled")) } else { props.name.clone() }
    });
    let items = {
        let (hub, lang, examples) = (hub.clone(), props.lang, examples.clone());
        Callback::from(move |()| items(&hub, words, lang, examples.as_deref()))
    };
    html! { <Menu class="picker" button="btn" face={Face::Name(title)} name={words.t("top.examples")} {items} /> }
}

/// All examples, and what else can be opened.
#[inline(never)]
fn items(
    hub: &Hub,
    words: Words,
    lang: Lang,
    examples: Option<&Result<Vec<ExampleEntry>, String>>,
) -> Vec<Item> {
    let choice = |label: AttrValue, hint: AttrValue, act: Callback<()>| {
        Item::Act(Choice { sign: None, label, hint, lang: None, act })
    };
    let act = |run: fn(&Hub)| {
        let hub = hub.clone();
        Callback::from(move |()| run(&hub))
    };
    let example = |entry: &ExampleEntry| {
        let (hub, id) = (hub.clone(), entry.id.clone());
        let act = Callback::from(move |()| open(&hub, &id));
        choice(of(&entry.title, lang), of(&entry.description, lang), act)
    };
    let mut items = Vec::new();
    match examples {
        Some(Ok(list)) => items.extend(list.iter().map(example)),
        Some(Err(message)) => {
            items.push(Item::Note(words.with("error.examples", &[("detail", message)]).into()));
        }
        None => {}
    }
    items.push(Item::Rule);
    items.push(choice(words.t("top.new").into(), words.t("top.newHint").into(), {
        let hub = hub.clone();
        Callback::from(move |()| {
            hub.replace_project(Hub::empty_project(), words.t("toast.started").to_owned());
        })
    }));
    items.push(choice(
        words.t("projects.title").into(),
        words.t("projects.hint").into(),
        act(|hub| hub.open(Dialog::Projects)),
    ));
    items.push(choice(
        words.t("top.reset").into(),
        words.t("top.resetHint").into(),
        act(|hub| hub.open(Dialog::Reset)),
    ));
    items
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
