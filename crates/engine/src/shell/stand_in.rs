//! What stands for bytes that were fetched from somewhere and that nobody has: where it came from, and what is in it.
//!
//! In a file such content is opaque. A pipe has to carry bytes: there it is a line that says what it stands for.

use super::command::CommandKind;
use super::interrupt::Interrupt;
use super::machine::Unpacked;
use super::process::Process;
use crate::vfs::{Content, VfsError, path};
use crate::world::{Download, DownloadedFile};
use std::sync::Arc;

/// A comment to every shell, so that a script that is piped into one does nothing.
const HEAD: &str = "# Stand-in for ";

/// The bytes that stand for what an address gives.
pub(super) fn bytes(address: &str) -> Vec<u8> {
    format!("{HEAD}{address}, which was not really fetched.\n").into_bytes()
}

/// The file that stands for what an address gives.
pub(super) fn content(address: &str, size: u64) -> Content {
    Content::download(size, address, None)
}

/// The address that bytes stand for.
pub(super) fn address(bytes: &[u8]) -> Option<String> {
    let line = std::str::from_utf8(bytes.get(..bytes.len().min(4096))?).ok()?.lines().next()?;
    let (address, _) = line.strip_prefix(HEAD)?.split_once(", which")?;
    Some(address.to_owned())
}

/// The address that a file stands for.
pub(super) fn address_of(process: &mut Process<'_, '_>, file: &str) -> Option<String> {
    let content = process.read(file).ok()?;
    match content.bytes() {
        Some(bytes) => address(bytes),
        None => content.origin().map(str::to_owned),
    }
}

/// What an address gives, if the network can be reached.
pub(super) fn look_up(
    process: &mut Process<'_, '_>,
    address: &str,
) -> Result<Option<Arc<Download>>, Interrupt> {
    if !process.has_network() {
        return Ok(None);
    }
    Ok(process.world().download(address)?)
}

/// Unpacks the archive of an address into a directory, without the first parts of its names. Gives the names that it
/// has; none where nobody knows what is in it.
pub(super) fn unpack(
    process: &mut Process<'_, '_>,
    address: &str,
    directory: &str,
    strip: usize,
) -> Result<Result<Vec<String>, VfsError>, Interrupt> {
    let download = process.world().download(address)?.unwrap_or_default();
    process.machine.mark =
        Some(if download.files.is_empty() { CommandKind::Unknown } else { CommandKind::Modelled });
    let into = path::clean(&process.resolve(directory));
    let mut names = Vec::new();
    let mut tops: Vec<String> = Vec::new();
    for file in &download.files {
        process.step(1)?;
        names.push(file.path.clone());
        let Some(rest) = stripped(&file.path, strip) else { continue };
        if strip == 0
            && let Some(top) = rest.split('/').next().filter(|top| rest.len() > top.len())
            && !tops.iter().any(|known| known == top)
        {
            tops.push(top.to_owned());
        }
        if let Err(error) = put(process, address, &path::join(&into, rest), file) {
            return Ok(Err(error));
        }
    }
    let tops = if strip > 0 { vec![into] } else { tops.iter().map(|top| path::join(&into, top)).collect() };
    for directory in tops {
        let prefix = "/usr/local".to_owned();
        process.machine.unpacked.push(Unpacked { directory, address: address.to_owned(), prefix });
    }
    Ok(Ok(names))
}

fn stripped(path: &str, count: usize) -> Option<&str> {
    let mut rest = path;
    for _ in 0..count {
        rest = rest.split_once('/')?.1;
    }
    Some(rest).filter(|rest| !rest.is_empty())
}

/// Puts one file of what an address gives.
pub(super) fn put(
    process: &mut Process<'_, '_>,
    address: &str,
    place: &str,
    file: &DownloadedFile,
) -> Result<(), VfsError> {
    if file.path.ends_with('/') {
        return process.make_directories(place.trim_end_matches('/'));
    }
    process.make_directories(path::parent(place))?;
    if let Some(target) = &file.target {
        let _ = process.remove(place);
        return process.symlink(target, place);
    }
    let mode = if file.is_program { 0o755 } else { 0o644 };
    let content =
        Content::modelled(file.size, "file of a download", &[address.as_bytes(), file.path.as_bytes()]);
    process.write_with_mode(place, content, mode)?;
    process.set_mode(place, mode)
}
