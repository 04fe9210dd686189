//! The image that a build made, with digests that are computed when first asked for.

use crate::cache::SnapshotLayer;
use crate::oci::{Image, ImageConfig};
use crate::vfs::Tree;
use std::sync::{Arc, OnceLock};

/// The image that a build made.
///
/// Configuration, history and files are there at once. Digests need the bytes of all new layers, which a live preview can
/// seldom wait for: [`BuiltImage::image`] makes them when first asked.
#[derive(Clone, Debug)]
pub struct BuiltImage {
    /// The configuration, but without `diff_ids`.
    pub config: ImageConfig,
    /// The layers, the lowest first.
    pub layers: Vec<Arc<SnapshotLayer>>,
    /// The filesystem of a new container.
    pub tree: Tree,
    made: OnceLock<Arc<Image>>,
}

impl BuiltImage {
    pub(super) fn new(config: ImageConfig, layers: Vec<Arc<SnapshotLayer>>, tree: Tree) -> Self {
        Self { config, layers, tree, made: OnceLock::new() }
    }
}
