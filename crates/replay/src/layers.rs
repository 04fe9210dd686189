//! Layers in the form of the recordings: every entry of the tar.

use lab_engine::layer::tar::{Body, Entry};
use lab_engine::oci::Layer;
use lab_engine::solver::BuildReport;
use lab_engine::vfs::DeviceKind;
use serde_json::{Map, Value, json};

/// Files of up to so many bytes are shown with their text.
const TEXT: u64 = 300;
/// The epoch of the recordings.
const EPOCH: i64 = 1_700_000_000;

/// Adds the layers of a build's image that are not those of its base.
pub(super) fn add(layers: &mut Map<String, Value>, report: &BuildReport) {
    let Ok(built) = &report.result else { return };
    for layer in built.layers.iter().filter(|layer| !layer.is_base()) {
        let layer = layer.layer();
        layers.entry(layer.diff_id.to_string()).or_insert_with(|| listing(layer));
    }
}

fn listing(layer: &Layer) -> Value {
    let changes = layer.changes();
    let entries: Vec<Value> = changes.entries(Some(EPOCH)).map(|entry| one(&entry)).collect();
    json!({ "size": layer.tar_size, "entries": entries })
}

fn one(entry: &Entry) -> Value {
    let metadata = &entry.metadata;
    let mut value = json!({
        "path": entry.path,
        "mode": format!("{:04o}", metadata.mode),
        "uid": metadata.uid,
        "gid": metadata.gid,
        "size": entry.size(),
        "mtime": metadata.mtime,
    });
    let records = entry.records().into_iter();
    let pax: Map<String, Value> =
        records.map(|(key, value)| (key, String::from_utf8_lossy(&value).into())).collect();
    if !pax.is_empty() {
        value["pax"] = pax.into();
    }
    match &entry.body {
        Body::File(content) => {
            value["type"] = "file".into();
            value["sha256"] = content.digest().hex().into();
            let text = content.bytes().and_then(|bytes| std::str::from_utf8(bytes).ok());
            if let Some(text) = text.filter(|_| (1..=TEXT).contains(&content.size())) {
                value["text"] = text.into();
            }
        }
        Body::Directory => {
            value["type"] = "dir".into();
            value["path"] = format!("{}/", entry.path).into();
        }
        Body::Symlink(target) => {
            value["type"] = "symlink".into();
            value["link"] = target.clone().into();
        }
        Body::HardLink(target) => {
            value["type"] = "hardlink".into();
            value["link"] = target.clone().into();
        }
        Body::Device { kind, number } => {
            let name = match kind {
                DeviceKind::Character => "char",
                DeviceKind::Block => "block",
                DeviceKind::Fifo => "fifo",
            };
            value["type"] = name.into();
            value["dev"] = json!([number.0, number.1]);
        }
    }
    value
}
