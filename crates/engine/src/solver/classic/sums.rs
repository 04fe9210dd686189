//! The checksums by which the classic builder knows files: of the header that a file has in a tar, but for its time, and
//! of its bytes.

use super::super::options::Release;
use crate::cache::Cache;
use crate::digest::{Digest, Hasher};
use crate::vfs::{Follow, Node, Tree, path};
use std::sync::Arc;

/// The types of files as the mode of a tar entry of Docker 20.10 has them.
const FILE: u32 = 0o100_000;
const DIRECTORY: u32 = 0o040_000;
const LINK: u32 = 0o120_000;

/// What a source of `COPY` or `ADD` is in the command by which it is looked for: `file:…` or `dir:…`.
pub(super) fn source_sum(
    tree: &Tree,
    place: &str,
    node: &Arc<Node>,
    release: Release,
    cache: &mut Cache,
) -> String {
    let description = format!("{release:?} {place}");
    if let Some(known) = cache.checksum(&description, node) {
        return known.to_owned();
    }
    let name = place.trim_start_matches('/');
    let sum = if node.is_directory() {
        let mut sums: Vec<String> =
            tree.walk(place).filter_map(|entry| followed_sum(tree, &entry.path, release)).collect();
        crate::order::sort(&mut sums);
        combined("dir", &sums)
    } else {
        format!("file:{}", sum(name, node, release))
    };
    // What a link leads to may lie elsewhere and change there.
    if !tree.walk(place).any(|entry| entry.node.as_symlink().is_some()) {
        cache.keep_checksum(description, node.clone(), sum.clone());
    }
    sum
}

/// One for several.
pub(super) fn combined(kind: &str, sums: &[String]) -> String {
    format!("{kind}:{}", Digest::of(sums.join(",").as_bytes()).hex())
}

/// The sum of what a path leads to; none for the root itself, and for a link that leads nowhere.
fn followed_sum(tree: &Tree, place: &str, release: Release) -> Option<String> {
    let located = tree.locate(place, Follow::Yes).ok()?;
    let (place, node) = (located.path, located.node?);
    (place != "/").then(|| sum(&place[1..], node, release))
}

/// The sum of one node, under the name that it has in the archive.
pub(super) fn sum(name: &str, node: &Node, release: Release) -> String {
    let metadata = node.metadata();
    let (kind, bits, size) = match node {
        Node::Directory(_) => ("5", DIRECTORY, 0),
        Node::Symlink { .. } => ("2", LINK, 0),
        _ => ("0", FILE, node.size()),
    };
    let slash = if node.is_directory() { "/" } else { "" };
    let bits = if release == Release::Docker20 { bits } else { 0 };
    let mut hasher = Hasher::new();
    let fields = [
        ("name", format!("{name}{slash}")),
        ("mode", (metadata.mode & 0o7777 | bits).to_string()),
        ("uid", metadata.uid.to_string()),
        ("gid", metadata.gid.to_string()),
        ("size", size.to_string()),
        ("typeflag", kind.to_owned()),
        ("linkname", node.as_symlink().unwrap_or_default().to_owned()),
        ("uname", String::new()),
        ("gname", String::new()),
        ("devmajor", "0".to_owned()),
        ("devminor", "0".to_owned()),
    ];
    for (key, value) in &fields {
        hasher.write(key.as_bytes());
        hasher.write(value.as_bytes());
    }
    if let Some(file) = node.as_file() {
        match file.content.bytes() {
            Some(bytes) => hasher.write(bytes),
            None => hasher.write(file.content.digest().as_bytes()),
        }
    }
    hasher.finish().hex()
}

/// How many bytes the context is on its way to the daemon: those of a tar of its files.
pub fn context_size(context: &Tree) -> u64 {
    const BLOCK: u64 = 512;
    /// Longer names have a header of their own in front.
    const NAME: usize = 100;
    let entry = |place: &str, node: &Node| {
        let long = if path::clean(place).len() > NAME + 1 { 2 * BLOCK } else { 0 };
        BLOCK + long + node.as_file().map_or(0, |file| file.content.size().next_multiple_of(BLOCK))
    };
    let entries = context.walk("/").skip(1).map(|found| entry(&found.path, found.node));
    entries.sum::<u64>() + 2 * BLOCK
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vfs::Metadata;

    fn tree(files: &[(&str, &str)]) -> Tree {
        let mut tree = Tree::new();
        for (name, text) in files {
            tree.make_directories(path::parent(name), Metadata::new(0o755, 1)).unwrap();
            tree.write(name, (*text).into(), Metadata::new(0o644, 1)).unwrap();
        }
        tree
    }

    fn sum_of(tree: &Tree, place: &str, release: Release) -> String {
        source_sum(tree, place, tree.entry_shared(place).unwrap(), release, &mut Cache::new())
    }

    #[test]
    fn a_file_of_which_real_daemons_show_the_sum() {
        let tree = tree(&[("/a.txt", "a\n")]);
        // `docker history` shows the first digits: 7a3 of 20.10, a5 of 29.
        let sum = sum_of(&tree, "/a.txt", Release::Docker20);
        assert_eq!(sum, "file:7a379d0ef3d363574f9a38cf03a78aa104889c30582434cdb486f5c62436edb0");
        let sum = sum_of(&tree, "/a.txt", Release::Docker29);
        assert_eq!(sum, "file:a596f0888def06c3cad1442667ede22d419985a1c8a3155b838b650c4cf52ecc");
    }

    #[test]
    fn times_do_not_count_and_everything_else_does() {
        let one = tree(&[("/d/a", "1"), ("/d/e/b", "2")]);
        let sum = |tree: &Tree| sum_of(tree, "/d", Release::Docker29);
        let mut touched = one.clone();
        touched.set_metadata("/d/a", Follow::No, |metadata| metadata.mtime = 9).unwrap();
        assert_eq!(sum(&touched), sum(&one));
        let mut moded = one.clone();
        moded.set_metadata("/d/e", Follow::No, |metadata| metadata.mode = 0o700).unwrap();
        assert_ne!(sum(&moded), sum(&one));
        assert_ne!(sum(&tree(&[("/d/a", "1"), ("/d/e/c", "2")])), sum(&one));
        assert_ne!(sum(&tree(&[("/d/a", "2"), ("/d/e/b", "2")])), sum(&one));
    }

    #[test]
    fn what_is_known_of_a_node_is_not_hashed_again() {
        let (one, other) = (tree(&[("/a", "1")]), tree(&[("/a", "2")]));
        let mut cache = Cache::new();
        let mut sum = |tree: &Tree| {
            source_sum(tree, "/a", tree.entry_shared("/a").unwrap(), Release::Docker20, &mut cache)
        };
        let first = sum(&one);
        assert_ne!(sum(&other), first);
        assert_eq!(sum(&one), first);
    }

    #[test]
    fn what_a_link_leads_to_elsewhere_counts() {
        let linked = |text: &str| {
            let mut tree = tree(&[("/d/a", "1"), ("/x", text)]);
            tree.put("/d/link", Node::symlink(Metadata::new(0o777, 1), "../x"), 1).unwrap();
            tree
        };
        let one = linked("1");
        let mut other = one.clone();
        other.write("/x", "2".into(), Metadata::new(0o644, 1)).unwrap();
        let mut cache = Cache::new();
        let mut sum = |tree: &Tree| {
            source_sum(tree, "/d", tree.entry_shared("/d").unwrap(), Release::Docker20, &mut cache)
        };
        assert_ne!(sum(&one), sum(&other));
    }

    #[test]
    fn contexts_on_their_way() {
        let named = |names: &[&str]| tree(&names.iter().map(|name| (*name, "x\n")).collect::<Vec<_>>());
        assert_eq!(context_size(&named(&["/Dockerfile"])), 2048);
        assert_eq!(context_size(&named(&["/Dockerfile", "/page.txt"])), 3072);
        // Five files, one of them in a folder.
        assert_eq!(
            context_size(&named(&["/Dockerfile", "/a", "/b", "/alt/Dockerfile", "/alt/in.txt"])),
            6656
        );
    }
}
