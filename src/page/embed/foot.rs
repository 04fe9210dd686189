//! The foot of the small view: start over, and go on in the whole lab.

use crate::lab::share;
use crate::page::boot;
use crate::page::dom;
use crate::page::hub::{Hub, use_hub, use_words};
use crate::page::parts::{brand_sign, icon};
use dockerfile_lab_app::params::Params;
use lab_session::protocol::Project;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct FootProps {
    pub(super) name: AttrValue,
    pub(super) params: Params,
}

/// The foot.
#[component]
pub(super) fn Foot(props: &FootProps) -> Html {
    let hub = use_hub();
    let words = use_words();
    let reset = {
        let (hub, params) = (hub.clone(), props.params.clone());
        Callback::from(move |_: MouseEvent| boot::open(&hub, &params))
    };
    let open = Callback::from(move |_: MouseEvent| open_lab(&hub));
    html! {
        <div class="emb-f">
            <button type="button" class="btn" onclick={reset}>{ icon("undo") }{ words.t("embed.reset") }</button>
            <span class="grow"></span>
            <span class="quiet name">{ brand_sign() }{ " Dockerfile Lab" }</span>
            <button type="button" class="btn" onclick={open}>{ words.t("embed.open") }</button>
        </div>
    }
}

/// Opens the lab in a window of its own, with all that was done here.
fn open_lab(hub: &Hub) {
    // Opened at once: a window that opens later would be taken for an unwanted one.
    let Ok(Some(tab)) = dom::window().open_with_url_and_target("about:blank", "_blank") else { return };
    hub.save(Callback::from(move |project: Project| {
        let tab = tab.clone();
        wasm_bindgen_futures::spawn_local(async move {
            let fragment = share::encode(&project).await.unwrap_or_default();
            let _ = tab.location().set_href(&format!("{}#{fragment}", dom::base()));
        });
    }));
}
