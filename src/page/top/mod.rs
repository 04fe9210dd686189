//! The header: what is open, how many steps hit, and everything that concerns the whole page.

mod builder;
mod density;
mod examples;
mod hits;
mod language;
mod menu;
mod more;
mod theme;

pub(super) use builder::{switch_builder, switch_label};
pub(super) use density::toggle_density;
pub(super) use examples::{ExampleList, use_examples};
pub(super) use hits::Hits;
pub(super) use language::set_language;
pub(super) use theme::{next_theme, set_theme};

use super::dom;
use super::hub::{Hub, Words, use_hub, use_words};
use super::parts::{brand_sign, icon};
use builder::BuilderSwitch;
use dockerfile_lab_app::command;
use dockerfile_lab_app::locale::Lang;
use dockerfile_lab_app::model::{Dialog, Model};
use dockerfile_lab_app::shared::Shared;
use examples::ExamplePicker;
use lab_session::protocol::{BuildView, Builder, Figure, WorkspaceView};
use language::LanguageSwitch;
use more::MoreMenu;
use theme::ThemeButton;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct TopProps {
    pub(super) lang: Lang,
    pub(super) theme: String,
    pub(super) workspace: Shared<WorkspaceView>,
    pub(super) build: Option<Shared<BuildView>>,
    pub(super) saved: Figure,
    pub(super) busy: bool,
    pub(super) progress: Option<(u32, u32)>,
    pub(super) first: bool,
    pub(super) undo: Ways,
}

/// What undo and redo would do.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Ways {
    can_undo: bool,
    can_redo: bool,
    undoes_project: bool,
    redoes_project: bool,
}

impl Ways {
    pub(super) fn of(model: &Model) -> Self {
        Self {
            can_undo: model.can_undo(),
            can_redo: model.can_redo(),
            undoes_project: model.undoes_project(),
            redoes_project: model.redoes_project(),
        }
    }

    /// What undo and redo are called.
    fn names(self, words: Words) -> (&'static str, &'static str) {
        (
            words.t(if self.undoes_project { "top.undoProject" } else { "top.undo" }),
            words.t(if self.redoes_project { "top.redoProject" } else { "top.redo" }),
        )
    }

    /// Undo and redo.
    pub(super) fn buttons(self, hub: &Hub, words: Words, class: &'static str) -> Html {
        let button = |sign: &'static str,
                      label: &'static str,
                      title: String,
                      possible: bool,
                      act: fn(&Hub)| {
            let hub = hub.clone();
            let onclick = Callback::from(move |_: MouseEvent| act(&hub));
            html! { <button type="button" class={classes!("btn", "icon", class)} aria-label={label} {title} disabled={!possible} {onclick}>{ icon(sign) }</button> }
        };
        let (undo, redo) = self.names(words);
        html! {
            <>
                { button("undo", words.t("top.undo"), dom::with_keys(undo, "Ctrl+Z"), self.can_undo, Hub::undo) }
                { button("redo", words.t("top.redo"), dom::with_keys(redo, "Ctrl+Shift+Z"), self.can_redo, Hub::redo) }
            </>
        }
    }
}

/// The header.
#[component]
pub(super) fn Top(props: &TopProps) -> Html {
    let hub = use_hub();
    let words = use_words();
    let (command, enter) = if dom::is_mac() { ("⌘", "⌘↵") } else { ("Ctrl ", "Ctrl ↵") };
    let opens = |dialog: Dialog| {
        let hub = hub.clone();
        Callback::from(move |_: MouseEvent| hub.open(dialog.clone()))
    };
    let build = {
        let hub = hub.clone();
        Callback::from(move |_: MouseEvent| hub.build(false))
    };
    let stop = {
        let hub = hub.clone();
        Callback::from(move |_: MouseEvent| hub.lab().stop())
    };
    let set = command::count(&props.workspace.settings);
    let cannot_build = props.build.as_ref().is_none_or(|build| build.empty || build.waiting);
    html! {
        <header class="top" data-region="" tabindex="-1" aria-label={words.t("top.label")}>
            <h1 class="brand">{ brand_sign() }<span>{ "Dockerfile Lab" }</span></h1>
            <ExamplePicker name={props.workspace.name.clone()} lang={props.lang} />
            <BuilderSwitch settings={props.workspace.settings.clone()} />
            if props.workspace.settings.builder == Builder::Classic {
                <span class="tag classic-sign" title={words.t("top.classicHint")}>{ "Classic" }</span>
            }
            <div class="pair wide">{ props.undo.buttons(&hub, words, "") }</div>
            if props.first { <span class="grow"></span> } else { <Hits build={props.build.clone()} /> }
            <button type="button" class="btn fine commands" aria-label={words.t("top.commands")} title={dom::with_keys(words.t("top.commands"), "Ctrl+K")}
                onclick={opens(Dialog::Palette)}>{ icon("search") }<kbd class="key2">{ format!("{command}K") }</kbd></button>
            <LanguageSwitch lang={props.lang} />
            <ThemeButton theme={props.theme.clone()} />
            { options_button(words, (&props.workspace, set), opens(Dialog::Options)) }
            <button type="button" class="btn icon fine wide" aria-label={words.t("export.title")} title={words.t("export.title")}
                onclick={opens(Dialog::Export(None))}>{ icon("save") }</button>
            <button type="button" class="btn icon fine wide" aria-label={words.t("top.share")} title={words.t("top.share")}
                onclick={opens(Dialog::Share)}>{ icon("share") }</button>
            <button type="button" class="btn icon fine wide" aria-label={words.t("top.embed")} title={words.t("top.embed")}
                onclick={opens(Dialog::Embed)}>{ icon("embed") }</button>
            <MoreMenu lang={props.lang} {set} undo={props.undo} builder={props.workspace.settings.builder} />
            if props.busy {
                <button type="button" class="btn line stop" onclick={stop}>{ icon("stop") }{ words.t("top.stop") }
                    if let Some((done, total)) = props.progress { <span class="quiet">{ format!("{done}/{total}") }</span> }
                </button>
            } else {
                <button type="button" class="btn main" disabled={cannot_build} onclick={build} title={dom::with_keys(words.t("top.buildHint"), "Ctrl+Enter")}>
                    { words.t("top.build") }<kbd class="fine key2" aria-hidden="true">{ enter }</kbd>
                </button>
            }
            if props.busy { <div class="progress" role="progressbar" aria-label={words.t("top.working")}></div> }
        </header>
    }
}

/// Opens the options of the builds; says how many are set, and the command that they amount to.
fn options_button(
    words: Words,
    (workspace, set): (&WorkspaceView, usize),
    onclick: Callback<MouseEvent>,
) -> Html {
    let label = words.t("options.title");
    let title = if set > 0 { command::docker_build(&workspace.settings) } else { label.to_owned() };
    html! {
        <button type="button" class={classes!("btn", "icon", "fine", "wide", (set > 0).then_some("has-set"))} aria-label={label} {title} {onclick}>
            { icon("sliders") }if set > 0 { <b class="badge" aria-hidden="true">{ set }</b> }
        </button>
    }
}
