//! The heat map: a grid with one stop for Tab, arrows within, Enter to look at a build.

use super::rows::{CellRow, HeadRow, SecondsRows};
use super::scrub::{Scrub, use_scrub};
use crate::page::hub::{use_hub, use_words};
use crate::page::keys;
use dockerfile_lab_app::heat;
use dockerfile_lab_app::model::{Action, Tab};
use dockerfile_lab_app::shared::Shared;
use lab_session::protocol::{BuildView, LiveCell, TimelineView};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct GridProps {
    pub(super) timeline: Shared<TimelineView>,
    pub(super) now: Shared<Vec<LiveCell>>,
    pub(super) preview: Option<Shared<BuildView>>,
    pub(super) looking_at: Option<u32>,
    pub(super) first_given: bool,
}

/// The grid.
#[component]
pub(super) fn Grid(props: &GridProps) -> Html {
    let hub = use_hub();
    let words = use_words();
    let grid = use_node_ref();
    let timeline = &props.timeline;
    let drawn = use_memo((timeline.clone(), props.now.clone()), |(timeline, now)| {
        heat::rows(timeline.rows.len(), now)
    });
    let (rows, columns) = (drawn.len(), timeline.builds.len() + 1);
    // Row 0 holds the numbers of the builds.
    let spot = use_state(|| (0usize, usize::MAX));
    let (row_at, column_at) = (spot.0.min(rows), spot.1.min(columns - 1));
    let choose = {
        let (hub, timeline, drawn) = (hub.clone(), timeline.clone(), drawn.clone());
        Callback::from(move |(row, column): (usize, usize)| {
            let build = timeline.builds.get(column);
            keys::inspect(&hub, build.map(|build| build.number));
            let Some(row) = row.checked_sub(1).and_then(|row| drawn.get(row)) else { return };
            let step = match build {
                Some(build) => {
                    build.cells.iter().find(|cell| Some(cell.row as usize) == row.known).map(|cell| cell.step)
                }
                None => row.now.map(|(step, _)| step),
            };
            if let Some(id) = step {
                // By its text, as the build comes later.
                hub.act(Action::SelectText { id, text: row.text(&timeline.rows).to_owned() });
                hub.act(Action::Tab(Tab::Why));
            }
        })
    };
    // Shows a build without choosing a row: a drag goes over the builds as a replay does.
    let show = {
        let (hub, timeline, spot, grid) = (hub.clone(), timeline.clone(), spot.clone(), grid.clone());
        Callback::from(move |column: usize| {
            keys::inspect(&hub, timeline.builds.get(column).map(|build| build.number));
            spot.set((row_at, column));
            focus(&grid, (row_at, column));
        })
    };
    let Scrub { onpointerdown, onpointermove, onpointerup } = use_scrub(&grid, columns, show.clone());
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
            if next.0 == 0 && row_at == 0 && next.1 != column_at {
                // Along the numbers of the builds the arrows replay them.
                show.emit(next.1);
                return;
            }
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
    let looked =
        props.looking_at.and_then(|number| timeline.builds.iter().position(|build| build.number == number));
    let looked = looked.unwrap_or(columns - 1);
    let build = props.preview.as_ref().filter(|build| !build.empty);
    let hits = build.map_or((0, 0), |build| (build.totals.hits, build.totals.steps));
    let focus_in = |row: usize| (row == row_at).then_some(column_at);
    html! {
        <div class="grid" role="grid" aria-label={words.t("timeline.grid")} aria-rowcount={(rows + 1).to_string()}
            aria-colcount={(columns + 1).to_string()} ref={grid} {onkeydown} {onclick}
            {onpointerdown} {onpointermove} onpointerup={onpointerup.clone()} onpointercancel={onpointerup}>
            <HeadRow timeline={timeline.clone()} {hits} {looked} focus={focus_in(0)} first_given={props.first_given} />
            { for drawn.iter().enumerate().map(|(at, row)| {
                let key = row.known.map_or_else(|| format!("new {at}"), |row| row.to_string());
                html! { <CellRow {key} timeline={timeline.clone()} row={row.clone()} {at} {looked} focus={focus_in(at + 1)} /> }
            }) }
            <SecondsRows timeline={timeline.clone()} now={build.map(|build| build.totals.seconds)} />
        </div>
    }
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
