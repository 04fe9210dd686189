//! `docker image ls`.

use crate::page::hub::Words;
use crate::page::parts::{CopyButton, size};
use crate::page::value::Value;
use dockerfile_lab_app::figure;
use dockerfile_lab_app::shared::Shared;
use lab_session::protocol::{DiskView, ImageRow};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct StoreProps {
    pub(super) store: Option<Shared<(Vec<ImageRow>, DiskView)>>,
}

/// The tab.
#[inline(never)]
pub(super) fn images_tab(words: Words, props: &StoreProps) -> Html {
    let Some(store) = &props.store else {
        return html! { <p class="none" role="status">{ words.t("files.loading") }</p> };
    };
    let (images, disk) = &**store;
    if images.is_empty() {
        return html! { <p class="none">{ words.t("images.none") }</p> };
    }
    html! {
        <div class="why">
            <div class="bar-t"><code>{ "docker image ls" }</code><span class="grow"></span><CopyButton text={disk.images_text.clone()} label={words.t("copy.label")} /></div>
            <div class="scroll-x" tabindex="0" role="region" aria-label={words.t("tab.images")}>
                <table class="hist">
                    <thead><tr>
                        <th scope="col">{ "REPOSITORY" }</th><th scope="col">{ "TAG" }</th><th scope="col">{ "IMAGE ID" }</th>
                        <th scope="col">{ "CREATED" }</th><th scope="col" class="num">{ "SIZE" }</th>
                    </tr></thead>
                    <tbody>{ for images.iter().map(|image| html! {
                        <tr>
                            <td><code>{ image.repository.clone() }</code></td><td><code>{ image.tag.clone() }</code></td>
                            <td><Value full={image.id.clone()} short={AttrValue::from(figure::id(&image.id).to_owned())} /></td>
                            <td class="since">{ image.created_since.clone() }</td><td class="num">{ size(words, image.size) }</td>
                        </tr>
                    }) }</tbody>
                </table>
            </div>
            <p class="against">{ words.t("images.note") }</p>
        </div>
    }
}
