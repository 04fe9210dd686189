//! Applying edits to a tree, as a replay does and as the requests do after their own checks.

use super::error::{error, of_vfs};
use super::file::{check_size, node_of};
use super::path::absolute;
use crate::protocol::{Edit, ErrorView};
use lab_engine::vfs::{Follow, Metadata, Node, Tree, path};

/// The most that a context may hold.
pub(crate) const CONTEXT_BYTES: u64 = 256 << 20;
/// The most files and directories that a context may have.
pub(crate) const CONTEXT_FILES: u32 = 50_000;

/// Applies an edit of the files; the others change nothing here. What is in the way of a file is replaced.
pub(crate) fn apply(tree: &mut Tree, edit: &Edit, now: i64) -> Result<(), ErrorView> {
    match edit {
        Edit::Put { file } => {
            let node = node_of(file, now)?;
            // The context itself, for its mode and time.
            let place = if file.path == "." { "/".to_owned() } else { absolute(&file.path)? };
            put(tree, &file.path, &place, node, now)
        }
        Edit::Delete { path } => {
            tree.remove(&absolute(path)?, now).map_err(|cause| of_vfs(path, &cause))?;
            Ok(())
        }
        Edit::Settings { .. } | Edit::Prune => Ok(()),
    }
}

fn put(tree: &mut Tree, name: &str, place: &str, node: Node, now: i64) -> Result<(), ErrorView> {
    let vfs = |cause: &_| of_vfs(name, cause);
    if node.is_directory() && tree.entry(place).is_some_and(Node::is_directory) {
        let metadata = *node.metadata();
        return tree.set_metadata(place, Follow::No, |old| *old = metadata).map_err(|cause| vfs(&cause));
    }
    if place == "/" {
        return Err(error("path/invalid", name, "the context is a directory"));
    }
    if let (Node::File(file), Some(Node::File(_))) = (&node, tree.entry(place)) {
        // New bytes in a file that is there: its directory does not change.
        tree.write(place, file.content.clone(), file.metadata).map_err(|cause| vfs(&cause))?;
        let metadata = file.metadata;
        return tree.set_metadata(place, Follow::No, |old| *old = metadata).map_err(|cause| vfs(&cause));
    }
    tree.make_directories(path::parent(place), Metadata::new(0o755, now)).map_err(|cause| vfs(&cause))?;
    tree.put(place, node, now).map_err(|cause| vfs(&cause))
}

/// Refuses a context that has grown too large.
pub(crate) fn check_context(tree: &Tree, subject: &str) -> Result<(), ErrorView> {
    let sum = tree.summary();
    if sum.bytes > CONTEXT_BYTES || sum.files + sum.directories > CONTEXT_FILES {
        let detail = format!(
            "the context would have {} bytes in {} files; {CONTEXT_BYTES} bytes in {CONTEXT_FILES} files are the most",
            sum.bytes,
            sum.files + sum.directories
        );
        return Err(error("file/too-large", subject, detail));
    }
    Ok(())
}

/// Writes a text as an editor does: a new file with its directories, or new bytes in an old one.
pub(crate) fn write_text(tree: &mut Tree, name: &str, text: &str, now: i64) -> Result<(), ErrorView> {
    let place = absolute(name)?;
    check_size(name, text.len() as u64)?;
    let vfs = |cause| of_vfs(name, &cause);
    tree.make_directories(path::parent(&place), Metadata::new(0o755, now)).map_err(vfs)?;
    tree.write(&place, text.into(), Metadata::new(0o644, now)).map_err(vfs)?;
    check_context(tree, name)
}
