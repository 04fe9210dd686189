//! Home directories, and what is put into new ones.

use crate::shell::Process;
use crate::vfs::{Follow, Node, VfsError, path};

/// How the skeleton is copied.
#[derive(Clone, Copy)]
pub(super) struct Skeleton {
    /// Who gets the files.
    pub uid: u32,
    /// The group of the files.
    pub gid: u32,
    /// Whether files keep the times that they have in the skeleton.
    pub keep_times: bool,
}

impl Skeleton {
    /// Copies all that is in a directory into another one.
    pub(super) fn copy(&self, process: &mut Process<'_, '_>, from: &str, to: &str) -> Result<(), VfsError> {
        for (name, node) in process.list(from)? {
            let (source, target) = (path::join(from, &name), path::join(to, &name));
            let metadata = *node.metadata();
            match &*node {
                Node::Directory(_) => {
                    process.make_directory(&target, 0o755)?;
                    self.copy(process, &source, &target)?;
                }
                Node::Symlink { target: leads_to, .. } => process.symlink(leads_to, &target)?,
                Node::File(file) => process.write(&target, file.content.clone())?,
                Node::Device { .. } => continue,
            }
            process.set_owner(&target, Some(self.uid), Some(self.gid), Follow::No)?;
            if !matches!(&*node, Node::Symlink { .. }) {
                process.set_mode(&target, metadata.mode)?;
            }
            if self.keep_times {
                process.set_mtime(&target, metadata.mtime, Follow::No)?;
            }
        }
        Ok(())
    }
}

/// Removes a directory with all that is in it, if it is one.
pub(super) fn remove(process: &mut Process<'_, '_>, home: &str) -> bool {
    process.is_directory(home) && process.remove_all(home).is_ok()
}
