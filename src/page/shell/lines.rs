//! What the shell shows: lines that were typed, output, remarks of the lab.

use crate::page::hub::Words;
use dockerfile_lab_app::model::{Entry, Note, Shell};
use lab_session::protocol::OutputPiece;
use yew::prelude::*;

/// Lines of a block: a browser draws those that are in sight.
const BLOCK: usize = 100;

/// All of it.
pub(super) fn lines(words: Words, shell: &Shell) -> Vec<Html> {
    let mut shown = Vec::new();
    for entry in &shell.entries {
        match entry {
            Entry::Typed { prompt, text } => shown.push(html! {
                <div class="sh-typed"><b>{ prompt.clone() }</b><code>{ text.clone() }</code></div>
            }),
            Entry::Output(piece) => output(words, piece, &mut shown),
            Entry::Note(note) => shown.push(html! { <p class="sh-note">{ remark(words, note) }</p> }),
        }
    }
    for piece in &shell.live {
        output(words, piece, &mut shown);
    }
    shown
}

/// Output in blocks. What went to the standard error has a rule beside it, and a word for those who do not see it.
fn output(words: Words, piece: &OutputPiece, shown: &mut Vec<Html>) {
    let class = if piece.error { "sh-out sh-err" } else { "sh-out" };
    let mut rest = piece.text.as_str();
    let mut first = true;
    while !rest.is_empty() {
        let end = rest.match_indices('\n').nth(BLOCK - 1).map_or(rest.len(), |(at, _)| at + 1);
        let (block, others) = rest.split_at(end);
        rest = others;
        let count = block.lines().count();
        let text = block.strip_suffix('\n').unwrap_or(block).to_owned();
        shown.push(html! {
            <div {class} ~style={format!("--lines:{count}")}>
                if piece.error && first { <span class="sr">{ words.t("shell.stderr") }{ " " }</span> }{ text }
            </div>
        });
        first = false;
    }
}

fn remark(words: Words, note: &Note) -> String {
    match note {
        Note::Limit(limit) => words.with("shell.limit", &[("limit", limit)]),
        Note::Stopped => words.t("shell.stopped").to_owned(),
        Note::Modelled(names) => words.with("shell.modelled", &[("names", names)]),
        Note::Unknown(names) => words.with("shell.unknown", &[("names", names)]),
        Note::Offer(found) => found.clone(),
        Note::Ended(status) => words.with("shell.ended", &[("status", &status.to_string())]),
        Note::Lost => words.t("shell.lost").to_owned(),
        Note::Reopened => words.t("shell.reopened").to_owned(),
    }
}
