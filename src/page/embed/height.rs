//! Tells the page around how high the view is.

use crate::page::dom;
use wasm_bindgen::prelude::*;
use yew::prelude::*;

/// Posts `{ type: "dockerfile-lab", height }` to the parent window, now and whenever the height changes.
#[hook]
pub(super) fn use_height(node: &NodeRef) {
    let node = node.clone();
    use_effect_with((), move |()| {
        let watch = node.cast::<web_sys::Element>().and_then(watch);
        move || {
            if let Some((observer, _closure)) = watch {
                observer.disconnect();
            }
        }
    });
}

type Watch = (web_sys::ResizeObserver, Closure<dyn FnMut(js_sys::Array)>);

fn watch(element: web_sys::Element) -> Option<Watch> {
    let watched = element.clone();
    let closure =
        Closure::<dyn FnMut(js_sys::Array)>::new(move |_: js_sys::Array| post(element.scroll_height()));
    let observer = web_sys::ResizeObserver::new(closure.as_ref().unchecked_ref()).ok()?;
    observer.observe(&watched);
    Some((observer, closure))
}

fn post(height: i32) {
    let Ok(Some(parent)) = dom::window().parent() else { return };
    if parent == dom::window() || height == 0 {
        return;
    }
    let message = js_sys::Object::new();
    let _ = js_sys::Reflect::set(&message, &"type".into(), &"dockerfile-lab".into());
    let _ = js_sys::Reflect::set(&message, &"height".into(), &height.into());
    // A height is no secret, and any page may embed the lab.
    let _ = parent.post_message(&message, "*");
}
