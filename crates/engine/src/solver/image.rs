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
    /// The time that those in new layers were cut at; see [`Image::assemble`].
    epoch: Option<i64>,
    made: OnceLock<Arc<Image>>,
}

impl BuiltImage {
    #[allow(dead_code, reason = "the build that makes images calls it")]
    pub(super) fn new(
        config: ImageConfig,
        layers: Vec<Arc<SnapshotLayer>>,
        tree: Tree,
        epoch: Option<i64>,
    ) -> Self {
        Self { config, layers, tree, epoch, made: OnceLock::new() }
    }

    /// The image with its digests. The first call makes the tars of all layers that have not been made.
    pub fn image(&self) -> &Arc<Image> {
        self.made.get_or_init(|| {
            let layers = self.layers.iter().map(|layer| layer.layer().clone()).collect();
            let base_layers = self.layers.iter().take_while(|layer| layer.is_base()).count();
            Arc::new(Image::assemble(self.config.clone(), layers, base_layers, self.epoch))
        })
    }
}
