//! Snapshots: filesystems together with the layers they consist of.
//!
//! The bytes and the digest of a layer are needed only where an image is looked at, and cost much more than a verdict; so
//! a layer is kept as the two trees it lies between, and made when first asked for.

use crate::oci::Layer;
use crate::vfs::Tree;
use imbl::Vector;
use std::sync::Arc;

/// A filesystem with the layers that it consists of.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    /// The files.
    pub tree: Tree,
    /// The lowest first, those of the base image included.
    pub layers: Vector<Arc<SnapshotLayer>>,
}

/// A layer whose tar and digest are made when first asked for.
#[derive(Debug)]
pub struct SnapshotLayer {
    lower: Tree,
    upper: Tree,
    /// A layer of a base image: it is what it is.
    base: Option<Arc<Layer>>,
}

impl SnapshotLayer {
    /// A layer of a base image.
    pub fn of_base(layer: Arc<Layer>) -> Self {
        Self { lower: layer.lower.clone(), upper: layer.upper.clone(), base: Some(layer) }
    }

    /// The layer that a step made.
    pub fn between(lower: Tree, upper: Tree) -> Self {
        Self { lower, upper, base: None }
    }

    /// The snapshot below.
    pub fn lower(&self) -> &Tree {
        &self.lower
    }

    /// The snapshot with the layer.
    pub fn upper(&self) -> &Tree {
        &self.upper
    }

    /// Whether it is a layer of a base image.
    pub fn is_base(&self) -> bool {
        self.base.is_some()
    }
}
