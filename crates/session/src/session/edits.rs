//! Requests that change the workspace. Each checks everything before it changes anything.

use super::{Change, Session};
use crate::protocol::{Edit, Event};
use crate::protocol::{ErrorView, FileInput, Request};
use crate::text::base64;
use crate::workspace::{
    Point, Workspace, absolute, apply, check_context, check_size, error, node_of, of_vfs, write_text,
};
use lab_engine::vfs::{Follow, Metadata, Node, Tree, VfsError, path};

impl Session {
    /// Does an edit and remembers the state before it.
    #[inline(never)]
    pub(super) fn edit(&mut self, request: Request, now: i64) -> Result<Change, ErrorView> {
        let before = Point { head: None, ..self.point() };
        let mut next = self.workspace.clone();
        let mut typed = None;
        let mut change = Change::Any;
        match request {
            Request::EditFile { path, text } => {
                let place = absolute(&path)?;
                let was_file = matches!(next.tree.entry(&place), Some(Node::File(_)));
                write_text(&mut next.tree, &path, &text, now)?;
                if was_file && path != next.ignore_file() {
                    change = Change::Text(path.clone());
                }
                typed = Some(path);
            }
            Request::PutFiles { files } => put_files(&mut next.tree, &files, now)?,
            Request::Apply { edits } => apply_all(&mut next, edits, now)?,
            Request::MakeDirectory { path } => make_directory(&mut next.tree, &path, now)?,
            Request::Rename { from, to } => rename(&mut next.tree, &from, &to, now)?,
            Request::Delete { path } => {
                next.tree.remove(&absolute(&path)?, now).map_err(|cause| of_vfs(&path, &cause))?;
            }
            Request::SetMode { path, mode } => {
                // As `chmod`: a link has no mode of its own.
                set(&mut next.tree, &path, Follow::Yes, |metadata| metadata.mode = mode & 0o7777)?;
            }
            Request::Touch { path } => {
                set(&mut next.tree, &path, Follow::No, |metadata| metadata.mtime = now)?
            }
            Request::RevertFile { path, build } => {
                let old = self.entry(build)?.workspace.clone();
                revert_file(&mut next, &old, &path, now)?;
            }
            Request::SetSettings { settings } => {
                if !settings.dockerfile.is_empty() {
                    absolute(&settings.dockerfile)?;
                }
                next.settings = settings;
            }
            _ => unreachable!("a request that is no edit of the workspace"),
        }
        if next.is_same(&self.workspace) {
            return Ok(Change::Nothing);
        }
        self.undo.remember(before, typed.as_deref(), now);
        self.workspace = next;
        self.changed_at = now;
        // Text that somebody types is known to who typed it.
        self.epoch += u32::from(typed.is_none());
        Ok(change)
    }

    /// Puts the workspace back to what it was in a build.
    #[inline(never)]
    pub(super) fn checkout(&mut self, build: u32, now: i64) -> Result<(), ErrorView> {
        let entry = self.entry(build)?;
        // Of a build that was made elsewhere there is nothing to build on.
        let head = if entry.record.is_some() { entry.parent } else { Some(build) };
        let workspace = entry.workspace.clone();
        let before = self.point();
        self.undo.remember(before, None, now);
        self.workspace = workspace;
        self.head = head;
        self.changed_at = now;
        self.epoch += 1;
        Ok(())
    }

    /// The text or the bytes of a file.
    #[inline(never)]
    pub(super) fn read_file(&self, name: &str, emit: super::Emit<'_>) -> Result<(), ErrorView> {
        let place = absolute(name)?;
        let content = self.workspace.tree.read(&place).map_err(|cause| of_vfs(name, &cause))?;
        let bytes = content.bytes().unwrap_or_default();
        let text = std::str::from_utf8(bytes).ok().map(str::to_owned);
        let base64 = text.is_none().then(|| base64::encode(bytes));
        emit(Event::FileContent { path: name.to_owned(), text, base64, size: content.size() as f64 });
        Ok(())
    }
}

#[inline(never)]
fn put_files(tree: &mut Tree, files: &[FileInput], now: i64) -> Result<(), ErrorView> {
    for file in files {
        let place = absolute(&file.path)?;
        let node = node_of(file, now)?;
        let there = tree.entry(&place);
        if there.is_some_and(|there| there.is_directory() != node.is_directory()) {
            return Err(error(
                "path/exists",
                &file.path,
                "a file and a directory cannot take each other's place",
            ));
        }
        apply(tree, &Edit::Put { file: file.clone() }, now)?;
    }
    check_context(tree, files.first().map_or("", |file| &file.path))
}

#[inline(never)]
fn apply_all(workspace: &mut Workspace, edits: Vec<Edit>, now: i64) -> Result<(), ErrorView> {
    for edit in edits {
        match edit {
            Edit::Put { file } => put_files(&mut workspace.tree, &[file], now)?,
            Edit::Delete { path } => {
                let place = absolute(&path)?;
                if workspace.tree.entry(&place).is_some() {
                    workspace.tree.remove(&place, now).map_err(|cause| of_vfs(&path, &cause))?;
                }
            }
            Edit::Settings { settings } => workspace.settings = settings,
            Edit::Prune => {}
        }
    }
    Ok(())
}

#[inline(never)]
fn make_directory(tree: &mut Tree, name: &str, now: i64) -> Result<(), ErrorView> {
    let place = absolute(name)?;
    if tree.entry(&place).is_some() {
        return Err(error("path/exists", name, "there is something at this path"));
    }
    let metadata = Metadata::new(0o755, now);
    tree.make_directories(&place, metadata).map_err(|cause| of_vfs(name, &cause))?;
    check_context(tree, name)
}

#[inline(never)]
fn rename(tree: &mut Tree, from: &str, to: &str, now: i64) -> Result<(), ErrorView> {
    let (source, target) = (absolute(from)?, absolute(to)?);
    let missing = |name: &str| error("path/not-found", name, "there is nothing at this path");
    if tree.entry(&source).is_none() {
        return Err(missing(from));
    }
    if source == target {
        return Ok(());
    }
    if tree.entry(&target).is_some() {
        return Err(error("path/exists", to, "there is something at this path"));
    }
    if path::is_within(&target, &source) {
        return Err(error("path/invalid", to, "a directory cannot be moved into itself"));
    }
    let vfs = |cause: VfsError| of_vfs(to, &cause);
    tree.make_directories(path::parent(&target), Metadata::new(0o755, now)).map_err(vfs)?;
    tree.rename(&source, &target, now).map_err(vfs)
}

#[inline(never)]
fn set(tree: &mut Tree, name: &str, follow: Follow, change: impl Fn(&mut Metadata)) -> Result<(), ErrorView> {
    tree.set_metadata(&absolute(name)?, follow, change).map_err(|cause| of_vfs(name, &cause))
}

/// Puts one path back to what it was: bytes, mode and time, or its absence.
#[inline(never)]
pub(super) fn revert_file(
    workspace: &mut Workspace,
    old: &Workspace,
    name: &str,
    now: i64,
) -> Result<(), ErrorView> {
    let place = absolute(name)?;
    let vfs = |cause: VfsError| of_vfs(name, &cause);
    match old.tree.entry_shared(&place) {
        Some(node) => {
            let metadata = Metadata::new(0o755, now);
            workspace.tree.make_directories(path::parent(&place), metadata).map_err(vfs)?;
            check_size(name, node.size())?;
            workspace.tree.put_shared(&place, node.clone(), now).map_err(vfs)
        }
        None if workspace.tree.entry(&place).is_none() => {
            Err(error("path/not-found", name, "the file is neither here nor in that build"))
        }
        None => workspace.tree.remove(&place, now).map(|_| ()).map_err(vfs),
    }
}
