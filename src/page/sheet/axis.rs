//! The heads of the columns.

use crate::page::hub::Words;
use yew::prelude::*;

/// The heads. They repeat what each row says in full, so they are for the eye alone.
pub(super) fn axis(words: Words) -> Html {
    html! {
        <div class="axis" aria-hidden="true">
            <span></span><span>{ words.t("axis.state") }</span>
            <span class="scale"><b class="kb">{ "1 kB" }</b><b class="mb">{ "1 MB" }</b><b class="gb">{ "1 GB" }</b></span>
            <span class="num">{ words.t("axis.size") }</span><span class="num">{ words.t("axis.time") }</span>
            <span class="num dg">{ words.t("axis.layer") }</span>
        </div>
    }
}
