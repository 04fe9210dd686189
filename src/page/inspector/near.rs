//! What changed and does not matter here.

use crate::page::hub::Words;
use crate::page::parts::{icon, pieces};
use dockerfile_lab_app::shared::Shared;
use dockerfile_lab_app::wording;
use lab_session::protocol::Why;
use yew::prelude::*;

/// More than this would hide the rest of the panel.
const MOST: usize = 5;

#[derive(Properties, PartialEq)]
pub(super) struct NearProps {
    pub(super) why: Shared<Why>,
}

/// The notes.
#[inline(never)]
pub(super) fn near_misses(words: Words, props: &NearProps) -> Html {
    html! {
        <ul class="notes">
            { for props.why.near_misses.iter().take(MOST).map(|near| html! {
                <li class="note">{ icon("shield") }<span>{ pieces(words, &wording::near_miss(words.0, near)) }</span></li>
            }) }
        </ul>
    }
}
