//! A value that may be too long for its place: shown short, in full under the focus or the pointer, copied at a press.

use super::hub::{use_hub, use_words};
use super::parts;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct ValueProps {
    /// The whole value.
    pub(super) full: AttrValue,
    /// What stands for it; the beginning of the whole if left out.
    #[prop_or_default]
    pub(super) short: Option<AttrValue>,
}

/// The value.
#[component]
pub(super) fn Value(props: &ValueProps) -> Html {
    let hub = use_hub();
    let words = use_words();
    let onclick = parts::copying(&hub, words, &props.full);
    let text = match &props.short {
        Some(short) => {
            html! { <><code class="v-short">{ short }</code><code class="v-full">{ &props.full }</code></> }
        }
        None => html! { <code class="v-cut">{ &props.full }</code> },
    };
    html! { <button type="button" class="value" title={words.with("value.copy", &[("value", &props.full)])} {onclick}>{ text }</button> }
}
