//! The root: holds the model and the lab, and shows the whole page or the small view for other pages.

use super::boot;
use super::dom;
use super::embed::EmbedView;
use super::focus::use_kept_focus;
use super::frame::Frame;
use super::hub::{Hub, Store, Words};
use super::keys;
use super::parts::Sprite;
use crate::lab::{Keep, Lab, LabStatus};
use dockerfile_lab_app::errors;
use dockerfile_lab_app::locale::t;
use dockerfile_lab_app::model::{Action, Model};
use dockerfile_lab_app::shared::Shared;
use gloo::events::{EventListener, EventListenerOptions};
use gloo::timers::callback::Timeout;
use lab_session::protocol::{Reply, Request};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use yew::prelude::*;

/// The page.
#[component]
pub(crate) fn App() -> Html {
    let query = use_memo((), |()| boot::asked_params());
    let store = use_reducer_eq(|| Store(Shared::new(boot::settings(&query))));
    let hub = {
        let dispatch = store.dispatcher();
        let keep = if query.embed { Keep::Here } else { Keep::Stored };
        use_memo((), move |()| start(dispatch, keep))
    };
    hub.remember(&store);
    {
        let (hub, query) = (hub.clone(), query.clone());
        use_effect_with((), move |()| {
            boot::open(&hub, &query);
            let listeners = listen(&hub);
            move || drop(listeners)
        });
    }
    let model = &store.0;
    use_appearance(model);
    use_kept_focus();
    use_questions(&hub, model);
    let words = Words(model.lang);
    let view = if query.embed {
        html! { <EmbedView model={model.clone()} params={(*query).clone()} /> }
    } else {
        html! { <Frame model={model.clone()} /> }
    };
    html! {
        <ContextProvider<Hub> context={(*hub).clone()}>
            <ContextProvider<Words> context={words}>
                <Sprite />
                { view }
            </ContextProvider<Words>>
        </ContextProvider<Hub>>
    }
}

/// Starts the worker and leads what it says into the reducer.
fn start(dispatch: UseReducerDispatcher<Store>, keep: Keep) -> Hub {
    // The hub needs the lab, whose callbacks need the hub.
    let slot: Rc<RefCell<Option<Hub>>> = Rc::default();
    let (on_reply, on_status) = (slot.clone(), slot.clone());
    let lab = Lab::start(
        Callback::from(move |mut reply: Reply| {
            let hub = on_reply.borrow().clone();
            if let Some(hub) = hub {
                hub.hear(&mut reply);
                hub.act(Action::Reply(reply));
            }
        }),
        Callback::from(move |status: LabStatus| {
            let hub = on_status.borrow().clone();
            if let Some(hub) = hub {
                tell(&hub, status);
            }
        }),
        keep,
    );
    let hub = Hub::new(lab, dispatch);
    *slot.borrow_mut() = Some(hub.clone());
    hub
}

/// Says what the person should know about the worker and the store.
fn tell(hub: &Hub, status: LabStatus) {
    match status {
        LabStatus::Ready | LabStatus::Stored => {}
        LabStatus::Busy(busy) => hub.act(Action::Busy(busy)),
        trouble => tell_trouble(hub, trouble),
    }
}

#[inline(never)]
fn tell_trouble(hub: &Hub, status: LabStatus) {
    let lang = hub.model().0.lang;
    match status {
        LabStatus::Ready | LabStatus::Stored | LabStatus::Busy(_) => {}
        LabStatus::Stopped => {
            hub.say(t(lang, "toast.stopped"));
            restore_shell(hub);
        }
        // The words of www/split/parts.js.
        LabStatus::Recovered { message } if message.contains("part/unreachable") => {
            hub.warn(t(lang, "toast.partUnreachable"));
        }
        LabStatus::Recovered { message } => {
            hub.warn(format!("{} {message}", t(lang, "toast.recovered")));
            restore_shell(hub);
        }
        LabStatus::Dead { message } => hub.warn(format!("{} {message}", t(lang, "toast.dead"))),
        LabStatus::MixedVersions => hub.warn(t(lang, "toast.mixedVersions")),
        LabStatus::Apart => {
            super::tabs::show(hub);
            hub.say(t(lang, "toast.apart"));
        }
        LabStatus::LayersNotStored => hub.warn(t(lang, "toast.imageNotStored")),
        LabStatus::Former(former) => hub.offer_back(*former, t(lang, "toast.former").to_owned()),
        LabStatus::NotStored { message } => {
            let why = errors::of_store(lang, &message);
            hub.warn(format!("{} {why}", t(lang, "toast.notStored")));
        }
    }
}

fn restore_shell(hub: &Hub) {
    if hub.model().0.shell.is_some() {
        super::shell::restore(hub);
    }
}

/// The keys of the page, and the last moment to store.
fn listen(hub: &Hub) -> Vec<EventListener> {
    let window = dom::window();
    let for_keys = hub.clone();
    let for_hiding = hub.clone();
    let for_leaving = hub.clone();
    let for_links = hub.clone();
    let for_drops = hub.clone();
    let for_news = hub.clone();
    let for_return = hub.clone();
    vec![
        EventListener::new_with_options(
            &window,
            "keydown",
            EventListenerOptions::enable_prevent_default(),
            move |event| {
                if let Some(event) = event.dyn_ref::<web_sys::KeyboardEvent>()
                    && !event.default_prevented()
                    && keys::press(&for_keys, event)
                {
                    event.prevent_default();
                }
            },
        ),
        EventListener::new_with_options(
            &window,
            "dragover",
            EventListenerOptions::enable_prevent_default(),
            |event| {
                // Else the browser would leave the page for the file.
                event.prevent_default();
            },
        ),
        EventListener::new_with_options(
            &window,
            "drop",
            EventListenerOptions::enable_prevent_default(),
            move |event| {
                if let Some(event) = event.dyn_ref::<web_sys::DragEvent>()
                    && !event.default_prevented()
                {
                    event.prevent_default();
                    super::context::dropped(&for_drops, event, Words(for_drops.model().0.lang));
                }
            },
        ),
        EventListener::new(&window, "pagehide", move |_| {
            for_hiding.lab().flush();
            super::shell::leave(&for_hiding);
        }),
        // A phone may end a page that is not seen without another word.
        EventListener::new(&dom::document(), "visibilitychange", move |_| {
            if dom::document().hidden() {
                for_leaving.lab().flush();
            }
        }),
        EventListener::new(&window, "hashchange", move |_| boot::follow(&for_links)),
        EventListener::new(&window, "focus", move |_| super::tabs::look_again(&for_news)),
        EventListener::new(&window, "pageshow", move |event| {
            // What comes back out of the browser's memory has no lock any more, and may be old.
            let persisted =
                event.dyn_ref::<web_sys::PageTransitionEvent>().is_some_and(|event| event.persisted());
            if persisted && !for_return.lab().is_embedded() {
                let _ = dom::window().location().reload();
            }
        }),
    ]
}

/// Puts language, theme and density on the root element, and remembers them.
#[hook]
fn use_appearance(model: &Model) {
    use_effect_with((model.lang, model.theme.clone(), model.dense), |(lang, theme, dense)| {
        if let Some(root) = dom::document().document_element() {
            let _ = root.set_attribute("lang", lang.tag());
            // For www/split/parts.js, which has no texts.
            let _ = root.set_attribute("data-unreachable", t(*lang, "error.partUnreachable"));
            for (name, value) in
                [("data-theme", theme.as_str()), ("data-density", if *dense { "dense" } else { "" })]
            {
                let _ = match value {
                    "" => root.remove_attribute(name),
                    value => root.set_attribute(name, value),
                };
            }
        }
    });
}

/// A person rests so long before the inspector asks for what costs builds of its own.
const ASK_AFTER_MS: u32 = 160;

/// Asks the session for what is shown and has not come, and says what could not be done.
#[hook]
fn use_questions(hub: &Hub, model: &Model) {
    {
        let hub = hub.clone();
        use_effect_with((model.wanted(), model.stamp, model.looking_at()), move |(wanted, _, _)| {
            let wanted = wanted.clone();
            let timer = wanted.map(|query| {
                Timeout::new(ASK_AFTER_MS, move || {
                    hub.send(Request::Query { query });
                })
            });
            move || drop(timer)
        });
    }
    {
        let hub = hub.clone();
        let asked = use_mut_ref(|| 0u32);
        let missing: Vec<String> =
            model.tabs.iter().filter(|path| !model.files.contains_key(*path)).cloned().collect();
        use_effect_with((model.epoch, model.tabs.clone(), missing), move |(epoch, tabs, missing)| {
            // After a change from elsewhere every open file may be another.
            let all = std::mem::replace(&mut *asked.borrow_mut(), *epoch) != *epoch;
            for path in if all { tabs } else { missing } {
                hub.send(Request::ReadFile { path: path.clone() });
            }
        });
    }
    {
        let (hub, lang) = (hub.clone(), model.lang);
        use_effect_with(model.failure.clone(), move |failure| {
            if let Some((_, error)) = failure {
                hub.warn(errors::sentence(lang, error));
            }
        });
    }
}
