//! A link to the project: files, Dockerfile and all builds, in the fragment.

use super::dialog::Modal;
use crate::lab::share;
use crate::page::dom;
use crate::page::hub::{use_hub, use_words};
use crate::page::parts::CopyButton;
use dockerfile_lab_app::figure;
use lab_session::protocol::Project;
use yew::prelude::*;

/// Some programs cut links that are longer.
const LONG: usize = 8_000;

/// The dialog.
#[component]
pub(super) fn ShareDialog() -> Html {
    let hub = use_hub();
    let words = use_words();
    let link = use_state(|| None::<Result<String, String>>);
    {
        let link = link.clone();
        use_effect_with((), move |()| {
            hub.save(Callback::from(move |project: Project| {
                let link = link.clone();
                wasm_bindgen_futures::spawn_local(async move {
                    let made = share::encode(&project).await;
                    link.set(Some(made.map(|fragment| format!("{}#{fragment}", dom::base()))));
                });
            }));
        });
    }
    let body = match &*link {
        None => html! { <p role="status">{ words.t("share.making") }</p> },
        Some(Err(message)) => {
            html! { <p role="alert">{ words.with("share.failed", &[("detail", message)]) }</p> }
        }
        Some(Ok(url)) => html! {
            <>
                <textarea class="link" readonly=true rows="4" aria-label={words.t("share.link")} value={url.clone()} />
                <p class="against">{ words.with("share.size", &[("size", &figure::bytes(url.len() as f64))]) }
                    if url.len() > LONG { { " " }{ words.t("share.long") } }
                </p>
                <footer><CopyButton text={url.clone()} label={words.t("share.copy")} main=true /></footer>
            </>
        },
    };
    html! { <Modal title={words.t("share.title")}><p>{ words.t("share.text") }</p>{ body }</Modal> }
}
