//! A button with a menu below it: arrows and the ends go through the items, Escape goes back to the button.

use crate::page::parts::{icon, small_icon};
use wasm_bindgen::JsCast;
use yew::prelude::*;

/// What a menu consists of.
#[derive(Clone, PartialEq)]
pub(super) enum Item {
    /// Something to choose.
    Act(Choice),
    /// Words between them.
    Note(AttrValue),
    /// A line between them.
    Rule,
}

/// Something to choose.
#[derive(Clone, PartialEq)]
pub(super) struct Choice {
    /// Its icon, where the others have one too.
    pub(super) sign: Option<&'static str>,
    pub(super) label: AttrValue,
    /// What stands behind it in quiet letters.
    pub(super) hint: AttrValue,
    /// The language of the label, if it is another than that of the page.
    pub(super) lang: Option<&'static str>,
    pub(super) act: Callback<()>,
}

#[derive(Properties, PartialEq)]
pub(super) struct MenuProps {
    /// Of the button with its menu.
    pub(super) class: Classes,
    /// Of the button.
    pub(super) button: Classes,
    /// What the button is called, if what it shows does not say it.
    #[prop_or_default]
    pub(super) label: Option<AttrValue>,
    pub(super) face: Face,
    /// What the menu is called.
    pub(super) name: AttrValue,
    /// Gives what is in it, once it is opened: a page at rest does without.
    pub(super) items: Callback<(), Vec<Item>>,
}

/// What the button shows.
#[derive(Clone, PartialEq)]
pub(super) enum Face {
    /// An icon alone.
    Icon(&'static str),
    /// A name, with a sign that there is more below it.
    Name(AttrValue),
}

/// The button, and the menu as long as it is open.
#[component]
pub(super) fn Menu(props: &MenuProps) -> Html {
    let is_open = use_state(|| false);
    let root = use_node_ref();
    let list = use_node_ref();
    {
        let list = list.clone();
        use_effect_with(*is_open, move |open| {
            if *open {
                focus_item(&list, 0);
            }
        });
    }
    let close = {
        let is_open = is_open.clone();
        Callback::from(move |()| is_open.set(false))
    };
    let toggle = {
        let is_open = is_open.clone();
        Callback::from(move |_: MouseEvent| is_open.set(!*is_open))
    };
    let onkeydown = {
        let (list, close, root) = (list.clone(), close.clone(), root.clone());
        Callback::from(move |event: KeyboardEvent| menu_key(&event, &list, &root, &close))
    };
    let onfocusout = {
        let (root, close) = (root.clone(), close.clone());
        Callback::from(move |event: FocusEvent| {
            let to = event.related_target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
            let inside = root.cast::<web_sys::Node>().is_some_and(|root| root.contains(to.as_ref()));
            if !inside {
                close.emit(());
            }
        })
    };
    let label = props.label.clone();
    let face = match &props.face {
        Face::Icon(sign) => icon(sign),
        Face::Name(name) => html! { <><span class="name">{ name.clone() }</span>{ small_icon("down") }</> },
    };
    html! {
        <div class={props.class.clone()} ref={root.clone()} {onkeydown} {onfocusout}>
            // Safari gives a button the focus only for its tabindex; without it the menu would close under the click.
            <button type="button" tabindex="0" class={props.button.clone()} aria-haspopup="menu" aria-expanded={is_open.to_string()}
                aria-label={label.clone()} title={label} onclick={toggle}>{ face }</button>
            if *is_open { { opened(props, &list, &root, &close) } }
        </div>
    }
}

/// The menu.
#[inline(never)]
fn opened(props: &MenuProps, list: &NodeRef, root: &NodeRef, close: &Callback<()>) -> Html {
    let pick = |act: &Callback<()>| {
        let (close, act, root) = (close.clone(), act.clone(), root.clone());
        Callback::from(move |_: MouseEvent| {
            // The focus is back before a dialog remembers where it was.
            focus_button(&root);
            close.emit(());
            act.emit(());
        })
    };
    html! {
        <ul class="menu" role="menu" aria-label={props.name.clone()} ref={list.clone()}>
            { for props.items.emit(()).iter().map(|item| match item {
                Item::Rule => html! { <li role="separator" class="rule"></li> },
                Item::Note(text) => html! { <li class="none" role="none">{ text.clone() }</li> },
                Item::Act(choice) => row(choice, pick(&choice.act)),
            }) }
        </ul>
    }
}

fn row(choice: &Choice, onclick: Callback<MouseEvent>) -> Html {
    html! {
        <li role="none"><button type="button" role="menuitem" tabindex="0" {onclick}>
            if let Some(sign) = choice.sign { { icon(sign) } }
            <b lang={choice.lang}>{ choice.label.clone() }</b>
            if !choice.hint.is_empty() { <span>{ choice.hint.clone() }</span> }
        </button></li>
    }
}

/// The keys of the menu.
#[inline(never)]
fn menu_key(event: &KeyboardEvent, list: &NodeRef, root: &NodeRef, close: &Callback<()>) {
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
            focus_button(root);
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

fn focus_button(root: &NodeRef) {
    let button =
        root.cast::<web_sys::Element>().and_then(|root| root.query_selector("button").ok().flatten());
    if let Some(button) = button.and_then(|button| button.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = button.focus();
    }
}

#[inline(never)]
fn focus_item(list: &NodeRef, at: u32) {
    let items =
        list.cast::<web_sys::Element>().and_then(|menu| menu.query_selector_all("[role=menuitem]").ok());
    let item =
        items.and_then(|items| items.item(at)).and_then(|item| item.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(item) = item {
        let _ = item.focus();
    }
}
