//! A media query as a value that components follow.

use super::dom;
use gloo::events::EventListener;
use yew::prelude::*;

/// Whether a media query holds now.
#[hook]
pub(super) fn use_media(query: &'static str) -> bool {
    let holds = use_state_eq(|| dom::media(query));
    {
        let holds = holds.clone();
        use_effect_with((), move |()| {
            let list = dom::window().match_media(query).ok().flatten();
            let listener = list.map(|list| {
                let target = list.clone();
                EventListener::new(&target, "change", move |_| holds.set(list.matches()))
            });
            move || drop(listener)
        });
    }
    *holds
}
