//! What is exported is imported again; what is damaged says where.

use super::*;
use crate::compression::deflate::{Level, Packer};
use crate::digest::Digest;
use crate::export::{ExportFormat, export};
use crate::layer::tar::{Body, BytesSink, Entry, Reader, Writer};
use crate::oci::{Image, ImageConfig, Layer};
use crate::vfs::{Content, Metadata, Tree};
use std::sync::Arc;

fn image() -> Image {
    let mut lower = Tree::new();
    lower.make_directories("/app/old", Metadata::new(0o755, 5)).unwrap();
    lower.write("/app/a", "text".into(), Metadata::new(0o644, 5)).unwrap();
    lower.hard_link("/app/a", "/app/b", 5).unwrap();
    lower.write("/app/large", vec![7; 300_000].into(), Metadata::new(0o644, 5)).unwrap();
    let mut upper = lower.clone();
    upper.remove("/app/old", 9).unwrap();
    let layers =
        [Layer::between(&Tree::new(), &lower, None), Layer::between(&lower, &upper, None)].map(Arc::new);
    let mut config =
        ImageConfig { os: "linux".into(), architecture: "amd64".into(), ..ImageConfig::default() };
    config.config.env = vec!["A=b".into()];
    Image::assemble(config, layers.to_vec(), 0, None)
}

fn names() -> Vec<String> {
    vec!["docker.io/library/app:1".into(), "docker.io/me/app:2".into()]
}

fn import(bytes: &[u8], size: usize) -> Result<Vec<Imported>, ImportError> {
    import_within(ImportLimits::default(), bytes, size)
}

fn import_within(limits: ImportLimits, bytes: &[u8], size: usize) -> Result<Vec<Imported>, ImportError> {
    let mut importer = Importer::new(limits);
    for piece in bytes.chunks(size) {
        importer.write(piece)?;
    }
    importer.finish()
}

/// The archive with its files changed.
fn changed(archive: &[u8], change: impl Fn(&mut Entry) -> bool) -> Vec<u8> {
    let mut writer = Writer::new(BytesSink::default());
    for mut entry in Reader::new(archive).map(Result::unwrap) {
        if change(&mut entry) {
            writer.append(&entry).unwrap();
        }
    }
    writer.finish().unwrap().0
}

fn archive(format: ExportFormat) -> Vec<u8> {
    export(&image(), &names(), format).unwrap()
}

#[test]
fn what_is_exported_is_imported() {
    let image = image();
    for format in [ExportFormat::OciLayout, ExportFormat::DockerArchive] {
        for size in [1000, usize::MAX] {
            let imported = import(&archive(format), size).unwrap();
            assert_eq!(imported.len(), 1);
            let found = &imported[0];
            assert_eq!(found.names, names());
            assert_eq!(found.image.config, image.config);
            assert_eq!(found.image.config_digest, image.config_digest);
            assert_eq!(found.image.manifest_digest, image.manifest_digest);
            assert_eq!(found.image.tree.summary().digest, image.tree.summary().digest);
            assert!(found.image.tree.summary().has_opaque, "a large file is kept by its digest");
            assert!(!found.image.tree.exists("/app/old"));
        }
    }
}

#[test]
fn an_archive_of_docker_alone() {
    let only_docker = |entry: &mut Entry| entry.path != "index.json" && entry.path != "oci-layout";
    let imported = import(&changed(&archive(ExportFormat::DockerArchive), only_docker), 4096).unwrap();
    assert_eq!(imported[0].names, names());
    assert_eq!(imported[0].image.config_digest, image().config_digest);
}

#[test]
fn damage_is_said_with_its_place() {
    let whole = archive(ExportFormat::OciLayout);
    let message = |bytes: &[u8]| import(bytes, 4096).map(|_| ()).unwrap_err().to_string();
    let layer = format!("blobs/sha256/{}", image().layers[0].diff_id.0.hex());
    assert_eq!(message(&whole[..whole.len() / 2]), "archive: unexpected EOF");
    assert_eq!(message(b"hello"), "archive: it is no tar: it has fewer than 6 bytes");
    assert_eq!(message(&[b'x'; 600]), "archive: archive/tar: invalid tar header (at byte 0)");
    let without = |path: &str| changed(&whole, |entry| entry.path != path);
    assert!(message(&without("index.json")).starts_with("archive: it has neither an index.json"));
    assert_eq!(message(&without(&layer)), format!("{layer}: the archive does not have this file"));
    let mut other = Vec::new();
    let flipped = changed(&whole, |entry| {
        if entry.path == layer
            && let Body::File(content) = &entry.body
        {
            let mut bytes = content.bytes().unwrap().to_vec();
            bytes[3 * 512 + 1] ^= 1;
            entry.body = Body::File(Content::from(bytes));
        }
        true
    });
    other.extend(flipped);
    assert!(message(&other).starts_with(&format!("{layer}: its bytes have the digest sha256:")));
    let garbled = changed(&whole, |entry| {
        if entry.path == "index.json" {
            entry.body = Body::File("{\"manifests\":[{".into());
        }
        true
    });
    assert!(message(&garbled).starts_with("index.json: it is damaged JSON: "), "{}", message(&garbled));
}

/// An index over the manifest of the image, for these platforms.
fn multi_arch(platforms: &[&str]) -> Vec<u8> {
    let manifest = image().manifest_digest;
    let descriptor = |platform: &&str| {
        let (os, architecture) = platform.split_once('/').unwrap();
        format!(r#"{{"digest":"{manifest}","platform":{{"os":"{os}","architecture":"{architecture}"}}}}"#)
    };
    let inner =
        format!(r#"{{"manifests":[{}]}}"#, platforms.iter().map(descriptor).collect::<Vec<_>>().join(","));
    let digest = Digest::of(inner.as_bytes());
    let mut bytes = Writer::new(BytesSink::default());
    for mut entry in Reader::new(&archive(ExportFormat::OciLayout)).map(Result::unwrap) {
        if entry.path == "index.json" {
            entry.body = Body::File(format!(r#"{{"manifests":[{{"digest":"{digest}"}}]}}"#).into());
        }
        bytes.append(&entry).unwrap();
    }
    let path = format!("blobs/sha256/{}", digest.hex());
    bytes.append(&Entry::new(path, Metadata::new(0o644, 0), Body::File(inner.into()))).unwrap();
    bytes.finish().unwrap().0
}

#[test]
fn of_an_index_the_platform_of_the_lab_is_taken() {
    let imported = import(&multi_arch(&["linux/arm64", "unknown/unknown", "linux/amd64"]), 4096).unwrap();
    assert_eq!(imported[0].image.config_digest, image().config_digest);
    let error = import(&multi_arch(&["linux/arm64", "unknown/unknown", "linux/s390x"]), 4096).unwrap_err();
    assert_eq!(error.message, "there is no image for linux/amd64 in it; there are: linux/arm64, linux/s390x");
}

/// A small archive can hold any number of files, and zeros without end.
#[test]
fn limits_end_the_reading() {
    let layer = format!("blobs/sha256/{}", image().layers[0].diff_id.0.hex());
    let most = ImportLimits::default();
    for (format, packed) in [(ExportFormat::OciLayout, false), (ExportFormat::DockerArchive, true)] {
        let whole = match packed {
            true => gzip::pack(&archive(format), Level::new(6, Packer::Gnu), Packer::Gnu, None, 0),
            false => archive(format),
        };
        let message = |limits| import_within(limits, &whole, 1000).map(drop).unwrap_err().to_string();
        let of_entries = message(ImportLimits { entries: 4, ..most });
        assert!(of_entries.ends_with(": there are more than 4 files and directories"), "{of_entries}");
        let of_bytes = message(ImportLimits { unpacked_bytes: 3, ..most });
        assert_eq!(of_bytes, format!("{layer}: with it, the layers unpack to more than 0 MiB"));
        assert!(
            import_within(ImportLimits { entries: 20, unpacked_bytes: 400_000, ..most }, &whole, 1000)
                .is_ok()
        );
    }
}
