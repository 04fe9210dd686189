//! A snippet that puts the lab into another page.

use super::dialog::Modal;
use crate::page::dom;
use crate::page::hub::{use_hub, use_words};
use crate::page::parts::CopyButton;
use crate::page::top::use_examples;
use dockerfile_lab_app::locale::Lang;
use dockerfile_lab_app::model::{Dialog, Model};
use dockerfile_lab_app::params::{Snippet, snippet};
use dockerfile_lab_app::shared::Shared;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct EmbedProps {
    pub(super) model: Shared<Model>,
}

/// The dialog.
#[component]
pub(super) fn EmbedDialog(props: &EmbedProps) -> Html {
    let hub = use_hub();
    let words = use_words();
    let examples = use_examples();
    let model = &props.model;
    let name = &model.workspace.name;
    let is_example =
        matches!(examples.as_deref(), Some(Ok(list)) if list.iter().any(|entry| entry.id == *name));
    let lang = use_state(|| None::<Lang>);
    let theme = use_state(|| None::<String>);
    let show = use_state(|| None::<String>);
    let readonly = use_state(|| false);
    let html_text = snippet(&Snippet {
        base: dom::base(),
        example: is_example.then(|| name.clone()),
        dockerfile: model.workspace.dockerfile_text.clone().unwrap_or_default(),
        lang: *lang,
        theme: (*theme).clone(),
        show: (*show).clone(),
        readonly: *readonly,
    });
    let pick = |set: Callback<String>| {
        Callback::from(move |event: Event| {
            set.emit(event.target_unchecked_into::<web_sys::HtmlSelectElement>().value())
        })
    };
    let on_lang = {
        let lang = lang.clone();
        pick(Callback::from(move |value: String| lang.set(Lang::from_tag(&value))))
    };
    let on_theme = {
        let theme = theme.clone();
        pick(Callback::from(move |value: String| theme.set(Some(value).filter(|value| !value.is_empty()))))
    };
    let on_show = {
        let show = show.clone();
        pick(Callback::from(move |value: String| show.set(Some(value).filter(|value| !value.is_empty()))))
    };
    let on_readonly = {
        let readonly = readonly.clone();
        Callback::from(move |_: Event| readonly.set(!*readonly))
    };
    let share = Callback::from(move |_: MouseEvent| hub.open(Dialog::Share));
    let files: Vec<String> = model
        .entries
        .iter()
        .filter(|entry| entry.kind == lab_session::protocol::FileKind::File && !entry.ignored)
        .map(|entry| entry.path.clone())
        .take(50)
        .collect();
    html! {
        <Modal title={words.t("embed.title")}>
            <p>{ words.t("embed.text") }</p>
            <div class="fields">
                <label class="field"><span>{ words.t("top.language") }</span>
                    <select onchange={on_lang}><option value="" selected={lang.is_none()}>{ words.t("embed.ofPage") }</option><option value="en" selected={*lang == Some(Lang::En)}>{ "English" }</option><option value="ko" selected={*lang == Some(Lang::Ko)}>{ "한국어" }</option></select></label>
                <label class="field"><span>{ words.t("embed.theme") }</span>
                    <select onchange={on_theme}><option value="" selected={theme.is_none()}>{ words.t("embed.ofReader") }</option><option value="light" selected={theme.as_deref() == Some("light")}>{ words.t("theme.light") }</option><option value="dark" selected={theme.as_deref() == Some("dark")}>{ words.t("theme.dark") }</option></select></label>
                <label class="field"><span>{ words.t("embed.show") }</span>
                    <select onchange={on_show}><option value="" selected={show.is_none()}>{ "Dockerfile" }</option>{ for files.iter().filter(|path| **path != model.workspace.dockerfile).map(|path| html! { <option value={path.clone()} selected={show.as_ref() == Some(path)}>{ path.clone() }</option> }) }</select></label>
                <label class="check"><input type="checkbox" checked={*readonly} onchange={on_readonly} />{ words.t("embed.readonly") }</label>
            </div>
            <pre class="snippet" tabindex="0" aria-label={words.t("embed.snippet")}>{ html_text.clone() }</pre>
            <p class="against">{ words.t(if is_example { "embed.onlyExample" } else { "embed.onlyDockerfile" }) }{ " " }<button type="button" class="as-link" onclick={share}>{ words.t("share.title") }</button></p>
            <footer><CopyButton text={html_text} label={words.t("embed.copy")} main=true /></footer>
        </Modal>
    }
}
