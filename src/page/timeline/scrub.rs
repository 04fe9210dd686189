//! Dragging over the timeline: every column that the pointer comes to shows its build.
//!
//! With the mouse anywhere on the grid; with a finger on the numbers of the builds, as elsewhere a finger scrolls.

use wasm_bindgen::JsCast;
use web_sys::{Element, PointerEvent};
use yew::prelude::*;

/// The handlers of the grid, and what they share.
pub(super) struct Scrub {
    pub(super) onpointerdown: Callback<PointerEvent>,
    pub(super) onpointermove: Callback<PointerEvent>,
    pub(super) onpointerup: Callback<PointerEvent>,
}

/// Where a drag is.
#[derive(Clone, Copy)]
struct Drag {
    column: usize,
    moved: bool,
}

/// Calls `show` with each column that a drag comes to.
#[hook]
pub(super) fn use_scrub(grid: &NodeRef, columns: usize, show: Callback<usize>) -> Scrub {
    let drag = use_mut_ref(|| None::<Drag>);
    let onpointerdown = {
        let (drag, grid) = (drag.clone(), grid.clone());
        Callback::from(move |event: PointerEvent| {
            let begins = event.is_primary() && event.button() == 0 && may_drag(&event);
            let column = begins.then(|| column_at(&grid, &event, columns)).flatten();
            *drag.borrow_mut() = column.map(|column| Drag { column, moved: false });
        })
    };
    let onpointermove = {
        let (drag, grid) = (drag.clone(), grid.clone());
        Callback::from(move |event: PointerEvent| {
            let Some(before) = *drag.borrow() else { return };
            if event.buttons() & 1 == 0 {
                *drag.borrow_mut() = None;
                return;
            }
            let Some(column) = column_at(&grid, &event, columns).filter(|column| *column != before.column)
            else {
                return;
            };
            if !before.moved
                && let Some(grid) = grid.cast::<Element>()
            {
                // From here on it is no click any more, and goes on outside of the grid.
                let _ = grid.set_pointer_capture(event.pointer_id());
            }
            event.prevent_default();
            *drag.borrow_mut() = Some(Drag { column, moved: true });
            show.emit(column);
        })
    };
    let onpointerup = Callback::from(move |_: PointerEvent| *drag.borrow_mut() = None);
    Scrub { onpointerdown, onpointermove, onpointerup }
}

/// A finger drags on the numbers alone.
fn may_drag(event: &PointerEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let is_head = target.is_some_and(|target| target.closest("[role=columnheader]").ok().flatten().is_some());
    is_head || event.pointer_type() == "mouse"
}

/// The column under the pointer, whichever row it is on.
fn column_at(grid: &NodeRef, event: &PointerEvent, columns: usize) -> Option<usize> {
    let first = grid.cast::<Element>()?.query_selector("[data-at='0 0']").ok().flatten()?;
    let place = first.get_bounding_client_rect();
    let along = (f64::from(event.client_x()) - place.left()) / place.width().max(1.0);
    (along > -0.5).then(|| (along.max(0.0) as usize).min(columns.saturating_sub(1)))
}
