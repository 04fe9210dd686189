//! The tabs of the open files.

use crate::page::hub::{use_hub, use_words};
use crate::page::keys;
use crate::page::parts::{focus_child, icon, small_icon};
use crate::page::top::{Ways, toggle_density};
use dockerfile_lab_app::model::{Action, Model};
use dockerfile_lab_app::shared::Shared;
use dockerfile_lab_app::tree;
use lab_session::protocol::Request;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct FilesBarProps {
    pub(super) model: Shared<Model>,
}

/// The tabs; while a past build is looked at, what it is and the ways back.
#[component]
pub(super) fn FilesBar(props: &FilesBarProps) -> Html {
    let hub = use_hub();
    let words = use_words();
    let list = use_node_ref();
    let model = &props.model;
    if let Some(number) = model.looking_at() {
        let name = format!("#{number}");
        let back = {
            let hub = hub.clone();
            Callback::from(move |_: MouseEvent| keys::to_editor(&hub))
        };
        let checkout = {
            let hub = hub.clone();
            Callback::from(move |_: MouseEvent| {
                hub.send(Request::Checkout { build: number });
                keys::to_editor(&hub);
            })
        };
        let recorded = model.past.as_ref().and_then(|past| past.recorded.as_ref());
        return html! {
            <div class="past-bar">
                <b>{ words.with("past.title", &[("build", &name)]) }</b>
                if let Some(recorded) = recorded { <span class="tag" title={recorded.name.clone()}>{ words.t("recorded.tag") }</span> }
                if number == 1 && model.is_first_given() { <span class="tag given">{ words.t("timeline.given") }</span> }
                <button type="button" class="btn tight line" onclick={checkout}>{ small_icon("undo") }{ words.t("past.returnShort") }</button>
                <button type="button" class="btn tight" onclick={back}>{ words.t("past.now") }</button>
            </div>
        };
    }
    let dockerfile = model.workspace.dockerfile.clone();
    let mut paths = vec![dockerfile.clone()];
    paths.extend(model.tabs.iter().cloned());
    let active = if model.active.is_empty() { dockerfile.clone() } else { model.active.clone() };
    let onkeydown = {
        let (hub, paths, active, list) = (hub.clone(), paths.clone(), active.clone(), list.clone());
        Callback::from(move |event: KeyboardEvent| {
            let count = paths.len();
            let at = paths.iter().position(|path| *path == active).unwrap_or(0);
            let next = match event.key().as_str() {
                _ if event.alt_key() || event.ctrl_key() || event.meta_key() => return,
                "ArrowRight" => (at + 1) % count,
                "ArrowLeft" => (at + count - 1) % count,
                "Delete" if at > 0 => {
                    hub.act(Action::CloseFile(paths[at].clone()));
                    at - 1
                }
                _ => return,
            };
            event.prevent_default();
            hub.act(Action::OpenFile(paths[next].clone()));
            focus_child(&list, next);
        })
    };
    html! {
        <div class="files-bar">
        <div class="tabs" role="tablist" aria-label={words.t("sheet.files")} ref={list} {onkeydown}>
            { for paths.iter().map(|path| {
                let (open, close) = (hub.clone(), hub.clone());
                let (to_open, to_close) = (path.clone(), path.clone());
                let onclick = Callback::from(move |_: MouseEvent| open.act(Action::OpenFile(to_open.clone())));
                let onauxclick = Callback::from(move |event: MouseEvent| {
                    if event.button() == 1 {
                        close.act(Action::CloseFile(to_close.clone()));
                    }
                });
                let selected = *path == active;
                html! {
                    <button type="button" role="tab" key={path.clone()} aria-selected={selected.to_string()} tabindex={if selected { "0" } else { "-1" }}
                        title={path.clone()} {onclick} {onauxclick}>{ tree::name(path).to_owned() }</button>
                }
            }) }
        </div>
        if !model.in_dockerfile() { { close_button(&hub, words, &active) } }
        <span class="grow"></span>
        <span class="pair undo">{ Ways::of(model).buttons(&hub, words, "tight") }</span>
        { density_button(&hub, words, model.dense) }
        </div>
    }
}

/// Closes the file in use. It stands behind the tabs, as a button within a tab cannot be reached by everyone.
fn close_button(hub: &crate::page::hub::Hub, words: crate::page::hub::Words, path: &str) -> Html {
    let (hub, path) = (hub.clone(), path.to_owned());
    let label = words.with("sheet.close", &[("path", &path)]);
    let onclick = Callback::from(move |_: MouseEvent| hub.act(Action::CloseFile(path.clone())));
    html! { <button type="button" class="btn icon tight shut" aria-label={label.clone()} title={label} {onclick}>{ small_icon("close") }</button> }
}

/// Makes the rows of lines and steps dense or roomy.
fn density_button(hub: &crate::page::hub::Hub, words: crate::page::hub::Words, dense: bool) -> Html {
    let hub = hub.clone();
    let onclick = Callback::from(move |_: MouseEvent| toggle_density(&hub));
    let title = words.t(if dense { "view.roomy" } else { "view.dense" });
    html! { <button type="button" class="btn icon tight density" aria-pressed={dense.to_string()} aria-label={words.t("view.dense")} {title} {onclick}>{ icon("rows") }</button> }
}
