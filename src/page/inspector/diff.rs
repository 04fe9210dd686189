//! The lines in which a file changed, with the words that differ.

use crate::page::hub::Words;
use dockerfile_lab_app::figure;
use lab_session::protocol::{DiffKind, DiffLine};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct DiffProps {
    pub(super) path: AttrValue,
    pub(super) before: f64,
    pub(super) after: f64,
    pub(super) lines: Vec<DiffLine>,
    /// What stands beside the path in the place of counts.
    pub(super) hint: Option<AttrValue>,
}

/// The block.
#[inline(never)]
pub(super) fn diff_block(words: Words, props: &DiffProps) -> Html {
    let changed = |kind: DiffKind| props.lines.iter().filter(|line| line.kind == kind).count();
    let count = changed(DiffKind::Added).max(changed(DiffKind::Removed));
    let key = if count == 1 { "diff.line" } else { "diff.lines" };
    let counts =
        words.with(key, &[("n", &count.to_string()), ("bytes", &figure::delta(props.before, props.after))]);
    html! {
        <section>
            <h2 class="h">{ props.path.clone() }<span>{ for props.hint.iter().map(|hint| format!("{hint} · ")) }{ counts }</span></h2>
            <ol class="diff" tabindex="0" aria-label={words.with("diff.label", &[("path", &props.path)])}>
                { for props.lines.iter().map(line) }
            </ol>
        </section>
    }
}

fn line(line: &DiffLine) -> Html {
    let (class, sign) = match line.kind {
        DiffKind::Same => ("", " "),
        DiffKind::Removed => ("del", "−"),
        DiffKind::Added => ("add", "+"),
        DiffKind::Gap => return html! { <li class="gap"><i></i><i></i><code>{ "⋯" }</code></li> },
    };
    let (before, marked, after) = split(&line.text, line.from as usize, line.to as usize);
    html! {
        <li {class}>
            <i>{ line.line }</i><i>{ sign }</i>
            <code>{ before }if !marked.is_empty() { <u>{ marked }</u> }{ after }</code>
        </li>
    }
}

/// Cuts a text at UTF-16 offsets.
fn split(text: &str, from: usize, to: usize) -> (String, String, String) {
    let units: Vec<u16> = text.encode_utf16().collect();
    let (from, to) = (from.min(units.len()), to.min(units.len()).max(from.min(units.len())));
    let cut = |range: &[u16]| String::from_utf16_lossy(range);
    (cut(&units[..from]), cut(&units[from..to]), cut(&units[to..]))
}
