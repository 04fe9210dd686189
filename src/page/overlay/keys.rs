//! All keys.

use super::dialog::Modal;
use crate::page::dom;
use crate::page::hub::Words;
use yew::prelude::*;

/// The dialog.
pub(super) fn keys_dialog(words: Words) -> Html {
    let (command, option, shift) =
        if dom::is_mac() { ("⌘", "⌥", "⇧") } else { ("Ctrl+", "Alt+", "Shift+") };
    let rows = [
        (format!("{command}Enter"), words.t("keys.build")),
        (format!("{command}{shift}Enter"), words.t("keys.buildNoCache")),
        (format!("{command}K"), words.t("keys.palette")),
        (format!("{option}↑  {option}↓"), words.t("keys.move")),
        (format!("F8  {shift}F8"), words.t("keys.miss")),
        (format!("{command}."), words.t("keys.fix")),
        (format!("{option}1 … {option}5"), words.t("keys.tabs")),
        (format!("{option}←  {option}→"), words.t("keys.builds")),
        ("←  →".to_owned(), words.t("keys.replay")),
        (format!("F6  {shift}F6"), words.t("keys.region")),
        ("Esc".to_owned(), words.t("keys.escape")),
        (format!("{command}Z"), words.t("keys.undo")),
        ("F2  Delete".to_owned(), words.t("keys.files")),
        ("Ctrl+`".to_owned(), words.t("keys.shell")),
        ("?".to_owned(), words.t("keys.help")),
    ];
    html! {
        <Modal title={words.t("keys.title")}>
            <dl class="keys-l">{ for rows.into_iter().map(|(keys, what)| html! { <div><dt><kbd>{ keys }</kbd></dt><dd>{ what }</dd></div> }) }</dl>
        </Modal>
    }
}
