//! What the header has no room for on a narrow screen, as a menu.

use super::menu::{Choice, Face, Item, Menu};
use super::{Ways, next_theme, set_language, set_theme, switch_builder, switch_label};
use crate::page::dom;
use crate::page::hub::{Hub, Words, use_hub, use_words};
use dockerfile_lab_app::locale::Lang;
use dockerfile_lab_app::model::Dialog;
use lab_session::protocol::Builder;
use yew::prelude::*;

#[derive(Clone, Copy, Properties, PartialEq)]
pub(super) struct MoreProps {
    pub(super) lang: Lang,
    /// How many options of the builds are set.
    pub(super) set: usize,
    pub(super) undo: Ways,
    pub(super) builder: Builder,
}

/// The button with the menu; the stylesheet shows it where the header hides what is in it.
#[component]
pub(super) fn MoreMenu(props: &MoreProps) -> Html {
    let hub = use_hub();
    let words = use_words();
    let items = {
        let props = *props;
        Callback::from(move |()| items(&hub, words, props))
    };
    html! {
        <Menu class="more-top" button={classes!("btn", "icon", (props.set > 0 || props.builder == Builder::Classic).then_some("has-set"))} label={words.t("top.more")}
            face={Face::Icon("more")} name={words.t("top.more")} {items} />
    }
}

#[inline(never)]
fn items(hub: &Hub, words: Words, props: MoreProps) -> Vec<Item> {
    // There the theme has no button of its own, nor has undo beside every view.
    let phone = dom::media("(max-width: 719px)");
    let act = |run: fn(&Hub)| {
        let hub = hub.clone();
        Callback::from(move |()| run(&hub))
    };
    let choice = |sign: &'static str, label: &'static str, act: Callback<()>| Choice {
        sign: Some(sign),
        label: label.into(),
        hint: AttrValue::default(),
        lang: None,
        act,
    };
    let mut items = Vec::new();
    if phone {
        let (undo, redo) = props.undo.names(words);
        if props.undo.can_undo {
            items.push(Item::Act(choice("undo", undo, act(Hub::undo))));
        }
        if props.undo.can_redo {
            items.push(Item::Act(choice("redo", redo, act(Hub::redo))));
        }
        if !items.is_empty() {
            items.push(Item::Rule);
        }
    }
    let set = if props.set > 0 { props.set.to_string() } else { String::new() };
    let options = choice("sliders", words.t("options.title"), act(|hub| hub.open(Dialog::Options)));
    items.push(Item::Act(Choice { hint: set.into(), ..options }));
    items.push(Item::Act(choice("layer", words.t(switch_label(props.builder)), act(switch_builder))));
    items.push(Item::Act(choice("save", words.t("export.title"), act(|hub| hub.open(Dialog::Export(None))))));
    items.push(Item::Act(choice("share", words.t("top.share"), act(|hub| hub.open(Dialog::Share)))));
    items.push(Item::Act(choice("embed", words.t("top.embed"), act(|hub| hub.open(Dialog::Embed)))));
    items.push(Item::Rule);
    if phone {
        let theme = act(|hub| set_theme(hub, next_theme(&hub.model().0.theme)));
        items.push(Item::Act(choice("theme", words.t("palette.theme"), theme)));
    }
    let other = if props.lang == Lang::En { Lang::Ko } else { Lang::En };
    let language = choice("swap", words.t("palette.language"), {
        let hub = hub.clone();
        Callback::from(move |()| set_language(&hub, other))
    });
    items.push(Item::Act(Choice { lang: Some(other.tag()), ..language }));
    items
}
