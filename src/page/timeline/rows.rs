//! The rows of the heat map. Each draws itself anew only when it changes, so that a keystroke costs the cells of the
//! preview and not those of two hundred builds.

use crate::page::hub::{Words, use_words};
use crate::page::parts::state_class;
use dockerfile_lab_app::figure;
use dockerfile_lab_app::heat::HeatRow;
use dockerfile_lab_app::shared::Shared;
use dockerfile_lab_app::wording;
use lab_session::protocol::{Figure, State, TimelineView};
use lab_session::text::decimal::fixed;
use yew::prelude::*;

fn cell_class(state: State) -> &'static str {
    match state_class(state) {
        "hit" => "c hit",
        "miss" => "c miss",
        "follows" => "c follows",
        "meta" => "c meta",
        "fail" => "c fail",
        _ => "c none-c",
    }
}

fn column_name(words: Words, timeline: &TimelineView, column: usize) -> String {
    match timeline.builds.get(column) {
        Some(build) => words.with("timeline.buildName", &[("n", &build.number.to_string())]),
        None => words.t("timeline.now").to_owned(),
    }
}

/// The class of the column that is looked at.
fn looked(column: usize, at: usize) -> Option<&'static str> {
    (column == at).then_some("looked")
}

fn stop(focus: Option<usize>, column: usize) -> &'static str {
    if focus == Some(column) { "0" } else { "-1" }
}

#[derive(Properties, PartialEq)]
pub(super) struct HeadRowProps {
    pub(super) timeline: Shared<TimelineView>,
    /// Hits and steps of the preview.
    pub(super) hits: (u32, u32),
    /// The column that is looked at.
    pub(super) looked: usize,
    /// The column that Tab leads to, if it leads to this row.
    pub(super) focus: Option<usize>,
    /// Whether build 1 came with the example.
    pub(super) first_given: bool,
}

/// The numbers of the builds.
#[component]
pub(super) fn HeadRow(props: &HeadRowProps) -> Html {
    let words = use_words();
    let builds = &props.timeline.builds;
    html! {
        <div role="row" class="gr">
            <b class="t" role="columnheader">{ words.t("timeline.build") }</b>
            { for (0..=builds.len()).map(|column| {
                let build = builds.get(column);
                let name = build.map_or_else(|| words.t("timeline.now").to_owned(), |build| format!("#{}", build.number));
                let (hits, steps) = build.map_or(props.hits, |build| (build.hits, build.steps));
                let hits = words.with("say.hits", &[("hits", &hits.to_string()), ("steps", &steps.to_string())]);
                let recorded = build.is_some_and(|build| build.recorded);
                let mark = if recorded { words.with("timeline.recorded", &[]) } else { String::new() };
                let given = (props.first_given && column == 0).then(|| words.t("timeline.given"));
                let mark = given.map_or(mark, |given| format!(", {given}"));
                let label = format!("{}{mark}, {hits}", column_name(words, &props.timeline, column));
                let class = classes!("n", recorded.then_some("rec"), build.is_none().then_some("now"), build.is_some_and(|build| build.failed).then_some("bad"), looked(column, props.looked));
                html! { <span role="columnheader" {class} tabindex={stop(props.focus, column)} data-at={format!("0 {column}")} aria-label={label} title={given}>{ name }</span> }
            }) }
        </div>
    }
}

#[derive(Properties, PartialEq)]
pub(super) struct CellRowProps {
    pub(super) timeline: Shared<TimelineView>,
    pub(super) row: HeatRow,
    /// Its place from the top, the rows that no build has counted too.
    pub(super) at: usize,
    pub(super) looked: usize,
    pub(super) focus: Option<usize>,
}

/// An instruction in all builds.
#[component]
pub(super) fn CellRow(props: &CellRowProps) -> Html {
    let words = use_words();
    let (builds, row) = (&props.timeline.builds, &props.row);
    let text = row.text(&props.timeline.rows);
    let code = wording::short_code(text);
    html! {
        <div role="row" class="gr">
            <b role="rowheader" title={text.to_owned()}>{ code.clone() }</b>
            { for (0..=builds.len()).map(|column| {
                let state = match builds.get(column) {
                    Some(build) => build.cells.iter().find(|cell| Some(cell.row as usize) == row.known).map(|cell| cell.state),
                    None => row.now.map(|(_, state)| state),
                };
                let said = state.map_or_else(|| words.t("timeline.absent"), |state| wording::spoken_state(words.0, state));
                let label = format!("{}, {code}, {said}", column_name(words, &props.timeline, column));
                let class = classes!(state.map_or("c none-c", cell_class), looked(column, props.looked));
                html! { <span role="gridcell" {class} tabindex={stop(props.focus, column)} data-at={format!("{} {column}", props.at + 1)} aria-label={label}></span> }
            }) }
        </div>
    }
}

#[derive(Properties, PartialEq)]
pub(super) struct SecondsProps {
    pub(super) timeline: Shared<TimelineView>,
    /// Of the preview.
    pub(super) now: Option<Figure>,
}

/// How long the builds took: a bar and a number each.
#[component]
pub(super) fn SecondsRows(props: &SecondsProps) -> Html {
    let words = use_words();
    let figures = || props.timeline.builds.iter().map(|build| Some(build.seconds)).chain(Some(props.now));
    html! {
        <>
            <div class="gr secs" aria-hidden="true">
                <b></b>
                { for figures().map(|figure| {
                    let height = bar(figure.map_or(0.0, |figure| figure.value), &props.timeline);
                    html! { <span class="sec"><i ~style={format!("--v:{}px", fixed(height, 0))}></i></span> }
                }) }
            </div>
            <div class="gr secs" aria-hidden="true">
                <b class="t">{ words.t("timeline.seconds") }</b>
                { for figures().map(|figure| html! { <span class="n">{ for figure.map(|figure| short_time(words, figure)) }</span> }) }
            </div>
        </>
    }
}

/// The height of a bar, for the longest build 16 pixels.
fn bar(value: f64, timeline: &TimelineView) -> f64 {
    let most = timeline.builds.iter().map(|build| build.seconds.value).fold(0.1, f64::max);
    (value / most * 16.0).clamp(1.0, 16.0)
}

fn short_time(words: Words, figure: Figure) -> Html {
    let text = figure::seconds_number(figure.value);
    let class = if text == "0" {
        "zero"
    } else if figure.modelled {
        "mod"
    } else {
        "fig"
    };
    html! { <span {class} title={figure::origin(words.0, figure)}>{ text }</span> }
}
