//! Layers, configurations and manifests that BuildKit made, made again.

use lab_catalog::testbase;
use lab_engine::digest::{DiffId, Digest};
use lab_engine::layer::tar::{Body, BytesSink, DigestSink, Entry, Reader, Writer};
use lab_engine::layer::{apply_entries, diff};
use lab_engine::oci::{Image, ImageConfig, Layer};
use lab_engine::vfs::{Content, Tree};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

const EPOCH: i64 = 1_700_000_000;

fn conformance() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/conformance"))
}

fn cases() -> Vec<(String, Value)> {
    let folder = std::fs::read_dir(conformance().join("cases")).expect("the recorded cases");
    let mut cases: Vec<_> = folder
        .map(|file| {
            let path = file.unwrap().path();
            let case = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
            (path.file_stem().unwrap().to_string_lossy().into_owned(), case)
        })
        .collect();
    assert!(cases.len() > 300, "only {} cases", cases.len());
    cases.sort_by(|a, b| a.0.cmp(&b.0));
    cases
}

fn base_images() -> BTreeMap<String, Arc<Image>> {
    testbase::load(&std::fs::read_to_string(conformance().join("testbase.json")).unwrap()).unwrap()
}

/// Files whose bytes are too long or no UTF-8, found in the contexts by their digest.
fn context_files(case: &Value) -> BTreeMap<Digest, Content> {
    let mut files = BTreeMap::new();
    for step in case["steps"].as_array().unwrap() {
        for (_, file) in step["files"].as_object().into_iter().flatten() {
            let bytes = match (file["content"].as_str(), file["base64"].as_str()) {
                (Some(text), _) => text.as_bytes().to_vec(),
                (_, Some(text)) => decode_base64(text),
                _ => continue,
            };
            files.insert(Digest::of(&bytes), Content::from(bytes));
        }
    }
    // The one file that no context has: 64 KiB of zeros from /dev/zero.
    let zeros = vec![0; 65536];
    files.insert(Digest::of(&zeros), Content::from(zeros));
    files
}

fn decode_base64(text: &str) -> Vec<u8> {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bits = 0u32;
    let mut count = 0;
    let mut bytes = Vec::new();
    for letter in text.bytes().filter(|letter| *letter != b'=') {
        bits = bits << 6 | ALPHABET.iter().position(|l| *l == letter).expect("a letter of base64") as u32;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
        }
    }
    bytes
}

fn entries(layer: &Value, files: &BTreeMap<Digest, Content>) -> Vec<Entry> {
    let mut entries = testbase::layer_entries(layer).unwrap();
    for entry in &mut entries {
        if let Body::File(content) = &mut entry.body
            && content.is_opaque()
        {
            content.clone_from(&files[&content.digest()]);
        }
    }
    entries
}

#[test]
fn listings_give_the_recorded_diff_ids() {
    let mut count = 0;
    for (name, case) in cases() {
        let files = context_files(&case);
        for (diff_id, layer) in case["layers"].as_object().unwrap() {
            let mut writer = Writer::new(DigestSink::new());
            let entries = entries(layer, &files);
            for entry in &entries {
                let Ok(()) = writer.append(entry);
            }
            let Ok(sink) = writer.finish();
            assert_eq!(Some(sink.length()), layer["size"].as_u64(), "{name} {diff_id}");
            assert!(!sink.is_modelled());
            assert_eq!(sink.digest().to_string(), *diff_id, "{name}");

            let mut writer = Writer::new(BytesSink::default());
            entries.iter().for_each(|entry| writer.append(entry).unwrap());
            let tar = writer.finish().unwrap().0;
            let read: Result<Vec<_>, _> = Reader::new(&tar).collect();
            assert_eq!(read.as_ref(), Ok(&entries), "{name} {diff_id}");
            count += 1;
        }
    }
    assert!(count > 700, "only {count} layers");
}

/// Every recorded image unpacked layer by layer; the differences of the snapshots must give the same layers again.
#[test]
fn differences_of_unpacked_images_give_the_recorded_layers() {
    let bases = base_images();
    let base_layers: BTreeMap<DiffId, &Arc<Layer>> =
        bases.values().flat_map(|image| &image.layers).map(|layer| (layer.diff_id, layer)).collect();
    let mut seen = BTreeSet::new();
    for (name, case) in cases() {
        let files = context_files(&case);
        for image in case["steps"].as_array().unwrap().iter().map(|step| &step["expect"]["image"]) {
            let Some(config) = image["config"].as_str() else { continue };
            let mut tree = Tree::new();
            let mut stack = Vec::new();
            for diff_id in ImageConfig::parse(config).unwrap().diff_ids {
                let layer = &case["layers"][diff_id.to_string()];
                if layer.is_null() {
                    let layer = base_layers[&diff_id];
                    tree = layer.upper.clone();
                    stack.push(diff_id);
                    continue;
                }
                let mut entries = entries(layer, &files);
                // Steps write at different times, all after the epoch: without that, a file that was written again
                // with the same bytes would be no difference.
                for entry in entries.iter_mut().filter(|entry| entry.metadata.mtime == EPOCH) {
                    entry.metadata.mtime += 1 + stack.len() as i64;
                }
                // A true file of such a name reads as a whiteout: the layer no longer says what the snapshot held.
                let is_ambiguous = |entry: &Entry| entry.path.contains(".wh.") && entry.metadata.mode != 0;
                if entries.iter().any(is_ambiguous) {
                    break;
                }
                let upper = apply_entries(&tree, entries).unwrap();
                stack.push(diff_id);
                if seen.insert(stack.clone()) {
                    let again = Layer::between(&tree, &upper, Some(EPOCH));
                    let listed: Vec<_> =
                        diff(&tree, &upper).entries(Some(EPOCH)).map(|entry| entry.path).collect();
                    assert_eq!(again.diff_id, diff_id, "{name}: {listed:?}");
                }
                tree = upper;
            }
        }
    }
    assert!(seen.len() > 700, "only {} stacks", seen.len());
}

#[test]
fn configurations_and_manifests_are_written_as_recorded() {
    let bases = base_images();
    let base_layers: BTreeMap<DiffId, &Arc<Layer>> =
        bases.values().flat_map(|image| &image.layers).map(|layer| (layer.diff_id, layer)).collect();
    let mut count = 0;
    for (name, case) in cases() {
        for image in case["steps"].as_array().unwrap().iter().map(|step| &step["expect"]["image"]) {
            let Some(recorded) = image["config"].as_str() else { continue };
            let config = ImageConfig::parse(recorded).unwrap();
            assert_eq!(config.to_json(), recorded, "{name}");
            let sizes = image["layer_sizes"].as_array().unwrap().iter().map(|size| size.as_u64().unwrap());
            let layer = |(diff_id, tar_size): (&DiffId, u64)| {
                let (lower, upper) = (Tree::new(), Tree::new());
                let (size, compressed_size, modelled) = (0, None, false);
                Arc::new(Layer {
                    diff_id: *diff_id,
                    tar_size,
                    size,
                    compressed_size,
                    modelled,
                    epoch: None,
                    lower,
                    upper,
                })
            };
            let layers: Vec<_> = config.diff_ids.iter().zip(sizes).map(layer).collect();
            let from_base = config.diff_ids.iter().take_while(|id| base_layers.contains_key(id)).count();
            let made = Image::assemble(config, layers, from_base, Some(EPOCH));
            assert_eq!(made.config_digest.to_string(), image["config_digest"].as_str().unwrap(), "{name}");
            assert_eq!(
                made.manifest_digest.to_string(),
                image["manifest_digest"].as_str().unwrap(),
                "{name}"
            );
            count += 1;
        }
    }
    assert!(count > 700, "only {count} images");
}

#[test]
fn the_base_images_have_their_files() {
    let bases = base_images();
    let base = &bases["docker.io/library/testbase:latest"];
    assert_eq!(base.tree.canonical("/bin/sh").unwrap(), "/bin/busybox");
    assert_eq!(base.tree.read("/bin/busybox").unwrap().size(), 1_982_256);
    let two = &bases["docker.io/library/testbase:2"];
    assert_eq!(two.tree.read_text("/etc/motd"), Some("Welcome to testbase two.\n"));
    assert_eq!(two.layers.len(), 2);
    assert!(testbase::load("{}").is_err());
}

/// The base images were built with an epoch of their own, each on top of another one.
#[test]
fn manifests_of_the_base_images_are_written_as_recorded() {
    for (name, image) in base_images() {
        let made = |base_layers| {
            let (config, layers) = (image.config.clone(), image.layers.clone());
            Image::assemble(config, layers, base_layers, Some(1_690_000_000)).manifest_digest
        };
        assert!((0..=image.layers.len()).any(|count| made(count) == image.manifest_digest), "{name}");
    }
}
