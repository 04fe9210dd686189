//! Archives, read again.

use super::*;
use crate::digest::Digest;
use crate::layer::apply_entries;
use crate::layer::tar::{Body, Reader};
use crate::oci::{Image, ImageConfig, Layer};
use crate::vfs::{Content, Metadata};
use std::collections::BTreeMap;
use std::sync::Arc;

fn tree() -> Tree {
    let mut tree = Tree::new();
    tree.make_directories("/app/src", Metadata::new(0o755, 5)).unwrap();
    tree.write("/app/src/a", "text".into(), Metadata::new(0o644, 5)).unwrap();
    tree.hard_link("/app/src/a", "/app/b", 5).unwrap();
    tree
}

fn image(upper: &Tree) -> Image {
    let first = Layer::between(&Tree::new(), &tree(), Some(3));
    let second = Layer::between(&tree(), upper, Some(3));
    let config = ImageConfig { os: "linux".into(), architecture: "amd64".into(), ..ImageConfig::default() };
    Image::assemble(config, vec![Arc::new(first), Arc::new(second)], 0, Some(3))
}

fn files(archive: &[u8]) -> BTreeMap<String, Content> {
    let file = |entry: Entry| match entry.body {
        Body::File(content) => Some((entry.path, content)),
        _ => None,
    };
    Reader::new(archive).map(Result::unwrap).filter_map(file).collect()
}

#[test]
fn every_digest_leads_to_its_blob() {
    let mut upper = tree();
    upper.remove("/app/b", 9).unwrap();
    let image = image(&upper);
    let archive =
        export(&image, &["docker.io/library/app:1".to_owned()], ExportFormat::DockerArchive).unwrap();
    let files = files(&archive);
    for (path, content) in &files {
        if let Some(hex) = path.strip_prefix("blobs/sha256/") {
            assert_eq!(content.digest().hex(), hex);
        }
    }
    let json =
        |content: &Content| serde_json::from_slice::<serde_json::Value>(content.bytes().unwrap()).unwrap();
    let blob = |digest: &str| &files[&format!("blobs/{}", digest.replace(':', "/"))];
    let index = json(&files["index.json"]);
    assert_eq!(index["manifests"][0]["digest"], image.manifest_digest.to_string());
    assert_eq!(index["manifests"][0]["annotations"]["org.opencontainers.image.ref.name"], "1");
    let manifest = json(blob(index["manifests"][0]["digest"].as_str().unwrap()));
    let config = blob(manifest["config"]["digest"].as_str().unwrap());
    assert_eq!(
        ImageConfig::parse(std::str::from_utf8(config.bytes().unwrap()).unwrap()).unwrap(),
        image.config
    );
    let mut unpacked = Tree::new();
    for layer in manifest["layers"].as_array().unwrap() {
        let tar = blob(layer["digest"].as_str().unwrap());
        assert_eq!(layer["size"], tar.size());
        let entries: Vec<_> = Reader::new(tar.bytes().unwrap()).map(Result::unwrap).collect();
        unpacked = apply_entries(&unpacked, entries).unwrap();
    }
    assert_eq!(unpacked.summary().digest, image.tree.summary().digest);
    let docker = json(&files["manifest.json"]);
    assert_eq!(docker[0]["RepoTags"][0], "docker.io/library/app:1");
    assert_eq!(docker[0]["Layers"].as_array().unwrap().len(), 2);
    assert!(files.contains_key(docker[0]["Config"].as_str().unwrap()));
    let plain = export(&image, &[], ExportFormat::OciLayout).unwrap();
    assert!(!self::files(&plain).contains_key("manifest.json"));
}

#[test]
fn simulated_bytes_are_refused_by_name() {
    let mut upper = tree();
    for name in ["/app/1", "/app/2", "/app/3", "/app/4"] {
        upper.write(name, Content::opaque(7, Digest::of(b"x")), Metadata::new(0o755, 5)).unwrap();
    }
    let error = export(&image(&upper), &[], ExportFormat::OciLayout).unwrap_err();
    assert_eq!(
        error.to_string(),
        "cannot export: the bytes of /app/1, /app/2, /app/3 are simulated (and of 1 more)"
    );
    assert_eq!(
        context_archive(&upper).unwrap_err().to_string(),
        "cannot export: the bytes of /app/1 are simulated"
    );
}

#[test]
fn a_layer_that_cannot_be_made_again_is_refused() {
    let mut image = image(&tree());
    let mut layer = (*image.layers[0]).clone();
    layer.epoch = None;
    image.layers[0] = Arc::new(layer);
    let error = export(&image, &[], ExportFormat::OciLayout).unwrap_err();
    assert!(matches!(error, ExportError::ForeignLayer { .. }));
}

#[test]
fn a_context_is_unpacked_as_it_was() {
    let archive = context_archive(&tree()).unwrap();
    let again = apply_entries(&Tree::new(), Reader::new(&archive).map(Result::unwrap)).unwrap();
    assert_eq!(again.summary().digest, tree().summary().digest);
    assert_eq!(again.names_of("/app/b"), ["/app/b", "/app/src/a"]);
}
