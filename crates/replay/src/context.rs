//! The build context of a case, as its steps change it.

use lab_engine::vfs::{Content, Directory, Follow, Metadata, Node, Tree, path};
use serde_json::Value;

/// The time of the files of the first step.
const FIRST: i64 = 1_600_000_000;
/// The time of all directories.
const DIRECTORIES: i64 = 1_700_000_000;

/// The files, the Dockerfile and the .dockerignore.
pub(super) struct Context {
    tree: Tree,
}

impl Context {
    pub(super) fn new() -> Self {
        Self { tree: Tree::with_root(Metadata::new(0o755, DIRECTORIES)) }
    }

    pub(super) fn tree(&self) -> &Tree {
        &self.tree
    }

    pub(super) fn dockerfile(&self) -> &str {
        self.tree.read_text("/Dockerfile").unwrap_or("")
    }

    /// Makes the changes of a step.
    pub(super) fn apply(&mut self, step: &Value, number: usize) -> Result<(), String> {
        let now = FIRST + 60 * number as i64;
        for (place, value) in step["files"].as_object().into_iter().flatten() {
            self.file(&format!("/{place}"), value, now).map_err(|error| format!("{place}: {error}"))?;
        }
        for (key, name) in [("dockerfile", "/Dockerfile"), ("dockerignore", "/.dockerignore")] {
            match step.get(key) {
                Some(Value::String(text)) if self.tree.read_text(name) != Some(text) => {
                    self.put(name, Node::file(Metadata::new(0o644, now), text.clone()))?;
                }
                Some(Value::Null) => {
                    // There may be none.
                    let _ = self.tree.remove(name, DIRECTORIES);
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn file(&mut self, place: &str, value: &Value, now: i64) -> Result<(), String> {
        if value.is_null() {
            return self.tree.remove(place, DIRECTORIES).map(|_| ()).map_err(|error| error.to_string());
        }
        let is_directory = value["dir"].as_bool() == Some(true);
        let usual = if is_directory { (0o755, DIRECTORIES) } else { (0o644, now) };
        let mode = match value["mode"].as_str() {
            Some(mode) => u32::from_str_radix(mode, 8).map_err(|error| error.to_string())?,
            None => usual.0,
        };
        let metadata =
            Metadata::new(mode, value["mtime"].as_f64().map_or(usual.1, |mtime| mtime.floor() as i64));
        if is_directory {
            return self.directory(place, metadata);
        }
        let node = if let Some(target) = value["symlink"].as_str() {
            Node::symlink(metadata, target)
        } else if let Some(text) = value["content"].as_str() {
            Node::file(metadata, text.to_owned())
        } else {
            let bytes = value["base64"].as_str().and_then(decode).ok_or("is neither file nor link")?;
            Node::file(metadata, Content::new(bytes))
        };
        self.put(place, node)
    }

    fn directory(&mut self, place: &str, metadata: Metadata) -> Result<(), String> {
        if self.tree.lstat(place).is_ok_and(Node::is_directory) {
            let set = self.tree.set_metadata(place, Follow::No, |now| *now = metadata);
            return set.map_err(|error| error.to_string());
        }
        self.put(place, Node::Directory(Directory::new(metadata)))
    }

    fn put(&mut self, place: &str, node: Node) -> Result<(), String> {
        let above = Metadata::new(0o755, DIRECTORIES);
        self.tree.make_directories(path::parent(place), above).map_err(|error| error.to_string())?;
        // The directory keeps its time, which an entry of the case may have set.
        let time = self.tree.lstat(path::parent(place)).map_or(DIRECTORIES, |node| node.metadata().mtime);
        self.tree.put(place, node, time).map_err(|error| error.to_string())
    }
}

/// Base64 with the usual letters; `None` for what is none.
fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut buffer, mut bits) = (0_u32, 0);
    for letter in text.bytes().filter(|letter| *letter != b'=') {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        buffer = buffer << 6 | u32::from(value);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((buffer >> bits) as u8);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn base64() {
        assert_eq!(decode("aGVsbG8=").as_deref(), Some(&b"hello"[..]));
        assert_eq!(decode("").as_deref(), Some(&b""[..]));
        assert_eq!(decode("*"), None);
    }
}
