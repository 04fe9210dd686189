//! `docker image history`.

use crate::page::hub::Words;
use crate::page::parts::{CopyButton, size};
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
                    <th scope="col">{ "IMAGE" }</th><th scope="col">{ "CREATED" }</th><th scope="col">{ "CREATED BY" }</th>
                    <th scope="col" class="num">{ "SIZE" }</th><th scope="col">{ "COMMENT" }</th>
                </tr></thead>
                <tbody>{ for rows.iter().map(|row| html! {
                    <tr class={classes!(row.base.then_some("base"), row.empty_layer.then_some("no-layer"))}>
                        <td class="dig">{ row.image.clone() }</td>
                        <td class="since" title={row.created.clone()}>{ row.created_since.clone() }</td>
                        <td class="by" title={row.created_by.clone()}><code>{ row.created_by.clone() }</code></td>
                        <td class="num">{ size(words, row.size) }</td>
                        <td class="quiet nowrap">{ row.comment.clone() }</td>
                    </tr>
                }) }</tbody>
            </table>
        </div>
    }
}
