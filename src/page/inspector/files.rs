//! The changes that a step's layer makes.

use crate::page::hub::{Words, use_words};
use crate::page::parts::{size, state_word};
use crate::page::value::Value;
use dockerfile_lab_app::figure;
use dockerfile_lab_app::shared::Shared;
use dockerfile_lab_app::wording;
use lab_session::protocol::{BuildView, LayerChange, LayerChangeKind, LayerView};
use yew::prelude::*;

/// More rows than this are told by their number.
const MOST_ROWS: usize = 500;

#[derive(Properties, PartialEq)]
pub(super) struct FilesTabProps {
    pub(super) build: Option<Shared<BuildView>>,
    pub(super) step: Option<u32>,
    pub(super) layer: Option<Shared<LayerView>>,
}

/// The tab.
#[component]
pub(super) fn FilesTab(props: &FilesTabProps) -> Html {
    let words = use_words();
    let filter = use_state(String::new);
    let step =
        props.build.as_ref().and_then(|build| build.steps.iter().find(|step| Some(step.id) == props.step));
    let Some(step) = step else {
        return html! { <p class="none">{ words.t("files.noStep") }</p> };
    };
    let head = html! { <header>{ state_word(words, step.state) }<code>{ wording::short_code(&step.text) }</code></header> };
    if step.keyword == "FROM" && step.size.is_some() {
        return html! { <div class="why">{ head }<p class="against">{ words.t("files.base") }</p></div> };
    }
    if step.size.is_none() {
        return html! { <div class="why">{ head }<p class="against">{ words.t("files.noLayer") }</p></div> };
    }
    let of = props.build.as_ref().and_then(|build| build.number);
    let layer = props.layer.as_ref().filter(|layer| layer.step == step.id && layer.build == of);
    let Some(layer) = layer else {
        return html! { <div class="why">{ head }<p class="against" role="status">{ words.t("files.loading") }</p></div> };
    };
    let oninput = {
        let filter = filter.clone();
        Callback::from(move |event: InputEvent| {
            filter.set(event.target_unchecked_into::<web_sys::HtmlInputElement>().value())
        })
    };
    let needle = filter.to_lowercase();
    let found: Vec<&LayerChange> =
        layer.changes.iter().filter(|change| change.path.to_lowercase().contains(&needle)).collect();
    let count = |kind| layer.changes.iter().filter(|change| change.kind == kind).count();
    html! {
        <div class="why">
            { head }
            <dl class="facts">
                <div><dt>{ words.t("files.size") }</dt><dd>{ size(words, layer.size) }</dd></div>
                <div><dt>{ words.t("files.tar") }</dt><dd>{ size(words, layer.tar_size) }</dd></div>
                <div><dt>{ words.t("files.diffId") }</dt><dd><Value full={layer.diff_id.clone()} short={AttrValue::from(figure::id(&layer.diff_id).to_owned())} /></dd></div>
                <div><dt>{ words.t("files.chainId") }</dt><dd><Value full={layer.chain_id.clone()} short={AttrValue::from(figure::id(&layer.chain_id).to_owned())} /></dd></div>
            </dl>
            <p class="sumline">
                <span class="ad">{ words.with("files.added", &[("n", &count(LayerChangeKind::Added).to_string())]) }</span>
                <span class="md">{ words.with("files.modified", &[("n", &count(LayerChangeKind::Modified).to_string())]) }</span>
                <span class="rm">{ words.with("files.deleted", &[("n", &count(LayerChangeKind::Deleted).to_string())]) }</span>
            </p>
            <input class="filter" type="search" placeholder={words.t("files.filter")} aria-label={words.t("files.filter")} value={(*filter).clone()} {oninput} />
            { table(words, &found) }
            { rest(words, layer, found.len()) }
        </div>
    }
}

/// All changes of a layer, without a filter.
#[inline(never)]
pub(in crate::page) fn change_table(words: Words, layer: &LayerView) -> Html {
    let changes: Vec<&LayerChange> = layer.changes.iter().collect();
    html! { <>{ table(words, &changes) }{ rest(words, layer, changes.len()) }</> }
}

fn table(words: Words, found: &[&LayerChange]) -> Html {
    html! {
        <div class="scroll-x" tabindex="0" role="region" aria-label={words.t("files.table")}>
            <table class="changes">
                <thead><tr><th scope="col"><span class="sr">{ words.t("files.kind") }</span></th><th scope="col">{ words.t("files.path") }</th><th scope="col" class="num">{ words.t("axis.size") }</th><th scope="col">{ words.t("files.mode") }</th><th scope="col">{ words.t("files.owner") }</th></tr></thead>
                <tbody>{ for found.iter().take(MOST_ROWS).map(|change| row(words, change)) }</tbody>
            </table>
        </div>
    }
}

fn row(words: Words, change: &LayerChange) -> Html {
    let (class, letter, name) = match change.kind {
        LayerChangeKind::Added => ("ad", "A", words.t("files.kindAdded")),
        LayerChangeKind::Modified => ("md", "C", words.t("files.kindModified")),
        LayerChangeKind::Deleted => ("rm", "D", words.t("files.kindDeleted")),
    };
    html! {
        <tr {class}>
            <td><abbr title={name}>{ letter }</abbr></td>
            <td class="path" title={change.path.clone()}><code>{ change.path.clone() }</code>{ for change.target.iter().map(|target| html! { <span class="quiet">{ format!(" → {target}") }</span> }) }</td>
            <td class="num">{ if change.kind == LayerChangeKind::Deleted { html! { <span class="quiet">{ "–" }</span> } } else { size(words, change.size) } }</td>
            <td><code>{ change.mode.clone() }</code></td><td><code>{ change.owner.clone() }</code></td>
        </tr>
    }
}

fn rest(words: Words, layer: &LayerView, found: usize) -> Html {
    let hidden = found.saturating_sub(MOST_ROWS) + (layer.count as usize).saturating_sub(layer.changes.len());
    match (found, hidden) {
        (0, _) if !layer.changes.is_empty() => {
            html! { <p class="against">{ words.t("files.nothingFound") }</p> }
        }
        (0, _) => html! { <p class="against">{ words.t("files.empty") }</p> },
        (_, 0) => Html::default(),
        (_, hidden) => {
            html! { <p class="against">{ words.with("files.more", &[("n", &hidden.to_string())]) }</p> }
        }
    }
}
