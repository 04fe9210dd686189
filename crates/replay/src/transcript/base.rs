//! The base images of the recordings: what is known of them, read from `tests/transcripts/base.json`.
//!
//! Sizes and rows of the history are those that were recorded; files of which nothing is known are one opaque one.

use lab_docker::daemon::{Blob, Blobs, Daemon, RemoteImage, manifest_json};
use lab_engine::digest::Digest;
use lab_engine::layer::diff;
use lab_engine::oci::{Image, ImageConfig, Layer};
use lab_engine::shell::utilities;
use lab_engine::vfs::{Content, Metadata, Node, Tree, path};
use lab_engine::world::{World, WorldError};
use lab_session::text::time::parse_rfc3339;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

const MANIFEST: &str = "application/vnd.docker.distribution.manifest.v2+json";

/// The images with their tags, the accounts of the hub, and the time of the recordings.
#[derive(Clone)]
pub struct Base {
    /// When the first command runs, in seconds since 1970.
    pub now: i64,
    images: Vec<(String, Vec<String>, RemoteImage)>,
    by_name: BTreeMap<String, Arc<Image>>,
    accounts: Vec<(String, String)>,
}

impl Base {
    /// Reads `base.json`.
    pub fn load(text: &str) -> Result<Self, String> {
        let record: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let now = record["now"].as_str().and_then(parse_rfc3339).ok_or("there is no time")?;
        let pair =
            |(name, value): (&String, &Value)| (name.clone(), value.as_str().unwrap_or_default().to_owned());
        let accounts = record["accounts"].as_object().into_iter().flatten().map(pair).collect();
        let mut base = Self { now, images: Vec::new(), by_name: BTreeMap::new(), accounts };
        for (name, image) in record["images"].as_object().ok_or("there are no images")? {
            let failed = |error: String| format!("{name}: {error}");
            let remote = remote(image, &record["layers"]).map_err(failed)?;
            let repository = image["repository"].as_str().unwrap_or_default().to_owned();
            let tags: Vec<String> = strings(&image["tags"]);
            for tag in &tags {
                base.by_name.insert(format!("{repository}:{tag}"), remote.image.clone());
            }
            base.images.push((repository, tags, remote));
        }
        Ok(base)
    }

    /// Lets a daemon reach the registries of the recordings.
    pub(super) fn fill(&self, daemon: &mut Daemon) {
        let hub = daemon.registries.get_mut("docker.io");
        hub.accounts.extend(self.accounts.iter().cloned());
        for (repository, tags, remote) in &self.images {
            let path = repository.trim_start_matches("docker.io/");
            for tag in tags {
                hub.put(path, tag, remote.clone());
            }
        }
        let private = daemon.registries.get_mut("registry.local:5000");
        private.is_open = true;
        private.is_plain = true;
    }

    /// The world at a time.
    pub(super) fn world(&self, now: i64) -> impl World {
        Known { images: self.by_name.clone(), now }
    }
}

struct Known {
    images: BTreeMap<String, Arc<Image>>,
    now: i64,
}

impl World for Known {
    fn now(&self) -> i64 {
        self.now
    }

    fn resolve_image(&self, reference: &str, _platform: &str) -> Result<Arc<Image>, WorldError> {
        let unknown = || WorldError::UnknownImage { name: reference.to_owned(), nearest: Vec::new() };
        self.images.get(reference).cloned().ok_or_else(unknown)
    }
}

fn strings(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

fn remote(record: &Value, layers: &Value) -> Result<RemoteImage, String> {
    let number = |value: &Value, key: &str| value[key].as_u64().ok_or_else(|| format!("{key} is missing"));
    let document = json!({
        "architecture": "amd64",
        "os": "linux",
        "created": record["created"],
        "config": record["config"],
        "history": record["history"],
        "rootfs": {"type": "layers", "diff_ids": []},
    });
    let mut config = ImageConfig::parse(&document.to_string()).map_err(|error| error.to_string())?;
    let mut tree = Tree::new();
    let (mut stack, mut packed, mut unpacked) = (Vec::new(), Vec::new(), Vec::new());
    for name in strings(&record["layers"]) {
        let facts = &layers[&name];
        let upper = layer_tree(facts, &tree, &name)?;
        let mut layer = Layer::with_changes(&tree, &upper, &diff(&tree, &upper), None);
        layer.size = number(facts, "size")?;
        layer.compressed_size = facts["packed"].as_u64();
        packed.push(Blob {
            digest: Digest::of(format!("layer {name}").as_bytes()),
            size: number(facts, "packed")?,
        });
        unpacked.push(number(facts, "unpacked")?);
        stack.push(Arc::new(layer));
        tree = upper;
    }
    config.diff_ids = stack.iter().map(|layer| layer.diff_id).collect();
    let image = Image::assemble(config, stack, 0, None);
    let config = Blob { digest: image.config_digest, size: number(record, "config_size")? };
    let manifest = manifest_json(MANIFEST, &config, &packed);
    let target = Blob { digest: Digest::of(manifest.as_bytes()), size: number(record, "manifest_size")? };
    let blobs = Blobs {
        target,
        media_type: MANIFEST.to_owned(),
        manifest: None,
        attestation: Vec::new(),
        config,
        layers: packed,
        unpacked,
    };
    Ok(RemoteImage { image: Arc::new(image), blobs: Arc::new(blobs) })
}

/// The tree with a layer: the files that are known, and an opaque one for the rest of its bytes.
fn layer_tree(facts: &Value, lower: &Tree, name: &str) -> Result<Tree, String> {
    let mut tree = lower.clone();
    let time = 1_700_000_000;
    let mut known = 0;
    for file in facts["files"].as_array().into_iter().flatten() {
        let place = format!("/{}", file["path"].as_str().unwrap_or_default());
        let mode = u32::from_str_radix(file["mode"].as_str().unwrap_or("644"), 8).unwrap_or(0o644);
        let metadata = Metadata::new(mode, time);
        let failed = |error: lab_engine::vfs::VfsError| error.to_string();
        tree.make_directories(path::parent(&place), Metadata::new(0o755, time)).map_err(failed)?;
        let size = file["size"].as_u64().unwrap_or(0);
        let node = match file["type"].as_str() {
            Some("dir") => {
                let directory = lab_engine::vfs::Directory::new(metadata);
                Node::Directory(directory)
            }
            Some("link") => {
                Node::symlink(Metadata::new(0o777, time), file["target"].as_str().unwrap_or_default())
            }
            Some("program") => Node::file(metadata, Content::opaque(size, Digest::of(place.as_bytes()))),
            _ => Node::file(metadata, Content::from(file["text"].as_str().unwrap_or_default())),
        };
        if !(node.is_directory() && tree.exists(&place)) {
            known += if node.is_directory() || node.as_symlink().is_some() { 0 } else { node.size() };
            tree.put(&place, node, time).map_err(failed)?;
        }
        if place == "/bin/busybox" {
            link_applets(&mut tree, time);
        }
    }
    let rest = facts["size"].as_u64().unwrap_or(0).saturating_sub(known);
    if rest > 0 {
        let place = format!("/usr/lib/{name}");
        let _ = tree.make_directories("/usr/lib", Metadata::new(0o755, time));
        let filler = Content::opaque(rest, Digest::of(name.as_bytes()));
        tree.put(&place, Node::file(Metadata::new(0o644, time), filler), time)
            .map_err(|error| error.to_string())?;
    }
    Ok(tree)
}

fn link_applets(tree: &mut Tree, time: i64) {
    for name in utilities::busybox::names().filter(|name| *name != "busybox") {
        let link = Node::symlink(Metadata::new(0o777, time), "/bin/busybox");
        let _ = tree.put(&format!("/bin/{name}"), link, time);
    }
}
