//! What can be done with the whole shell: stopped, copied, cleared, closed.

use super::close;
use crate::page::hub::{use_hub, use_words};
use crate::page::parts::{CopyButton, icon};
use dockerfile_lab_app::model::{Action, Shell, ShellAct};
use dockerfile_lab_app::shared::Shared;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(in crate::page) struct ShellProps {
    pub(in crate::page) shell: Shared<Shell>,
}

/// The buttons.
#[component]
pub(in crate::page) fn ShellHead(props: &ShellProps) -> Html {
    let hub = use_hub();
    let words = use_words();
    let shell = &props.shell;
    let stop = {
        let hub = hub.clone();
        Callback::from(move |_: MouseEvent| hub.lab().stop())
    };
    let clear = {
        let hub = hub.clone();
        Callback::from(move |_: MouseEvent| hub.act(Action::Shell(ShellAct::Clear)))
    };
    let shut = Callback::from(move |_: MouseEvent| close(&hub));
    html! {
        <div class="sh-head">
            if shell.busy { <button type="button" class="btn tight line stop" onclick={stop}>{ icon("stop") }{ words.t("top.stop") }</button> }
            <CopyButton text={shell.transcript()} label={words.t("copy.label")} />
            <button type="button" class="btn tight wide" disabled={shell.entries.is_empty()} onclick={clear} title="Ctrl+L">{ words.t("shell.clear") }</button>
            <button type="button" class="btn tight icon" aria-label={words.t("shell.close")} title={words.t("shell.close")} onclick={shut}>{ icon("close") }</button>
        </div>
    }
}
