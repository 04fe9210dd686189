//! The whole page: header, context, sheet, inspector, timeline, log, and what lies over them.

use super::context::{ContextProps, ContextTree};
use super::hub::{Hub, Words, use_hub, use_words};
use super::inspector::Inspector;
use super::log::{LogPanel, LogProps};
use super::media::use_media;
use super::overlay::Overlay;
use super::parts::icon;
use super::sheet::Sheet;
use super::tabs::TabsBar;
use super::timeline::TimelinePanel;
use super::top::{Hits, Top, Ways};
use dockerfile_lab_app::model::{Action, Model, Place};
use dockerfile_lab_app::shared::Shared;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct FrameProps {
    pub(super) model: Shared<Model>,
}

/// The page.
#[component]
pub(super) fn Frame(props: &FrameProps) -> Html {
    let hub = use_hub();
    let words = use_words();
    let model = &props.model;
    let narrow = use_media("(max-width: 1279px)");
    // There one part is seen at a time, and is what the page is about.
    let phone = use_media("(max-width: 719px)");
    let is_main = |place: Place| phone && model.place == place;
    let place = match model.place {
        Place::Edit => "at-edit",
        Place::Steps => "at-steps",
        Place::Why => "at-why",
        Place::Time => "at-time",
        Place::Context => "at-context",
    };
    let first = model.ready && model.timeline.builds.is_empty() && is_blank(model);
    html! {
        <>
            if model.watching { <TabsBar /> }
            <div class={classes!("app", place, first.then_some("first"))}>
                <Top
                    lang={model.lang}
                    theme={model.theme.clone()}
                    workspace={model.workspace.clone()}
                    build={model.build().cloned()}
                    saved={model.timeline.saved}
                    busy={model.busy}
                    progress={model.progress}
                    {first}
                    undo={Ways::of(model)}
                />
                if !narrow || phone { <ContextTree ..ContextProps { is_main: is_main(Place::Context), ..ContextProps::of(model) } /> }
                <Sheet model={model.clone()} {first} steps_alone={is_main(Place::Steps)} />
                <Inspector model={model.clone()} {narrow} {phone} is_main={is_main(Place::Why)} />
                <section class="panel" role={is_main(Place::Time).then_some("main")}>
                    <TimelinePanel
                        timeline={model.timeline.clone()}
                        now={model.now.clone()}
                        edited={model.edited.clone()}
                        preview={model.preview.clone()}
                        looking_at={model.past_wanted.or(model.looking_at())}
                        first_given={model.is_first_given()}
                    />
                    if !narrow { <LogPanel ..LogProps::of(model) /> }
                </section>
                { phone_hits(words, &FrameProps { model: model.clone() }) }
                { phone_bar(&hub, words, &PhoneBarProps { place: model.place }) }
            </div>
            <Overlay model={model.clone()} />
        </>
    }
}

/// Whether there is nothing to see yet: no text and no file.
pub(super) fn is_blank(model: &Model) -> bool {
    model.workspace.dockerfile_text.as_deref().unwrap_or_default().trim().is_empty()
}

fn phone_hits(words: Words, props: &FrameProps) -> Html {
    let model = &props.model;
    html! {
        <section class="phone read-p" aria-label={words.t("top.hits")}><Hits build={model.build().cloned()} /></section>
    }
}

#[derive(Properties, PartialEq)]
struct PhoneBarProps {
    place: Place,
}

/// The tabs at the foot of a narrow screen.
fn phone_bar(hub: &Hub, words: Words, props: &PhoneBarProps) -> Html {
    let places = [
        (Place::Context, "folder", words.t("place.context")),
        (Place::Edit, "file", words.t("place.edit")),
        (Place::Steps, "layer", words.t("place.steps")),
        (Place::Why, "ask", words.t("place.why")),
        (Place::Time, "commit", words.t("place.time")),
    ];
    html! {
        <nav class="phone bar-p" aria-label={words.t("place.label")}>
            { for places.map(|(place, sign, name)| {
                let hub = hub.clone();
                let onclick = Callback::from(move |_: MouseEvent| hub.act(Action::Place(place)));
                let current = (place == props.place).then_some("page");
                html! { <button type="button" aria-current={current} {onclick}>{ icon(sign) }{ name }</button> }
            }) }
        </nav>
    }
}
