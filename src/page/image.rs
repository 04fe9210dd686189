//! All about one image: history, layers with their files, configuration.

use super::bring::{answer, from_line, stand_on};
use super::hub::{Hub, Words, use_hub, use_words};
use super::inspector::{change_table, history_table};
use super::overlay::Modal;
use super::parts::{CopyButton, Tabs, size, small_icon};
use super::value::Value;
use dockerfile_lab_app::errors;
use dockerfile_lab_app::figure;
use dockerfile_lab_app::model::{Action, Dialog, TakeBack};
use dockerfile_lab_app::wording;
use gloo::timers::callback::Timeout;
use lab_session::protocol::{ErrorView, Event, ImageLayer, ImageView, LayerView, Query, Request};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct ImageProps {
    /// The ID.
    pub(super) id: AttrValue,
}

/// The dialog.
#[component]
pub(super) fn ImageDialog(props: &ImageProps) -> Html {
    let hub = use_hub();
    let words = use_words();
    let known = use_state(|| None::<Result<ImageView, ErrorView>>);
    let at = use_state(|| 0_usize);
    {
        let (hub, known) = (hub.clone(), known.clone());
        use_effect_with(props.id.clone(), move |id| {
            let request = Request::Query { query: Query::Image { id: id.to_string() } };
            wasm_bindgen_futures::spawn_local(async move {
                let answer = answer(&hub, request).await;
                known.set(Some(answer.map(|events| {
                    let image = events.into_iter().find_map(|event| match event {
                        Event::ImageShown { image } => Some(image),
                        _ => None,
                    });
                    image.unwrap_or_default()
                })));
            });
        });
    }
    let on_pick = {
        let at = at.clone();
        use_callback((), move |index: usize, ()| at.set(index))
    };
    let (title, body) = match &*known {
        None => {
            (words.t("image.title").to_owned(), html! { <p role="status">{ words.t("files.loading") }</p> })
        }
        Some(Err(error)) => (
            words.t("image.title").to_owned(),
            html! { <p role="alert" class="wrong">{ errors::sentence(words.0, error) }</p> },
        ),
        Some(Ok(image)) => {
            let name = image.names.first().cloned();
            (
                name.unwrap_or_else(|| figure::id(&image.id).to_owned()),
                shown(&hub, words, image, *at, on_pick),
            )
        }
    };
    html! { <Modal {title} class="broad image">{ body }</Modal> }
}

fn shown(hub: &Hub, words: Words, image: &ImageView, at: usize, on_pick: Callback<usize>) -> Html {
    let names = [words.t("tab.history"), words.t("image.layers"), words.t("image.config")];
    let from = match image.build {
        Some(number) => words.with("image.ofBuild", &[("build", &format!("#{number}"))]),
        None if image.loaded => words.t("image.ofArchive").to_owned(),
        None => words.t("image.ofBase").to_owned(),
    };
    let panel = match at {
        0 => html! {
            <>
                <div class="bar-t"><code>{ "docker image history" }</code><span class="grow"></span><CopyButton text={image.history_text.clone()} label={words.t("copy.label")} /></div>
                { history_table(words, &image.history) }
            </>
        },
        1 => html! { <Layers id={image.id.clone()} layers={image.layers.clone()} /> },
        _ => html! {
            <>
                <div class="bar-t"><code>{ "docker image inspect" }</code><span class="grow"></span><CopyButton text={image.config.clone()} label={words.t("copy.label")} /></div>
                <pre class="snippet config" tabindex="0" aria-label={words.t("image.config")}>{ image.config.clone() }</pre>
            </>
        },
    };
    html! {
        <>
            <p>{ from }if image.names.len() > 1 { { " · " }{ image.names[1..].join(", ") } }</p>
            <dl class="facts">
                <div><dt>{ words.t("image.id") }</dt><dd><Value full={image.id.clone()} short={AttrValue::from(figure::id(&image.id).to_owned())} /></dd></div>
                <div><dt>{ words.t("image.manifest") }</dt><dd><Value full={image.manifest_digest.clone()} short={AttrValue::from(figure::id(&image.manifest_digest).to_owned())} /></dd></div>
                <div><dt>{ words.t("files.size") }</dt><dd>{ size(words, image.size) }</dd></div>
                <div><dt>{ words.t("image.platform") }</dt><dd><code>{ image.platform.clone() }</code></dd></div>
            </dl>
            <Tabs label={words.t("image.title")} names={names.map(AttrValue::from).to_vec()} {at} panel="image-panel" {on_pick} />
            <div role="tabpanel" id="image-panel" aria-label={names[at]} class="image-panel">{ panel }</div>
            { for image.names.first().map(|name| from_line(hub, words, name)) }
            { foot(hub, words, image) }
        </>
    }
}

fn foot(hub: &Hub, words: Words, image: &ImageView) -> Html {
    let remove = image.loaded.then(|| removing(hub, words, image.id.clone(), image.names.first().cloned()));
    let take = image.build.map(|build| {
        let hub = hub.clone();
        Callback::from(move |_: MouseEvent| {
            hub.act(Action::Dialog(None));
            let hub = hub.clone();
            Timeout::new(0, move || hub.open(Dialog::Export(Some(build)))).forget();
        })
    });
    html! {
        <footer>
            if let Some(onclick) = remove { <button type="button" class="btn line" {onclick}>{ words.t("image.remove") }</button> }
            if let Some(onclick) = take { <button type="button" class="btn line" {onclick}>{ small_icon("save") }{ words.t("export.title") }</button> }
            if let Some(name) = image.names.first() { { stand_on(hub, words, name.clone()) } }
        </footer>
    }
}

/// Removes a loaded image; it can be taken back.
pub(super) fn removing(hub: &Hub, words: Words, id: String, name: Option<String>) -> Callback<MouseEvent> {
    let hub = hub.clone();
    Callback::from(move |_: MouseEvent| {
        let name = name.clone().unwrap_or_else(|| figure::id(&id).to_owned());
        hub.act(Action::Dialog(None));
        hub.send(Request::RemoveImage { id: id.clone() });
        let text = words.with("toast.imageRemoved", &[("image", &name)]);
        hub.act(Action::Toast { text, alarm: false, undo: Some(TakeBack::Edit) });
    })
}

#[derive(Properties, PartialEq)]
struct LayersProps {
    id: AttrValue,
    layers: Vec<ImageLayer>,
}

/// The layers; the files of the one that was chosen.
#[component]
fn Layers(props: &LayersProps) -> Html {
    let hub = use_hub();
    let words = use_words();
    let chosen = use_state(|| None::<LayerView>);
    let pick = |at: usize| {
        let (hub, chosen, id) = (hub.clone(), chosen.clone(), props.id.to_string());
        Callback::from(move |_: MouseEvent| {
            if chosen.as_ref().is_some_and(|layer| layer.step as usize == at) {
                return chosen.set(None);
            }
            let (hub, chosen) = (hub.clone(), chosen.clone());
            let query = Query::ImageLayer { id: id.clone(), layer: at as u32 };
            wasm_bindgen_futures::spawn_local(async move {
                match answer(&hub, Request::Query { query }).await {
                    Ok(events) => {
                        let layer = events.into_iter().find_map(|event| match event {
                            Event::ImageLayer { layer, .. } => Some(layer),
                            _ => None,
                        });
                        chosen.set(layer);
                    }
                    Err(error) => hub.warn(errors::sentence(words.0, &error)),
                }
            });
        })
    };
    let opaque: u32 = props.layers.iter().map(|layer| layer.opaque_files).sum();
    html! {
        <>
            <ol class="strata">{ for props.layers.iter().enumerate().map(|(at, layer)| {
                let open = chosen.as_ref().filter(|view| view.step as usize == at);
                html! {
                    <li>
                        <button type="button" aria-expanded={open.is_some().to_string()} onclick={pick(at)}>
                            { small_icon(if open.is_some() { "down" } else { "right" }) }
                            <code title={layer.created_by.clone()}>{ wording::made_by(&layer.created_by) }</code>
                            <span class="quiet">{ figure::id(&layer.diff_id).to_owned() }</span>
                            <span class="num">{ size(words, layer.size) }</span>
                        </button>
                        if let Some(layer) = open { { change_table(words, layer) } }
                    </li>
                }
            }) }</ol>
            if opaque > 0 { <p class="against">{ words.with("image.opaque", &[("n", &opaque.to_string())]) }</p> }
        </>
    }
}
