//! What steps do: one file per kind of step.

mod copier;
mod copy;
mod directory;
mod exec;
mod image;
mod link;
mod owner;
mod place;
mod unpack;

pub use exec::notes as command_notes;

use super::step::{Inputs, Made, StepError};
use crate::cache::{Cache, KeyParts, Snapshot, SnapshotLayer};
use crate::digest::CacheKey;
use crate::graph::{Operation, Vertex};
use crate::world::World;
use std::sync::Arc;

/// Runs a step. What it prints and how long it takes is in the first part, its result in the second.
pub(super) fn run(
    vertex: &Vertex,
    parts: &KeyParts,
    key: CacheKey,
    inputs: &Inputs<'_>,
    cache: &mut Cache,
) -> Result<(Made, Snapshot), StepError> {
    let below = inputs.snapshot_of(vertex.base).cloned().unwrap_or_default();
    let above = vertex.base.map(|_| &below.tree);
    let mut made = match &vertex.operation {
        Operation::Image(source) => return image::pull(source, key, inputs.world),
        Operation::Merge { layer } => return link::merge(below, *layer, key, inputs),
        // A container is made and committed for it, as for a directory.
        Operation::Configure => {
            let seconds = seconds(inputs.world, "WORKDIR", (0, 0, 0), key)?;
            return Ok((Made { seconds, ..Made::default() }, below));
        }
        Operation::Exec(exec) => exec::run(exec, &below.tree, below.layers.len(), inputs, cache)?,
        Operation::Copy(copy) => copy::run(copy, parts, key, above, inputs)?,
        Operation::MakeDirectory { path, user } => directory::run(path, user, key, above, inputs.world)?,
    };
    // What comes later finds the files of this step in a lower layer.
    made.tree.seal_links();
    let mut layers = below.layers;
    let layer = SnapshotLayer::between(below.tree, made.tree.clone())
        .with_epoch(inputs.epoch)
        .with_created(inputs.world.now());
    layers.push(Arc::new(layer));
    let snapshot = Snapshot { tree: made.tree.clone(), layers };
    Ok((made, snapshot))
}

/// The modelled seconds of a step that moves bytes and files; 0 where the catalogue knows nothing of it.
fn seconds(
    world: &dyn World,
    kind: &str,
    (bytes, unpacked, count): (u64, u64, u64),
    key: CacheKey,
) -> Result<f64, StepError> {
    let timing = world.timing(kind)?;
    Ok(timing.map_or(0.0, |timing| timing.seconds(bytes, unpacked, count, key.0.as_bytes())))
}
