//! The switch between the builders: whose rules decide over hits.

use crate::page::hub::{Hub, use_hub, use_words};
use crate::page::parts::focus_child;
use lab_session::protocol::{Builder, Request, Settings};
use yew::prelude::*;

/// Both, in the order in which they stand.
const BUILDERS: [(Builder, &str); 2] = [(Builder::Buildkit, "BuildKit"), (Builder::Classic, "Classic")];

#[derive(Properties, PartialEq)]
pub(super) struct BuilderProps {
    pub(super) settings: Settings,
}

/// Has the next builds made by the other builder.
#[inline(never)]
pub(in crate::page) fn switch_builder(hub: &Hub) {
    let settings = hub.model().0.workspace.settings.clone();
    let builder = match settings.builder {
        Builder::Buildkit => Builder::Classic,
        Builder::Classic => Builder::Buildkit,
    };
    hub.send(Request::SetSettings { settings: Settings { builder, ..settings } });
}

/// The key of what switching is called.
pub(in crate::page) fn switch_label(builder: Builder) -> &'static str {
    match builder {
        Builder::Buildkit => "palette.classic",
        Builder::Classic => "palette.buildkit",
    }
}

/// `BuildKit | Classic`.
#[component]
pub(super) fn BuilderSwitch(props: &BuilderProps) -> Html {
    let hub = use_hub();
    let words = use_words();
    let group = use_node_ref();
    let current = props.settings.builder;
    let choose = {
        let settings = props.settings.clone();
        Callback::from(move |builder: Builder| {
            if builder != settings.builder {
                hub.send(Request::SetSettings { settings: Settings { builder, ..settings.clone() } });
            }
        })
    };
    let onkeydown = {
        let (choose, group) = (choose.clone(), group.clone());
        Callback::from(move |event: KeyboardEvent| {
            if event.key().starts_with("Arrow") && !event.alt_key() {
                event.prevent_default();
                let next = usize::from(current == Builder::Buildkit);
                choose.emit(BUILDERS[next].0);
                focus_child(&group, next);
            }
        })
    };
    html! {
        <div class="seg fine wide" role="radiogroup" aria-label={words.t("top.builder")} ref={group} {onkeydown}>
            { for BUILDERS.map(|(builder, name)| {
                let checked = builder == current;
                let title = words.t(match builder { Builder::Buildkit => "top.builderHint", Builder::Classic => "top.classicHint" });
                html! {
                    <button type="button" role="radio" aria-checked={checked.to_string()} {title}
                        tabindex={if checked { "0" } else { "-1" }} onclick={choose.reform(move |_: MouseEvent| builder)}>{ name }</button>
                }
            }) }
        </div>
    }
}
