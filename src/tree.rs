//! The context as rows of a tree, and what may be done with paths.

use crate::shared::Shared;
use lab_session::protocol::{FileEntry, FileKind};
use std::collections::BTreeSet;

/// A row of the tree.
#[derive(Clone, Debug, PartialEq)]
pub struct TreeRow {
    /// The file.
    pub entry: Shared<FileEntry>,
    /// How many directories it is in.
    pub depth: u32,
    /// Whether it is a directory whose content is not shown.
    pub closed: bool,
    /// Its place among those of the same directory, from 1.
    pub position: u32,
    /// How many there are in the directory.
    pub siblings: u32,
}

/// The last name of a path.
pub fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The directory of a path; empty for the root.
pub fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(parent, _)| parent)
}

/// A path in a directory.
pub fn join(directory: &str, name: &str) -> String {
    if directory.is_empty() { name.to_owned() } else { format!("{directory}/{name}") }
}

/// With more entries than this a project opens with its directories closed: what is at its top fits the window then.
const MOST_AT_FIRST: usize = 100;

/// The directories that are closed when a project opens: all of a large one, none of a small one.
pub fn closed_at_first(entries: &[FileEntry]) -> BTreeSet<String> {
    if entries.len() <= MOST_AT_FIRST {
        return BTreeSet::new();
    }
    let is_directory = |entry: &&FileEntry| entry.kind == FileKind::Directory;
    entries.iter().filter(is_directory).map(|entry| entry.path.clone()).collect()
}

/// The rows that are to be seen: the Dockerfile and the .dockerignore first, files and directories in the order of
/// their names, what is in a closed directory left out; no more than `limit`. Of the entries each directory has to be
/// followed by all that is in it.
pub fn rows(
    entries: &[Shared<FileEntry>],
    dockerfile: &str,
    closed: &BTreeSet<String>,
    limit: usize,
) -> Vec<TreeRow> {
    let mut rows = Vec::new();
    push(&mut rows, entries, &View { dockerfile, closed, limit }, 0);
    rows
}

/// The rows of `before` with what `after` says of the same files; `None` if others are there, or of another kind.
///
/// A keystroke makes another entry of one file: it costs neither sorting nor a look at the texts of the others' paths.
pub fn renewed(
    rows: &[TreeRow],
    before: &[Shared<FileEntry>],
    after: &[Shared<FileEntry>],
) -> Option<Vec<TreeRow>> {
    if before.len() != after.len() {
        return None;
    }
    let mut rows = rows.to_vec();
    for (old, new) in before.iter().zip(after).filter(|(old, new)| old != new) {
        if old.path != new.path || old.kind != new.kind {
            return None;
        }
        if let Some(row) = rows.iter_mut().find(|row| row.entry == *old) {
            row.entry = new.clone();
        }
    }
    Some(rows)
}

/// What is to be seen of the tree.
struct View<'a> {
    dockerfile: &'a str,
    closed: &'a BTreeSet<String>,
    limit: usize,
}

/// Adds the rows of one directory, of which `entries` is all that is in it.
fn push(rows: &mut Vec<TreeRow>, entries: &[Shared<FileEntry>], view: &View<'_>, depth: u32) {
    let mut here = children(entries);
    here.sort_by_cached_key(|(entry, _)| (rank(entry, view.dockerfile), name(&entry.path).to_lowercase()));
    let siblings = here.len() as u32;
    for (at, (entry, below)) in here.into_iter().enumerate() {
        if rows.len() >= view.limit {
            return;
        }
        let is_directory = entry.kind == FileKind::Directory;
        let is_closed = is_directory && view.closed.contains(&entry.path);
        rows.push(TreeRow {
            entry: entry.clone(),
            depth,
            closed: is_closed,
            position: at as u32 + 1,
            siblings,
        });
        if is_directory && !is_closed {
            push(rows, below, view, depth + 1);
        }
    }
}

/// The entries of a directory itself, each with all that is below it: those that follow it. Only the ends of these are
/// looked for, so that a keystroke costs no walk over all files.
fn children(entries: &[Shared<FileEntry>]) -> Vec<(&Shared<FileEntry>, &[Shared<FileEntry>])> {
    let mut found = Vec::new();
    let mut rest = entries;
    while let Some((entry, others)) = rest.split_first() {
        let is_below = |other: &Shared<FileEntry>| {
            other.path.strip_prefix(&entry.path).is_some_and(|tail| tail.starts_with('/'))
        };
        let (below, next) = others.split_at(others.partition_point(is_below));
        found.push((entry, below));
        rest = next;
    }
    found
}

fn rank(entry: &FileEntry, dockerfile: &str) -> u8 {
    match entry.path.as_str() {
        path if path == dockerfile => 0,
        ".dockerignore" => 1,
        _ => 2,
    }
}

/// Why a name cannot be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameFault {
    /// Nothing was written.
    Empty,
    /// `.`, `..`, a leading or doubled slash, a NUL.
    Invalid,
    /// Something is there already.
    Taken,
}

/// Checks a path that a person wrote, relative to the context; slashes make directories.
pub fn check_name(path: &str, entries: &[Shared<FileEntry>], but: Option<&str>) -> Result<(), NameFault> {
    if path.trim().is_empty() {
        return Err(NameFault::Empty);
    }
    if path.contains('\0') || path.split('/').any(|part| matches!(part, "" | "." | "..")) {
        return Err(NameFault::Invalid);
    }
    if Some(path) != but && entries.iter().any(|entry| entry.path == path) {
        return Err(NameFault::Taken);
    }
    Ok(())
}

/// The permission bits that a person wrote, as `755`, `0755` or `u+x`-like short forms are not: octal alone.
pub fn parse_mode(text: &str) -> Option<u32> {
    let text = text.trim();
    let digits = text.strip_prefix("0o").unwrap_or(text);
    (!digits.is_empty() && digits.len() <= 5)
        .then(|| u32::from_str_radix(digits, 8).ok())
        .flatten()
        .filter(|mode| *mode <= 0o7777)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(path: &str, kind: FileKind) -> Shared<FileEntry> {
        Shared::new(FileEntry {
            path: path.to_owned(),
            kind,
            size: 0.0,
            mode: 0o644,
            mtime: 0.0,
            target: None,
            ignored: false,
            change: None,
        })
    }

    fn context() -> Vec<Shared<FileEntry>> {
        let directory = FileKind::Directory;
        let file = FileKind::File;
        vec![
            entry(".dockerignore", file),
            entry("Dockerfile", file),
            entry("public", directory),
            entry("public/app.js", file),
            entry("public/img", directory),
            entry("public/img/a.png", file),
            // In the order of the tree and not of the texts: `.` comes before `/`.
            entry("public.txt", file),
            entry("server.js", file),
        ]
    }

    fn names(closed: &[&str]) -> Vec<String> {
        let closed = closed.iter().map(|path| (*path).to_owned()).collect();
        rows(&context(), "Dockerfile", &closed, usize::MAX)
            .iter()
            .map(|row| format!("{}{}", "-".repeat(row.depth as usize), name(&row.entry.path)))
            .collect()
    }

    #[test]
    fn the_dockerfile_comes_first_and_directories_hold_their_files() {
        assert_eq!(
            names(&[]),
            [
                "Dockerfile",
                ".dockerignore",
                "public",
                "-app.js",
                "-img",
                "--a.png",
                "public.txt",
                "server.js"
            ]
        );
    }

    #[test]
    fn a_closed_directory_hides_what_is_in_it() {
        assert_eq!(names(&["public"]), ["Dockerfile", ".dockerignore", "public", "public.txt", "server.js"]);
    }

    #[test]
    fn a_large_project_opens_with_its_directories_closed() {
        let files = |count: usize| -> Vec<FileEntry> {
            let file = |number| (*entry(&format!("src/{number}.js"), FileKind::File)).clone();
            std::iter::once((*entry("src", FileKind::Directory)).clone())
                .chain((1..count).map(file))
                .collect()
        };
        assert_eq!(closed_at_first(&files(MOST_AT_FIRST)), BTreeSet::new());
        assert_eq!(closed_at_first(&files(MOST_AT_FIRST + 1)), BTreeSet::from(["src".to_owned()]));
    }

    #[test]
    fn a_changed_file_changes_its_row_alone() {
        let before = context();
        let shown = rows(&before, "Dockerfile", &BTreeSet::new(), 6);
        let mut after = before.clone();
        after[1].make_mut().size = 7.0;
        after[7].make_mut().size = 8.0;
        let renewed = renewed(&shown, &before, &after).unwrap();
        assert_eq!(renewed, rows(&after, "Dockerfile", &BTreeSet::new(), 6));
        assert_ne!(renewed, shown);
    }

    #[test]
    fn other_files_need_other_rows() {
        let before = context();
        let shown = rows(&before, "Dockerfile", &BTreeSet::new(), usize::MAX);
        assert_eq!(renewed(&shown, &before, &before[1..]), None);
        let mut after = before.clone();
        after[7].make_mut().path = "client.js".to_owned();
        assert_eq!(renewed(&shown, &before, &after), None);
        let mut after = before.clone();
        after[7].make_mut().kind = FileKind::Directory;
        assert_eq!(renewed(&shown, &before, &after), None);
    }

    #[test]
    fn no_more_rows_than_wanted() {
        assert_eq!(rows(&context(), "Dockerfile", &BTreeSet::new(), 4).len(), 4);
    }

    #[test]
    fn names_are_checked() {
        let context = context();
        assert_eq!(check_name("new.js", &context, None), Ok(()));
        assert_eq!(check_name("a/b/c.js", &context, None), Ok(()));
        assert_eq!(check_name(" ", &context, None), Err(NameFault::Empty));
        assert_eq!(check_name("../x", &context, None), Err(NameFault::Invalid));
        assert_eq!(check_name("a//b", &context, None), Err(NameFault::Invalid));
        assert_eq!(check_name("server.js", &context, None), Err(NameFault::Taken));
        assert_eq!(check_name("server.js", &context, Some("server.js")), Ok(()));
    }

    #[test]
    fn modes_are_octal() {
        assert_eq!(parse_mode("755"), Some(0o755));
        assert_eq!(parse_mode(" 0644 "), Some(0o644));
        assert_eq!(parse_mode("4755"), Some(0o4755));
        assert_eq!(parse_mode("789"), None);
        assert_eq!(parse_mode("77777"), None);
    }
}
