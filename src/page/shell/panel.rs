//! The panel: where the shell is, the log, the prompt at its end, and what changed.

use super::changes::changes;
use super::head::ShellProps;
use super::keys::press;
use super::lines::lines;
use super::{focus_line, open};
use crate::page::hub::{Hub, Words, use_hub, use_words};
use dockerfile_lab_app::model::Shell;
use dockerfile_lab_app::wording;
use yew::prelude::*;

/// The panel.
#[component]
pub(in crate::page) fn ShellPanel(props: &ShellProps) -> Html {
    let hub = use_hub();
    let words = use_words();
    let history = use_state(|| None::<usize>);
    let scroller = use_node_ref();
    let shell = &props.shell;
    {
        let is_open = shell.prompt.is_some();
        use_effect_with((shell.number, is_open), move |_| focus_line());
    }
    {
        let scroller = scroller.clone();
        use_effect_with(shell.clone(), move |_| {
            if let Some(element) = scroller.cast::<web_sys::Element>() {
                element.set_scroll_top(element.scroll_height());
            }
        });
    }
    let onkeydown = {
        let (hub, shell, history) = (hub.clone(), shell.clone(), history.clone());
        Callback::from(move |event: KeyboardEvent| {
            if press(&hub, &shell, &history, &event) {
                event.prevent_default();
                // The keys of the page have another use for some of them.
                event.stop_propagation();
            }
        })
    };
    let onclick = Callback::from(|_: MouseEvent| {
        let selection = crate::page::dom::window().get_selection().ok().flatten();
        // Whoever marks a text wants to copy it.
        if selection.is_none_or(|selection| selection.is_collapsed()) {
            focus_line();
        }
    });
    html! {
        <div class="sh" id="log-panel" role="tabpanel" aria-label={words.t("shell.title")}>
            <div class="log sh-log" ref={scroller} tabindex="-1" {onclick}>
                { place(words, shell) }
                <div role="log" aria-label={words.t("shell.log")} aria-busy={shell.busy.to_string()}>{ for lines(words, shell) }</div>
                if shell.ended { { again(&hub, words, shell) } } else {
                    <label class={classes!("sh-line", shell.busy.then_some("busy"))}>
                        <b aria-hidden="true">{ if shell.busy { String::new() } else { shell.sign() } }</b>
                        <textarea class="sh-in" rows="1" spellcheck="false" autocapitalize="off" autocomplete="off" autocorrect="off" enterkeyhint="send"
                            aria-label={words.t("shell.line")} aria-describedby="sh-hint" readonly={shell.busy} {onkeydown} />
                    </label>
                    if shell.busy { <p class="sh-note" role="status">{ words.t(if shell.prompt.is_some() { "shell.running" } else { "shell.opening" }) }</p> }
                }
                <span id="sh-hint" class="sr">{ words.t("shell.hint") }</span>
            </div>
            { foot(words, shell) }
        </div>
    }
}

/// In which state the shell is, and that nothing stays.
fn place(words: Words, shell: &Shell) -> Html {
    let view = &shell.view;
    let (key, code) = match (&view.before, view.failed) {
        (Some(before), _) => ("shell.before", before.clone()),
        (None, true) => ("shell.above", wording::short_code(&view.text)),
        (None, false) => ("shell.result", wording::short_code(&view.text)),
    };
    html! {
        <p class="sh-where">
            { words.t(key) }{ " " }<code title={view.text.clone()}>{ code }</code>{ ". " }<span>{ words.t("shell.thrownAway") }</span>
            if !view.mounts.is_empty() { <span>{ " " }{ words.with("shell.mounts", &[("paths", &view.mounts.join(", "))]) }</span> }
        </p>
    }
}

/// `$?`, who types, and what changed.
fn foot(words: Words, shell: &Shell) -> Html {
    let Some(prompt) = &shell.prompt else { return Html::default() };
    let class = if prompt.status == 0 { "sh-status" } else { "sh-status failed" };
    html! {
        <footer class="sh-foot">
            <span {class} title={words.t("shell.status")}><span class="sr">{ words.t("shell.status") }{ " " }</span><code aria-hidden="true">{ "$? " }</code>{ prompt.status }</span>
            <span class="quiet">{ format!("{} · {}", prompt.user, shell.view.program) }</span>
            { changes(words, prompt) }
        </footer>
    }
}

/// A shell that has ended can be opened anew.
fn again(hub: &Hub, words: Words, shell: &Shell) -> Html {
    let (hub, step) = (hub.clone(), shell.view.step);
    let onclick = Callback::from(move |_: MouseEvent| open(&hub, step));
    html! { <p class="sh-note"><button type="button" class="btn tight line" {onclick}>{ words.t("shell.again") }</button></p> }
}
