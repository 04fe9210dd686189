//! `ADD` of an archive: its files, with their own owners and times.

use super::copier::Copier;
use super::owner::given;
use super::place::{failed, resolve};
use crate::case::Case;
use crate::compression::{Damage, Flaw, Format};
use crate::layer::tar::{Body, Entry, Reader, TarError};
use crate::solver::step::StepError;
use crate::vfs::{
    Directory, File, Follow, Located, Metadata, Node, VfsError, VfsErrorKind as Kind, Xattrs, path,
};
use std::borrow::Cow;

/// More than this is not unpacked: an archive of a few kilobytes can hold gigabytes of zeros.
const MAX_UNPACKED: usize = 256 << 20;

/// A tar, perhaps with less in it than there should be.
pub(super) struct Archive<'a> {
    tar: Cow<'a, [u8]>,
    damage: Option<(Format, Damage)>,
}

/// The tar in a file, plain or compressed, if it is one: if a first header can be read.
#[inline(never)]
pub(super) fn archive_of(node: &Node) -> Option<Archive<'_>> {
    let bytes = node.as_file()?.content.bytes()?;
    let archive = match Format::of(bytes) {
        None => Archive { tar: Cow::Borrowed(bytes), damage: None },
        Some(format) => {
            let unpacked = format.unpack(bytes, MAX_UNPACKED);
            let damage = unpacked.damage.map(|damage| (format, damage));
            Archive { tar: Cow::Owned(unpacked.bytes), damage }
        }
    };
    let mut reader = Reader::new(&archive.tar);
    let _ = reader.next_head();
    reader.has_begun().then_some(archive)
}

impl Archive<'_> {
    /// Why the reader got no further entry, if that is an error. Damage behind the end of the tar is never seen.
    fn failure(&self, reader: &Reader<'_>, error: Option<TarError>) -> Option<StepError> {
        if let Some((format, damage)) = self.damage
            && reader.wants_more()
        {
            return Some(StepError::step(words(format, damage)));
        }
        error.map(|error| match error {
            TarError::InvalidHeader { .. } => StepError::step("archive/tar: invalid tar header"),
            TarError::UnknownType { letter, .. } => {
                StepError::step(format!("unhandled tar header type {letter}"))
            }
            error => StepError::step(error.to_string()),
        })
    }
}

/// Not BuildKit's words: it would have gone on.
fn too_large() -> String {
    format!("the archive unpacks to more than {} MiB", MAX_UNPACKED >> 20)
}

/// What the readers say that BuildKit uses: those of Go, and for xz the command.
fn words(format: Format, Damage { flaw, offset }: Damage) -> String {
    if flaw == Flaw::TooLarge {
        return too_large();
    }
    let text = match (format, flaw) {
        (Format::Xz, Flaw::UnexpectedEnd) => "exit status 1: xz: (stdin): Unexpected end of input\n",
        (Format::Xz, Flaw::NotThisFormat) => "exit status 1: xz: (stdin): File format not recognized\n",
        (Format::Xz, Flaw::Unsupported) => "exit status 1: xz: (stdin): Unsupported options\n",
        (Format::Xz, _) => "exit status 1: xz: (stdin): Compressed data is corrupt\n",
        (_, Flaw::UnexpectedEnd) => "unexpected EOF",
        (Format::Gzip, Flaw::NotThisFormat) => "gzip: invalid header",
        (Format::Gzip, Flaw::Checksum) => "gzip: invalid checksum",
        (Format::Gzip, _) => return format!("flate: corrupt input before offset {offset}"),
        (Format::Bzip2, Flaw::NotThisFormat) => "bzip2 data invalid: bad magic value",
        (Format::Bzip2, Flaw::Unsupported) => "bzip2 data invalid: deprecated randomized files",
        (Format::Bzip2, Flaw::Checksum) => "bzip2 data invalid: block checksum mismatch",
        (Format::Bzip2, _) => "bzip2 data invalid: Huffman bad",
        (Format::Zstd, Flaw::NotThisFormat) => "invalid input: magic number mismatch",
        (Format::Zstd, Flaw::Unsupported) => "unknown dictionary",
        (Format::Zstd, Flaw::Checksum) => "CRC check failed",
        (Format::Zstd, _) => "corruption detected",
    };
    text.to_owned()
}

/// Puts what is in a tar below the destination. Names cannot lead out of it.
#[inline(never)]
pub(super) fn unpack(
    copier: &mut Copier<'_>,
    archive: &Archive<'_>,
    destination: &str,
) -> Result<(), StepError> {
    let root = resolve(&copier.tree, destination)?;
    copier.make_directories(&root, 0o755)?;
    let mut times = Vec::new();
    let mut bytes = 0;
    let mut reader = Reader::new(&archive.tar);
    loop {
        let head = match reader.next_head() {
            Some(Ok(head)) => head,
            end => match archive.failure(&reader, end.and_then(Result::err)) {
                Some(error) => return Err(error),
                None => break,
            },
        };
        if is_destination(&head.entry.path) {
            continue;
        }
        bytes = head.size().saturating_add(bytes);
        if bytes > MAX_UNPACKED as u64 {
            return Err(StepError::step(too_large()));
        }
        let entry = match reader.content(head) {
            Ok(entry) => entry,
            Err(error) => {
                let failure = archive.failure(&reader, Some(error));
                return failure.map_or(Ok(()), Err);
            }
        };
        let mut below = Below { copier, root: &root };
        if let Some(time) = below.put(&path::absolute("/", &entry.path), entry)? {
            times.push(time);
        }
    }
    // What is put into a directory changes its time, so directories get theirs at the end.
    for (place, mtime) in times {
        let _ = copier.tree.set_metadata(&place, Follow::No, |metadata| metadata.mtime = mtime);
    }
    Ok(())
}

/// Whether an entry stands for the destination itself, as `./` does: that is there already and keeps what it has.
fn is_destination(name: &str) -> bool {
    !name.is_empty() && name.split('/').all(|part| part == ".")
}

/// The destination as the root of all that is unpacked: no link leads out of it. Places are absolute below it, and so
/// are those that errors name.
struct Below<'a, 'b> {
    copier: &'a mut Copier<'b>,
    root: &'a str,
}

impl Below<'_, '_> {
    fn locate(&self, place: &str, follow: Follow) -> Result<Located<'_>, VfsError> {
        self.copier.tree.locate_below(self.root, place, follow)
    }

    /// Puts one entry; gives where a directory is and its time, to be set later.
    fn put(&mut self, place: &str, entry: Entry) -> Result<Option<(String, i64)>, StepError> {
        let owner = self.copier.owner;
        let there = self.locate(place, Follow::No).ok().and_then(|located| located.node.cloned());
        let there = there.filter(|node| node.is_directory() && matches!(entry.body, Body::Directory));
        let there = there.map_or((0, 0), |node| (node.metadata().uid, node.metadata().gid));
        let (uid, gid) = owner.map_or((entry.metadata.uid, entry.metadata.gid), |owner| given(owner, there));
        // Times before 1970 are none for the builder.
        let metadata = Metadata { uid, gid, mtime: entry.metadata.mtime.max(0), ..entry.metadata };
        self.make_parents(place)?;
        self.clear(place, matches!(entry.body, Body::Directory))?;
        let xattrs = entry.xattrs;
        let (operation, node) = match entry.body {
            Body::HardLink(target) => return self.link(place, &target, metadata, &xattrs).map(|()| None),
            Body::Directory => return self.directory(place, metadata, &xattrs).map(Some),
            Body::File(content) => (format!("open {place}: "), Node::File(File::new(metadata, content))),
            Body::Symlink(target) => {
                (format!("symlink {target} {place}: "), Node::symlink(metadata, &target))
            }
            Body::Device { kind, number } => (String::new(), Node::Device { metadata, kind, number }),
        };
        let at = self.free(place, &operation)?;
        self.copier.tree.put(&at, node.with_xattrs(xattrs), self.copier.now).map_err(failed)?;
        Ok(None)
    }

    /// Makes the directories above an entry, if nothing is there.
    fn make_parents(&mut self, place: &str) -> Result<(), StepError> {
        let parent = path::parent(place);
        let is_missing = |located: Result<Located<'_>, VfsError>| match located {
            Ok(located) => located.node.is_none(),
            Err(error) => error.kind == Kind::NotFound,
        };
        if !is_missing(self.locate(parent, Follow::No)) {
            return Ok(());
        }
        let mut here = String::new();
        for part in path::parts(parent) {
            here = format!("{here}/{part}");
            if is_missing(self.locate(&here, Follow::Yes)) {
                let at = self.free(&here, &format!("mkdir {here}: "))?;
                let made = Node::Directory(Directory::new(Metadata::new(0o755, self.copier.now)));
                self.copier.tree.put(&at, made, self.copier.now).map_err(failed)?;
            }
        }
        Ok(())
    }

    /// Removes what is in the way of an entry. Only a directory may stay, for a directory.
    fn clear(&mut self, place: &str, is_directory: bool) -> Result<(), StepError> {
        let Ok(Located { path, node: Some(node) }) = self.locate(place, Follow::No) else { return Ok(()) };
        if path == self.root || is_directory && node.is_directory() {
            return Ok(());
        }
        self.copier.tree.remove(&path, self.copier.now).map(drop).map_err(failed)
    }

    /// Where something new can be put, with nothing in the way. An error begins with what was tried.
    fn free(&self, place: &str, operation: &str) -> Result<String, StepError> {
        let words = |kind: Kind| StepError::step(format!("{operation}{}", kind.message().lower()));
        let located = self.locate(place, Follow::No).map_err(|error| words(error.kind))?;
        if located.node.is_some() { Err(words(Kind::Exists)) } else { Ok(located.path) }
    }

    fn directory(
        &mut self,
        place: &str,
        metadata: Metadata,
        xattrs: &Xattrs,
    ) -> Result<(String, i64), StepError> {
        let found = self.locate(place, Follow::No).ok().filter(|located| located.node.is_some());
        let at = match found {
            Some(located) => {
                let at = located.path;
                let set = self.copier.tree.set_metadata(&at, Follow::No, |now| *now = metadata);
                set.map_err(failed)?;
                self.add_attributes(&at, xattrs)?;
                at
            }
            None => {
                let at = self.free(place, &format!("mkdir {place}: "))?;
                let made = Node::Directory(Directory::new(metadata)).with_xattrs(xattrs.clone());
                self.copier.tree.put(&at, made, self.copier.now).map_err(failed)?;
                at
            }
        };
        Ok((at, metadata.mtime))
    }

    /// Gives what is there already the attributes of an entry.
    fn add_attributes(&mut self, place: &str, xattrs: &Xattrs) -> Result<(), StepError> {
        if xattrs.is_empty() {
            return Ok(());
        }
        self.copier.tree.set_xattrs(place, xattrs).map_err(failed)
    }

    /// A further name of what was unpacked. The owner, the mode and the time are those that stand last in the archive.
    fn link(
        &mut self,
        place: &str,
        target: &str,
        metadata: Metadata,
        xattrs: &Xattrs,
    ) -> Result<(), StepError> {
        let target = path::absolute("/", target);
        let words =
            |kind: Kind| StepError::step(format!("link {target} {place}: {}", kind.message().lower()));
        let old = self.locate(&target, Follow::No).map_err(|error| words(error.kind))?.path;
        let new = self.free(place, &format!("link {target} {place}: "))?;
        self.copier.tree.hard_link(&old, &new, self.copier.now).map_err(|error| words(error.kind))?;
        if self.copier.tree.lstat(&new).is_ok_and(|node| node.as_file().is_some()) {
            self.copier.tree.set_metadata(&new, Follow::No, |now| *now = metadata).map_err(failed)?;
            self.add_attributes(&new, xattrs)?;
        }
        Ok(())
    }
}
