//! The image store: images with their names, parents and packed layers.

use super::error::Failure;
use super::{Daemon, SECOND};
use crate::dialect::Dialect;
use crate::reference::Reference;
use lab_engine::digest::{ChainId, Digest, chain_id};
use lab_engine::layer::diff;
use lab_engine::oci::{Image, Layer};
use lab_session::text::time::parse_rfc3339_nanos;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The blocks in which a filesystem keeps files and directories, in bytes.
const BLOCK: u64 = 4096;

/// Something packed, as registries and the content store keep it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blob {
    /// The digest of its bytes.
    pub digest: Digest,
    /// Their number.
    pub size: u64,
}

/// The packed parts of an image.
#[derive(Clone, Debug)]
pub struct Blobs {
    /// What a name points to: a manifest, or an index over it.
    pub target: Blob,
    /// The media type of the target.
    pub media_type: String,
    /// The manifest, where the target is an index.
    pub manifest: Option<Blob>,
    /// What proves where the image came from: its manifest and its documents.
    pub attestation: Vec<Blob>,
    /// The configuration.
    pub config: Blob,
    /// The layers, the lowest first.
    pub layers: Vec<Blob>,
    /// What each layer takes when it is unpacked, in bytes of whole blocks.
    pub unpacked: Vec<u64>,
}

impl Blobs {
    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = &Blob> {
        let head = [&self.target, &self.config];
        head.into_iter().chain(&self.manifest).chain(&self.attestation).chain(&self.layers)
    }

    /// The bytes of all of them, each counted once.
    pub fn content_size(&self) -> u64 {
        let blobs: BTreeMap<Digest, u64> = self.all().map(|blob| (blob.digest, blob.size)).collect();
        blobs.values().sum()
    }
}

/// What the classic builder and `commit` note at an image.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The container that it was made from.
    pub container: String,
    /// What that container ran.
    pub command: Vec<String>,
    /// The daemon that made it.
    pub docker_version: String,
    /// The message of a commit.
    pub comment: String,
}

/// An image in the store.
#[derive(Clone, Debug)]
pub struct Stored {
    /// Configuration and layers.
    pub image: Arc<Image>,
    /// Its packed parts.
    pub blobs: Arc<Blobs>,
    /// The image that it was made on by the classic builder or a commit.
    pub parent: Option<Digest>,
    /// How it was made there.
    pub origin: Origin,
    /// When it was last given a name here, in nanoseconds since 1970; pulling does not count with a graph driver.
    pub tagged: Option<i64>,
    /// The repositories that it was pulled from.
    pub pulled_from: BTreeSet<String>,
}

impl Stored {
    /// When it was made, in nanoseconds since 1970; 0 where that is unknown.
    pub fn created(&self) -> i64 {
        let created = self.image.config.created.as_deref().and_then(parse_rfc3339_nanos);
        created.map_or(0, |(seconds, nanos)| seconds * SECOND + i64::from(nanos))
    }

    /// The bytes of its files, as a graph driver counts them.
    pub fn size(&self) -> u64 {
        self.image.layers.iter().map(|layer| layer.size).sum()
    }

    /// What its layers take unpacked, in whole blocks.
    pub fn unpacked(&self) -> u64 {
        self.blobs.unpacked.iter().sum()
    }

    /// Its layers as they lie on the disk: what is the same on the same layers is kept once.
    pub fn chains(&self) -> Vec<ChainId> {
        chains(&self.image)
    }
}

/// The chain IDs of an image's layers, the lowest first.
pub fn chains(image: &Image) -> Vec<ChainId> {
    let ids = &image.config.diff_ids;
    (1..=ids.len()).filter_map(|count| chain_id(&ids[..count])).collect()
}

/// What a layer takes unpacked: whole blocks for files and for every directory that the layer has.
pub fn unpacked_size(layer: &Layer) -> u64 {
    let changes = diff(&layer.lower, &layer.upper);
    let mut directories: BTreeSet<String> = BTreeSet::from(["/".to_owned()]);
    let mut bytes = 0;
    for change in changes.changes() {
        let Some(node) = &change.new else { continue };
        let path = lab_engine::vfs::path::absolute("/", &change.path);
        let mut above = lab_engine::vfs::path::parent(&path);
        while above != "/" && directories.insert(above.to_owned()) {
            above = lab_engine::vfs::path::parent(above);
        }
        if node.is_directory() {
            directories.insert(path);
        } else if node.as_file().is_some() {
            bytes += node.size().div_ceil(BLOCK) * BLOCK;
        }
    }
    bytes + directories.len() as u64 * BLOCK
}

/// All images with their names.
#[derive(Clone, Debug, Default)]
pub struct Images {
    /// By ID.
    images: BTreeMap<Digest, Stored>,
    /// Full names with tags.
    names: BTreeMap<String, Digest>,
    /// Repositories with digests, `docker.io/library/redis@sha256:…`.
    digests: BTreeMap<String, Digest>,
}

impl Images {
    /// All images by their IDs.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (Digest, &Stored)> {
        self.images.iter().map(|(id, image)| (*id, image))
    }

    /// An image by its ID.
    pub fn get(&self, id: Digest) -> Option<&Stored> {
        self.images.get(&id)
    }

    /// An image to be changed.
    pub fn get_mut(&mut self, id: Digest) -> Option<&mut Stored> {
        self.images.get_mut(&id)
    }

    /// Puts an image into the store; one that is there already stays.
    pub fn insert(&mut self, id: Digest, image: Stored) {
        self.images.entry(id).or_insert(image);
    }

    /// Takes an image out.
    pub fn remove(&mut self, id: Digest) -> Option<Stored> {
        self.images.remove(&id)
    }

    /// Gives a name; the image that had it loses it.
    pub fn name(&mut self, name: &str, id: Digest) -> Option<Digest> {
        self.names.insert(name.to_owned(), id)
    }

    /// Notes what an image is called by its digest.
    pub fn note_digest(&mut self, name: &str, id: Digest) {
        self.digests.insert(name.to_owned(), id);
    }

    /// Takes a name away.
    pub fn unname(&mut self, name: &str) {
        self.names.remove(name);
        self.digests.remove(name);
    }

    /// The image of a full name.
    pub fn named(&self, name: &str) -> Option<Digest> {
        self.names.get(name).or_else(|| self.digests.get(name)).copied()
    }

    /// The full names of an image, sorted.
    pub fn names_of(&self, id: Digest) -> Vec<String> {
        of(&self.names, id)
    }

    /// The names of an image with digests, sorted.
    pub fn digests_of(&self, id: Digest) -> Vec<String> {
        of(&self.digests, id)
    }

    /// Images that were made on this one.
    pub fn children(&self, id: Digest) -> Vec<Digest> {
        self.iter().filter(|(_, image)| image.parent == Some(id)).map(|(child, _)| child).collect()
    }

    /// All full names, sorted.
    pub fn all_names(&self) -> impl Iterator<Item = (&str, Digest)> {
        self.names.iter().map(|(name, id)| (name.as_str(), *id))
    }

    /// The images whose ID begins with these digits.
    fn beginning(&self, digits: &str) -> Vec<Digest> {
        let digits = digits.strip_prefix("sha256:").unwrap_or(digits);
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Vec::new();
        }
        self.images.keys().filter(|id| id.hex().starts_with(digits)).copied().collect()
    }
}

fn of(names: &BTreeMap<String, Digest>, id: Digest) -> Vec<String> {
    names.iter().filter(|(_, named)| **named == id).map(|(name, _)| name.clone()).collect()
}

/// An image that was found, and how it was asked for.
#[derive(Clone, Debug)]
pub struct Found {
    /// Its ID.
    pub id: Digest,
    /// The name that it was found by; `None` if by its ID.
    pub name: Option<Reference>,
}

impl Daemon {
    /// The ID that an image has in this store.
    pub fn id_of(&self, image: &Image, blobs: &Blobs) -> Digest {
        id_in(self.dialect, image, blobs)
    }

    /// Finds an image by name, digest, or the beginning of its ID.
    pub fn find_image(&self, text: &str) -> Result<Found, Failure> {
        let missing = |name: &str| Failure::not_found(format!("No such image: {name}"));
        let whole = text.strip_prefix("sha256:").unwrap_or(text);
        if whole.len() == 64
            && let [id] = self.images.beginning(whole)[..]
        {
            return Ok(Found { id, name: None });
        }
        let reference = match Reference::parse(text) {
            Ok(reference) => reference.with_tag(),
            Err(_) if whole.len() == 64 => return Err(missing(text)),
            Err(error) => return Err(Failure::invalid(error.message(!self.dialect.is_old_server()))),
        };
        if let Some(id) = self.images.named(&reference.to_string()) {
            return Ok(Found { id, name: Some(reference) });
        }
        if let (Some(digest), Some(_)) = (&reference.digest, &reference.tag) {
            let by_digest = format!("{}@{digest}", reference.repository());
            if let Some(id) = self.images.named(&by_digest) {
                return Ok(Found { id, name: Some(Reference { tag: None, ..reference }) });
            }
        }
        match self.images.beginning(text)[..] {
            [id] => Ok(Found { id, name: None }),
            _ => Err(missing(&reference.familiar())),
        }
    }

    /// Gives an image a name now.
    pub fn tag_image(&mut self, id: Digest, reference: &Reference) {
        let name = reference.to_string();
        self.images.name(&name, id);
        let now = self.now;
        if let Some(image) = self.images.get_mut(id) {
            image.tagged = Some(now);
        }
    }
}

/// The ID that an image has in the store of a daemon.
pub fn id_in(dialect: Dialect, image: &Image, blobs: &Blobs) -> Digest {
    if dialect.is_containerd() { blobs.target.digest } else { image.config_digest }
}

/// The text of a manifest as registries get it: indented by three blanks.
pub fn manifest_json(media_type: &str, config: &Blob, layers: &[Blob]) -> String {
    let is_docker = media_type.contains("docker");
    let (config_type, layer_type) = if is_docker {
        (
            "application/vnd.docker.container.image.v1+json",
            "application/vnd.docker.image.rootfs.diff.tar.gzip",
        )
    } else {
        ("application/vnd.oci.image.config.v1+json", "application/vnd.oci.image.layer.v1.tar+gzip")
    };
    let descriptor = |kind: &str, blob: &Blob, indent: &str| {
        format!(
            "{{\n{indent}   \"mediaType\": \"{kind}\",\n{indent}   \"size\": {},\n{indent}   \"digest\": \"{}\"\n{indent}}}",
            blob.size, blob.digest
        )
    };
    let layers: Vec<String> =
        layers.iter().map(|layer| format!("      {}", descriptor(layer_type, layer, "      "))).collect();
    format!(
        "{{\n   \"schemaVersion\": 2,\n   \"mediaType\": \"{media_type}\",\n   \"config\": {},\n   \"layers\": [\n{}\n   ]\n}}",
        descriptor(config_type, config, "   "),
        layers.join(",\n")
    )
}
