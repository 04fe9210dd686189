//! The timeline: the builds as columns, the instructions as rows, the graph of branches above.

mod graph;
mod grid;
mod list;
mod replay;
mod rows;
mod scrub;

use super::hub::{Words, use_hub, use_words};
use super::parts::small_icon;
use dockerfile_lab_app::lanes::{Lanes, lanes};
use dockerfile_lab_app::shared::Shared;
use graph::Graph;
use grid::Grid;
use lab_session::protocol::{BuildView, LiveCell, TimelineView};
use list::BuildList;
use replay::use_replay;
use std::rc::Rc;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct TimelineProps {
    pub(super) timeline: Shared<TimelineView>,
    pub(super) now: Shared<Vec<LiveCell>>,
    pub(super) edited: Shared<Vec<String>>,
    pub(super) preview: Option<Shared<BuildView>>,
    /// The build that is looked at.
    pub(super) looking_at: Option<u32>,
    /// Whether build 1 came with the example.
    pub(super) first_given: bool,
}

/// The strip.
#[component]
pub(super) fn TimelinePanel(props: &TimelineProps) -> Html {
    let hub = use_hub();
    let words = use_words();
    let timeline = &props.timeline;
    let graph = use_memo(timeline.clone(), |timeline| lanes(&timeline.builds, timeline.head));
    let scroller = use_node_ref();
    {
        let scroller = scroller.clone();
        use_effect_with(timeline.builds.len(), move |_| {
            if let Some(element) = scroller.cast::<web_sys::Element>() {
                element.set_scroll_left(element.scroll_width());
            }
        });
    }
    let (playing, toggle) = use_replay(&hub, timeline);
    let count = timeline.builds.len();
    let counted = if count == 0 { String::new() } else { counted(words, count, graph.branches) };
    html! {
        <section class="time-p" aria-label={words.t("timeline.title")} data-region="" tabindex="-1">
            <div class="head">
                <h2>{ words.t("timeline.title") }</h2><span>{ counted }if props.first_given { { " · " }{ words.t("timeline.firstGiven") } }</span><span class="grow"></span>
                if count > 1 {
                    <button type="button" class="btn tight" onclick={toggle} aria-pressed={playing.to_string()}>
                        if playing { { small_icon("pause") }{ words.t("timeline.pause") } } else { { small_icon("play") }{ words.t("timeline.replay") } }
                    </button>
                }
            </div>
            if count == 0 && props.now.is_empty() {
                <div class="ghost-t"><div class="ghost" aria-hidden="true"></div><p class="none">{ words.t("timeline.none") }</p></div>
            } else {
                { heat(props, graph, scroller) }
            }
        </section>
    }
}

/// The map, and the same as a list.
#[inline(never)]
fn heat(props: &TimelineProps, graph: Rc<Lanes>, scroller: NodeRef) -> Html {
    let timeline = &props.timeline;
    let count = timeline.builds.len();
    let preview = props.preview.as_ref().filter(|build| !build.empty);
    let hits = preview.map(|build| (build.totals.hits, build.totals.steps));
    html! {
        <>
            <div class="heat-w" ref={scroller}>
                <div class="heat" ~style={format!("--n:{}", count + 1)}>
                    <Graph lanes={graph} head={timeline.head} columns={count as u32 + 1} />
                    <Grid timeline={timeline.clone()} now={props.now.clone()} preview={props.preview.clone()} looking_at={props.looking_at} first_given={props.first_given} />
                </div>
            </div>
            <BuildList timeline={timeline.clone()} edited={props.edited.clone()} {hits} looking_at={props.looking_at} first_given={props.first_given} />
        </>
    }
}

/// How many builds and branches there are.
#[inline(never)]
fn counted(words: Words, count: usize, branches: u32) -> String {
    match (count, branches) {
        (1, _) => words.t("timeline.one").to_owned(),
        (_, 0) => words.with("timeline.builds", &[("n", &count.to_string())]),
        (_, 1) => words.with("timeline.oneBranch", &[("n", &count.to_string())]),
        (_, branches) => {
            words.with("timeline.branches", &[("n", &count.to_string()), ("branches", &branches.to_string())])
        }
    }
}
