//! Several tabs with one project: what this tab is asked by another, and what it says to the person.

use super::boot;
use super::hub::{Hub, Words, use_hub, use_words};
use crate::lab::{store, tabs};
use dockerfile_lab_app::locale::t;
use dockerfile_lab_app::model::Action;
use yew::prelude::*;

/// How often, and how many times, is looked whether a project is open: some seconds.
const LOOK_EVERY_MS: u32 = 20;
const MOST_LOOKS: u32 = 500;

/// What another tab asks of this one is done by this.
pub(super) fn hears(hub: &Hub) -> tabs::Hears {
    let hub = hub.clone();
    Box::new(move |what| tabs::promised(hear(hub.clone(), what)))
}

/// Does what is asked; gives whether it was done.
#[inline(never)]
async fn hear(hub: Hub, what: String) -> bool {
    match what.as_str() {
        "store" => hub.lab().store_all().await,
        // That tab had it before it was loaded anew: it gets it back, if nothing was done here.
        "back" if hub.lab().is_touched() => false,
        "take" | "back" => {
            let turn = tabs::turn();
            let stored = hub.lab().store_all().await;
            if stored && tabs::turn() == turn {
                hub.lab().leave_to_other();
                show(&hub);
            }
            stored
        }
        "lost" => {
            tabs::watch();
            show(&hub);
            hub.lab().store_what_is_touched();
            true
        }
        "free" => inherit(&hub).await,
        _ => false,
    }
}

/// Shows whether another tab writes the project.
pub(super) fn show(hub: &Hub) {
    hub.act(Action::Watching(tabs::watches()));
}

/// Goes on with a project that no other tab writes any more, as that one left it.
async fn inherit(hub: &Hub) -> bool {
    let turn = tabs::turn();
    opened(hub).await;
    let found = store::read(store::again().await).await;
    // It may have gone to another tab since; and what was done here meanwhile becomes a project of its own.
    if tabs::turn() != turn || hub.lab().is_touched() {
        return false;
    }
    tabs::write();
    let read = boot::catch_up(hub, found).await;
    show(hub);
    read
}

/// Waits until the page has opened what it began with, which may be older than what is read now.
async fn opened(hub: &Hub) {
    for _ in 0..MOST_LOOKS {
        if hub.lab().at_hand().is_some() {
            return;
        }
        tabs::pause(LOOK_EVERY_MS).await;
    }
}

/// Shows what the tab that writes the project has stored since; for a tab that the person comes back to.
pub(super) fn look_again(hub: &Hub) {
    if tabs::watches() {
        wasm_bindgen_futures::spawn_local(see(hub.clone()));
    }
}

#[inline(never)]
async fn see(hub: Hub) {
    opened(&hub).await;
    let turn = tabs::turn();
    let found = store::read(store::of_other().await).await;
    if tabs::turn() == turn && !hub.lab().is_touched() {
        boot::catch_up(&hub, found).await;
    }
}

/// Takes the project over from the tab that writes it.
#[inline(never)]
async fn work_here(hub: Hub) {
    if !tabs::take_over().await {
        hub.warn(t(hub.model().0.lang, "tabs.kept"));
    } else if inherit(&hub).await {
        hub.say(t(hub.model().0.lang, "tabs.here"));
    }
}

/// Says that another tab writes the project, and what can be done about it.
#[component]
pub(super) fn TabsBar() -> Html {
    let hub = use_hub();
    let words = use_words();
    let take = {
        let hub = hub.clone();
        Callback::from(move |_: MouseEvent| wasm_bindgen_futures::spawn_local(work_here(hub.clone())))
    };
    let copy = Callback::from(move |_: MouseEvent| hub.lab().copy_apart());
    bar(words, take, copy)
}

#[inline(never)]
fn bar(words: Words, take: Callback<MouseEvent>, copy: Callback<MouseEvent>) -> Html {
    html! {
        <section class="tabs-bar" data-region="" tabindex="-1" aria-label={words.t("tabs.label")}>
            <p role="status"><b>{ words.t("tabs.open") }</b>{ " " }<span>{ words.t("tabs.rule") }</span></p>
            <button type="button" class="btn tight main" onclick={take}>{ words.t("tabs.workHere") }</button>
            <button type="button" class="btn tight line" onclick={copy}>{ words.t("tabs.copy") }</button>
        </section>
    }
}
