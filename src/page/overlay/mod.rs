//! What lies over the page: dialogs, the commands, messages, announcements.

mod announcer;
mod dialog;
mod embed;
mod keys;
mod mode;
mod options;
mod palette;
mod projects;
mod reset;
mod share;
mod toasts;

pub(super) use announcer::Announcer;
pub(super) use dialog::Modal;
pub(super) use toasts::Toasts;

use super::bring::BringDialog;
use super::facts::FactsDialog;
use super::hub::use_words;
use super::image::ImageDialog;
use super::take::ExportDialog;
use dockerfile_lab_app::model::{Dialog, Model};
use dockerfile_lab_app::shared::Shared;
use embed::EmbedDialog;
use keys::keys_dialog;
use mode::ModeDialog;
use options::OptionsDialog;
use palette::Palette;
use projects::ProjectsDialog;
use reset::ResetDialog;
use share::ShareDialog;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct OverlayProps {
    pub(super) model: Shared<Model>,
}

/// Everything over the page.
#[component]
pub(super) fn Overlay(props: &OverlayProps) -> Html {
    let words = use_words();
    let model = &props.model;
    let dialog = match &model.dialog {
        None => Html::default(),
        Some(Dialog::Palette) => html! { <Palette model={model.clone()} /> },
        Some(Dialog::Share) => html! { <ShareDialog /> },
        Some(Dialog::Embed) => html! { <EmbedDialog model={model.clone()} /> },
        Some(Dialog::Keys) => html! { { keys_dialog(words) } },
        Some(Dialog::Options) => {
            html! { <OptionsDialog workspace={model.workspace.clone()} build={model.preview.clone()} /> }
        }
        Some(Dialog::Export(build)) => html! { <ExportDialog build={*build} /> },
        Some(Dialog::Image(id)) => html! { <ImageDialog key={id.clone()} id={id.clone()} /> },
        Some(Dialog::Facts(step)) => match model.build().and_then(|build| build.steps.get(*step as usize)) {
            Some(step) => html! { <FactsDialog step={step.clone()} /> },
            None => Html::default(),
        },
        Some(Dialog::Bring) => html! { <BringDialog /> },
        Some(Dialog::Reset) => html! { <ResetDialog name={model.workspace.name.clone()} /> },
        Some(Dialog::Projects) => html! { <ProjectsDialog /> },
        Some(Dialog::Mode(path)) => {
            html! { <ModeDialog path={path.clone()} entries={model.entries.clone()} /> }
        }
    };
    html! {
        <>
            { dialog }
            <Toasts toasts={model.toasts.clone()} />
            <Announcer build={model.preview.clone()} />
        </>
    }
}
