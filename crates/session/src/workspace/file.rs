//! Files on their way in and out: [`FileInput`] to a node of the tree and back.

use super::error::error;
use crate::protocol::{ErrorView, FileInput};
use crate::text::base64;
use lab_engine::vfs::{Content, Directory, Metadata, Node};

/// The most bytes that one file may have.
pub(crate) const FILE_BYTES: usize = 32 << 20;

/// The node that a file stands for. `now` is its time, unless it brings its own.
pub(crate) fn node_of(file: &FileInput, now: i64) -> Result<Node, ErrorView> {
    let default_mode = if file.directory { 0o755 } else { 0o644 };
    let mtime = file.mtime.map_or(now, seconds);
    let metadata = Metadata::new(file.mode.unwrap_or(default_mode) & 0o7777, mtime);
    if file.directory {
        return Ok(Node::Directory(Directory::new(metadata)));
    }
    if let Some(target) = &file.symlink {
        if target.is_empty() || target.contains('\0') {
            return Err(error("path/invalid", &file.path, "a symbolic link needs a target"));
        }
        return Ok(Node::symlink(metadata, target));
    }
    Ok(Node::file(metadata, content_of(file)?))
}

fn content_of(file: &FileInput) -> Result<Content, ErrorView> {
    let content: Content = match (&file.text, &file.base64) {
        (Some(text), _) => text.as_str().into(),
        (None, Some(code)) => base64::decode(code)
            .ok_or_else(|| error("file/damaged", &file.path, "the bytes are not base64"))?
            .into(),
        (None, None) => "".into(),
    };
    check_size(&file.path, content.size())?;
    Ok(content)
}

/// Refuses a file that is too large.
pub(crate) fn check_size(path: &str, size: u64) -> Result<(), ErrorView> {
    if size > FILE_BYTES as u64 {
        let detail = format!("{size} bytes are more than the {FILE_BYTES} that a file may have");
        return Err(error("file/too-large", path, detail));
    }
    Ok(())
}

/// How a node is written in a project. `now` is the time that needs no mention.
pub(crate) fn input_of(path: &str, node: &Node, now: i64) -> FileInput {
    let metadata = node.metadata();
    let mut input = FileInput { path: path.to_owned(), ..FileInput::default() };
    input.mtime = (metadata.mtime != now).then_some(metadata.mtime as f64);
    let default_mode = match node {
        Node::Directory(_) => {
            input.directory = true;
            0o755
        }
        Node::Symlink { target, .. } => {
            input.symlink = Some(target.to_string());
            0o777
        }
        Node::File(file) => {
            let bytes = file.content.bytes().unwrap_or_default();
            match std::str::from_utf8(bytes) {
                Ok(text) => input.text = Some(text.to_owned()),
                Err(_) => input.base64 = Some(base64::encode(bytes)),
            }
            0o644
        }
        Node::Device { .. } => 0o644,
    };
    input.mode = (metadata.mode != default_mode).then_some(metadata.mode);
    input
}

/// A time of the protocol in whole seconds.
pub(crate) fn seconds(time: f64) -> i64 {
    // Beyond 2^53 a float has no whole seconds; the cast saturates, and NaN is 0.
    time.floor() as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_come_back_as_they_went() {
        let files = [
            FileInput { path: "a".into(), text: Some("ü".into()), ..FileInput::default() },
            FileInput {
                path: "b".into(),
                base64: Some("/w==".into()),
                mode: Some(0o755),
                ..FileInput::default()
            },
            FileInput { path: "c".into(), symlink: Some("a".into()), ..FileInput::default() },
            FileInput { path: "d".into(), directory: true, mtime: Some(7.0), ..FileInput::default() },
        ];
        for file in files {
            assert_eq!(input_of(&file.path, &node_of(&file, 5).unwrap(), 5), file);
        }
    }

    #[test]
    fn damaged_and_oversized_files_are_refused() {
        let damaged = FileInput { path: "a".into(), base64: Some("!".into()), ..FileInput::default() };
        assert_eq!(node_of(&damaged, 0).unwrap_err().code, "file/damaged");
        let large =
            FileInput { path: "a".into(), text: Some(" ".repeat(FILE_BYTES + 1)), ..FileInput::default() };
        assert_eq!(node_of(&large, 0).unwrap_err().code, "file/too-large");
    }
}
