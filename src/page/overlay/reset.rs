//! Asks before everything starts over.

use super::dialog::Modal;
use crate::page::boot;
use crate::page::hub::{Hub, use_hub, use_words};
use dockerfile_lab_app::model::Action;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct ResetProps {
    /// The example that the project began as, or another name.
    pub(super) name: AttrValue,
}

/// The dialog.
#[component]
pub(super) fn ResetDialog(props: &ResetProps) -> Html {
    let hub = use_hub();
    let words = use_words();
    let cancel = {
        let hub = hub.clone();
        Callback::from(move |_: MouseEvent| hub.act(Action::Dialog(None)))
    };
    let reset = {
        let name = props.name.clone();
        Callback::from(move |_: MouseEvent| {
            hub.act(Action::Dialog(None));
            let (hub, name) = (hub.clone(), name.clone());
            wasm_bindgen_futures::spawn_local(async move {
                // A name that is no example's begins empty.
                let project = match name.as_str() {
                    "" => Hub::empty_project(),
                    name => boot::load_example(name).await.unwrap_or_else(|_| Hub::empty_project()),
                };
                hub.replace_project(project, words.t("toast.reset").to_owned());
            });
        })
    };
    html! {
        <Modal title={words.t("reset.title")}>
            <p>{ words.t("reset.text") }</p>
            <footer><button type="button" class="btn line" onclick={cancel}>{ words.t("dialog.cancel") }</button><button type="button" class="btn main" onclick={reset}>{ words.t("reset.do") }</button></footer>
        </Modal>
    }
}
