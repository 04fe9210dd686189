//! Replay: looks at one build after the other.

use crate::page::hub::Hub;
use crate::page::keys;
use dockerfile_lab_app::shared::Shared;
use gloo::timers::callback::Interval;
use lab_session::protocol::TimelineView;
use std::cell::Cell;
use yew::prelude::*;

/// A column per so many milliseconds.
const PACE_MS: u32 = 600;

/// Whether a replay runs, and the callback that starts or stops it.
#[hook]
pub(super) fn use_replay(hub: &Hub, timeline: &Shared<TimelineView>) -> (bool, Callback<MouseEvent>) {
    let playing = use_state(|| false);
    {
        let (hub, timeline, playing) = (hub.clone(), timeline.clone(), playing.clone());
        use_effect_with(*playing, move |running| {
            let interval = running.then(|| {
                let at = Cell::new(0usize);
                let step = move || {
                    let number = timeline.builds.get(at.get()).map(|build| build.number);
                    keys::inspect(&hub, number);
                    at.set(at.get() + 1);
                    if number.is_none() {
                        playing.set(false);
                    }
                };
                step();
                Interval::new(PACE_MS, step)
            });
            move || drop(interval)
        });
    }
    let running = *playing;
    let toggle = Callback::from(move |_: MouseEvent| playing.set(!*playing));
    (running, toggle)
}
