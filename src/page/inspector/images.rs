//! `docker image ls`, and the ways in and out.

use crate::page::bring::{self, Kind};
use crate::page::hub::{Hub, Words};
use crate::page::image::removing;
use crate::page::parts::{CopyButton, icon, size, small_icon};
use crate::page::value::Value;
use dockerfile_lab_app::figure;
use dockerfile_lab_app::model::Dialog;
use dockerfile_lab_app::shared::Shared;
use lab_session::protocol::{DiskView, ImageRow};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct StoreProps {
    pub(super) store: Option<Shared<(Vec<ImageRow>, DiskView)>>,
}

/// The tab.
#[inline(never)]
pub(super) fn images_tab(hub: &Hub, words: Words, props: &StoreProps) -> Html {
    let Some(store) = &props.store else {
        return html! { <p class="none" role="status">{ words.t("files.loading") }</p> };
    };
    let (images, disk) = &**store;
    if images.is_empty() {
        return html! { <div class="why">{ ways(hub, words) }<p class="none">{ words.t("images.none") }</p></div> };
    }
    html! {
        <div class="why">
            { ways(hub, words) }
            <div class="bar-t"><code>{ "docker image ls" }</code><span class="grow"></span><CopyButton text={disk.images_text.clone()} label={words.t("copy.label")} /></div>
            <div class="scroll-x" tabindex="0" role="region" aria-label={words.t("tab.images")}>
                <table class="hist images">
                    <thead><tr>
                        <th scope="col">{ "REPOSITORY:TAG" }</th><th scope="col">{ "IMAGE ID, CREATED" }</th><th scope="col" class="num">{ "SIZE" }</th><th scope="col"><span class="sr">{ words.t("images.deeds") }</span></th>
                    </tr></thead>
                    <tbody>{ for images.iter().map(|image| row(hub, words, image)) }</tbody>
                </table>
            </div>
            <p class="against">{ words.t("images.note") }</p>
        </div>
    }
}

/// The buttons that bring an image in and take one away.
fn ways(hub: &Hub, words: Words) -> Html {
    let bring = hub.clone();
    let bring = Callback::from(move |_: MouseEvent| bring::choose(&bring, Kind::Image));
    let take = hub.clone();
    let take = Callback::from(move |_: MouseEvent| take.open(Dialog::Export(take.model().0.looking_at())));
    html! {
        <div class="ways">
            <button type="button" class="btn line" onclick={bring}>{ small_icon("plus") }{ words.t("images.load") }</button>
            <button type="button" class="btn line" onclick={take}>{ small_icon("save") }{ words.t("export.title") }</button>
        </div>
    }
}

fn row(hub: &Hub, words: Words, image: &ImageRow) -> Html {
    let name = format!("{}:{}", image.repository, image.tag);
    let open = {
        let (hub, id) = (hub.clone(), image.id.clone());
        Callback::from(move |_: MouseEvent| hub.open(Dialog::Image(id.clone())))
    };
    html! {
        <tr>
            <td><button type="button" class="inspect" aria-label={words.with("images.inspect", &[("image", &name)])} title={words.with("images.inspect", &[("image", &name)])} onclick={open}><code>{ image.repository.clone() }</code></button><code class="quiet">{ format!(":{}", image.tag) }</code></td>
            <td><Value full={image.id.clone()} short={AttrValue::from(figure::id(&image.id).to_owned())} /><span class="quiet">{ image.created_since.clone() }</span></td>
            <td class="num">{ size(words, image.size) }</td>
            <td class="deed">{ deed(hub, words, image, &name) }</td>
        </tr>
    }
}

/// What can be done with an image at a press: one that was built is taken away, one that was loaded removed.
fn deed(hub: &Hub, words: Words, image: &ImageRow, name: &str) -> Html {
    let (sign, label, onclick) = match image.build {
        Some(build) => {
            let hub = hub.clone();
            let onclick = Callback::from(move |_: MouseEvent| hub.open(Dialog::Export(Some(build))));
            ("save", words.with("images.export", &[("image", name)]), onclick)
        }
        None if image.loaded => {
            let onclick = removing(hub, words, image.id.clone(), Some(name.to_owned()));
            ("close", words.with("images.remove", &[("image", name)]), onclick)
        }
        None => return Html::default(),
    };
    html! { <button type="button" class="btn icon tight" aria-label={label.clone()} title={label} {onclick}>{ icon(sign) }</button> }
}
