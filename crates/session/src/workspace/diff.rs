//! The difference of two trees, found in time that grows with the difference and not with the trees.

use super::edit::apply;
use super::file;
use super::path::relative;
use crate::protocol::{Edit, FileChange};
use lab_engine::vfs::{Directory, Node, Tree, path};
use std::collections::BTreeSet;

/// How a path differs. Directories that only have another time are among them.
pub(crate) enum Difference<'a> {
    /// The path is gone (with all below it).
    Removed,
    /// The path is new or differs; of a directory, only its own metadata.
    Put {
        /// What was there.
        before: Option<&'a Node>,
        /// What is there.
        after: &'a Node,
    },
}

/// Every difference by absolute path; a directory comes before what is in it.
pub(crate) fn differences<'a>(before: &'a Tree, after: &'a Tree) -> Vec<(String, Difference<'a>)> {
    let mut found = Vec::new();
    if !before.is_same(after) {
        if before.root().metadata != after.root().metadata {
            let (before, after) = (&**before.root_node(), &**after.root_node());
            found.push(("/".to_owned(), Difference::Put { before: Some(before), after }));
        }
        directories("/", Some(before.root()), after.root(), &mut found);
    }
    found
}

fn directories<'a>(
    place: &str,
    before: Option<&'a Directory>,
    after: &'a Directory,
    found: &mut Vec<(String, Difference<'a>)>,
) {
    let Some(before) = before else {
        for (name, new) in after.entries() {
            entry(path::join(place, name), None, new, found);
        }
        return;
    };
    for difference in before.differences(after) {
        let place = path::join(place, difference.name);
        match difference.new {
            Some(new) => entry(place, difference.old.map(|old| &**old), new, found),
            None => found.push((place, Difference::Removed)),
        }
    }
}

fn entry<'a>(
    place: String,
    before: Option<&'a Node>,
    after: &'a Node,
    found: &mut Vec<(String, Difference<'a>)>,
) {
    if !before.is_some_and(|before| is_equal(before, after)) {
        found.push((place.clone(), Difference::Put { before, after }));
    }
    if let Node::Directory(after) = after {
        directories(&place, before.and_then(Node::as_directory), after, found);
    }
}

/// Whether two nodes are equal, of directories without what is in them.
fn is_equal(a: &Node, b: &Node) -> bool {
    a.metadata() == b.metadata()
        && match (a, b) {
            (Node::Directory(_), Node::Directory(_)) => true,
            (Node::File(a), Node::File(b)) => a.content == b.content,
            (Node::Symlink { target: a, .. }, Node::Symlink { target: b, .. }) => a == b,
            (Node::Device { .. }, Node::Device { .. }) => true,
            _ => false,
        }
}

/// How a file differs for a person who looks; `None` for equal ones.
pub(crate) fn change_of(before: Option<&Node>, after: &Node) -> Option<FileChange> {
    let Some(before) = before else { return Some(FileChange::Added) };
    let same = match (before, after) {
        (Node::Directory(_), Node::Directory(_)) => true,
        (Node::File(a), Node::File(b)) => a.content == b.content,
        (Node::Symlink { target: a, .. }, Node::Symlink { target: b, .. }) => a == b,
        _ => false,
    };
    if !same {
        Some(FileChange::Changed)
    } else if before.metadata().mode != after.metadata().mode {
        Some(FileChange::Mode)
    } else if before.metadata().mtime != after.metadata().mtime && !after.is_directory() {
        Some(FileChange::Touched)
    } else {
        None
    }
}

/// The paths that a person would call edited, sorted. A directory that has only another time is not among them.
pub(crate) fn edited_paths(before: &Tree, after: &Tree) -> Vec<String> {
    let mut paths = Vec::new();
    for (place, difference) in differences(before, after) {
        let counts = match difference {
            Difference::Removed => true,
            Difference::Put { before, after } => change_of(before, after).is_some(),
        };
        if counts && place != "/" {
            paths.push(relative(&place).to_owned());
        }
    }
    paths
}

/// About how many bytes the edits are that make `after` out of `before`, found without making them.
pub(crate) fn size_of_changes(before: &Tree, after: &Tree) -> u64 {
    let size = |(place, difference): &(String, Difference<'_>)| {
        let content = match difference {
            Difference::Put { after: Node::File(file), .. } => file.content.size(),
            _ => 0,
        };
        content + place.len() as u64 + EDIT_BYTES
    };
    differences(before, after).iter().map(size).sum::<u64>() + EDIT_BYTES
}

/// About what an edit is without a path and a content.
const EDIT_BYTES: u64 = 64;

/// The edits that make `after` out of `before`. `now` is the time that files get where none is given.
///
/// Removals come first and directories last, as making an entry changes the time of its directory; a directory is named
/// only where it would not come out right by itself.
pub(crate) fn edits(before: &Tree, after: &Tree, now: i64) -> Vec<Edit> {
    let (mut edits, mut puts) = (Vec::new(), Vec::new());
    let mut directories: BTreeSet<String> = BTreeSet::new();
    for (place, difference) in differences(before, after) {
        if place != "/" {
            directories.insert(path::parent(&place).to_owned());
        }
        match difference {
            Difference::Removed => edits.push(Edit::Delete { path: relative(&place).to_owned() }),
            Difference::Put { before: Some(Node::Directory(_)), after: Node::Directory(_) } => {
                directories.insert(place);
            }
            Difference::Put { after: node, .. } => {
                puts.push(Edit::Put { file: file::input_of(relative(&place), node, now) });
            }
        }
    }
    edits.append(&mut puts);
    let mut trial = before.clone();
    for edit in &edits {
        // What cannot be applied would not be applied on opening either; the trial only saves words.
        let _ = apply(&mut trial, edit, now);
    }
    for place in directories {
        let Some(node @ Node::Directory(_)) = after.entry(&place) else { continue };
        if trial.entry(&place).map(Node::metadata) != Some(node.metadata()) {
            let path = if place == "/" { "." } else { relative(&place) };
            edits.push(Edit::Put { file: file::input_of(path, node, now) });
        }
    }
    edits
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::FileInput;
    use lab_engine::vfs::Metadata;

    fn tree(files: &[(&str, &str, i64)]) -> Tree {
        let mut tree = Tree::new();
        for (path, text, time) in files {
            let file = FileInput { path: (*path).into(), text: Some((*text).into()), ..FileInput::default() };
            apply(&mut tree, &Edit::Put { file }, *time).unwrap();
        }
        tree
    }

    fn roundtrip(before: &Tree, after: &Tree) -> Vec<Edit> {
        let edits = edits(before, after, 9);
        let mut made = before.clone();
        for edit in &edits {
            apply(&mut made, edit, 9).unwrap();
        }
        assert!(differences(&made, after).is_empty(), "{edits:?}");
        edits
    }

    #[test]
    fn equal_trees_do_not_differ() {
        let one = tree(&[("a", "1", 1), ("d/b", "2", 2)]);
        assert!(differences(&one, &one.clone()).is_empty());
        assert!(differences(&one, &tree(&[("a", "1", 1), ("d/b", "2", 2)])).is_empty());
    }

    #[test]
    fn edits_make_the_one_out_of_the_other() {
        let before = tree(&[("a", "1", 1), ("d/b", "2", 2), ("d/e/f", "3", 3)]);
        let mut after = before.clone();
        after.remove("/d/e", 7).unwrap();
        after.put("/d/e", Node::file(Metadata::new(0o600, 8), "now a file"), 8).unwrap();
        after.remove("/a", 9).unwrap();
        after.put("/g", Node::symlink(Metadata::new(0o777, 4), "d"), 9).unwrap();
        roundtrip(&before, &after);
        roundtrip(&after, &before);
    }

    #[test]
    fn a_new_text_is_one_edit() {
        let before = tree(&[("a", "1", 1), ("d/b", "2", 2)]);
        let mut after = before.clone();
        after.write("/d/b", "new".into(), Metadata::new(0o644, 9)).unwrap();
        let edits = roundtrip(&before, &after);
        assert_eq!(edits.len(), 1);
        assert_eq!(edited_paths(&before, &after), ["d/b"]);
    }
}
