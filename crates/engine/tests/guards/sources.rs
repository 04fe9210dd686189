//! The source files of the engine, for tests that read them.

use std::fs;
use std::path::Path;

/// A source file: its path below `src/`, and its text without comments.
pub(crate) struct Source {
    /// Such as `vfs/node.rs`.
    pub(crate) path: String,
    /// The code.
    pub(crate) code: String,
}

impl Source {
    /// The module of the engine that the file belongs to; empty for `lib.rs`.
    pub(crate) fn module(&self) -> &str {
        let first = self.path.split('/').next().unwrap_or_default();
        let name = first.strip_suffix(".rs").unwrap_or(first);
        if name == "lib" { "" } else { name }
    }
}

/// All of them, sorted by path.
pub(crate) fn all() -> Vec<Source> {
    let mut found = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    collect(&root, &root, &mut found);
    found.sort_by(|one, other| one.path.cmp(&other.path));
    assert!(found.len() > 10, "the scan found no sources");
    found
}

fn collect(root: &Path, folder: &Path, found: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(root, &path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let code = fs::read_to_string(&path)
                .unwrap()
                .lines()
                .map(without_comment)
                .collect::<Vec<_>>()
                .join("\n");
            let path = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
            found.push(Source { path, code });
        }
    }
}

/// Cuts a line comment; two slashes inside a string follow a colon or a quote.
fn without_comment(line: &str) -> &str {
    let comment = line.match_indices("//").find(|(at, _)| !line[..*at].ends_with([':', '"', '\'']));
    comment.map_or(line, |(at, _)| &line[..at])
}
