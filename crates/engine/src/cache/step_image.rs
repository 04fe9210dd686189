//! The image that a step of the classic builder made: each of its steps makes one on the one above.
//!
//! Its ID needs the bytes of its layers and the IDs of all images below, so it is made when first asked for.

use super::snapshot::SnapshotLayer;
use crate::digest::{CacheKey, Digest};
use crate::oci::{ContainerRecord, Image, ImageConfig, Layer, RuntimeConfig};
use crate::vfs::Tree;
use std::sync::{Arc, OnceLock};

/// The container that a step ran in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Container {
    /// Its identifier, 64 hexadecimal digits; empty where a step needed none.
    pub id: String,
    /// What it was made with.
    pub config: RuntimeConfig,
}

/// An image on the way to the one that is built.
#[derive(Debug)]
pub struct StepImage {
    /// What tells it from all other images, without its bytes.
    identity: CacheKey,
    parent: Option<Arc<StepImage>>,
    config: ImageConfig,
    layers: Vec<Arc<SnapshotLayer>>,
    tree: Tree,
    /// What an old daemon writes into the configuration; `None` for a newer one.
    container: Option<Container>,
    made: OnceLock<Arc<Image>>,
}

impl StepImage {
    /// The image that a stage starts with.
    pub fn of_base(image: &Arc<Image>, identity: CacheKey) -> Self {
        Self {
            identity,
            parent: None,
            config: image.config.clone(),
            layers: Vec::new(),
            tree: image.tree.clone(),
            container: None,
            made: OnceLock::from(image.clone()),
        }
    }

    /// The image of a step.
    pub fn new(
        identity: CacheKey,
        parent: Option<Arc<StepImage>>,
        config: ImageConfig,
        (layers, tree): (Vec<Arc<SnapshotLayer>>, Tree),
        container: Option<Container>,
    ) -> Self {
        Self { identity, parent, config, layers, tree, container, made: OnceLock::new() }
    }

    /// What tells it from all other images.
    pub fn identity(&self) -> CacheKey {
        self.identity
    }

    /// The image below.
    pub fn parent(&self) -> Option<&Arc<StepImage>> {
        self.parent.as_ref()
    }

    /// The configuration, but without diff IDs.
    pub fn config(&self) -> &ImageConfig {
        &self.config
    }

    /// The layers, the lowest first.
    pub fn layers(&self) -> Vec<Arc<SnapshotLayer>> {
        match (&self.layers[..], self.made.get()) {
            ([], Some(image)) => {
                let of_base = |layer: &Arc<Layer>| Arc::new(SnapshotLayer::of_base(layer.clone()));
                image.layers.iter().map(of_base).collect()
            }
            (layers, _) => layers.to_vec(),
        }
    }

    /// The filesystem.
    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// The ID, if it has been asked for already.
    pub fn known_id(&self) -> Option<Digest> {
        self.made.get().map(|image| image.config_digest)
    }

    /// The ID: the digest of the configuration.
    pub fn id(&self) -> Digest {
        self.image().config_digest
    }

    /// The image with all its digests. The first call makes those of all images below.
    pub fn image(&self) -> &Arc<Image> {
        self.made.get_or_init(|| {
            let mut config = self.config.clone();
            if let Some(container) = &self.container {
                config.container = Some(Arc::new(ContainerRecord {
                    id: container.id.clone(),
                    config: container.config.clone(),
                    parent: self.parent.as_ref().map(|parent| parent.id()),
                }));
            }
            let base = self.layers.iter().take_while(|layer| layer.is_base()).count();
            let layers = self.layers.iter().map(|layer| layer.layer().clone()).collect();
            let image = Image::assemble(config, layers, base, None);
            Arc::new(Image { tree: self.tree.clone(), ..image })
        })
    }
}
