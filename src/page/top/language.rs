//! The switch between the languages.

use crate::lab::assets;
use crate::page::dom;
use crate::page::hub::{Hub, use_hub, use_words};
use crate::page::parts::focus_child;
use dockerfile_lab_app::locale::{Lang, t};
use dockerfile_lab_app::model::Action;
use yew::prelude::*;

/// Changes the language, once its texts are there, and remembers it.
pub(in crate::page) fn set_language(hub: &Hub, lang: Lang) {
    let hub = hub.clone();
    wasm_bindgen_futures::spawn_local(async move {
        match assets::texts(lang).await {
            Ok(()) => {
                dom::remember("lang", lang.tag());
                hub.act(Action::Lang(lang));
            }
            Err(_) => hub.warn(t(hub.model().0.lang, "error.partUnreachable")),
        }
    });
}

#[derive(Properties, PartialEq)]
pub(super) struct LanguageProps {
    pub(super) lang: Lang,
}

/// `한 | EN`.
#[component]
pub(super) fn LanguageSwitch(props: &LanguageProps) -> Html {
    let hub = use_hub();
    let words = use_words();
    let group = use_node_ref();
    let choose = Callback::from(move |lang: Lang| set_language(&hub, lang));
    let onkeydown = {
        let (choose, lang, group) = (choose.clone(), props.lang, group.clone());
        Callback::from(move |event: KeyboardEvent| {
            if event.key().starts_with("Arrow") && !event.alt_key() {
                event.prevent_default();
                let next = if lang == Lang::En { 0 } else { 1 };
                choose.emit(Lang::ALL[next]);
                focus_child(&group, next);
            }
        })
    };
    html! {
        <div class="seg fine wide" role="radiogroup" aria-label={words.t("top.language")} ref={group} {onkeydown}>
            { for Lang::ALL.map(|lang| {
                let (short, name) = match lang { Lang::Ko => ("한", "한국어"), Lang::En => ("EN", "English") };
                let checked = lang == props.lang;
                html! {
                    <button type="button" role="radio" aria-checked={checked.to_string()} aria-label={name} lang={lang.tag()}
                        tabindex={if checked { "0" } else { "-1" }} onclick={choose.reform(move |_: MouseEvent| lang)}>{ short }</button>
                }
            }) }
        </div>
    }
}
