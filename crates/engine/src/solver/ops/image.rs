//! `FROM`: an image and its layers.

use super::seconds;
use crate::cache::{Snapshot, SnapshotLayer};
use crate::digest::CacheKey;
use crate::graph::ImageSource;
use crate::solver::step::{Made, StepError};
use crate::world::World;
use std::sync::Arc;

/// How much of a layer is left when it is compressed, where it was not measured.
const COMPRESSION: f64 = 0.4;

pub(super) fn pull(
    source: &ImageSource,
    key: CacheKey,
    world: &dyn World,
) -> Result<(Made, Snapshot), StepError> {
    let image = &source.image;
    let mut tree = image.tree.clone();
    tree.seal_links();
    let layers = image.layers.iter().map(|layer| Arc::new(SnapshotLayer::of_base(layer.clone()))).collect();
    let unpacked: u64 = image.layers.iter().map(|layer| layer.size).sum();
    let compressed =
        |layer: &crate::oci::Layer| layer.compressed_size.unwrap_or((layer.size as f64 * COMPRESSION) as u64);
    let bytes = image.layers.iter().map(|layer| compressed(layer)).sum();
    let seconds = seconds(world, "FROM pull", (bytes, unpacked, image.layers.len() as u64), key)?;
    Ok((Made { seconds, ..Made::default() }, Snapshot { tree, layers }))
}
