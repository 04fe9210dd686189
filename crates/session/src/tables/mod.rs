//! The tables of the Docker command line over the builds of a session.

mod exports;
mod history;
mod image;
mod images;
mod layer;

pub(crate) use exports::{opaque_of, refusal};
pub(crate) use history::history;
pub(crate) use image::image;
pub(crate) use images::{Built, Found, find, images};
pub(crate) use layer::{change, layer, layer_of};

use crate::text::reference::without_digest;
use lab_engine::graph::VertexKind;
use lab_engine::oci::Image;
use lab_engine::solver::BuildReport;
use lab_engine::world::World;
use std::sync::Arc;

/// The full name of the image that the target stands on; none for `scratch`.
fn base_of(report: &BuildReport) -> Option<&str> {
    let graph = &report.graph;
    let mut at = graph.stages.iter().find(|stage| stage.target)?.result?;
    loop {
        let vertex = graph.vertex(at);
        let parts = report.vertices.get(at.0 as usize)?.parts.as_ref()?;
        if vertex.kind == VertexKind::From {
            return parts.base.as_ref().map(|base| base.reference.as_str());
        }
        parts.parent?;
        at = *vertex.inputs.first()?;
    }
}

/// The image that a build stood on. The builder writes the digest that it found behind the name; the catalogue knows
/// images by the digests that were published, so the name alone is tried too.
fn resolve(world: &dyn World, reference: &str) -> Option<Arc<Image>> {
    let find = |name: &str| world.resolve_image(name, "linux/amd64").ok();
    find(reference).or_else(|| find(without_digest(reference)))
}
