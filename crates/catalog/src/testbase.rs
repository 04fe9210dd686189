//! The base images of the recorded builds.
//!
//! Takes the text of `testbase.json` (see `tests/conformance/FORMAT.md`) and gives its images, with the digests that
//! were recorded. Content that was not recorded stays opaque, with its real size and digest.

use lab_engine::digest::{DiffId, Digest};
use lab_engine::layer::apply_entries;
use lab_engine::layer::tar::{Body, Entry};
use lab_engine::oci::{Image, ImageConfig, Layer};
use lab_engine::vfs::{Content, DeviceKind, Metadata, Tree};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The images by their full reference (`docker.io/library/testbase:latest`).
///
/// An image whose ID is not the digest of its configuration is an error, as is anything missing.
pub fn load(text: &str) -> Result<BTreeMap<String, Arc<Image>>, String> {
    let record: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let images = record["images"].as_object().ok_or("there are no images")?;
    images
        .iter()
        .map(|(name, image)| {
            let image = image_of(image, &record["layers"]).map_err(|error| format!("{name}: {error}"))?;
            Ok((name.clone(), Arc::new(image)))
        })
        .collect()
}

fn image_of(record: &Value, layers: &Value) -> Result<Image, String> {
    let config = ImageConfig::parse(text(record, "config")?).map_err(|error| error.to_string())?;
    let mut tree = Tree::new();
    let mut stack = Vec::new();
    for diff_id in config.diff_ids.clone() {
        let layer = layer_of(&layers[diff_id.to_string()], diff_id, &tree)?;
        tree = layer.upper.clone();
        stack.push(Arc::new(layer));
    }
    let base_layers = stack.len();
    let mut image = Image::assemble(config, stack, base_layers, None);
    if digest(record, "config_digest")? != image.config_digest {
        return Err("its digest is not that of its configuration".to_owned());
    }
    // Which layers were its base, and with which epoch it was built, is not recorded; so its manifest cannot be made.
    image.manifest = None;
    image.manifest_digest = digest(record, "manifest_digest")?;
    Ok(image)
}

fn layer_of(record: &Value, diff_id: DiffId, lower: &Tree) -> Result<Layer, String> {
    let entries = layer_entries(record)?;
    let size = entries.iter().map(Entry::size).sum();
    let upper = apply_entries(lower, entries).map_err(|error| error.to_string())?;
    Ok(Layer {
        diff_id,
        tar_size: number(record, "size")?,
        size,
        compressed_size: None,
        // Opaque content here has its real size, and the diff ID is that of the real bytes.
        modelled: false,
        epoch: None,
        lower: lower.clone(),
        upper,
    })
}

/// The entries of a recorded layer. Content of which only size and digest were recorded is opaque.
pub fn layer_entries(record: &Value) -> Result<Vec<Entry>, String> {
    record["entries"].as_array().ok_or("a layer has no entries")?.iter().map(entry_of).collect()
}

fn entry_of(record: &Value) -> Result<Entry, String> {
    let small =
        |key| number(record, key).and_then(|n| u32::try_from(n).map_err(|_| format!("{key} is too large")));
    let mode = text(record, "mode")?;
    let metadata = Metadata {
        mode: u32::from_str_radix(mode, 8).map_err(|_| format!("{mode} is no mode"))?,
        uid: small("uid")?,
        gid: small("gid")?,
        mtime: record["mtime"].as_i64().ok_or("an entry has no mtime")?,
    };
    let device = |kind| {
        let part = |index: usize| record["dev"][index].as_u64().unwrap_or(0) as u32;
        Body::Device { kind, number: (part(0), part(1)) }
    };
    let body = match text(record, "type")? {
        "dir" => Body::Directory,
        "file" => Body::File(content_of(record)?),
        "symlink" => Body::Symlink(text(record, "link")?.to_owned()),
        "hardlink" => Body::HardLink(text(record, "link")?.to_owned()),
        "char" => device(DeviceKind::Character),
        "block" => device(DeviceKind::Block),
        "fifo" => device(DeviceKind::Fifo),
        other => return Err(format!("{other} is no type of an entry")),
    };
    Ok(Entry::new(text(record, "path")?.trim_end_matches('/'), metadata, body))
}

fn content_of(record: &Value) -> Result<Content, String> {
    match (number(record, "size")?, record["text"].as_str()) {
        (0, _) => Ok(Content::from("")),
        (_, Some(text)) => Ok(Content::from(text)),
        (size, None) => Ok(Content::opaque(size, digest(record, "sha256")?)),
    }
}

fn text<'a>(record: &'a Value, key: &str) -> Result<&'a str, String> {
    record[key].as_str().ok_or_else(|| format!("{key} is missing"))
}

fn number(record: &Value, key: &str) -> Result<u64, String> {
    record[key].as_u64().ok_or_else(|| format!("{key} is missing"))
}

fn digest(record: &Value, key: &str) -> Result<Digest, String> {
    text(record, key)?.parse().map_err(|_| format!("{key} is no digest"))
}
