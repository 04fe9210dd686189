//! A file of `tests/scripts`.

use lab_engine::vfs::Tree;

const HEADING: &str = "\n=== expected\n";

/// A Dockerfile, and what must come out of it.
pub(crate) struct Script {
    pub(crate) dockerfile: String,
    lines: Vec<(String, String)>,
}

impl Script {
    pub(crate) fn read(text: &str) -> Self {
        let (dockerfile, expected) = text.split_once(HEADING).expect("a script ends with what is expected");
        let lines = expected.lines().filter(|line| !line.is_empty()).map(|line| {
            let (key, value) = line.split_once(':').unwrap_or_else(|| panic!("no colon: {line}"));
            (key.to_owned(), value.trim().to_owned())
        });
        Self { dockerfile: dockerfile.to_owned(), lines: lines.collect() }
    }

    pub(crate) fn value(&self, key: &str) -> Option<&str> {
        self.lines.iter().find(|(known, _)| known == key).map(|(_, value)| value.as_str())
    }

    pub(crate) fn set(&mut self, lines: Vec<(&str, String)>) {
        self.lines.retain(|(key, _)| key == "file" || key == "gone");
        let rest = std::mem::take(&mut self.lines);
        self.lines = lines.into_iter().map(|(key, value)| (key.to_owned(), value)).chain(rest).collect();
    }

    pub(crate) fn text(&self) -> String {
        let lines: String = self
            .lines
            .iter()
            .map(|(key, value)| format!("{key}: {value}").trim_end().to_owned() + "\n")
            .collect();
        format!("{}{HEADING}{lines}", self.dockerfile)
    }

    /// What the lines about files say otherwise than the tree has it.
    pub(crate) fn files(&self, tree: &Tree) -> Vec<String> {
        self.lines
            .iter()
            .filter_map(|(key, value)| match key.as_str() {
                "file" => missing(tree, value),
                "gone" => tree.lstat(value).is_ok().then(|| format!("{value} is still there")),
                _ => None,
            })
            .collect()
    }
}

fn missing(tree: &Tree, line: &str) -> Option<String> {
    let mut words = line.split(' ');
    let paths = words.next().unwrap_or_default();
    let Some(node) = paths.split('|').find_map(|path| tree.lstat(path).ok()) else {
        return Some(format!("{paths} is not there"));
    };
    let metadata = node.metadata();
    let mode = words.next().map(|text| u32::from_str_radix(text, 8).expect("a mode in octal"));
    let owner = words.next();
    let actual = format!("{}:{}", metadata.uid, metadata.gid);
    if mode.is_some_and(|mode| mode != metadata.mode) || owner.is_some_and(|owner| owner != actual) {
        return Some(format!("{line}, but it has mode {:o} and owner {actual}", metadata.mode));
    }
    None
}
