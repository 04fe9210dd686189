//! Keeps the focus of those who work by keyboard: what goes away with the focus in it leaves it to the region around.
//!
//! A browser lets the focus fall back to the whole page when the element that has it is taken away, hidden or disabled;
//! the next Tab then begins at the top. Nothing here knows what the regions are for.

use super::dom;
use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// An element that tells whether it is seen.
    type Seen;
    #[wasm_bindgen(method, js_name = checkVisibility)]
    fn check_visibility(this: &Seen) -> bool;
}

/// Who had the focus last.
#[derive(Clone, Default)]
struct Last {
    element: Option<Element>,
    /// The region that it was in, or the one before if it was in none, as messages and dialogs are.
    region: Option<HtmlElement>,
}

/// To ask whether an element is seen has the browser style the page anew. Who types is not asked about at every key, and
/// one timer serves for all keys that are typed until it is up.
const AFTER_TYPING_MS: u32 = 400;

/// After each drawing gives the focus to the last region, if it was lost.
#[hook]
pub(super) fn use_kept_focus() {
    let last = use_mut_ref(Last::default);
    let later = use_mut_ref(|| None::<Timeout>);
    {
        let last = last.clone();
        use_effect_with((), move |()| {
            let listeners = follow(&last);
            move || drop(listeners)
        });
    }
    use_effect(move || {
        let look = {
            let (last, later) = (last.clone(), later.clone());
            move || {
                *later.borrow_mut() = None;
                // Given away as a copy: giving the focus calls the listeners above.
                let last = last.borrow().clone();
                recover(&last);
            }
        };
        let active =
            dom::document().active_element().and_then(|active| active.dyn_into::<HtmlElement>().ok());
        if active.is_some_and(|active| active.is_content_editable()) {
            later.borrow_mut().get_or_insert_with(|| Timeout::new(AFTER_TYPING_MS, look));
        } else {
            look();
        }
    });
}

fn follow(last: &Rc<RefCell<Last>>) -> [EventListener; 2] {
    let (coming, going) = (last.clone(), last.clone());
    let document = dom::document();
    [
        EventListener::new(&document, "focusin", move |event| {
            let mut last = coming.borrow_mut();
            last.element = event.target().and_then(|target| target.dyn_into().ok());
            let region =
                last.element.as_ref().and_then(|element| element.closest("[data-region]").ok().flatten());
            if let Some(region) = region.and_then(|region| region.dyn_into().ok()) {
                last.region = Some(region);
            }
        }),
        // Left for nothing by the person, such as with a click beside everything.
        EventListener::new(&document, "pointerdown", move |_| going.borrow_mut().element = None),
    ]
}

fn recover(last: &Last) {
    let Some(element) = &last.element else { return };
    let active = dom::document().active_element();
    let nowhere = active.as_ref().is_none_or(|active| active.tag_name() == "BODY");
    let going = active.as_ref() == Some(element) && (element.has_attribute("disabled") || is_hidden(element));
    if !going && !(nowhere && (!element.is_connected() || is_hidden(element))) {
        return;
    }
    let region = last.region.as_ref().filter(|region| region.is_connected() && !is_hidden(region));
    match region {
        Some(region) => {
            let _ = region.focus();
        }
        None => dom::focus("main"),
    }
}

/// An element without a box. Its size would tell too, at the price of a layout after each drawing.
fn is_hidden(element: &Element) -> bool {
    !element.unchecked_ref::<Seen>().check_visibility()
}
