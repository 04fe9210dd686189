//! What differs in the filesystem from how it was when the shell was opened.

use crate::page::hub::Words;
use lab_session::protocol::{LayerChange, LayerChangeKind, ShellPrompt};
use yew::prelude::*;

/// The count, and the list for those who open it.
pub(super) fn changes(words: Words, prompt: &ShellPrompt) -> Html {
    if prompt.changed == 0 {
        return html! { <span class="quiet">{ words.t("shell.unchanged") }</span> };
    }
    let key = if prompt.changed == 1 { "shell.changedOne" } else { "shell.changed" };
    let hidden = prompt.changed as usize - prompt.changes.len();
    html! {
        <details class="sh-changed">
            <summary>{ words.with(key, &[("n", &prompt.changed.to_string())]) }</summary>
            <ul>
                { for prompt.changes.iter().map(|change| row(words, change)) }
                if hidden > 0 { <li class="quiet">{ words.with("files.more", &[("n", &hidden.to_string())]) }</li> }
            </ul>
        </details>
    }
}

fn row(words: Words, change: &LayerChange) -> Html {
    let (class, letter, name) = match change.kind {
        LayerChangeKind::Added => ("ad", "A", words.t("files.kindAdded")),
        LayerChangeKind::Modified => ("md", "C", words.t("files.kindModified")),
        LayerChangeKind::Deleted => ("rm", "D", words.t("files.kindDeleted")),
    };
    html! { <li {class}><abbr title={name}>{ letter }</abbr><code>{ change.path.clone() }</code></li> }
}
