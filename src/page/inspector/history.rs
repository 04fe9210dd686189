//! `docker image history`.

use crate::page::hub::Words;
use crate::page::parts::{CopyButton, size};
use crate::page::value::Value;
use dockerfile_lab_app::shared::Shared;
use lab_session::protocol::{BuildView, HistoryRow, HistoryView};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct HistoryProps {
    pub(super) build: Option<Shared<BuildView>>,
    pub(super) history: Option<Shared<HistoryView>>,
}

/// The tab.
#[inline(never)]
pub(super) fn history_tab(words: Words, props: &HistoryProps) -> Html {
    let failed = props
        .build
        .as_ref()
        .is_none_or(|build| build.error.is_some() || build.empty || build.recorded.is_some());
    if failed {
        return html! { <p class="none">{ words.t("history.noImage") }</p> };
    }
    let Some(history) = &props.history else {
        return html! { <p class="none" role="status">{ words.t("files.loading") }</p> };
    };
    html! {
        <div class="why">
            <div class="bar-t"><code>{ "docker image history" }</code><span class="grow"></span><CopyButton text={history.text.clone()} label={words.t("copy.label")} /></div>
            { history_table(words, &history.rows) }
            <p class="against">{ words.t("history.note") }</p>
        </div>
    }
}

/// The rows of a history.
#[inline(never)]
pub(in crate::page) fn history_table(words: Words, rows: &[HistoryRow]) -> Html {
    html! {
        <div class="scroll-x" tabindex="0" role="region" aria-label={words.t("tab.history")}>
            <table class="hist layers-t">
                <thead><tr>
                    <th scope="col">{ "IMAGE, CREATED" }</th><th scope="col">{ "CREATED BY, COMMENT" }</th><th scope="col" class="num">{ "SIZE" }</th>
                </tr></thead>
                <tbody>{ for rows.iter().map(|row| html! {
                    <tr class={classes!(row.base.then_some("base"), row.empty_layer.then_some("no-layer"))}>
                        <td><span class="dig">{ row.image.clone() }</span><span class="since" title={row.created.clone()}>{ row.created_since.clone() }</span></td>
                        <td class="by">{ created_by(&row.created_by) }<span class="quiet">{ row.comment.clone() }</span></td>
                        <td class="num">{ size(words, row.size) }</td>
                    </tr>
                }) }</tbody>
            </table>
        </div>
    }
}

/// What made a row; what is long is shown in full under the focus or the pointer.
fn created_by(text: &str) -> Html {
    if text.chars().count() <= SHORT {
        return html! { <code>{ text.to_owned() }</code> };
    }
    html! { <Value full={text.to_owned()} /> }
}

/// So many letters are always shown.
const SHORT: usize = 40;
