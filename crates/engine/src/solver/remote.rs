//! What `ADD` fetches: a file that stands for a download, or the files of a repository.
//!
//! Nothing is fetched. The world says how large a download is and what is in it, the content is opaque, and so everything
//! that comes of it is marked as modelled. It knows no place in the image.

use super::report::BuildErrorKind;
use super::step::StepError;
use crate::graph::Remote;
use crate::vfs::{Content, Metadata, Node, Tree, VfsError, path};
use crate::world::{Download, DownloadedFile, World};
use std::sync::Arc;

/// BuildKit checks out what it fetched and no branch, so `HEAD` holds a commit, which nobody here knows.
const HEAD_SIZE: u64 = 41;

/// The files of a source. A download is one file with the name that the address gives it, readable for its owner alone
/// and with the time zero, as BuildKit has it where a server says no time.
#[inline(never)]
pub(super) fn tree(remote: &Remote, world: &dyn World) -> Result<Tree, StepError> {
    let download = fetch(remote, world)?;
    let made = if remote.repository {
        if download.files.is_empty() {
            let message = format!("{}: nobody here knows what is in this repository", remote.address);
            return Err(StepError::new(BuildErrorKind::NotSimulated, message));
        }
        files(remote, &download, 1, world.now())
    } else {
        let content = Content::download(download.size, &remote.address, remote.digest);
        let mut tree = Tree::new();
        let file = Node::file(Metadata::new(0o600, 0), content);
        tree.put(&format!("/{}", remote.file_name()), file, 0).map(|()| tree)
    };
    made.map_err(|error| StepError::step(error.to_string()))
}

/// What is in an archive that was fetched; none where it is no archive that anybody knows.
#[inline(never)]
pub(super) fn unpacked(remote: &Remote, world: &dyn World) -> Result<Option<Arc<Node>>, StepError> {
    let download = fetch(remote, world)?;
    if download.files.is_empty() {
        return Ok(None);
    }
    let tree =
        files(remote, &download, 0, world.now()).map_err(|error| StepError::step(error.to_string()))?;
    Ok(Some(tree.root_node().clone()))
}

/// The words are those of a builder without a network.
fn fetch(remote: &Remote, world: &dyn World) -> Result<Arc<Download>, StepError> {
    let address = &remote.address;
    world.download(address)?.ok_or_else(|| {
        let host = remote.host();
        let message = if remote.repository {
            format!("failed to fetch remote {address}: Could not resolve host: {host}")
        } else {
            format!("Get {address:?}: dial tcp: lookup {host}: no such host")
        };
        StepError { prefix: "failed to load cache key: ", ..StepError::step(message) }
    })
}

/// The files of an archive without the first parts of their names.
fn files(remote: &Remote, download: &Download, strip: usize, now: i64) -> Result<Tree, VfsError> {
    let mut tree = Tree::new();
    let directory = Metadata::new(0o755, now);
    for file in &download.files {
        let is_directory = file.path.ends_with('/');
        let Some(place) = stripped(&file.path, strip) else { continue };
        let place = path::absolute("/", place);
        if is_directory {
            tree.make_directories(&place, directory)?;
            continue;
        }
        tree.make_directories(path::parent(&place), directory)?;
        tree.put(&place, node(remote, file, now), now)?;
    }
    if remote.keep_git_dir {
        tree.make_directories("/.git", directory)?;
        let head = DownloadedFile { path: ".git/HEAD".into(), size: HEAD_SIZE, ..DownloadedFile::default() };
        tree.put("/.git/HEAD", node(remote, &head, now), now)?;
    }
    Ok(tree)
}

fn node(remote: &Remote, file: &DownloadedFile, now: i64) -> Node {
    if let Some(target) = &file.target {
        return Node::symlink(Metadata::new(0o777, now), target);
    }
    let inputs = [remote.address.as_bytes(), file.path.as_bytes()];
    let content = Content::modelled(file.size, "file of a download", &inputs);
    Node::file(Metadata::new(if file.is_program { 0o755 } else { 0o644 }, now), content)
}

fn stripped(path: &str, count: usize) -> Option<&str> {
    let rest = (0..count).try_fold(path, |rest, _| Some(rest.split_once('/')?.1))?;
    Some(rest).filter(|rest| !rest.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_of_the_repository_is_modelled_too() {
        let remote = Remote {
            address: "https://git.example.org/x.git".into(),
            repository: true,
            keep_git_dir: true,
            ..Remote::default()
        };
        let tree = files(&remote, &Download::default(), 1, 0).unwrap();
        let head = tree.entry("/.git/HEAD").and_then(Node::as_file).unwrap();
        assert_eq!((head.content.size(), head.content.bytes()), (41, None));
    }
}
