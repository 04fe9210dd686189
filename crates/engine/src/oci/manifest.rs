//! The manifest, the index, and an image put together.

use super::image::{Image, ImageConfig, Layer};
use super::json::JsonWriter;
use crate::digest::Digest;
use crate::vfs::Tree;
use std::sync::Arc;

/// Media types of the OCI image specification.
pub mod media_type {
    /// A manifest.
    pub const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
    /// An index of manifests.
    pub const INDEX: &str = "application/vnd.oci.image.index.v1+json";
    /// An image configuration.
    pub const CONFIG: &str = "application/vnd.oci.image.config.v1+json";
    /// A layer that is not compressed.
    pub const LAYER: &str = "application/vnd.oci.image.layer.v1.tar";
}

/// What BuildKit notes at a layer whose times it set to the epoch.
const REWRITTEN: &str = "buildkit/rewritten-timestamp";

/// A reference to a blob.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Descriptor {
    /// What it is, see [`media_type`].
    pub media_type: &'static str,
    /// The digest of its bytes.
    pub digest: Digest,
    /// Its length in bytes.
    pub size: u64,
    /// Notes, sorted by key.
    pub annotations: Vec<(String, String)>,
}

impl Descriptor {
    /// The descriptor of a document.
    pub fn of(media_type: &'static str, text: &str) -> Self {
        let (digest, size) = (Digest::of(text.as_bytes()), text.len() as u64);
        Self { media_type, digest, size, annotations: Vec::new() }
    }

    fn write(&self, json: &mut JsonWriter) {
        json.object(|json| {
            json.key("mediaType");
            json.string(self.media_type);
            json.key("digest");
            json.string(&self.digest.to_string());
            json.key("size");
            json.number(self.size as i64);
            if !self.annotations.is_empty() {
                json.key("annotations");
                json.object(|json| {
                    for (key, value) in &self.annotations {
                        json.key(key);
                        json.string(value);
                    }
                });
            }
        });
    }
}

/// An image manifest. Layers are not compressed, so the digest of a layer is its diff ID.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// The configuration.
    pub config: Descriptor,
    /// The lowest first.
    pub layers: Vec<Descriptor>,
}

impl Manifest {
    /// The manifest of an image whose lowest `base_layers` layers are those of the base image.
    ///
    /// All others carry the note that their times were set to `epoch`, where there is one.
    pub fn new(config: &ImageConfig, layers: &[Arc<Layer>], base_layers: usize, epoch: Option<i64>) -> Self {
        let layer = |(index, layer): (usize, &Arc<Layer>)| Descriptor {
            media_type: media_type::LAYER,
            digest: layer.diff_id.0,
            size: layer.tar_size,
            annotations: epoch
                .filter(|_| index >= base_layers)
                .map(|epoch| (REWRITTEN.to_owned(), epoch.to_string()))
                .into_iter()
                .collect(),
        };
        Self {
            config: Descriptor::of(media_type::CONFIG, &config.to_json()),
            layers: layers.iter().enumerate().map(layer).collect(),
        }
    }

    /// The JSON, indented by two blanks, without a newline at the end.
    pub fn to_json(&self) -> String {
        let mut json = JsonWriter::indented();
        json.object(|json| {
            json.key("schemaVersion");
            json.number(2);
            json.key("mediaType");
            json.string(media_type::MANIFEST);
            json.key("config");
            self.config.write(json);
            json.key("layers");
            match &self.layers[..] {
                [] => json.null(),
                layers => json.array(layers, |json, layer| layer.write(json)),
            }
        });
        json.finish()
    }

    /// The digest of the JSON.
    pub fn digest(&self) -> Digest {
        Digest::of(self.to_json().as_bytes())
    }
}

/// An image index, as JSON without blanks.
pub fn index_json(manifests: &[Descriptor]) -> String {
    let mut json = JsonWriter::compact();
    json.object(|json| {
        json.key("schemaVersion");
        json.number(2);
        json.key("mediaType");
        json.string(media_type::INDEX);
        json.key("manifests");
        json.array(manifests, |json, manifest| manifest.write(json));
    });
    json.finish()
}

/// `manifest.json` of a Docker archive (`docker load`): where configuration and layers are in it.
pub fn docker_manifest_json(config_path: &str, names: &[String], layer_paths: &[String]) -> String {
    let mut json = JsonWriter::compact();
    json.array([()], |json, ()| {
        json.object(|json| {
            json.key("Config");
            json.string(config_path);
            json.key("RepoTags");
            match names {
                [] => json.null(),
                names => json.strings(names),
            }
            json.key("Layers");
            json.strings(layer_paths);
        });
    });
    json.finish()
}

impl Image {
    /// Puts an image together: the diff IDs go into the configuration, and the digests follow.
    ///
    /// The lowest `base_layers` of the layers are those of the base image; see [`Manifest::new`].
    pub fn assemble(
        mut config: ImageConfig,
        layers: Vec<Arc<Layer>>,
        base_layers: usize,
        epoch: Option<i64>,
    ) -> Self {
        config.diff_ids = layers.iter().map(|layer| layer.diff_id).collect();
        let manifest = Manifest::new(&config, &layers, base_layers, epoch);
        Self {
            config_digest: manifest.config.digest,
            manifest_digest: manifest.digest(),
            manifest: Some(manifest),
            tree: layers.last().map_or_else(Tree::new, |layer| layer.upper.clone()),
            modelled: layers.iter().any(|layer| layer.modelled),
            config,
            layers,
        }
    }
}
