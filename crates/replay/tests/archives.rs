//! `ADD` of archives, whole and damaged, in every format.

#![cfg(not(target_arch = "wasm32"))]

use lab_engine::cache::{BuildId, Cache};
use lab_engine::solver::{Build, BuildOptions};
use lab_engine::vfs::{Metadata, Tree};
use lab_replay::RecordedWorld;
use std::path::Path;

fn packed(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/archives").join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Adds a file and gives the tree, or the message of the step.
fn add(name: &str, bytes: Vec<u8>) -> Result<Tree, String> {
    let mut context = Tree::new();
    context.write(&format!("/{name}"), bytes.into(), Metadata::new(0o644, 1)).unwrap();
    let mut options = BuildOptions::new(format!("FROM scratch\nADD {name} /out/\n"), context);
    options.build = BuildId(0);
    let base = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/conformance/testbase.json");
    let world = RecordedWorld::load(&std::fs::read_to_string(base).unwrap()).unwrap();
    let report = Build::new(options, &Cache::new(), &world).finish();
    match &report.result {
        Ok(output) => Ok(output.image().tree.clone()),
        Err(error) => Err(error.message.clone()),
    }
}

const ARCHIVES: [&str; 5] = ["t.tar", "t.tar.gz", "t.tar.bz2", "t.tar.xz", "t.tar.zst"];

fn has(tree: &Tree, place: &str) -> bool {
    tree.lstat(place).is_ok()
}

#[test]
fn every_format_is_unpacked() {
    for name in ARCHIVES {
        let tree = add(name, packed(name)).unwrap();
        let read = |place: &str| tree.read(place).unwrap().bytes().unwrap().to_vec();
        assert_eq!(read("/out/folder/text"), b"hello\n", "{name}");
        assert_eq!(read("/out/zeros"), vec![0; 4_000], "{name}");
        assert_eq!(tree.lstat("/out/folder/text").unwrap().metadata().mtime, 1_500_000_000, "{name}");
        assert!(!has(&tree, &format!("/out/{name}")), "{name}");
    }
}

#[test]
fn what_only_looks_like_an_archive_is_copied() {
    for (name, bytes) in [
        ("a.gz", &b"\x1f\x8b\x08 no gzip"[..]),
        ("a.bz2", b"BZh9 no bzip2"),
        ("a.xz", b"\xfd7zXZ\0 no xz"),
        ("a.zst", b"\x28\xb5\x2f\xfd no zstd"),
        ("a.tar", b"no tar"),
        ("empty", b""),
    ] {
        let tree = add(name, bytes.to_vec()).unwrap();
        assert!(has(&tree, &format!("/out/{name}")), "{name}");
    }
}

#[test]
fn a_damaged_archive_fails_with_the_words_of_its_reader() {
    let xz = "exit status 1: xz: (stdin): ";
    // Of each so much is left that a first entry can be read; of zstd that is only after a whole block.
    let cut = [
        ("t.tar", 4000, "unexpected EOF".to_owned()),
        ("t.tar.gz", 40, "unexpected EOF".to_owned()),
        ("t.tar.xz", 40, format!("{xz}Unexpected end of input\n")),
        ("t.tar.zst", 2, "unexpected EOF".to_owned()),
    ];
    for (name, missing, message) in cut {
        let mut bytes = packed(name);
        bytes.truncate(bytes.len() - missing);
        let error = add(name, bytes).map(drop).unwrap_err();
        assert!(error.ends_with(&message), "{name}: {error}");
    }
}

#[test]
fn what_comes_behind_the_end_of_the_tar_is_not_read() {
    // The last bytes are the checksum of the whole; in one of the files a mark of the end comes before it.
    let damaged = |name| {
        let mut bytes = packed(name);
        let at = bytes.len() - 6;
        bytes[at] ^= 1;
        add(name, bytes).map(drop)
    };
    assert_eq!(damaged("ended.tar.gz"), Ok(()));
    assert!(damaged("t.tar.gz").unwrap_err().ends_with("gzip: invalid checksum"));
}
