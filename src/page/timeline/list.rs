//! The builds as a list, for a narrow screen.

use crate::page::hub::{Hub, Words};
use crate::page::keys;
use dockerfile_lab_app::shared::Shared;
use lab_session::protocol::{BuildView, TimelineBuild, TimelineView};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct ListProps {
    pub(super) timeline: Shared<TimelineView>,
    pub(super) edited: Shared<Vec<String>>,
    pub(super) preview: Option<Shared<BuildView>>,
    pub(super) looking_at: Option<u32>,
}

/// The list, newest first.
pub(super) fn build_list(hub: &Hub, words: Words, props: &ListProps) -> Html {
    let item = |number: Option<u32>, what: String, hits: String| {
        let hub = hub.clone();
        let onclick = Callback::from(move |_: MouseEvent| keys::inspect(&hub, number));
        let on = props.looking_at == number;
        let name = number.map_or_else(|| words.t("timeline.now").to_owned(), |number| format!("#{number}"));
        html! {
            <li class={on.then_some("on")}><button type="button" aria-current={on.then_some("true")} {onclick}>
                <b>{ name }</b><span>{ what }</span><span class="fig">{ hits }</span>
            </button></li>
        }
    };
    let now = props.preview.as_ref().filter(|build| !build.empty).map(|build| {
        item(
            None,
            edited(words, &props.edited, props.edited.len() as u32),
            format!("{}/{}", build.totals.hits, build.totals.steps),
        )
    });
    html! {
        <ol class="blog" aria-label={words.t("timeline.list")}>
            { for now }
            { for props.timeline.builds.iter().rev().map(|build| item(Some(build.number), what(words, build), format!("{}/{}", build.hits, build.steps))) }
        </ol>
    }
}

fn what(words: Words, build: &TimelineBuild) -> String {
    if build.failed {
        return words.t("timeline.failed").to_owned();
    }
    if build.parent.is_none() {
        return words.t("timeline.first").to_owned();
    }
    edited(words, &build.edited, build.edited_count)
}

fn edited(words: Words, paths: &[String], count: u32) -> String {
    match (paths, count) {
        ([], _) => words.t("timeline.nothing").to_owned(),
        ([one], _) => words.with("timeline.edited", &[("path", one)]),
        ([one, ..], count) => {
            words.with("timeline.editedMore", &[("path", one), ("n", &count.saturating_sub(1).to_string())])
        }
    }
}
