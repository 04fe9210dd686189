//! Differences of trees and their application.

use super::tar::Body;
use super::*;
use crate::vfs::{Follow, Metadata, Node, Tree, path};

const NOW: i64 = 1_700_000_000;

fn meta(mode: u32) -> Metadata {
    Metadata::new(mode, NOW)
}

fn tree(files: &[(&str, &str)]) -> Tree {
    let mut tree = Tree::new();
    for (path, text) in files {
        tree.make_directories(path::parent(path), meta(0o755)).unwrap();
        tree.write(path, (*text).into(), meta(0o644)).unwrap();
    }
    tree
}

fn names(changes: &Changeset) -> Vec<String> {
    changes.entries(None).map(|entry| entry.path).collect()
}

fn check(lower: &Tree, upper: &Tree, expected: &[&str]) {
    let changes = diff(lower, upper);
    assert_eq!(names(&changes), expected);
    let again = apply(lower, &changes).unwrap();
    assert!(diff(&again, upper).is_empty(), "{:?}", names(&diff(&again, upper)));
}

#[test]
fn order_parents_and_whiteouts() {
    let lower = tree(&[("/d/a/x", "1"), ("/d/a b", "1"), ("/d/a.b", "1"), ("/e/gone/x", "1"), ("/z", "1")]);
    let mut upper = lower.clone();
    upper.write("/d/a/x", "2".into(), meta(0o644)).unwrap();
    upper.write("/d/a b", "2".into(), meta(0o644)).unwrap();
    upper.remove("/d/a.b", NOW + 5).unwrap();
    upper.remove("/e/gone", NOW + 5).unwrap();
    check(&lower, &upper, &["d", "d/a", "d/a/x", "d/a b", "d/.wh.a.b", "e", "e/.wh.gone"]);
    let kinds: Vec<_> =
        diff(&lower, &upper).changes().map(|change| (change.path.clone(), change.kind)).collect();
    assert_eq!(kinds[0], ("/d/a/x".to_owned(), ChangeKind::Modified));
    assert_eq!(kinds[3], ("/e/gone".to_owned(), ChangeKind::Removed));
}

#[test]
fn a_whiteout_has_no_time() {
    let lower = tree(&[("/a", "1")]);
    let mut upper = lower.clone();
    upper.remove("/a", NOW).unwrap();
    let entry = diff(&lower, &upper).entries(Some(NOW)).next().unwrap();
    assert_eq!((entry.metadata, entry.path.as_str()), (Metadata::new(0, 0), ".wh.a"));
}

#[test]
fn time_alone_counts_for_files_and_not_for_directories() {
    let lower = tree(&[("/d/a", "1"), ("/d/b", "1")]);
    let mut upper = lower.clone();
    upper.set_metadata("/d", Follow::No, |metadata| metadata.mtime += 1).unwrap();
    check(&lower, &upper, &[]);
    upper.set_metadata("/d/a", Follow::No, |metadata| metadata.mtime += 1).unwrap();
    check(&lower, &upper, &["d", "d/a"]);
    let mut same = lower.clone();
    same.remove("/d/a", NOW).unwrap();
    same.write("/d/a", "1".into(), meta(0o644)).unwrap();
    check(&lower, &same, &[]);
}

#[test]
fn a_directory_made_again_lists_what_differs() {
    let lower = tree(&[("/d/a", "1"), ("/d/b", "1"), ("/d/c", "1")]);
    let mut upper = lower.clone();
    upper.remove("/d", NOW).unwrap();
    upper.make_directory("/d", meta(0o755)).unwrap();
    upper.write("/d/a", "1".into(), meta(0o644)).unwrap();
    upper.write("/d/b", "2".into(), meta(0o644)).unwrap();
    check(&lower, &upper, &["d", "d/b", "d/.wh.c"]);
}

#[test]
fn types_change_without_whiteouts() {
    let lower = tree(&[("/d/a", "1"), ("/f", "1")]);
    let mut upper = lower.clone();
    upper.remove("/d", NOW).unwrap();
    upper.write("/d", "now a file".into(), meta(0o644)).unwrap();
    upper.remove("/f", NOW).unwrap();
    upper.make_directory("/f", meta(0o700)).unwrap();
    upper.put("/f/l", Node::symlink(meta(0), "../d"), NOW).unwrap();
    check(&lower, &upper, &["d", "f", "f/l"]);
}

#[test]
fn names_of_one_file_are_linked_within_the_layer_only() {
    let lower = tree(&[("/a", "1")]);
    let mut upper = lower.clone();
    upper.hard_link("/a", "/b", NOW).unwrap();
    let entries: Vec<_> = diff(&lower, &upper).entries(None).collect();
    assert_eq!((entries.len(), &entries[0].body), (1, &Body::File("1".into())));
    upper.write("/b", "2".into(), meta(0o644)).unwrap();
    let entries: Vec<_> = diff(&lower, &upper).entries(None).collect();
    assert_eq!(entries[1].body, Body::HardLink("a".into()));
    check(&lower, &upper, &["a", "b"]);
    assert_eq!(apply(&lower, &diff(&lower, &upper)).unwrap().names_of("/b"), ["/a", "/b"]);
}

#[test]
fn times_are_not_after_the_epoch() {
    let mut upper = tree(&[("/a", "1")]);
    upper.set_metadata("/a", Follow::No, |metadata| metadata.mtime = NOW + 9).unwrap();
    upper.write("/b", "1".into(), Metadata::new(0o644, 7)).unwrap();
    let times: Vec<_> =
        diff(&Tree::new(), &upper).entries(Some(NOW)).map(|entry| entry.metadata.mtime).collect();
    assert_eq!(times, [NOW, 7]);
}

#[test]
fn entries_of_other_tools_are_applied() {
    let lower = tree(&[("/usr/bin/a", "1"), ("/d/old", "1")]);
    let mut lower = lower;
    lower.put("/bin", Node::symlink(meta(0), "usr/bin"), NOW).unwrap();
    let file = |path: &str| tar::Entry::new(path, meta(0o644), Body::File("x".into()));
    let upper =
        apply_entries(&lower, [file("./bin/b"), file("d/new"), file("d/.wh..wh..opq"), file("made/for/it")])
            .unwrap();
    assert_eq!(upper.read_text("/usr/bin/b"), Some("x"));
    assert!(upper.exists("/d/new") && !upper.exists("/d/old") && upper.exists("/made/for/it"));
    assert_eq!(upper.lstat("/usr/bin").unwrap().metadata().mtime, NOW);
    assert_eq!(apply_entries(&lower, [file("../x")]).unwrap_err(), ApplyError::OutsideRoot("../x".into()));
    let broken = tar::Entry { body: Body::HardLink("no".into()), ..file("l") };
    assert!(matches!(apply_entries(&lower, [broken]), Err(ApplyError::BrokenLink { .. })));
}
