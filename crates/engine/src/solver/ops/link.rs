//! The second half of `COPY --link`: lays what was copied over the step above, without looking at what is there.

use super::seconds;
use crate::cache::Snapshot;
use crate::digest::CacheKey;
use crate::graph::VertexId;
use crate::layer::{apply, diff};
use crate::solver::step::{Inputs, Made, StepError};
use crate::vfs::Tree;

#[inline(never)]
pub(super) fn merge(
    mut below: Snapshot,
    copied: VertexId,
    key: CacheKey,
    inputs: &Inputs<'_>,
) -> Result<(Made, Snapshot), StepError> {
    let Some(copied) = inputs.snapshot_of(Some(copied)) else {
        return Err(StepError::step("the copy has no result"));
    };
    let changes = diff(&Tree::new(), &copied.tree);
    let mut tree = apply(&below.tree, &changes).map_err(|error| StepError::step(error.to_string()))?;
    tree.seal_links();
    below.layers.extend_from_slice(&copied.layers);
    let seconds = seconds(inputs.world, "WORKDIR", (0, 0, 0), key)?;
    Ok((Made { seconds, ..Made::default() }, Snapshot { tree, layers: below.layers }))
}
