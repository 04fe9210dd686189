//! The inspector: why, files, history, images, disk.

mod commands;
mod diff;
mod disk;
mod empty;
mod failed;
mod files;
mod fixes;
mod history;
mod images;
mod key_table;
mod near;
mod recorded;
mod why;

pub(super) use files::change_table;
pub(super) use fixes::first_remedy;
pub(super) use history::history_table;

use super::context::ContextTree;
use super::hub::{use_hub, use_words};
use super::log::{LogPanel, LogProps};
use super::parts::Tabs;
use disk::disk_tab;
use dockerfile_lab_app::model::{Action, Model, Tab};
use dockerfile_lab_app::shared::Shared;
use files::FilesTab;
use history::{HistoryProps, history_tab};
use images::{StoreProps, images_tab};
use why::{WhyTabProps, why_tab};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct InspectorProps {
    pub(super) model: Shared<Model>,
    /// Whether log and context have no place of their own.
    pub(super) narrow: bool,
    /// Whether the context has a place of its own again, at the foot.
    pub(super) phone: bool,
    /// Whether nothing else is in sight.
    pub(super) is_main: bool,
}

/// The inspector.
#[component]
pub(super) fn Inspector(props: &InspectorProps) -> Html {
    let hub = use_hub();
    let words = use_words();
    let model = &props.model;
    let names = [
        words.t("tab.why"),
        words.t("tab.files"),
        words.t("tab.history"),
        words.t("tab.images"),
        words.t("tab.disk"),
        words.t("tab.log"),
        words.t("context.title"),
    ];
    let shown = match (props.narrow, props.phone) {
        (_, true) => names.len() - 1,
        (true, false) => names.len(),
        (false, false) => Tab::WIDE,
    };
    let at = Tab::ALL.iter().position(|tab| *tab == model.tab).filter(|at| *at < shown).unwrap_or(0);
    let on_pick = {
        let hub = hub.clone();
        use_callback((), move |index: usize, ()| hub.act(Action::Tab(Tab::ALL[index])))
    };
    let body = match Tab::ALL[at] {
        Tab::Why => html! {
            { why_tab(&hub, words, &WhyTabProps { build: model.build().cloned(), step: model.selected().map(|step| step.id), why: model.why(), dockerfile: model.workspace.dockerfile.clone().into(), first: model.ready && super::frame::is_blank(model), first_given: model.is_first_given() }) }
        },
        Tab::Files => html! {
            <FilesTab build={model.build().cloned()} step={model.selected().map(|step| step.id)}
                layer={model.layer.as_ref().map(|(_, layer)| layer.clone())} />
        },
        Tab::History => {
            html! { { history_tab(words, &HistoryProps { build: model.build().cloned(), history: model.history.as_ref().map(|(_, history)| history.clone()) }) } }
        }
        Tab::Images => {
            html! { { images_tab(&hub, words, &StoreProps { store: model.store.as_ref().map(|(_, store)| store.clone()) }) } }
        }
        Tab::Disk => {
            html! { { disk_tab(&hub, words, &StoreProps { store: model.store.as_ref().map(|(_, store)| store.clone()) }) } }
        }
        Tab::Log => html! { <LogPanel ..LogProps::of(model) /> },
        Tab::Context => html! { <ContextTree ..super::context::ContextProps::of(model) /> },
    };
    html! {
        <section class="insp" role={if props.is_main { "main" } else { "complementary" }} aria-label={words.t("tab.label")} data-region="" tabindex="-1">
            <Tabs label={words.t("tab.label")} names={names[..shown].iter().map(|name| AttrValue::from(*name)).collect::<Vec<_>>()} {at} panel="inspector-panel" keyed={Tab::WIDE} {on_pick} />
            <div role="tabpanel" id="inspector-panel" aria-label={names[at]}>{ body }</div>
        </section>
    }
}
