//! An image as an archive.

use super::{ExportError, tar_of};
use crate::digest::Digest;
use crate::layer::tar::{Body, Entry};
use crate::oci::{Descriptor, Image, Layer, Manifest, docker_manifest_json, index_json, media_type};
use crate::vfs::{Content, Metadata, Node};
use std::collections::BTreeMap;

/// The form of an archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportFormat {
    /// The layout of the OCI image specification.
    OciLayout,
    /// The same with the `manifest.json` that `docker load` asks for, so that both kinds of tools read it.
    DockerArchive,
}

/// The image as a tar. Equal images give equal bytes.
///
/// `names` are the full references that it is to be known by, for instance `docker.io/library/app:latest`.
pub fn export(image: &Image, names: &[String], format: ExportFormat) -> Result<Vec<u8>, ExportError> {
    refuse_opaque(image)?;
    let config = image.config.to_json();
    let manifest = match &image.manifest {
        Some(manifest) => manifest.clone(),
        None => Manifest::new(&image.config, &image.layers, image.layers.len(), None),
    };
    let manifest_json = manifest.to_json();
    let references = references(Descriptor::of(media_type::MANIFEST, &manifest_json), names);
    // A map, as equal layers are one blob.
    let mut blobs: BTreeMap<Digest, Content> = BTreeMap::new();
    for layer in &image.layers {
        blobs.insert(layer.diff_id.0, layer_tar(layer)?);
    }
    for document in [config.clone(), manifest_json] {
        let content = Content::from(document);
        blobs.insert(content.digest(), content);
    }
    let config_path = blob_path(&Digest::of(config.as_bytes()));
    let mut entries = vec![directory("blobs"), directory("blobs/sha256")];
    entries.extend(blobs.into_iter().map(|(digest, content)| file(&blob_path(&digest), content)));
    entries.push(file("index.json", index_json(&references).into()));
    if format == ExportFormat::DockerArchive {
        let layers: Vec<String> = image.layers.iter().map(|layer| blob_path(&layer.diff_id.0)).collect();
        entries.push(file("manifest.json", docker_manifest_json(&config_path, names, &layers).into()));
    }
    entries.push(file("oci-layout", r#"{"imageLayoutVersion":"1.0.0"}"#.into()));
    tar_of(entries.into_iter())
}

/// The manifest once for each name, or once without one.
fn references(manifest: Descriptor, names: &[String]) -> Vec<Descriptor> {
    if names.is_empty() {
        return vec![manifest];
    }
    let named = |name: &String| Descriptor {
        annotations: vec![
            ("io.containerd.image.name".to_owned(), name.clone()),
            ("org.opencontainers.image.ref.name".to_owned(), tag_of(name).to_owned()),
        ],
        ..manifest.clone()
    };
    names.iter().map(named).collect()
}

/// Names every file without bytes at once, before anything is written.
fn refuse_opaque(image: &Image) -> Result<(), ExportError> {
    let mut paths = Vec::new();
    for layer in &image.layers {
        // A summary tells at once that there is nothing to look for.
        if !layer.upper.summary().has_opaque {
            continue;
        }
        let changes = layer.changes();
        let is_opaque = |node: &Node| node.as_file().is_some_and(|file| file.content.is_opaque());
        let opaque = changes.changes().filter(|change| change.new.as_deref().is_some_and(is_opaque));
        paths.extend(opaque.map(|change| change.path.clone()));
    }
    if paths.is_empty() { Ok(()) } else { Err(ExportError::Opaque { paths }) }
}

fn layer_tar(layer: &Layer) -> Result<Content, ExportError> {
    let tar = Content::from(tar_of(layer.changes().entries(layer.epoch))?);
    if tar.digest() == layer.diff_id.0 {
        Ok(tar)
    } else {
        Err(ExportError::ForeignLayer { diff_id: layer.diff_id.to_string() })
    }
}

fn blob_path(digest: &Digest) -> String {
    format!("blobs/sha256/{}", digest.hex())
}

fn tag_of(name: &str) -> &str {
    let last = name.rsplit('/').next().unwrap_or(name);
    last.rsplit_once(':').map_or("latest", |(_, tag)| tag)
}

fn file(path: &str, content: Content) -> Entry {
    Entry::new(path, Metadata::new(0o644, 0), Body::File(content))
}

fn directory(path: &str) -> Entry {
    Entry::new(path, Metadata::new(0o755, 0), Body::Directory)
}
