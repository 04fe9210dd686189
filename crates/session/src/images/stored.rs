//! Loaded images as a project keeps them: the entries of their layers, each layer under a seal.
//!
//! What comes back from a store or a link may be damaged, so everything is verified: the configuration by the image ID,
//! the layers by the diff IDs in it, their entries by the seal. The seal is the digest of the entries, since the tar of
//! another program cannot always be written again, and content that was not kept cannot be hashed.

use crate::protocol::{ImageInput, LayerEntry, LayerEntryKind, LayerInput};
use crate::text::base64;
use lab_engine::digest::{DiffId, Digest, Hasher};
use lab_engine::import::{ImportError, LayerParts, assemble};
use lab_engine::layer::tar::{Body, DigestSink, Entry, Writer};
use lab_engine::oci::{Image, Layer};
use lab_engine::vfs::{Content, DeviceKind, Metadata, Xattrs};
use std::collections::BTreeMap;

pub(super) fn layer(layer: &Layer, seal: &str, apart: bool) -> LayerInput {
    let entries =
        if apart { Vec::new() } else { layer.changes().entries(None).map(|e| stored(&e)).collect() };
    LayerInput {
        diff_id: layer.diff_id.to_string(),
        tar_size: layer.tar_size as f64,
        compressed_size: layer.compressed_size.map(|size| size as f64),
        seal: seal.to_owned(),
        entries,
    }
}

/// The seal of a layer.
pub(super) fn seal_of(layer: &Layer) -> String {
    seal(&mut layer.changes().entries(None)).to_string()
}

/// The digest of entries: of every field that is kept of each.
fn seal(entries: &mut dyn Iterator<Item = Entry>) -> Digest {
    let mut hasher = Hasher::new();
    for entry in entries {
        let Metadata { mode, uid, gid, mtime } = entry.metadata;
        hasher.field(entry.path.as_bytes());
        for number in [u64::from(mode), u64::from(uid), u64::from(gid), mtime as u64, entry.size()] {
            hasher.number(number);
        }
        for (name, value) in entry.xattrs.iter() {
            hasher.field(b"attribute");
            hasher.field(name.as_bytes());
            hasher.field(value);
        }
        match &entry.body {
            Body::File(content) => {
                hasher.field(if content.is_opaque() { b"opaque" } else { b"file" });
                hasher.field(content.digest().as_bytes());
            }
            Body::Directory => hasher.field(b"directory"),
            Body::Symlink(target) => {
                hasher.field(b"symlink");
                hasher.field(target.as_bytes());
            }
            Body::HardLink(target) => {
                hasher.field(b"link");
                hasher.field(target.as_bytes());
            }
            Body::Device { kind, number: (major, minor) } => {
                hasher.field(match kind {
                    DeviceKind::Character => b"character",
                    DeviceKind::Block => b"block",
                    DeviceKind::Fifo => b"fifo",
                });
                hasher.number(u64::from(*major));
                hasher.number(u64::from(*minor));
            }
        }
    }
    hasher.finish()
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
        xattrs: entry.xattrs.iter().map(|(name, value)| (name.to_owned(), base64::encode(value))).collect(),
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
    let id = Digest::of(input.config.as_bytes());
    if !input.id.is_empty() && digest(&input.id)? != id {
        return Err(damaged(&input.id, format!("the configuration has the digest {id}")));
    }
    let layers = input.layers.iter().map(layer_parts).collect::<Result<Vec<LayerParts>, _>>()?;
    assemble(&input.config, Some(digest(&input.manifest_digest)?), layers)
}

fn damaged(place: &str, message: impl Into<String>) -> ImportError {
    ImportError { place: place.to_owned(), message: message.into() }
}

fn digest(text: &str) -> Result<Digest, ImportError> {
    text.parse().map_err(|_| damaged(text, "it is no digest"))
}

/// The parts of a layer, verified.
fn layer_parts(layer: &LayerInput) -> Result<LayerParts, ImportError> {
    let place = format!("layer {}", layer.diff_id);
    let mut entries = Vec::new();
    for stored in &layer.entries {
        let read = entry(stored);
        entries.push(read.ok_or_else(|| damaged(&place, format!("its entry {} is damaged", stored.path)))?);
    }
    let found = seal(&mut entries.iter().cloned());
    if !layer.seal.is_empty() && digest(&layer.seal)? != found {
        let is_missing = entries.is_empty();
        let what = if is_missing {
            "its files are not there".to_owned()
        } else {
            format!("its files have the seal {found}")
        };
        return Err(damaged(&place, what));
    }
    let diff_id = DiffId(digest(&layer.diff_id)?);
    if layer.seal.is_empty() && tar_digest(&entries) != Some(diff_id.0) {
        return Err(damaged(&place, "it has no seal, and its files do not give this digest"));
    }
    Ok(LayerParts {
        diff_id,
        tar_size: layer.tar_size as u64,
        compressed_size: layer.compressed_size.map(|size| size as u64),
        entries,
    })
}

/// The digest of the tar that the entries give; none where content is missing.
fn tar_digest(entries: &[Entry]) -> Option<Digest> {
    let mut writer = Writer::new(DigestSink::new());
    for entry in entries {
        let Ok(()) = writer.append(entry);
    }
    let Ok(sink) = writer.finish();
    (!sink.is_modelled()).then(|| sink.digest())
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
    let mut xattrs = BTreeMap::new();
    for (name, value) in &stored.xattrs {
        xattrs.insert(name.clone(), base64::decode(value)?);
    }
    let LayerEntry { mode, uid, gid, mtime, .. } = *stored;
    let metadata = Metadata { mode, uid, gid, mtime: mtime as i64 };
    Some(Entry { xattrs: Xattrs::new(xattrs), ..Entry::new(stored.path.as_str(), metadata, body) })
}
