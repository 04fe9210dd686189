//! The button that goes through the themes: the system's, light, dark.

use crate::page::dom;
use crate::page::hub::{use_hub, use_words};
use crate::page::parts::icon;
use dockerfile_lab_app::model::Action;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct ThemeProps {
    /// `light`, `dark`, or empty for the system's.
    pub(super) theme: AttrValue,
}

/// What comes after a theme: first the one that the system does not show, so that the first press is seen.
pub(in crate::page) fn next_theme(theme: &str) -> &'static str {
    let dark = dom::media("(prefers-color-scheme: dark)");
    match (theme, dark) {
        ("", true) => "light",
        ("", false) => "dark",
        ("dark", false) => "light",
        ("light", true) => "dark",
        _ => "",
    }
}

/// Sets a theme and remembers it.
pub(in crate::page) fn set_theme(hub: &crate::page::hub::Hub, theme: &str) {
    dom::remember("theme", theme);
    hub.act(Action::Theme(theme.to_owned()));
}

/// The button.
#[component]
pub(super) fn ThemeButton(props: &ThemeProps) -> Html {
    let hub = use_hub();
    let words = use_words();
    let name = match props.theme.as_str() {
        "light" => words.t("theme.light"),
        "dark" => words.t("theme.dark"),
        _ => words.t("theme.system"),
    };
    let label = words.with("theme.label", &[("theme", name)]);
    let onclick = {
        let theme = props.theme.clone();
        Callback::from(move |_: MouseEvent| set_theme(&hub, next_theme(&theme)))
    };
    html! {
        <button type="button" class="btn icon fine" aria-label={label.clone()} title={label} {onclick}>{ icon("theme") }</button>
    }
}
