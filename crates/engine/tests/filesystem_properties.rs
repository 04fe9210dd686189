//! Random edits of a tree, held against a filesystem that is simple enough to be right: a map of paths.

use lab_engine::layer::tar::{BytesSink, Reader, Writer};
use lab_engine::layer::{apply, apply_entries, diff};
use lab_engine::vfs::{Follow, Metadata, Tree, VfsErrorKind as Kind, path};
use proptest::prelude::*;
use std::collections::BTreeMap;

#[derive(Clone, Debug)]
enum Edit {
    Write(String, u8),
    MakeDirectory(String),
    Remove(String),
    Rename(String, String),
    HardLink(String, String),
    Mode(String, u32),
    /// A new step begins: what is there now lies in a lower layer.
    Seal,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Inode {
    byte: u8,
    metadata: Metadata,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Entry {
    Directory(Metadata),
    File(usize),
}

#[derive(Clone, Debug)]
struct Model {
    entries: BTreeMap<String, Entry>,
    inodes: Vec<Inode>,
    sealed: usize,
}

type Done = Result<(), Kind>;

impl Model {
    fn new() -> Self {
        let root = Entry::Directory(Metadata::new(0o755, 0));
        Self { entries: BTreeMap::from([("/".to_owned(), root)]), inodes: Vec::new(), sealed: 0 }
    }

    fn look(&self, path: &str) -> Result<Option<Entry>, Kind> {
        for (at, _) in path.match_indices('/').skip(1) {
            match self.entries.get(&path[..at]) {
                Some(Entry::Directory(_)) => {}
                Some(Entry::File(_)) => return Err(Kind::NotADirectory),
                None => return Err(Kind::NotFound),
            }
        }
        Ok(self.entries.get(path).copied())
    }

    fn touch_parent(&mut self, path: &str, now: i64) {
        if let Some(Entry::Directory(metadata)) = self.entries.get_mut(path::parent(path)) {
            metadata.mtime = now;
        }
    }

    fn below(&self, path: &str) -> Vec<String> {
        self.entries.keys().filter(|key| path::is_within(key, path)).cloned().collect()
    }

    /// The inode of a file that is about to change.
    fn own(&mut self, path: &str, inode: usize) -> usize {
        if inode >= self.sealed {
            return inode;
        }
        self.inodes.push(self.inodes[inode]);
        self.entries.insert(path.to_owned(), Entry::File(self.inodes.len() - 1));
        self.inodes.len() - 1
    }

    fn apply(&mut self, edit: &Edit, now: i64) -> Done {
        match edit {
            Edit::Write(path, byte) => match self.look(path)? {
                None => {
                    self.inodes.push(Inode { byte: *byte, metadata: Metadata::new(0o644, now) });
                    self.entries.insert(path.clone(), Entry::File(self.inodes.len() - 1));
                    self.touch_parent(path, now);
                }
                Some(Entry::Directory(_)) => return Err(Kind::IsADirectory),
                Some(Entry::File(inode)) => {
                    let inode = self.own(path, inode);
                    self.inodes[inode].byte = *byte;
                    self.inodes[inode].metadata.mtime = now;
                }
            },
            Edit::MakeDirectory(path) => {
                if self.look(path)?.is_some() {
                    return Err(Kind::Exists);
                }
                self.entries.insert(path.clone(), Entry::Directory(Metadata::new(0o755, now)));
                self.touch_parent(path, now);
            }
            Edit::Remove(path) => {
                self.look(path)?.ok_or(Kind::NotFound)?;
                for gone in self.below(path) {
                    self.entries.remove(&gone);
                }
                self.touch_parent(path, now);
            }
            Edit::Rename(from, to) => self.rename(from, to, now)?,
            Edit::HardLink(existing, new) => {
                let Entry::File(inode) = self.look(existing)?.ok_or(Kind::NotFound)? else {
                    return Err(Kind::NotPermitted);
                };
                if self.look(new)?.is_some() {
                    return Err(Kind::Exists);
                }
                let inode = self.own(existing, inode);
                self.entries.insert(new.clone(), Entry::File(inode));
                self.touch_parent(new, now);
            }
            Edit::Mode(path, mode) => match self.look(path)?.ok_or(Kind::NotFound)? {
                Entry::File(inode) => {
                    let inode = self.own(path, inode);
                    self.inodes[inode].metadata.mode = *mode;
                }
                Entry::Directory(mut metadata) => {
                    metadata.mode = *mode;
                    self.entries.insert(path.clone(), Entry::Directory(metadata));
                }
            },
            Edit::Seal => self.sealed = self.inodes.len(),
        }
        Ok(())
    }

    fn rename(&mut self, from: &str, to: &str, now: i64) -> Done {
        let source = self.look(from)?.ok_or(Kind::NotFound)?;
        let target = self.look(to)?;
        if from == to {
            return Ok(());
        }
        if path::is_within(to, from) {
            return Err(Kind::Invalid);
        }
        match (source, target) {
            (Entry::File(_), Some(Entry::Directory(_))) => return Err(Kind::IsADirectory),
            (Entry::Directory(_), Some(Entry::Directory(_))) if self.below(to).len() > 1 => {
                return Err(Kind::NotEmpty);
            }
            (Entry::Directory(_), Some(Entry::File(_))) => return Err(Kind::NotADirectory),
            (Entry::File(a), Some(Entry::File(b))) if a == b => return Ok(()),
            (Entry::File(inode), _) => drop(self.own(from, inode)),
            _ => {}
        }
        self.touch_parent(from, now);
        for old in self.below(from) {
            let entry = self.entries.remove(&old).unwrap();
            self.entries.insert(format!("{to}{}", &old[from.len()..]), entry);
        }
        self.touch_parent(to, now);
        Ok(())
    }

    fn names_of(&self, inode: usize) -> Vec<&String> {
        self.entries.iter().filter(|(_, entry)| **entry == Entry::File(inode)).map(|(name, _)| name).collect()
    }
}

fn edit_tree(tree: &mut Tree, edit: &Edit, now: i64) -> Done {
    let done = match edit {
        Edit::Write(path, byte) => tree.write(path, vec![*byte].into(), Metadata::new(0o644, now)),
        Edit::MakeDirectory(path) => tree.make_directory(path, Metadata::new(0o755, now)),
        Edit::Remove(path) => tree.remove(path, now).map(|_| ()),
        Edit::Rename(from, to) => tree.rename(from, to, now),
        Edit::HardLink(existing, new) => tree.hard_link(existing, new, now),
        Edit::Mode(path, mode) => tree.set_metadata(path, Follow::No, |metadata| metadata.mode = *mode),
        Edit::Seal => {
            tree.seal_links();
            Ok(())
        }
    };
    done.map_err(|error| error.kind)
}

fn check_same(tree: &Tree, model: &Model) {
    let walked: Vec<_> = tree.walk("/").map(|entry| entry.path).collect();
    let mut sorted = walked.clone();
    sorted.sort();
    assert_eq!(sorted, model.entries.keys().cloned().collect::<Vec<_>>());
    for path in walked {
        let node = tree.entry(&path).unwrap();
        match model.entries[&path] {
            Entry::Directory(metadata) => {
                assert_eq!((node.is_directory(), *node.metadata()), (true, metadata))
            }
            Entry::File(inode) => {
                let file = node.as_file().unwrap();
                let expected = model.inodes[inode];
                assert_eq!(
                    (file.content.bytes(), file.metadata),
                    (Some(&[expected.byte][..]), expected.metadata)
                );
                let names = model.names_of(inode);
                let tied = tree.names_of(&path);
                assert_eq!(file.link().is_some(), names.len() > 1, "{path}");
                assert_eq!(tied.iter().collect::<Vec<_>>(), if names.len() > 1 { names } else { vec![] });
            }
        }
    }
    assert_eq!(tree.summary(), rebuilt(tree).summary());
}

/// The same tree made anew, with nothing shared and no summary remembered.
fn rebuilt(tree: &Tree) -> Tree {
    let mut again = apply_entries(&Tree::new(), diff(&Tree::new(), tree).entries(None)).unwrap();
    let root = tree.root().metadata;
    again.set_metadata("/", Follow::No, |metadata| *metadata = root).unwrap();
    again
}

fn any_path() -> impl Strategy<Value = String> {
    prop::collection::vec("[abc]", 1..4).prop_map(|parts| format!("/{}", parts.join("/")))
}

fn any_edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        4 => (any_path(), any::<u8>()).prop_map(|(path, byte)| Edit::Write(path, byte)),
        4 => any_path().prop_map(Edit::MakeDirectory),
        1 => any_path().prop_map(Edit::Remove),
        3 => (any_path(), any_path()).prop_map(|(from, to)| Edit::Rename(from, to)),
        3 => (any_path(), any_path()).prop_map(|(existing, new)| Edit::HardLink(existing, new)),
        1 => (any_path(), 0..0o10000u32).prop_map(|(path, mode)| Edit::Mode(path, mode)),
        1 => Just(Edit::Seal),
    ]
}

fn edited(tree: &Tree, edits: &[Edit], start: i64) -> Tree {
    let mut tree = tree.clone();
    for (edit, now) in edits.iter().zip(start..) {
        let _ = edit_tree(&mut tree, edit, now);
    }
    tree
}

/// What a layer says of a tree: everything but the times of directories in which nothing changed, and ties.
fn facts(tree: &Tree, listed: &[String]) -> Vec<(String, Metadata, Option<Vec<u8>>)> {
    tree.walk("/")
        .skip(1)
        .map(|entry| {
            let mut metadata = *entry.node.metadata();
            if entry.node.is_directory() && !listed.contains(&entry.path) {
                metadata.mtime = 0;
            }
            let bytes = entry.node.as_file().map(|file| file.content.bytes().unwrap().to_vec());
            (entry.path, metadata, bytes)
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_tree_is_what_a_map_of_paths_is(edits in prop::collection::vec(any_edit(), 0..40)) {
        let mut tree = Tree::new();
        let mut model = Model::new();
        let mut snapshots = Vec::new();
        for (edit, now) in edits.iter().zip(1..) {
            prop_assert_eq!(edit_tree(&mut tree, edit, now), model.apply(edit, now), "{:?}", edit);
            // Asking now makes a summary that a later edit must forget.
            tree.summary();
            if now % 10 == 0 {
                snapshots.push((tree.clone(), model.clone()));
            }
        }
        snapshots.push((tree, model));
        for (tree, model) in &snapshots {
            check_same(tree, model);
        }
    }

    #[test]
    fn applying_a_difference_gives_the_upper_tree(
        below in prop::collection::vec(any_edit(), 0..30),
        above in prop::collection::vec(any_edit(), 0..20),
    ) {
        let lower = edited(&Tree::new(), &below, 1);
        let upper = edited(&lower, &above, 1000);
        let changes = diff(&lower, &upper);
        let listed: Vec<_> = changes.listed().iter().map(|change| change.path.clone()).collect();
        let expected = facts(&upper, &listed);
        prop_assert_eq!(&facts(&apply(&lower, &changes).unwrap(), &listed), &expected);

        let mut writer = Writer::new(BytesSink::default());
        changes.entries(None).for_each(|entry| writer.append(&entry).unwrap());
        let tar = writer.finish().unwrap().0;
        let entries: Result<Vec<_>, _> = Reader::new(&tar).collect();
        prop_assert_eq!(&facts(&apply_entries(&lower, entries.unwrap()).unwrap(), &listed), &expected);
    }

    #[test]
    fn sharing_makes_a_difference_cheaper_and_not_another_one(
        below in prop::collection::vec(any_edit(), 0..30),
        above in prop::collection::vec(any_edit(), 0..20),
    ) {
        let lower = edited(&Tree::new(), &below, 1);
        let upper = edited(&lower, &above, 1000);
        let list = |lower: &Tree, upper: &Tree| -> Vec<_> { diff(lower, upper).entries(None).collect() };
        let shared = list(&lower, &upper);
        prop_assert_eq!(&shared, &list(&rebuilt(&lower), &rebuilt(&upper)));
        prop_assert!(diff(&upper, &rebuilt(&upper)).is_empty());
    }

    #[test]
    fn paths_are_cleaned_once_and_for_all(text in "[ab./]{0,12}", base in "(/[ab]{1,2}){1,3}") {
        let clean = path::clean(&text);
        prop_assert_eq!(&path::clean(&clean), &clean);
        prop_assert_eq!(clean.starts_with('/'), text.starts_with('/'));
        let absolute = path::absolute(&base, &text);
        prop_assert!(path::parts(&absolute).all(|part| part != ".."));
        prop_assert!(path::is_within(&absolute, "/") && path::is_within(&absolute, path::parent(&absolute)));
        prop_assert_eq!(&path::join(path::parent(&absolute), path::name(&absolute)), &absolute);
    }
}
