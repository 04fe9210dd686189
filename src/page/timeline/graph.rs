//! The graph of builds above the heat map. It repeats what the columns say, so it is for the eye alone.

use dockerfile_lab_app::lanes::Lanes;
use std::rc::Rc;
use yew::prelude::*;

/// A column is so many units wide, a lane so many high.
const COLUMN: u32 = 40;
const LANE: u32 = 16;

#[derive(Properties, PartialEq)]
pub(super) struct GraphProps {
    pub(super) lanes: Rc<Lanes>,
    pub(super) head: Option<u32>,
    /// With that of the preview.
    pub(super) columns: u32,
}

fn x(column: u32) -> u32 {
    column * COLUMN + COLUMN / 2
}

fn y(lane: u32) -> u32 {
    lane * LANE + 10
}

/// The graph.
#[component]
pub(super) fn Graph(props: &GraphProps) -> Html {
    let lanes = &props.lanes;
    let (width, height) = (props.columns * COLUMN, lanes.lanes.max(1) * LANE + 8);
    let now = props.columns - 1;
    let head = lanes.dots.iter().find(|dot| Some(dot.number) == props.head);
    html! {
        <svg class="lane" viewBox={format!("0 0 {width} {height}")} aria-hidden="true" ~style={format!("--gh:{height}px")}>
            { for lanes.lines.iter().map(|(from, to)| {
                let (from, to) = (lanes.dots[*from], lanes.dots[*to]);
                html! { <path d={way(from.column, from.lane, to.column, to.lane)}/> }
            }) }
            if let Some(head) = head { <path class="now" d={way(head.column, head.lane, now, 0)}/> }
            { for lanes.dots.iter().map(|dot| html! {
                <circle class={(dot.lane > 0).then_some("side")} cx={x(dot.column).to_string()} cy={y(dot.lane).to_string()} r="4"/>
            }) }
            <circle class="now" cx={x(now).to_string()} cy={y(0).to_string()} r="4.5"/>
        </svg>
    }
}

/// A line that leaves its lane right after the first dot.
fn way(from: u32, from_lane: u32, to: u32, to_lane: u32) -> String {
    let (x1, y1, x2, y2) = (x(from), y(from_lane), x(to), y(to_lane));
    if y1 == y2 {
        return format!("M{x1} {y1}H{x2}");
    }
    let bend = x1 + COLUMN;
    format!("M{x1} {y1}C{} {y1} {} {y2} {bend} {y2}H{x2}", x1 + COLUMN / 2, x1 + COLUMN / 2)
}
