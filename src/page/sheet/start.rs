//! The empty page: what it is for, and examples to start from.

use crate::page::hub::use_words;
use crate::page::top::ExampleList;
use dockerfile_lab_app::locale::Lang;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct StartProps {
    pub(super) lang: Lang,
}

/// The beginning.
#[component]
pub(super) fn Start(props: &StartProps) -> Html {
    let words = use_words();
    html! {
        <div class="start">
            <h2 class="h1">{ words.t("start.title") }</h2>
            <p>{ words.t("start.text") }</p>
            <h3>{ words.t("start.examples") }</h3>
            <ExampleList lang={props.lang} />
        </div>
    }
}
