//! Loaded images as a project keeps them: the entries of their layers.

use crate::protocol::{ImageInput, LayerEntry, LayerEntryKind, LayerInput};
use crate::text::base64;
use lab_engine::digest::{DiffId, Digest};
use lab_engine::import::{ImportError, LayerParts, assemble};
use lab_engine::layer::tar::{Body, Entry};
use lab_engine::oci::{Image, Layer};
use lab_engine::vfs::{Content, DeviceKind, Metadata};

pub(super) fn layer(layer: &Layer) -> LayerInput {
    LayerInput {
        diff_id: layer.diff_id.to_string(),
        tar_size: layer.tar_size as f64,
        compressed_size: layer.compressed_size.map(|size| size as f64),
        entries: layer.changes().entries(None).map(|entry| stored(&entry)).collect(),
    }
}

fn stored(entry: &Entry) -> LayerEntry {
    let Metadata { mode, uid, gid, mtime } = entry.metadata;
    let mut stored = LayerEntry {
        path: entry.path.clone(),
        mode,
        uid,
        gid,
        mtime: mtime as f64,
        size: entry.size() as f64,
        ..LayerEntry::default()
    };
    stored.kind = match &entry.body {
        Body::File(content) => {
            stored.base64 = content.bytes().map(base64::encode);
            stored.digest = content.is_opaque().then(|| content.digest().to_string());
            LayerEntryKind::File
        }
        Body::Directory => LayerEntryKind::Directory,
        Body::Symlink(target) => {
            stored.target = Some(target.clone());
            LayerEntryKind::Symlink
        }
        Body::HardLink(target) => {
            stored.target = Some(target.clone());
            LayerEntryKind::Hardlink
        }
        Body::Device { kind, number } => {
            stored.device = *number;
            match kind {
                DeviceKind::Character => LayerEntryKind::Character,
                DeviceKind::Block => LayerEntryKind::Block,
                DeviceKind::Fifo => LayerEntryKind::Fifo,
            }
        }
    };
    stored
}

pub(super) fn read(input: &ImageInput) -> Result<Image, ImportError> {
    let damaged =
        |place: &str, message: &str| ImportError { place: place.to_owned(), message: message.to_owned() };
    let digest = |text: &str| -> Result<Digest, ImportError> {
        text.parse().map_err(|_| damaged(text, "it is no digest"))
    };
    let mut layers = Vec::new();
    for layer in &input.layers {
        let mut entries = Vec::new();
        for stored in &layer.entries {
            entries.push(entry(stored).ok_or_else(|| damaged(&stored.path, "the entry is damaged"))?);
        }
        layers.push(LayerParts {
            diff_id: DiffId(digest(&layer.diff_id)?),
            tar_size: layer.tar_size as u64,
            compressed_size: layer.compressed_size.map(|size| size as u64),
            entries,
        });
    }
    assemble(&input.config, Some(digest(&input.manifest_digest)?), layers)
}

fn entry(stored: &LayerEntry) -> Option<Entry> {
    let device = |kind| Body::Device { kind, number: stored.device };
    let body = match stored.kind {
        LayerEntryKind::File => Body::File(match (&stored.base64, &stored.digest) {
            (Some(text), _) => Content::from(base64::decode(text)?),
            (None, Some(digest)) => Content::opaque(stored.size as u64, digest.parse().ok()?),
            (None, None) => return None,
        }),
        LayerEntryKind::Directory => Body::Directory,
        LayerEntryKind::Symlink => Body::Symlink(stored.target.clone()?),
        LayerEntryKind::Hardlink => Body::HardLink(stored.target.clone()?),
        LayerEntryKind::Character => device(DeviceKind::Character),
        LayerEntryKind::Block => device(DeviceKind::Block),
        LayerEntryKind::Fifo => device(DeviceKind::Fifo),
    };
    let LayerEntry { mode, uid, gid, mtime, .. } = *stored;
    let metadata = Metadata { mode, uid, gid, mtime: mtime as i64 };
    Some(Entry { path: stored.path.clone(), metadata, body })
}
