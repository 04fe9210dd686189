//! The heat map: a grid with one stop for Tab, arrows within, Enter to look at a build.

use crate::page::hub::{Words, use_hub, use_words};
use crate::page::keys;
use crate::page::parts::state_class;
use dockerfile_lab_app::figure;
use dockerfile_lab_app::model::{Action, Tab};
use dockerfile_lab_app::shared::Shared;
use dockerfile_lab_app::wording;
use lab_session::protocol::{BuildView, Cell, Figure, TimelineView};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct GridProps {
    pub(super) timeline: Shared<TimelineView>,
    pub(super) now: Shared<Vec<Cell>>,
    pub(super) preview: Option<Shared<BuildView>>,
    pub(super) looking_at: Option<u32>,
}

/// The grid.
#[component]
pub(super) fn Grid(props: &GridProps) -> Html {
    let hub = use_hub();
    let words = use_words();
    let grid = use_node_ref();
    let timeline = &props.timeline;
    let (rows, columns) = (timeline.rows.len(), timeline.builds.len() + 1);
    // Row 0 holds the numbers of the builds.
    let spot = use_state(|| (0usize, usize::MAX));
    let (row_at, column_at) = (spot.0.min(rows), spot.1.min(columns - 1));
    let choose = {
        let (hub, timeline, now) = (hub.clone(), timeline.clone(), props.now.clone());
        Callback::from(move |(row, column): (usize, usize)| {
            let build = timeline.builds.get(column);
            keys::inspect(&hub, build.map(|build| build.number));
            let cells = build.map_or(&*now, |build| &build.cells);
            if let Some(cell) =
                row.checked_sub(1).and_then(|row| cells.iter().find(|cell| cell.row as usize == row))
            {
                select(&hub, cell, &timeline);
                hub.act(Action::Tab(Tab::Why));
            }
        })
    };
    let onkeydown = {
        let (spot, grid, choose) = (spot.clone(), grid.clone(), choose.clone());
        Callback::from(move |event: KeyboardEvent| {
            if event.alt_key() || event.ctrl_key() || event.meta_key() {
                return;
            }
            let next = match event.key().as_str() {
                "ArrowRight" => (row_at, (column_at + 1).min(columns - 1)),
                "ArrowLeft" => (row_at, column_at.saturating_sub(1)),
                "ArrowDown" => ((row_at + 1).min(rows), column_at),
                "ArrowUp" => (row_at.saturating_sub(1), column_at),
                "Home" => (row_at, 0),
                "End" => (row_at, columns - 1),
                "Enter" | " " => {
                    event.prevent_default();
                    choose.emit((row_at, column_at));
                    return;
                }
                _ => return,
            };
            event.prevent_default();
            spot.set(next);
            focus(&grid, next);
        })
    };
    let onclick = {
        let (spot, choose) = (spot.clone(), choose.clone());
        Callback::from(move |event: MouseEvent| {
            if let Some(at) = place_of(&event) {
                spot.set(at);
                choose.emit(at);
            }
        })
    };
    let tab = |row: usize, column: usize| if (row, column) == (row_at, column_at) { "0" } else { "-1" };
    let looked =
        props.looking_at.and_then(|number| timeline.builds.iter().position(|build| build.number == number));
    let column_class = |column: usize| {
        if looked == Some(column) || (looked.is_none() && column + 1 == columns) {
            Some("looked")
        } else {
            None
        }
    };
    html! {
        <div class="grid" role="grid" aria-label={words.t("timeline.grid")} aria-rowcount={(rows + 1).to_string()}
            aria-colcount={(columns + 1).to_string()} ref={grid} {onkeydown} {onclick}>
            <div role="row" class="gr">
                <b class="t" role="columnheader">{ words.t("timeline.build") }</b>
                { for (0..columns).map(|column| {
                    let name = timeline.builds.get(column).map_or_else(|| words.t("timeline.now").to_owned(), |build| format!("#{}", build.number));
                    let failed = timeline.builds.get(column).is_some_and(|build| build.failed);
                    html! {
                        <span role="columnheader" class={classes!("n", (column + 1 == columns).then_some("now"), failed.then_some("bad"), column_class(column))} tabindex={tab(0, column)}
                            data-at={format!("0 {column}")} aria-label={column_label(words, timeline, &props.preview, column)}>{ name }</span>
                    }
                }) }
            </div>
            { for timeline.rows.iter().enumerate().map(|(row, text)| html! {
                <div role="row" class="gr">
                    <b role="rowheader" title={text.clone()}>{ wording::short_code(text) }</b>
                    { for (0..columns).map(|column| {
                        let cells = timeline.builds.get(column).map_or(&*props.now, |build| &build.cells);
                        let cell = cells.iter().find(|cell| cell.row as usize == row);
                        let class = cell.map_or("c none-c", |cell| cell_class(cell));
                        html! {
                            <span role="gridcell" class={classes!(class, column_class(column))} tabindex={tab(row + 1, column)}
                                data-at={format!("{} {column}", row + 1)} aria-label={cell_label(words, timeline, column, text, cell)}></span>
                        }
                    }) }
                </div>
            }) }
            <div class="gr secs" aria-hidden="true">
                <b></b>
                { for (0..columns).map(|column| {
                    let value = seconds_of(timeline, &props.preview, column).map_or(0.0, |figure| figure.value);
                    html! { <span class="sec"><i ~style={format!("--v:{:.0}px", bar(value, timeline))}></i></span> }
                }) }
            </div>
            <div class="gr secs" aria-hidden="true">
                <b class="t">{ words.t("timeline.seconds") }</b>
                { for (0..columns).map(|column| html! { <span class="n">{ for seconds_of(timeline, &props.preview, column).map(|figure| short_time(words, figure)) }</span> }) }
            </div>
        </div>
    }
}

/// The row is chosen by its text, as the build comes later.
fn select(hub: &crate::page::hub::Hub, cell: &Cell, timeline: &TimelineView) {
    if let Some(text) = timeline.rows.get(cell.row as usize) {
        hub.act(Action::SelectText { id: cell.step, text: text.clone() });
    }
}

fn cell_class(cell: &Cell) -> &'static str {
    match state_class(cell.state) {
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

fn column_label(
    words: Words,
    timeline: &TimelineView,
    preview: &Option<Shared<BuildView>>,
    column: usize,
) -> String {
    let name = column_name(words, timeline, column);
    let hits = match timeline.builds.get(column) {
        Some(build) => (build.hits, build.steps),
        None => preview.as_ref().map_or((0, 0), |build| (build.totals.hits, build.totals.steps)),
    };
    let hits = words.with("say.hits", &[("hits", &hits.0.to_string()), ("steps", &hits.1.to_string())]);
    format!("{name}, {hits}")
}

fn cell_label(
    words: Words,
    timeline: &TimelineView,
    column: usize,
    text: &str,
    cell: Option<&Cell>,
) -> String {
    let state =
        cell.map_or_else(|| words.t("timeline.absent"), |cell| wording::spoken_state(words.0, cell.state));
    format!("{}, {}, {state}", column_name(words, timeline, column), wording::short_code(text))
}

fn seconds_of(timeline: &TimelineView, preview: &Option<Shared<BuildView>>, column: usize) -> Option<Figure> {
    match timeline.builds.get(column) {
        Some(build) => Some(build.seconds),
        None => preview.as_ref().filter(|build| !build.empty).map(|build| build.totals.seconds),
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

fn place_of(event: &MouseEvent) -> Option<(usize, usize)> {
    use wasm_bindgen::JsCast;
    let element = event.target()?.dyn_into::<web_sys::Element>().ok()?.closest("[data-at]").ok()??;
    let at = element.get_attribute("data-at")?;
    let (row, column) = at.split_once(' ')?;
    Some((row.parse().ok()?, column.parse().ok()?))
}

fn focus(grid: &NodeRef, (row, column): (usize, usize)) {
    use wasm_bindgen::JsCast;
    let cell = grid
        .cast::<web_sys::Element>()
        .and_then(|grid| grid.query_selector(&format!("[data-at='{row} {column}']")).ok().flatten())
        .and_then(|cell| cell.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(cell) = cell {
        let _ = cell.focus();
    }
}
