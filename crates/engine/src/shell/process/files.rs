//! Files as a process sees them: with permission checks, read-only mounts, umask and limits.

use super::Process;
use crate::shell::credentials::Access;
use crate::shell::interrupt::Interrupt;
use crate::vfs::{Content, DeviceKind, File, Follow, Metadata, Node, VfsError, VfsErrorKind as Kind, path};
use std::sync::Arc;

/// The most bytes of a path, as the kernel takes them from a process.
const PATH_MAX: usize = 4095;

type Result<T> = std::result::Result<T, VfsError>;

impl Process<'_, '_> {
    /// The node at a path, following links (`stat`).
    pub fn stat(&mut self, path: &str) -> Result<Arc<Node>> {
        self.look(path, Follow::Yes).map(|(_, node)| node)
    }

    /// The node at a path, not following a link in the last place (`lstat`).
    pub fn lstat(&mut self, path: &str) -> Result<Arc<Node>> {
        self.look(path, Follow::No).map(|(_, node)| node)
    }

    /// Whether something is there, following links.
    pub fn exists(&mut self, path: &str) -> bool {
        self.stat(path).is_ok()
    }

    /// Whether a directory is there, following links.
    pub fn is_directory(&mut self, path: &str) -> bool {
        self.stat(path).is_ok_and(|node| node.is_directory())
    }

    /// The canonical path and the node of something that must be there.
    pub fn look(&mut self, path: &str, follow: Follow) -> Result<(String, Arc<Node>)> {
        let (place, node) = self.place(path, follow)?;
        Ok((place, node.ok_or_else(|| VfsError::new(Kind::NotFound, path))?))
    }

    /// The canonical path, whose last part may be missing, and the node if there is one.
    pub fn place(&mut self, path: &str, follow: Follow) -> Result<(String, Option<Arc<Node>>)> {
        if path.is_empty() {
            return Err(VfsError::new(Kind::NotFound, path));
        }
        if path.len() > PATH_MAX {
            return Err(VfsError::new(Kind::NameTooLong, path));
        }
        let absolute = self.resolve(path);
        if self.credentials.uid != 0 {
            // What cannot be searched cannot be found missing either.
            self.check_search(&absolute, path)?;
        }
        let located = self.machine.tree().locate(&absolute, follow);
        let located = located.map_err(|error| VfsError::new(error.kind, path))?;
        Ok((located.path, located.node.cloned()))
    }

    /// Every directory on the way must let this user through.
    fn check_search(&mut self, absolute: &str, path: &str) -> Result<()> {
        let credentials = self.credentials.clone();
        let tree = self.machine.tree();
        let mut here = String::from("/");
        let mut parts = path::parts(absolute).peekable();
        while let Some(part) = parts.next() {
            let Ok(located) = tree.locate(&here, Follow::Yes) else { return Ok(()) };
            let Some(Node::Directory(directory)) = located.node.map(|node| &**node) else { return Ok(()) };
            if !credentials.may(Access::Execute, &directory.metadata, true) {
                return Err(VfsError::new(Kind::PermissionDenied, path));
            }
            here = path::join(&located.path, part);
            // A link in between may lead through other directories: its canonical place is checked from the start.
            if let Ok(Node::Symlink { target, .. }) = tree.lstat(&here)
                && parts.peek().is_some()
                && let Ok(canonical) = tree.canonical(&here)
                && target.contains('/')
            {
                here.clone_from(&canonical);
                let mut above = path::parent(&canonical);
                while above != "/" {
                    let searchable = tree.entry(above).is_some_and(|node| {
                        credentials.may(Access::Execute, node.metadata(), node.is_directory())
                    });
                    if !searchable {
                        return Err(VfsError::new(Kind::PermissionDenied, path));
                    }
                    above = path::parent(above);
                }
            }
        }
        Ok(())
    }

    /// Whether this user may read, write or execute what is at `path` (`access`).
    pub fn may_read(&mut self, path: &str) -> bool {
        self.may(path, Access::Read)
    }

    /// See [`Process::may_read`].
    pub fn may_write(&mut self, path: &str) -> bool {
        let place = self.look(path, Follow::Yes);
        place.is_ok_and(|(place, _)| !self.machine.is_read_only(&place)) && self.may(path, Access::Write)
    }

    /// See [`Process::may_read`].
    pub fn may_execute(&mut self, path: &str) -> bool {
        self.may(path, Access::Execute)
    }

    fn may(&mut self, path: &str, access: Access) -> bool {
        let node = self.stat(path);
        node.is_ok_and(|node| self.credentials.may(access, node.metadata(), node.is_directory()))
    }

    /// The content of a file. Devices have none: streams read those.
    pub fn read(&mut self, path: &str) -> Result<Content> {
        let node = self.stat(path)?;
        self.check(&node, Access::Read, path)?;
        match &*node {
            Node::File(file) => Ok(file.content.clone()),
            Node::Directory(_) => Err(VfsError::new(Kind::IsADirectory, path)),
            _ => Ok(Content::new(Vec::new())),
        }
    }

    /// The text of a file; bytes that are not UTF-8 are kept as private characters, opaque content is empty.
    pub fn read_text(&mut self, path: &str) -> Result<String> {
        Ok(crate::shell::bytes::to_text(self.read(path)?.bytes().unwrap_or_default()))
    }

    fn check(&self, node: &Node, access: Access, path: &str) -> Result<()> {
        if self.credentials.may(access, node.metadata(), node.is_directory()) {
            Ok(())
        } else {
            Err(VfsError::new(Kind::PermissionDenied, path))
        }
    }

    /// The directory of a canonical place must let entries be made and removed.
    fn check_parent(&mut self, place: &str, path: &str) -> Result<()> {
        if self.machine.is_read_only(path::parent(place)) {
            return Err(VfsError::new(Kind::ReadOnly, path));
        }
        let parent = self.machine.tree().entry_shared(path::parent(place)).cloned();
        let parent = parent.ok_or_else(|| VfsError::new(Kind::NotFound, path))?;
        self.check(&parent, Access::Write, path)
    }

    /// As [`Process::check_parent`], and the sticky bit must not forbid the removal of what is there.
    fn check_removal(&mut self, place: &str, node: &Node, path: &str) -> Result<()> {
        self.check_parent(place, path)?;
        if self.machine.is_mount_point(place) {
            return Err(VfsError::new(Kind::Busy, path));
        }
        let uid = self.credentials.uid;
        let parent = self.machine.tree().entry(path::parent(place)).map(|node| *node.metadata());
        match parent {
            Some(parent)
                if uid != 0
                    && parent.mode & 0o1000 != 0
                    && parent.uid != uid
                    && node.metadata().uid != uid =>
            {
                Err(VfsError::new(Kind::NotPermitted, path))
            }
            _ => Ok(()),
        }
    }

    fn check_owner(&mut self, place: &str, node: &Node, path: &str) -> Result<()> {
        if self.machine.is_read_only(place) {
            return Err(VfsError::new(Kind::ReadOnly, path));
        }
        if self.credentials.uid != 0 && self.credentials.uid != node.metadata().uid {
            return Err(VfsError::new(Kind::NotPermitted, path));
        }
        Ok(())
    }

    /// Metadata of something new in the directory of `place`; a set-group-ID directory gives its group on.
    fn new_metadata(&mut self, place: &str, mode: u32, is_directory: bool) -> Metadata {
        let parent = self.machine.tree().entry(path::parent(place)).map(|node| *node.metadata());
        let mut metadata = Metadata::new(mode, self.machine.now);
        metadata.uid = self.credentials.uid;
        metadata.gid = self.credentials.gid;
        if let Some(parent) = parent.filter(|parent| parent.mode & 0o2000 != 0) {
            metadata.gid = parent.gid;
            if is_directory {
                metadata.mode |= 0o2000;
            }
        }
        metadata
    }

    /// Limits are counted here; the interrupt itself comes with the next step, as errors of files do not end a `RUN`.
    fn count_made(&mut self, path: &str) -> Result<()> {
        self.machine.count_made().map_err(|_| VfsError::new(Kind::NoSpace, path))
    }

    /// Opens a file for writing: makes it with `mode` less the umask if it is missing. Gives its canonical path.
    pub fn create(&mut self, path: &str, mode: u32, truncate: bool) -> Result<String> {
        let (place, node) = self.place(path, Follow::Yes)?;
        match node.as_deref() {
            Some(Node::Directory(_)) => Err(VfsError::new(Kind::IsADirectory, path)),
            Some(node) => {
                if self.machine.is_read_only(&place) && matches!(node, Node::File(_)) {
                    return Err(VfsError::new(Kind::ReadOnly, path));
                }
                self.check(node, Access::Write, path)?;
                if truncate && matches!(node, Node::File(_)) {
                    let metadata = Metadata { mtime: self.machine.now, ..*node.metadata() };
                    self.machine.tree_mut().write(&place, Content::new(Vec::new()), metadata)?;
                }
                Ok(place)
            }
            None => {
                if path.ends_with('/') {
                    return Err(VfsError::new(Kind::IsADirectory, path));
                }
                self.check_parent(&place, path)?;
                self.count_made(path)?;
                let metadata = self.new_metadata(&place, mode & !self.umask, false);
                self.machine.tree_mut().write(&place, Content::new(Vec::new()), metadata)?;
                Ok(place)
            }
        }
    }

    /// Writes a whole file, as `open` with O_CREAT and O_TRUNC and `write` do; a new one gets 0666 less the umask.
    pub fn write(&mut self, path: &str, content: impl Into<Content>) -> Result<()> {
        self.write_with_mode(path, content, 0o666)
    }

    /// As [`Process::write`], with the mode (less the umask) for a new file.
    pub fn write_with_mode(&mut self, path: &str, content: impl Into<Content>, mode: u32) -> Result<()> {
        let content = content.into();
        let place = self.create(path, mode, false)?;
        if let Some(bytes) = content.bytes() {
            self.machine.count_written(bytes.len()).map_err(|_| VfsError::new(Kind::NoSpace, path))?;
        }
        let node = self.machine.tree().entry_shared(&place).cloned();
        if let Some(Node::File(file)) = node.as_deref() {
            let metadata = Metadata { mtime: self.machine.now, ..file.metadata };
            self.machine.tree_mut().write(&place, content, metadata)?;
        }
        Ok(())
    }

    /// The entries of a directory, by the bytes of their names.
    pub fn list(&mut self, path: &str) -> Result<Vec<(Arc<str>, Arc<Node>)>> {
        let node = self.stat(path)?;
        let directory = node.as_directory().ok_or_else(|| VfsError::new(Kind::NotADirectory, path))?;
        self.check(&node, Access::Read, path)?;
        Ok(directory.entries().map(|(name, node)| (name.clone(), node.clone())).collect())
    }

    /// `mkdir`, with `mode` less the umask.
    pub fn make_directory(&mut self, path: &str, mode: u32) -> Result<()> {
        let (place, node) = self.place(path.trim_end_matches('/'), Follow::No).map_err(|error| {
            if path.trim_end_matches('/').is_empty() && !path.is_empty() {
                VfsError::new(Kind::Exists, path)
            } else {
                error
            }
        })?;
        if node.is_some() {
            return Err(VfsError::new(Kind::Exists, path));
        }
        self.check_parent(&place, path)?;
        self.count_made(path)?;
        let metadata = self.new_metadata(&place, mode & !self.umask, true);
        self.machine.tree_mut().make_directory(&place, metadata)
    }

    /// `mkdir -p`: makes a directory and all above it, with 0777 less the umask.
    pub fn make_directories(&mut self, path: &str) -> Result<()> {
        let absolute = self.resolve(path);
        let mut here = String::new();
        for part in path::parts(&absolute) {
            here.push('/');
            here.push_str(part);
            match self.stat(&here) {
                Ok(node) if node.is_directory() => {}
                Ok(_) => return Err(VfsError::new(Kind::NotADirectory, path)),
                Err(error) if error.kind == Kind::NotFound => {
                    self.make_directory(&here, 0o777).map_err(|error| VfsError::new(error.kind, path))?
                }
                Err(error) => return Err(VfsError::new(error.kind, path)),
            }
        }
        Ok(())
    }

    /// Removes a file, a link or an empty directory (`unlink`, `rmdir`).
    pub fn remove(&mut self, path: &str) -> Result<()> {
        let (place, node) = self.look(path.trim_end_matches('/'), Follow::No)?;
        self.check_removal(&place, &node, path)?;
        if node.as_directory().is_some_and(|directory| !directory.is_empty()) {
            return Err(VfsError::new(Kind::NotEmpty, path));
        }
        let now = self.machine.now;
        self.machine.tree_mut().remove(&place, now).map(|_| ())
    }

    /// Removes whatever is there with all below it, at once; for modelled programs. Root's rights are not needed below.
    pub fn remove_all(&mut self, path: &str) -> Result<()> {
        let (place, node) = self.look(path.trim_end_matches('/'), Follow::No)?;
        self.check_removal(&place, &node, path)?;
        let now = self.machine.now;
        self.machine.tree_mut().remove(&place, now).map(|_| ())
    }

    /// `rename`.
    pub fn rename(&mut self, from: &str, to: &str) -> Result<()> {
        let (source, node) = self.look(from.trim_end_matches('/'), Follow::No)?;
        let (target, old) = self.place(to.trim_end_matches('/'), Follow::No)?;
        self.check_removal(&source, &node, from)?;
        match old {
            Some(old) => self.check_removal(&target, &old, to)?,
            None => self.check_parent(&target, to)?,
        }
        let now = self.machine.now;
        self.machine.tree_mut().rename(&source, &target, now)
    }

    /// `symlink`.
    pub fn symlink(&mut self, target: &str, path: &str) -> Result<()> {
        if target.len() > PATH_MAX {
            return Err(VfsError::new(Kind::NameTooLong, path));
        }
        self.put_new(path, |metadata| Node::symlink(metadata, target))
    }

    /// `mknod`: a device or a pipe, with `mode` less the umask.
    pub fn make_device(&mut self, path: &str, kind: DeviceKind, number: (u32, u32), mode: u32) -> Result<()> {
        if kind != DeviceKind::Fifo && self.credentials.uid != 0 {
            return Err(VfsError::new(Kind::NotPermitted, path));
        }
        let mode = mode & !self.umask;
        self.put_new(path, |metadata| Node::Device { metadata: Metadata { mode, ..metadata }, kind, number })
    }

    /// Makes an entry that must not be there yet, owned by this user.
    pub fn put_new(&mut self, path: &str, node: impl FnOnce(Metadata) -> Node) -> Result<()> {
        let (place, old) = self.place(path, Follow::No)?;
        if old.is_some() {
            return Err(VfsError::new(Kind::Exists, path));
        }
        self.check_parent(&place, path)?;
        self.count_made(path)?;
        let metadata = self.new_metadata(&place, 0o666 & !self.umask, false);
        let now = self.machine.now;
        self.machine.tree_mut().put(&place, node(metadata), now)
    }

    /// Puts a whole subtree in the place of whatever is there: for modelled programs that unpack things.
    ///
    /// Directories above must be there; this user must be let write to the last one.
    pub fn put(&mut self, path: &str, node: Arc<Node>) -> Result<()> {
        let (place, _) = self.place(path, Follow::No)?;
        self.check_parent(&place, path)?;
        self.count_made(path)?;
        let now = self.machine.now;
        self.machine.tree_mut().put_shared(&place, node, now)
    }

    /// `link`; the existing path is taken as it is.
    pub fn hard_link(&mut self, existing: &str, new: &str) -> Result<()> {
        let (source, _) = self.look(existing, Follow::No)?;
        let (target, old) = self.place(new, Follow::No)?;
        if old.is_some() {
            return Err(VfsError::new(Kind::Exists, new));
        }
        self.check_parent(&target, new)?;
        self.count_made(new)?;
        let now = self.machine.now;
        self.machine.tree_mut().hard_link(&source, &target, now)
    }

    /// `chmod`; links are followed.
    pub fn set_mode(&mut self, path: &str, mode: u32) -> Result<()> {
        let (place, node) = self.look(path, Follow::Yes)?;
        self.check_owner(&place, &node, path)?;
        let tree = self.machine.tree_mut();
        tree.set_metadata(&place, Follow::No, |metadata| metadata.mode = mode & 0o7777)
    }

    /// `chown`: `None` leaves the one or the other. Only root may give files away; set-ID bits of files are lost.
    pub fn set_owner(
        &mut self,
        path: &str,
        uid: Option<u32>,
        gid: Option<u32>,
        follow: Follow,
    ) -> Result<()> {
        let (place, node) = self.look(path, follow)?;
        let old = *node.metadata();
        self.check_owner(&place, &node, path)?;
        let gives_away = uid.is_some_and(|uid| uid != old.uid)
            || gid.is_some_and(|gid| gid != old.gid && !self.credentials.is_in_group(gid));
        if self.credentials.uid != 0 && gives_away {
            return Err(VfsError::new(Kind::NotPermitted, path));
        }
        let drops_set_id = matches!(&*node, Node::File(_));
        self.machine.tree_mut().set_metadata(&place, Follow::No, |metadata| {
            metadata.uid = uid.unwrap_or(metadata.uid);
            metadata.gid = gid.unwrap_or(metadata.gid);
            if drops_set_id {
                metadata.mode &= !0o4000;
                if metadata.mode & 0o010 != 0 {
                    metadata.mode &= !0o2000;
                }
            }
        })
    }

    /// `utimensat`.
    pub fn set_mtime(&mut self, path: &str, mtime: i64, follow: Follow) -> Result<()> {
        let (place, node) = self.look(path, follow)?;
        if self.check(&node, Access::Write, path).is_err() || mtime != self.machine.now {
            self.check_owner(&place, &node, path)?;
        }
        if self.machine.is_read_only(&place) {
            return Err(VfsError::new(Kind::ReadOnly, path));
        }
        self.machine.tree_mut().set_metadata(&place, Follow::No, |metadata| metadata.mtime = mtime)
    }

    /// How many names what is at `path` has; directories count their subdirectories as Linux does.
    pub fn link_count(&mut self, canonical: &str) -> u32 {
        let tree = self.machine.tree();
        match tree.entry(canonical) {
            Some(Node::Directory(directory)) => {
                2 + directory.entries().filter(|(_, node)| node.is_directory()).count() as u32
            }
            _ => (tree.names_of(canonical).len() as u32).max(1),
        }
    }

    /// A new file of another's content, owner and times left to the caller.
    pub fn file_node(content: Content, metadata: Metadata) -> Node {
        Node::File(File::new(metadata, content))
    }

    /// Turns a limit that a file method met into the interrupt that it is.
    pub fn check_limits(&mut self) -> std::result::Result<(), Interrupt> {
        self.machine.check_limits()
    }
}
