//! Figures with their origin.

use crate::protocol::Figure;
use lab_engine::cache::SnapshotLayer;
use lab_engine::solver::VertexReport;

/// Seconds: none is computed, any is modelled, as nothing is really waited for.
pub(crate) fn seconds(value: f64) -> Figure {
    if value == 0.0 { Figure::computed(0.0) } else { Figure::modelled(value) }
}

/// The bytes of a layer's files, as `docker image history` counts.
pub(crate) fn layer_figure(layer: &SnapshotLayer) -> Figure {
    Figure { value: layer.size() as f64, modelled: layer.is_modelled() }
}

/// Seconds that a hit saved.
pub(crate) fn saved(vertex: &VertexReport) -> Figure {
    seconds(vertex.record.as_ref().map_or(0.0, |record| record.seconds))
}
