//! Short messages that go by themselves.

use crate::page::hub::{use_hub, use_words};
use crate::page::parts::small_icon;
use dockerfile_lab_app::model::{Action, TakeBack, Toast};
use gloo::timers::callback::Timeout;
use yew::prelude::*;

/// Long enough to read and to reach for the button.
const SHOWN_MS: u32 = 7_000;
/// What brings a whole project or a shell back stays longer: nothing else does.
const PROJECT_SHOWN_MS: u32 = 30_000;

#[derive(Properties, PartialEq)]
pub(in crate::page) struct ToastsProps {
    pub(in crate::page) toasts: Vec<Toast>,
}

/// The messages. The list is always there, so that what comes into it is read aloud.
#[component]
pub(in crate::page) fn Toasts(props: &ToastsProps) -> Html {
    html! {
        <div class="toasts" role="status" aria-live="polite">
            { for props.toasts.iter().map(|toast| html! { <ToastLine key={toast.id} toast={toast.clone()} /> }) }
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct ToastProps {
    toast: Toast,
}

#[component]
fn ToastLine(props: &ToastProps) -> Html {
    let hub = use_hub();
    let words = use_words();
    let toast = &props.toast;
    let id = toast.id;
    let held = use_state(|| false);
    let lasts = matches!(toast.undo, Some(TakeBack::Project | TakeBack::Shell));
    let shown = if lasts { PROJECT_SHOWN_MS } else { SHOWN_MS };
    let label = if toast.undo == Some(TakeBack::Shell) { "shell.again" } else { "toast.undo" };
    {
        let hub = hub.clone();
        use_effect_with(*held, move |held| {
            let timer = (!*held).then(|| Timeout::new(shown, move || hub.act(Action::DropToast(id))));
            move || drop(timer)
        });
    }
    let hold = |value: bool| {
        let held = held.clone();
        move || held.set(value)
    };
    let (over, out, focus, blur) = (hold(true), hold(false), hold(true), hold(false));
    let drop_it = {
        let hub = hub.clone();
        Callback::from(move |_: MouseEvent| hub.act(Action::DropToast(id)))
    };
    let undo = toast.undo.map(|what| {
        let hub = hub.clone();
        Callback::from(move |_: MouseEvent| {
            hub.take_back(what);
            hub.act(Action::DropToast(id));
        })
    });
    html! {
        <div class={classes!("toast", toast.alarm.then_some("alarm"))} onmouseenter={move |_| over()} onmouseleave={move |_| out()}
            onfocusin={move |_| focus()} onfocusout={move |_| blur()}>
            <span>{ toast.text.clone() }</span>
            if let Some(onclick) = undo { <button type="button" class="btn tight line" {onclick}>{ words.t(label) }</button> }
            <button type="button" class="btn tight icon" aria-label={words.t("dialog.close")} onclick={drop_it}>{ small_icon("close") }</button>
        </div>
    }
}
