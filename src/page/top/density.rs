//! How high the rows are.

use crate::page::dom;
use crate::page::hub::Hub;
use dockerfile_lab_app::model::Action;

/// Makes the rows dense or roomy, and remembers it.
pub(in crate::page) fn toggle_density(hub: &Hub) {
    let dense = !hub.model().0.dense;
    dom::remember("density", if dense { "dense" } else { "" });
    hub.act(Action::Dense(dense));
}
