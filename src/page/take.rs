//! A build taken away: as an archive for Docker, as an OCI archive, as the context that a real Docker builds.

use super::bring::answer;
use super::dom;
use super::hub::{Hub, Words, use_hub, use_words};
use super::overlay::Modal;
use super::parts::{CopyButton, pieces, small_icon};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use dockerfile_lab_app::errors;
use dockerfile_lab_app::figure;
use dockerfile_lab_app::rich::{Piece, rich};
use lab_session::protocol::{
    ErrorView, Event, ExportKind, ExportOption, ExportsView, Figure, Query, Refusal, Request,
};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct ExportProps {
    /// Of which build; none for the preview.
    pub(super) build: Option<u32>,
}

/// The dialog.
#[component]
pub(super) fn ExportDialog(props: &ExportProps) -> Html {
    let hub = use_hub();
    let words = use_words();
    let build = props.build;
    let known = use_state(|| None::<Result<ExportsView, ErrorView>>);
    let failed = use_state(|| None::<ErrorView>);
    let writing = use_state(|| None::<ExportKind>);
    {
        let (hub, known) = (hub.clone(), known.clone());
        use_effect_with(build, move |build| {
            let request = Request::Query { query: Query::Exports { build: *build } };
            wasm_bindgen_futures::spawn_local(async move {
                known.set(Some(answer(&hub, request).await.map(exports_of)));
            });
        });
    }
    let take = {
        let (hub, failed, writing) = (hub.clone(), failed.clone(), writing.clone());
        Callback::from(move |kind: ExportKind| {
            let (hub, failed, writing) = (hub.clone(), failed.clone(), writing.clone());
            failed.set(None);
            writing.set(Some(kind));
            wasm_bindgen_futures::spawn_local(async move {
                if let Err(error) = write(&hub, build, kind).await {
                    failed.set(Some(error));
                }
                writing.set(None);
            });
        })
    };
    // The session knows whether what is there now is a build of the timeline.
    let told = known.as_ref().and_then(|known| known.as_ref().ok()?.build);
    let text = match build.or(told) {
        Some(number) => words.with("export.ofBuild", &[("build", &format!("#{number}"))]),
        None => words.t("export.ofNow").to_owned(),
    };
    let body = match &*known {
        None => html! { <p role="status">{ words.t("files.loading") }</p> },
        Some(Err(error)) => html! { <p role="alert" class="wrong">{ errors::sentence(words.0, error) }</p> },
        Some(Ok(view)) => html! {
            <>
                { for refusal(words, view) }
                <ul class="takes">{ for view.options.iter().filter(|option| title(words, option.kind).is_some()).map(|option| {
                    let onclick = take.reform(move |kind: ExportKind| kind);
                    one(words, option, *writing == Some(option.kind), onclick)
                }) }</ul>
            </>
        },
    };
    html! {
        <Modal title={words.t("export.title")} class="broad">
            <p>{ text }</p>
            if let Some(error) = &*failed { <p role="alert" class="wrong">{ errors::sentence(words.0, error) }</p> }
            { body }
        </Modal>
    }
}

fn exports_of(events: Vec<Event>) -> ExportsView {
    let found = events.into_iter().find_map(|event| match event {
        Event::Exports { exports } => Some(exports),
        _ => None,
    });
    found.unwrap_or_default()
}

/// Lets the session write the file, and gives it to the person.
async fn write(hub: &Hub, build: Option<u32>, kind: ExportKind) -> Result<(), ErrorView> {
    let events = answer(hub, Request::Query { query: Query::Export { build, kind } }).await?;
    for event in events {
        if let Event::Exported { export } = event {
            let bytes = STANDARD.decode(export.base64).unwrap_or_default();
            let refused = |error: wasm_bindgen::JsValue| ErrorView {
                code: "export/refused".to_owned(),
                subject: export.file.clone(),
                detail: format!("{error:?}"),
            };
            dom::download(&export.file, &bytes).map_err(refused)?;
        }
    }
    Ok(())
}

/// What a form is called, and what it is good for. The files alone of an image are for the command line.
fn title(words: Words, kind: ExportKind) -> Option<(&'static str, &'static str)> {
    Some(match kind {
        ExportKind::Docker => (words.t("export.docker"), words.t("export.dockerText")),
        ExportKind::Oci => (words.t("export.oci"), words.t("export.ociText")),
        ExportKind::Context => (words.t("export.context"), words.t("export.contextText")),
        ExportKind::Rawjson => (words.t("export.rawjson"), words.t("export.rawjsonText")),
        ExportKind::Tar => return None,
    })
}

fn one(words: Words, option: &ExportOption, writing: bool, take: Callback<ExportKind>) -> Html {
    let kind = option.kind;
    let Some((name, text)) = title(words, kind) else { return Html::default() };
    let is_refused = option.refused.is_some();
    let text = if is_refused && kind == ExportKind::Rawjson { words.t("export.rawjsonKeep") } else { text };
    let onclick = Callback::from(move |_: MouseEvent| take.emit(kind));
    let label = words.with("export.download", &[("file", &option.file)]);
    let about = option.size.filter(|_| !is_refused).map(|size| {
        let size = figure::bytes(size);
        if option.exact { size } else { words.with("export.about", &[("size", &size)]) }
    });
    html! {
        <li class={is_refused.then_some("refused")}>
            <div class="take">
                <div><h3>{ name }if let Some(about) = about { <span>{ about }</span> }</h3><p>{ text }</p></div>
                <button type="button" class="btn line" disabled={is_refused || writing} aria-label={label} {onclick}>
                    { small_icon("save") }<span>{ if writing { words.t("export.writing").to_owned() } else { option.file.clone() } }</span>
                </button>
            </div>
            if !option.command.is_empty() && !is_refused {
                <div class="command"><code>{ option.command.clone() }</code><CopyButton text={option.command.clone()} label={words.t("copy.label")} /></div>
            }
        </li>
    }
}

/// Why there is no archive of the image: said once, with what to do instead.
fn refusal(words: Words, view: &ExportsView) -> Option<Html> {
    let refusal = view.options.iter().find(|option| option.kind == ExportKind::Docker)?.refused.as_ref()?;
    let said = match refusal.code.as_str() {
        "export/simulated" => simulated(words, refusal),
        "export/failed-build" => html! { <p>{ words.t("error.exportFailedBuild") }</p> },
        "build/recorded" => html! { <p>{ words.t("error.buildRecorded") }</p> },
        _ => html! { <p>{ words.t("export.nothing") }</p> },
    };
    Some(html! { <div class="refusal" role="note">{ said }</div> })
}

fn simulated(words: Words, refusal: &Refusal) -> Html {
    let size = Figure { value: refusal.size, modelled: true };
    let count = |key| {
        rich(
            words.0,
            key,
            &[
                ("n", vec![Piece::number(refusal.files)]),
                ("size", vec![figure::size_piece(size)]),
                ("base", vec![Piece::Code(refusal.bases.join(", "))]),
            ],
        )
    };
    let key = if refusal.bases.is_empty() { "export.simulated" } else { "export.simulatedBase" };
    html! {
        <>
            <p>{ pieces(words, &count(key)) }</p>
            if !refusal.paths.is_empty() {
                <p>{ words.t("export.simulatedOwn") }{ " " }{ for refusal.paths.iter().enumerate().map(|(at, path)| html! {
                    <>if at > 0 { { ", " } }<code>{ path.clone() }</code></>
                }) }</p>
            }
            <p>{ words.t("export.instead") }</p>
        </>
    }
}
