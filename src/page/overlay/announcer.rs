//! Says after a moment of rest how the steps stand, for those who hear the page.

use crate::page::hub::use_words;
use dockerfile_lab_app::shared::Shared;
use dockerfile_lab_app::wording;
use gloo::timers::callback::Timeout;
use lab_session::protocol::BuildView;
use yew::prelude::*;

const REST_MS: u32 = 500;

#[derive(Properties, PartialEq)]
pub(in crate::page) struct AnnouncerProps {
    pub(in crate::page) build: Option<Shared<BuildView>>,
}

/// The announcer.
#[component]
pub(in crate::page) fn Announcer(props: &AnnouncerProps) -> Html {
    let words = use_words();
    let said = use_state_eq(String::new);
    {
        let said = said.clone();
        use_effect_with((props.build.clone(), words), move |(build, words)| {
            let (build, words) = (build.clone(), *words);
            let timer = build
                .map(|build| Timeout::new(REST_MS, move || said.set(wording::announcement(words.0, &build))));
            move || drop(timer)
        });
    }
    html! { <p class="sr" role="status" aria-live="polite">{ (*said).clone() }</p> }
}
