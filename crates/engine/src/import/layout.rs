//! From the files of an archive to images: `index.json` of an OCI layout, or `manifest.json` of `docker save`.

use super::blob::{Blob, Blobs, Kind, LayerBlob};
use super::{ARCHIVE, ImportError};
use crate::digest::{DiffId, Digest};
use crate::layer::apply_entries;
use crate::layer::tar::Entry;
use crate::oci::{Image, ImageConfig, Layer, Manifest};
use crate::vfs::Tree;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The platform that the lab builds for.
const PLATFORM: &str = "linux/amd64";
/// An index in an index in an index is none that anybody made.
const MAX_DEPTH: u32 = 4;

/// An image of an archive.
#[derive(Clone, Debug)]
pub struct Imported {
    /// The names that the archive gives it, as they stand there.
    pub names: Vec<String>,
    /// The text of its configuration, whose digest is the image ID.
    pub config: String,
    /// The image.
    pub image: Arc<Image>,
}

/// A layer as it was read, before it is laid over others.
#[derive(Clone, Debug)]
pub struct LayerParts {
    /// The digest of the tar.
    pub diff_id: DiffId,
    /// The length of the tar in bytes.
    pub tar_size: u64,
    /// The length of the blob, if it was compressed.
    pub compressed_size: Option<u64>,
    /// What is in it.
    pub entries: Vec<Entry>,
}

/// Puts an image together from its parts. The layers have to be those of the configuration.
pub fn assemble(
    config: &str,
    manifest_digest: Option<Digest>,
    layers: Vec<LayerParts>,
) -> Result<Image, ImportError> {
    let place = format!("configuration {}", Digest::of(config.as_bytes()));
    let parsed =
        ImageConfig::parse(config).map_err(|error| ImportError::new(place.clone(), error.to_string()))?;
    if parsed.diff_ids.len() != layers.len() {
        let message = format!("it names {} layers, the manifest {}", parsed.diff_ids.len(), layers.len());
        return Err(ImportError::new(place, message));
    }
    let mut lower = Tree::new();
    let mut made = Vec::new();
    for (parts, expected) in layers.into_iter().zip(&parsed.diff_ids) {
        let place = format!("layer {expected}");
        if parts.diff_id != *expected {
            return Err(ImportError::new(
                place,
                format!("the bytes of this layer have the digest {}", parts.diff_id),
            ));
        }
        let size = parts.entries.iter().map(Entry::size).sum();
        let upper = apply_entries(&lower, parts.entries)
            .map_err(|error| ImportError::new(place, error.to_string()))?;
        made.push(Arc::new(Layer {
            diff_id: parts.diff_id,
            tar_size: parts.tar_size,
            size,
            compressed_size: parts.compressed_size,
            modelled: false,
            epoch: None,
            lower,
            upper: upper.clone(),
        }));
        lower = upper;
    }
    let manifest_digest =
        manifest_digest.unwrap_or_else(|| Manifest::new(&parsed, &made, made.len(), None).digest());
    Ok(Image {
        config_digest: Digest::of(config.as_bytes()),
        config: parsed,
        manifest_digest,
        manifest: None,
        layers: made,
        tree: lower,
        modelled: false,
    })
}

/// All images of an archive.
pub(super) fn images(blobs: &Blobs) -> Result<Vec<Imported>, ImportError> {
    let images = if blobs.get("index.json").is_some() {
        of_layout(blobs)?
    } else if blobs.get("manifest.json").is_some() {
        of_docker(blobs)?
    } else {
        let message = "it has neither an index.json (OCI layout) nor a manifest.json (docker save)";
        return Err(ImportError::new(ARCHIVE, message));
    };
    if images.is_empty() { Err(ImportError::new(ARCHIVE, "it holds no image")) } else { Ok(images) }
}

fn of_layout(blobs: &Blobs) -> Result<Vec<Imported>, ImportError> {
    let (_, index) = document(blobs, "index.json")?;
    // Several descriptors of one manifest are several names of one image.
    let mut names: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut order = Vec::new();
    for descriptor in list(&index, "index.json", "manifests")? {
        let digest = text(descriptor, "index.json", "digest")?;
        let annotation = |key: &str| descriptor["annotations"][key].as_str();
        let full = annotation("io.containerd.image.name");
        let name = full.or_else(|| annotation("org.opencontainers.image.ref.name"));
        if !names.contains_key(digest) {
            order.push((digest, descriptor));
        }
        // A tag alone is no name.
        let name = name.filter(|name| full.is_some() || name.contains([':', '/']));
        names.entry(digest.to_owned()).or_default().extend(name.map(str::to_owned));
    }
    let docker_names = docker_names(blobs);
    let mut images = Vec::new();
    for (digest, descriptor) in order {
        let Some(found) = manifest(blobs, descriptor, 0)? else { continue };
        let mut image = of_manifest(blobs, &found)?;
        image.names = names.remove(digest).unwrap_or_default();
        if image.names.is_empty() {
            let config = image.image.config_digest.hex();
            image.names = docker_names.get(&config).cloned().unwrap_or_default();
        }
        images.push(image);
    }
    Ok(images)
}

/// Follows a descriptor to the digest of a manifest; from an index to the one for the lab's platform. `None` for what is
/// no image, such as an attestation.
fn manifest(blobs: &Blobs, descriptor: &Value, depth: u32) -> Result<Option<String>, ImportError> {
    let digest = text(descriptor, "index.json", "digest")?;
    let place = blob_path(digest);
    let (_, value) = document(blobs, &place)?;
    let Some(inner) = value["manifests"].as_array() else {
        let is_image = descriptor["platform"]["os"].as_str() != Some("unknown");
        return Ok(is_image.then(|| digest.to_owned()));
    };
    if depth == MAX_DEPTH {
        return Err(ImportError::new(place, "an index in an index, again and again"));
    }
    let platform_of = |value: &Value| {
        let part = |key: &str| value["platform"][key].as_str().unwrap_or_default();
        format!("{}/{}", part("os"), part("architecture"))
    };
    let of_platform = inner.iter().find(|inner| platform_of(inner) == PLATFORM);
    let only = inner.first().filter(|first| inner.len() == 1 && first["platform"].is_null());
    if let Some(wanted) = of_platform.or(only) {
        return manifest(blobs, wanted, depth + 1);
    }
    let mut platforms: Vec<String> = inner.iter().map(platform_of).collect();
    platforms.retain(|platform| platform != "unknown/unknown" && platform != "/");
    let message = format!("there is no image for {PLATFORM} in it; there are: {}", platforms.join(", "));
    Err(ImportError::new(place, message))
}

fn of_manifest(blobs: &Blobs, digest: &str) -> Result<Imported, ImportError> {
    let place = blob_path(digest);
    let (manifest, value) = document(blobs, &place)?;
    let config = blob_path(text(&value["config"], &place, "digest")?);
    let mut layers = Vec::new();
    for descriptor in list(&value, &place, "layers")? {
        let path = blob_path(text(descriptor, &place, "digest")?);
        let blob = verified(blobs, &path)?;
        if descriptor["size"].as_u64().is_some_and(|size| size != blob.size) {
            let message = format!("it has {} bytes, {place} says {}", blob.size, descriptor["size"]);
            return Err(ImportError::new(path, message));
        }
        layers.push(layer(&path, blob)?);
    }
    image(blobs, &config, Some(manifest.digest), layers)
}

fn of_docker(blobs: &Blobs) -> Result<Vec<Imported>, ImportError> {
    let place = "manifest.json";
    let (_, value) = document(blobs, place)?;
    let entries = value.as_array().ok_or_else(|| ImportError::new(place, "it is no list of images"))?;
    let one = |entry: &Value| {
        let mut layers = Vec::new();
        for path in list(entry, place, "Layers")? {
            let path = path.as_str().ok_or_else(|| ImportError::new(place, "a layer is no text"))?;
            layers.push(layer(path, get(blobs, path)?)?);
        }
        let mut image = image(blobs, text(entry, place, "Config")?, None, layers)?;
        image.names = repo_tags(entry);
        Ok(image)
    };
    entries.iter().map(one).collect()
}

/// The names in the `manifest.json` that stands beside an OCI layout, by the digits of the configuration's digest.
fn docker_names(blobs: &Blobs) -> BTreeMap<String, Vec<String>> {
    let mut names = BTreeMap::new();
    if let Ok((_, value)) = document(blobs, "manifest.json") {
        for entry in value.as_array().into_iter().flatten() {
            let config = entry["Config"].as_str().unwrap_or_default();
            let hex = config.rsplit('/').next().unwrap_or_default().trim_end_matches(".json");
            names.insert(hex.to_owned(), repo_tags(entry));
        }
    }
    names
}

fn repo_tags(entry: &Value) -> Vec<String> {
    let tags = entry["RepoTags"].as_array().into_iter().flatten();
    tags.filter_map(|tag| tag.as_str().map(str::to_owned)).collect()
}

fn image(
    blobs: &Blobs,
    config: &str,
    manifest: Option<Digest>,
    layers: Vec<LayerParts>,
) -> Result<Imported, ImportError> {
    let blob = verified(blobs, config)?;
    let Kind::Document(bytes) = &blob.kind else {
        return Err(ImportError::new(config, "it is no configuration of an image"));
    };
    let text = String::from_utf8_lossy(bytes).into_owned();
    let image = assemble(&text, manifest, layers)?;
    Ok(Imported { names: Vec::new(), config: text, image: Arc::new(image) })
}

fn layer(path: &str, blob: &Blob) -> Result<LayerParts, ImportError> {
    match &blob.kind {
        Kind::Layer(LayerBlob { entries, diff_id, tar_size, is_packed }) => Ok(LayerParts {
            diff_id: *diff_id,
            tar_size: *tar_size,
            compressed_size: is_packed.then_some(blob.size),
            entries: entries.clone(),
        }),
        Kind::Damaged(error) => Err(error.clone()),
        Kind::Document(_) | Kind::Other => {
            Err(ImportError::new(path, "it is no layer: no tar was found in it"))
        }
    }
}

fn blob_path(digest: &str) -> String {
    format!("blobs/{}", digest.replacen(':', "/", 1))
}

fn get<'a>(blobs: &'a Blobs, path: &str) -> Result<&'a Blob, ImportError> {
    let found = blobs.get(path).map(|(_, blob)| blob);
    found.ok_or_else(|| ImportError::new(path, "the archive does not have this file"))
}

/// A file whose name is its digest, where it is.
fn verified<'a>(blobs: &'a Blobs, path: &str) -> Result<&'a Blob, ImportError> {
    let blob = get(blobs, path)?;
    if let Some(hex) = path.strip_prefix("blobs/sha256/")
        && hex != blob.digest.hex()
    {
        return Err(ImportError::new(path, format!("its bytes have the digest {}", blob.digest)));
    }
    Ok(blob)
}

fn document<'a>(blobs: &'a Blobs, path: &str) -> Result<(&'a Blob, Value), ImportError> {
    let blob = verified(blobs, path)?;
    let Kind::Document(bytes) = &blob.kind else { return Err(ImportError::new(path, "it is no JSON")) };
    let value = serde_json::from_slice(bytes)
        .map_err(|error| ImportError::new(path, format!("it is damaged JSON: {error}")))?;
    Ok((blob, value))
}

fn list<'a>(value: &'a Value, place: &str, key: &str) -> Result<&'a [Value], ImportError> {
    match &value[key] {
        Value::Null => Ok(&[]),
        Value::Array(list) => Ok(list),
        _ => Err(ImportError::new(place, format!("its {key} is no list"))),
    }
}

fn text<'a>(value: &'a Value, place: &str, key: &str) -> Result<&'a str, ImportError> {
    value[key].as_str().ok_or_else(|| ImportError::new(place, format!("it has no {key}")))
}
