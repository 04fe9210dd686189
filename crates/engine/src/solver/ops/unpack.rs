//! `ADD` of an archive: its files, with their own owners and times.

use super::copier::{Copier, failed};
use crate::layer::tar::{Body, Entry, Reader};
use crate::solver::step::StepError;
use crate::vfs::{Directory, File, Follow, Metadata, Node, path};
use std::borrow::Cow;

/// The first bytes of a gzip file.
const GZIP: [u8; 3] = [0x1f, 0x8b, 8];

/// More than this is not unpacked: an archive of a few kilobytes can hold gigabytes of zeros.
const MAX_UNPACKED: usize = 256 << 20;

/// The tar in a file, if it is one: plain or compressed with gzip.
pub(super) fn archive_of(node: &Node) -> Option<Cow<'_, [u8]>> {
    let bytes = node.as_file()?.content.bytes()?;
    let tar = if bytes.starts_with(&GZIP) { Cow::Owned(gunzip(bytes)?) } else { Cow::Borrowed(bytes) };
    matches!(Reader::new(&tar).next(), Some(Ok(_))).then_some(tar)
}

/// All members of a gzip file, one after the other.
fn gunzip(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut rest = bytes;
    let mut unpacked = Vec::new();
    while rest.starts_with(&GZIP) {
        let body = rest.get(gzip_header(rest)?..)?;
        let room = MAX_UNPACKED.checked_sub(unpacked.len())?;
        let (data, used) = inflate(body, room)?;
        unpacked.extend(data);
        // Checksum and length follow.
        rest = body.get(used + 8..)?;
    }
    Some(unpacked)
}

/// The length of the header of a gzip member.
fn gzip_header(bytes: &[u8]) -> Option<usize> {
    let flags = *bytes.get(3)?;
    let mut at = 10;
    if flags & 4 != 0 {
        let length = u16::from_le_bytes([*bytes.get(at)?, *bytes.get(at + 1)?]);
        at += 2 + usize::from(length);
    }
    for flag in [8, 16] {
        if flags & flag != 0 {
            at += bytes.get(at..)?.iter().position(|byte| *byte == 0)? + 1;
        }
    }
    Some(if flags & 2 != 0 { at + 2 } else { at })
}

/// Unpacks deflated data; gives it with the number of bytes that it took.
fn inflate(bytes: &[u8], room: usize) -> Option<(Vec<u8>, usize)> {
    use miniz_oxide::inflate::core::{DecompressorOxide, decompress, inflate_flags};
    let mut out = vec![0; (bytes.len() * 4).clamp(1024, room.max(1024))];
    let mut state = DecompressorOxide::new();
    let (mut read, mut written) = (0, 0);
    let flags = inflate_flags::TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
    loop {
        let (status, taken, made) = decompress(&mut state, &bytes[read..], &mut out, written, flags);
        read += taken;
        written += made;
        match status {
            miniz_oxide::inflate::TINFLStatus::Done => {
                out.truncate(written);
                return Some((out, read));
            }
            miniz_oxide::inflate::TINFLStatus::HasMoreOutput if out.len() < room => {
                out.resize((out.len() * 2).min(room), 0);
            }
            _ => return None,
        }
    }
}

/// Puts what is in a tar below the destination. Names cannot lead out of it.
pub(super) fn unpack(copier: &mut Copier<'_>, tar: &[u8], destination: &str) -> Result<(), StepError> {
    let root = copier.resolve(destination)?;
    copier.make_directories(&root, None)?;
    let mut times = Vec::new();
    for entry in Reader::new(tar) {
        let entry = entry.map_err(|error| StepError::step(error.to_string()))?;
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

/// Puts one entry; gives the time of a directory, to be set later.
fn put(copier: &mut Copier<'_>, root: &str, place: &str, entry: Entry) -> Result<Option<i64>, StepError> {
    let now = copier.now;
    let owner = copier.owner;
    let metadata = match owner {
        Some((uid, gid)) => Metadata { uid, gid, ..entry.metadata },
        None => entry.metadata,
    };
    if place != root {
        let parent = copier.resolve(path::parent(place))?;
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
            let first = format!("{}{}", root.trim_end_matches('/'), path::absolute("/", &target));
            copier.tree.hard_link(&first, place, now).map_err(failed)?;
            return Ok(None);
        }
        Body::Directory => return Ok(None),
    };
    copier.tree.put(place, node, now).map_err(failed)?;
    Ok(None)
}
