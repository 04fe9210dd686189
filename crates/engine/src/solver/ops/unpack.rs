//! `ADD` of an archive: its files, with their own owners and times.

use super::copier::Copier;
use super::place::{failed, resolve};
use crate::case::Case;
use crate::compression::{Damage, Flaw, Format};
use crate::layer::tar::{Body, Entry, Reader, TarError};
use crate::solver::step::StepError;
use crate::vfs::{Directory, File, Follow, Metadata, Node, path};
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
    reader.next();
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
        let entry = match reader.next() {
            Some(Ok(entry)) => entry,
            end => match archive.failure(&reader, end.and_then(Result::err)) {
                Some(error) => return Err(error),
                None => break,
            },
        };
        if is_destination(&entry.path) {
            continue;
        }
        bytes += entry.size();
        if bytes > MAX_UNPACKED as u64 {
            return Err(StepError::step(too_large()));
        }
        let relative = path::absolute("/", &entry.path);
        let place =
            if relative == "/" { root.clone() } else { format!("{}{relative}", root.trim_end_matches('/')) };
        if let Some(mtime) = put(copier, &root, &place, entry)? {
            times.push((place, mtime));
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

/// A further name of what was unpacked. The owner, the mode and the time are those that stand last in the archive.
fn put_link(
    copier: &mut Copier<'_>,
    root: &str,
    place: &str,
    target: &str,
    metadata: Metadata,
) -> Result<(), StepError> {
    let below = root.trim_end_matches('/');
    let target = path::absolute("/", target);
    copier.tree.hard_link(&format!("{below}{target}"), place, copier.now).map_err(|error| {
        // The archive is unpacked with its destination as the root.
        let place = &place[below.len()..];
        StepError::step(format!("link {target} {place}: {}", error.kind.message().lower()))
    })?;
    if copier.tree.lstat(place).is_ok_and(|node| node.as_file().is_some()) {
        copier.tree.set_metadata(place, Follow::No, |now| *now = metadata).map_err(failed)?;
    }
    Ok(())
}

/// Puts one entry; gives the time of a directory, to be set later.
fn put(copier: &mut Copier<'_>, root: &str, place: &str, entry: Entry) -> Result<Option<i64>, StepError> {
    let now = copier.now;
    let owner = copier.owner;
    let metadata = match owner {
        Some((uid, gid)) => Metadata { uid, gid, ..entry.metadata },
        None => entry.metadata,
    };
    if place != root {
        let parent = resolve(&copier.tree, path::parent(place))?;
        copier.tree.make_directories(&parent, Metadata::new(0o755, now)).map_err(failed)?;
    }
    if matches!(entry.body, Body::Directory) {
        match copier.tree.lstat(place) {
            Ok(Node::Directory(_)) => {
                copier.tree.set_metadata(place, Follow::No, |now| *now = metadata).map_err(failed)?;
            }
            _ => {
                let directory = Node::Directory(Directory::new(metadata));
                copier.tree.put(place, directory, now).map_err(failed)?;
            }
        }
        return Ok(Some(metadata.mtime));
    }
    if copier.tree.lstat(place).is_ok() {
        copier.tree.remove(place, now).map_err(failed)?;
    }
    let node = match entry.body {
        Body::File(content) => Node::File(File::new(metadata, content)),
        Body::Symlink(target) => Node::symlink(metadata, &target),
        Body::Device { kind, number } => Node::Device { metadata, kind, number },
        Body::HardLink(target) => {
            put_link(copier, root, place, &target, metadata)?;
            return Ok(None);
        }
        Body::Directory => return Ok(None),
    };
    copier.tree.put(place, node, now).map_err(failed)?;
    Ok(None)
}
