//! `system df`: what things take on the disk.

use super::{Daemon, Stored};
use lab_engine::digest::{ChainId, Digest};
use std::collections::{BTreeMap, BTreeSet};

/// What an image takes: alone and together with others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImageSize {
    /// All of it.
    pub total: u64,
    /// What other images have too.
    pub shared: u64,
}

impl Daemon {
    /// What `image ls` gives as the size of an image.
    pub fn image_size(&self, image: &Stored) -> u64 {
        if self.dialect.is_containerd() {
            image.blobs.content_size() + image.unpacked()
        } else {
            image.size()
        }
    }

    /// The bytes of all images, what they share counted once.
    pub fn image_bytes(&self) -> u64 {
        let mut parts: BTreeMap<Part, u64> = BTreeMap::new();
        for (_, image) in self.images.iter() {
            parts.extend(self.parts(image));
        }
        parts.values().sum()
    }

    /// Sizes of all images by their IDs.
    pub fn image_sizes(&self) -> BTreeMap<Digest, ImageSize> {
        let mut holders: BTreeMap<Part, u32> = BTreeMap::new();
        for (_, image) in self.images.iter() {
            for part in self.parts(image).into_keys() {
                *holders.entry(part).or_default() += 1;
            }
        }
        let size = |image: &Stored| {
            let parts = self.parts(image);
            let shared = parts.iter().filter(|(part, _)| holders.get(part).is_some_and(|count| *count > 1));
            ImageSize { total: parts.values().sum(), shared: shared.map(|(_, size)| size).sum() }
        };
        self.images.iter().map(|(id, image)| (id, size(image))).collect()
    }

    /// The bytes that would be free if all images went that no container uses.
    pub fn reclaimable_image_bytes(&self) -> u64 {
        let used: BTreeSet<Digest> = self.containers.iter().map(|container| container.image).collect();
        let mut kept: BTreeMap<Part, u64> = BTreeMap::new();
        for (_, image) in self.images.iter().filter(|(id, _)| used.contains(id)) {
            kept.extend(self.parts(image));
        }
        if self.dialect.is_containerd() {
            // What the daemon adds up is what each unused image alone would free.
            let sizes = self.image_sizes();
            let unused = sizes.iter().filter(|(id, _)| !used.contains(*id));
            return unused.map(|(_, size)| size.total - size.shared).sum();
        }
        self.image_bytes() - kept.values().sum::<u64>()
    }

    /// What an image consists of on the disk.
    fn parts(&self, image: &Stored) -> BTreeMap<Part, u64> {
        let chains = image.chains();
        let mut parts = BTreeMap::new();
        if self.dialect.is_containerd() {
            parts.extend(image.blobs.all().map(|blob| (Part::Blob(blob.digest), blob.size)));
            parts.extend(
                chains.iter().zip(&image.blobs.unpacked).map(|(chain, size)| (Part::Layer(*chain), *size)),
            );
        } else {
            let sizes = image.image.layers.iter().map(|layer| layer.size);
            parts.extend(chains.iter().zip(sizes).map(|(chain, size)| (Part::Layer(*chain), size)));
        }
        parts
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Blob(Digest),
    Layer(ChainId),
}
