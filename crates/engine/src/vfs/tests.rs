//! The filesystem as its users see it.

use super::*;

const NOW: i64 = 1_700_000_000;

fn meta(mode: u32) -> Metadata {
    Metadata::new(mode, NOW)
}

fn tree(files: &[(&str, &str)]) -> Tree {
    let mut tree = Tree::new();
    for (path, text) in files {
        tree.make_directories(path::parent(path), meta(0o755)).unwrap();
        tree.write(path, Content::from(*text), meta(0o644)).unwrap();
    }
    tree
}

#[test]
fn a_clone_is_a_snapshot() {
    let before = tree(&[("/a/b", "1"), ("/c", "2")]);
    let mut after = before.clone();
    assert!(after.is_same(&before));
    after.write("/a/b", "3".into(), meta(0o644)).unwrap();
    assert_eq!(before.read_text("/a/b"), Some("1"));
    assert_eq!(after.read_text("/a/b"), Some("3"));
    assert!(!after.is_same(&before));
}

#[test]
fn summaries_follow_edits_and_ignore_times() {
    let mut tree = tree(&[("/a/b", "1"), ("/c", "22")]);
    let first = tree.summary();
    assert_eq!((first.bytes, first.files, first.directories), (3, 2, 1));
    tree.set_metadata("/a/b", Follow::Yes, |metadata| metadata.mtime = 5).unwrap();
    assert_eq!(tree.summary().digest, first.digest);
    tree.set_metadata("/a/b", Follow::Yes, |metadata| metadata.mode = 0o755).unwrap();
    assert_ne!(tree.summary().digest, first.digest);
    tree.set_metadata("/a/b", Follow::Yes, |metadata| metadata.mode = 0o644).unwrap();
    assert_eq!(tree.summary().digest, first.digest);
}

#[test]
fn links_are_followed_as_the_kernel_does() {
    let mut tree = tree(&[("/usr/bin/tool", "x")]);
    tree.put("/bin", Node::symlink(meta(0), "usr/bin"), NOW).unwrap();
    tree.put("/loop", Node::symlink(meta(0), "/loop"), NOW).unwrap();
    assert_eq!(tree.canonical("/bin/tool").unwrap(), "/usr/bin/tool");
    assert_eq!(tree.canonical("/bin/..").unwrap(), "/usr");
    assert_eq!(tree.stat("/loop").unwrap_err().kind, VfsErrorKind::TooManyLinks);
    assert_eq!(tree.lstat("/loop").unwrap().as_symlink(), Some("/loop"));
    assert_eq!(tree.stat("/usr/bin/tool/").unwrap_err().kind, VfsErrorKind::NotADirectory);
    tree.write("/bin/new", "y".into(), meta(0o644)).unwrap();
    assert_eq!(tree.read_text("/usr/bin/new"), Some("y"));
}

#[test]
fn names_of_one_file_change_together() {
    let mut tree = tree(&[("/d/a", "1")]);
    tree.hard_link("/d/a", "/b", NOW).unwrap();
    tree.write("/b", "2".into(), meta(0o600)).unwrap();
    assert_eq!(tree.read_text("/d/a"), Some("2"));
    tree.set_metadata("/d/a", Follow::Yes, |metadata| metadata.uid = 7).unwrap();
    assert_eq!(tree.stat("/b").unwrap().metadata().uid, 7);
    tree.rename("/d", "/e", NOW).unwrap();
    assert_eq!(tree.names_of("/b"), ["/b", "/e/a"]);
    tree.remove("/b", NOW).unwrap();
    assert!(tree.names_of("/e/a").is_empty());
    assert!(tree.stat("/e/a").unwrap().as_file().unwrap().link().is_none());
    assert!(tree.links.is_empty());
}

#[test]
fn a_copied_directory_keeps_the_ties_inside_of_it() {
    let mut tree = tree(&[("/d/a", "1"), ("/out", "x")]);
    tree.hard_link("/d/a", "/d/b", NOW).unwrap();
    tree.hard_link("/out", "/d/c", NOW).unwrap();
    let node = tree.entry_shared("/d").unwrap().clone();
    tree.put_shared("/copy", node, NOW).unwrap();
    tree.write("/copy/a", "2".into(), meta(0o644)).unwrap();
    assert_eq!(tree.read_text("/copy/b"), Some("2"));
    assert_eq!(tree.read_text("/d/a"), Some("1"));
    tree.write("/copy/c", "y".into(), meta(0o644)).unwrap();
    assert_eq!(tree.read_text("/out"), Some("x"));
}

#[test]
fn entries_time_their_directory() {
    let mut tree = tree(&[("/d/a", "1")]);
    tree.write("/d/a", "2".into(), Metadata::new(0o644, NOW + 5)).unwrap();
    assert_eq!(tree.stat("/d").unwrap().metadata().mtime, NOW);
    tree.write("/d/b", "2".into(), Metadata::new(0o644, NOW + 6)).unwrap();
    assert_eq!(tree.stat("/d").unwrap().metadata().mtime, NOW + 6);
    tree.remove("/d/b", NOW + 7).unwrap();
    assert_eq!(tree.stat("/d").unwrap().metadata().mtime, NOW + 7);
}

#[test]
fn errors_say_what_linux_says() {
    let mut tree = tree(&[("/d/a", "1"), ("/e/f", "1")]);
    let kind = |result: Result<(), VfsError>| result.unwrap_err().kind;
    assert_eq!(kind(tree.write("/d", "".into(), meta(0o644))), VfsErrorKind::IsADirectory);
    assert_eq!(kind(tree.write("/no/a", "".into(), meta(0o644))), VfsErrorKind::NotFound);
    assert_eq!(kind(tree.write("/d/a/b", "".into(), meta(0o644))), VfsErrorKind::NotADirectory);
    assert_eq!(kind(tree.rename("/d", "/d/x", NOW)), VfsErrorKind::Invalid);
    assert_eq!(kind(tree.rename("/d", "/e", NOW)), VfsErrorKind::NotEmpty);
    assert_eq!(kind(tree.rename("/d", "/e/f", NOW)), VfsErrorKind::NotADirectory);
    assert_eq!(kind(tree.hard_link("/d", "/g", NOW)), VfsErrorKind::NotPermitted);
    assert_eq!(kind(tree.remove("/", NOW).map(|_| ())), VfsErrorKind::Busy);
    assert_eq!(tree.stat("/no").unwrap_err().to_string(), "/no: No such file or directory");
}

#[test]
fn walks_go_by_the_bytes_of_names() {
    let tree = tree(&[("/d/a/x", ""), ("/d/a b", ""), ("/d/a.b", "")]);
    let paths: Vec<String> = tree.walk("/d").map(|entry| entry.path).collect();
    assert_eq!(paths, ["/d", "/d/a", "/d/a/x", "/d/a b", "/d/a.b"]);
}

#[test]
fn a_change_cuts_the_ties_of_a_lower_layer() {
    let mut lower = tree(&[("/a", "x\n")]);
    for name in ["/b", "/c", "/d"] {
        lower.hard_link("/a", name, NOW).unwrap();
    }
    lower.seal_links();
    let mut upper = lower.clone();
    upper.write("/b", "y\n".into(), meta(0o644)).unwrap();
    assert_eq!((upper.read_text("/a"), upper.read_text("/b")), (Some("x\n"), Some("y\n")));
    assert_eq!(upper.names_of("/a"), ["/a", "/c", "/d"]);
    upper.set_metadata("/c", Follow::No, |metadata| metadata.mode = 0o600).unwrap();
    assert_eq!(upper.stat("/a").unwrap().metadata().mode, 0o644);
    upper.hard_link("/d", "/e", NOW).unwrap();
    assert_eq!(upper.names_of("/e"), ["/d", "/e"]);
    upper.write("/e", "z\n".into(), meta(0o644)).unwrap();
    assert_eq!(upper.read_text("/d"), Some("z\n"));
    assert!(upper.names_of("/a").is_empty());
    assert_eq!(lower.names_of("/a").len(), 4);
}

#[test]
fn renaming_one_name_of_a_file_to_another_does_nothing() {
    let mut tree = tree(&[("/a", "1")]);
    tree.hard_link("/a", "/b", NOW).unwrap();
    tree.rename("/a", "/b", NOW).unwrap();
    assert_eq!(tree.names_of("/a"), ["/a", "/b"]);
}
