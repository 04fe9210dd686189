//! Snapshots: filesystems together with the layers they consist of.
//!
//! The bytes and the digest of a layer are needed only where an image is looked at, and cost much more than a verdict; so
//! a layer is kept as the two trees it lies between, and made when first asked for.

use crate::layer::diff;
use crate::layer::tar::Body;
use crate::oci::Layer;
use crate::vfs::{Directory, File, Node, Tree};
use std::sync::{Arc, OnceLock};

/// A filesystem with the layers that it consists of.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    /// The files.
    pub tree: Tree,
    /// The lowest first, those of the base image included.
    pub layers: Vec<Arc<SnapshotLayer>>,
}

/// A layer whose tar and digest are made when first asked for.
#[derive(Debug)]
pub struct SnapshotLayer {
    lower: Tree,
    upper: Tree,
    is_base: bool,
    /// Times in the tar are cut at this one; see [`Layer::between`].
    epoch: Option<i64>,
    created: Option<i64>,
    measure: OnceLock<Measure>,
    made: OnceLock<Arc<Layer>>,
}

/// The header of a tar entry, in bytes.
const HEADER: u64 = 512;
/// Bytes that are hashed in about a millisecond and a half in Wasm.
const CHEAP: u64 = 512 << 10;

/// What is known without the tar.
#[derive(Clone, Copy, Debug, Default)]
struct Measure {
    size: u64,
    modelled: bool,
    /// About how many bytes of the tar are really there to be hashed: a header for each entry, and the content.
    hashed: u64,
}

impl Measure {
    fn of_entries(lower: &Tree, upper: &Tree) -> Self {
        let mut measure = Self::default();
        for entry in diff(lower, upper).entries(None) {
            let is_opaque = matches!(&entry.body, Body::File(content) if content.is_opaque());
            measure.add(entry.size(), is_opaque);
        }
        measure
    }

    fn add(&mut self, size: u64, is_opaque: bool) {
        self.size += size;
        self.modelled |= is_opaque;
        self.hashed += HEADER + if is_opaque { 0 } else { size };
    }

    /// Adds what differs between two directories, taking new ones as a whole. `None` where a file has several names.
    fn directories(&mut self, lower: &Directory, upper: &Directory) -> Option<()> {
        for difference in lower.differences(upper) {
            match (difference.old.map(|old| &**old), difference.new.map(|new| &**new)) {
                (_, None) => {}
                (Some(Node::Directory(old)), Some(Node::Directory(new))) => self.directories(old, new)?,
                (_, Some(Node::Directory(new))) => {
                    let sum = new.summary();
                    if sum.has_links() {
                        return None;
                    }
                    self.size += sum.bytes;
                    self.modelled |= sum.has_opaque;
                    let entries = u64::from(sum.files) + u64::from(sum.directories) + 1;
                    self.hashed += entries * HEADER + if sum.has_opaque { 0 } else { sum.bytes };
                }
                (old, Some(Node::File(file))) => {
                    if file.link().is_some() {
                        return None;
                    }
                    let is_same = |old: &File| {
                        old.metadata == file.metadata
                            && old.content == file.content
                            && old.xattrs.of_layer() == file.xattrs.of_layer()
                    };
                    if !old.and_then(Node::as_file).is_some_and(|old| old.link().is_none() && is_same(old)) {
                        self.add(file.content.size(), file.content.is_opaque());
                    }
                }
                (_, Some(Node::Symlink { .. } | Node::Device { .. })) => {}
            }
        }
        Some(())
    }
}

impl SnapshotLayer {
    /// A layer of a base image.
    pub fn of_base(layer: Arc<Layer>) -> Self {
        Self {
            lower: layer.lower.clone(),
            upper: layer.upper.clone(),
            is_base: true,
            epoch: None,
            created: None,
            measure: OnceLock::new(),
            made: OnceLock::from(layer),
        }
    }

    /// The layer that a step made.
    pub fn between(lower: Tree, upper: Tree) -> Self {
        Self {
            lower,
            upper,
            is_base: false,
            epoch: None,
            created: None,
            measure: OnceLock::new(),
            made: OnceLock::new(),
        }
    }

    /// The same with all times in the tar cut at `epoch`.
    #[must_use]
    pub fn with_epoch(self, epoch: Option<i64>) -> Self {
        Self { epoch, ..self }
    }

    /// The same with the time at which it was made, in seconds since 1970.
    #[must_use]
    pub fn with_created(self, created: i64) -> Self {
        Self { created: Some(created), ..self }
    }

    /// When the step made it, in seconds since 1970; `None` for a layer of a base image.
    pub fn created(&self) -> Option<i64> {
        self.created
    }

    /// The layer as an image of this epoch has it: itself if it was made for the same one.
    pub fn for_epoch(self: &Arc<Self>, epoch: Option<i64>) -> Arc<Self> {
        if self.is_base || self.epoch == epoch {
            return self.clone();
        }
        let other = Self::between(self.lower.clone(), self.upper.clone()).with_epoch(epoch);
        Arc::new(Self { created: self.created, ..other })
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
        self.is_base
    }

    /// The sizes of its files added up, in bytes. Costs what the difference of the snapshots costs, once.
    pub fn size(&self) -> u64 {
        self.measure().size
    }

    /// Whether any of its files is opaque, so that its size is modelled and its diff ID is not that of real bytes.
    pub fn is_modelled(&self) -> bool {
        self.measure().modelled
    }

    /// Whether the tar has been made, so that [`SnapshotLayer::layer`] costs nothing.
    pub fn is_made(&self) -> bool {
        self.made.get().is_some()
    }

    /// Whether [`SnapshotLayer::layer`] costs less than a keystroke may: it is made, or there is little to hash.
    pub fn is_cheap(&self) -> bool {
        self.is_made() || self.measure().hashed <= CHEAP
    }

    /// The layer with its digest. The first call writes the tar through a hash.
    pub fn layer(&self) -> &Arc<Layer> {
        self.made.get_or_init(|| Arc::new(Layer::between(&self.lower, &self.upper, self.epoch)))
    }

    fn measure(&self) -> Measure {
        *self.measure.get_or_init(|| match self.made.get() {
            Some(layer) => Measure { size: layer.size, modelled: layer.modelled, hashed: 0 },
            None => {
                let mut measure = Measure::default();
                if measure.directories(self.lower.root(), self.upper.root()).is_none() {
                    // Names of one file count once, wherever they are: only the whole difference knows.
                    measure = Measure::of_entries(&self.lower, &self.upper);
                }
                measure
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vfs::{Content, Metadata};

    #[test]
    fn the_measure_is_that_of_the_tar() {
        let lower = Tree::new();
        let mut upper = lower.clone();
        upper.write("/a", "text".into(), Metadata::new(0o644, 5)).unwrap();
        upper.make_directories("/d/e", Metadata::new(0o755, 5)).unwrap();
        upper.write("/d/e/f", "below".into(), Metadata::new(0o644, 5)).unwrap();
        let plain = SnapshotLayer::between(lower.clone(), upper.clone());
        assert_eq!((plain.size(), plain.layer().size), (9, 9));
        let mut later = upper.clone();
        later.write("/a", "text".into(), Metadata::new(0o644, 6)).unwrap();
        later.write("/d/e/f", "below".into(), Metadata::new(0o644, 5)).unwrap();
        let touched = SnapshotLayer::between(upper.clone(), later);
        assert_eq!((touched.size(), touched.layer().size), (4, 4));
        upper.hard_link("/a", "/b", 5).unwrap();
        for modelled in [false, true] {
            if modelled {
                upper.write("/c", Content::modelled(1000, "test", &[]), Metadata::new(0o644, 5)).unwrap();
            }
            let layer = SnapshotLayer::between(lower.clone(), upper.clone());
            let (size, opaque) = (layer.size(), layer.is_modelled());
            assert!(!layer.is_made());
            assert_eq!((size, opaque), (layer.layer().size, layer.layer().modelled));
            assert_eq!(opaque, modelled);
            assert!(layer.is_made());
        }
    }
}
