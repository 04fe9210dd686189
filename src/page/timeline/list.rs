//! The builds as a list, for a narrow screen.

use crate::page::hub::{Words, use_hub, use_words};
use crate::page::keys;
use dockerfile_lab_app::shared::Shared;
use lab_session::protocol::{TimelineBuild, TimelineView};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct ListProps {
    pub(super) timeline: Shared<TimelineView>,
    pub(super) edited: Shared<Vec<String>>,
    /// Hits and steps of the preview; none where there is nothing to build.
    pub(super) hits: Option<(u32, u32)>,
    pub(super) looking_at: Option<u32>,
    /// Whether build 1 came with the example.
    pub(super) first_given: bool,
}

/// The list, newest first.
#[component]
pub(super) fn BuildList(props: &ListProps) -> Html {
    let hub = use_hub();
    let words = use_words();
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
    let now = props.hits.map(|(hits, steps)| {
        item(None, edited(words, &props.edited, props.edited.len() as u32), format!("{hits}/{steps}"))
    });
    html! {
        <ol class="blog" aria-label={words.t("timeline.list")}>
            { for now }
            { for props.timeline.builds.iter().rev().map(|build| item(Some(build.number), what(words, build, props.first_given && build.number == 1), format!("{}/{}", build.hits, build.steps))) }
        </ol>
    }
}

fn what(words: Words, build: &TimelineBuild, is_given: bool) -> String {
    if is_given {
        return words.t("timeline.given").to_owned();
    }
    if build.recorded {
        return words.t("recorded.tag").to_owned();
    }
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
