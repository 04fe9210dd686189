//! A directory of the disk as files of a context.

use crate::arguments::Failure;
use lab_session::protocol::FileInput;
use std::fs::{self, Metadata};
use std::path::Path;
use std::time::UNIX_EPOCH;

/// All files of a directory, a directory before what is in it. Sockets, pipes and devices are left out.
pub(crate) fn read(directory: &Path) -> Result<Vec<FileInput>, Failure> {
    let failed = |error: std::io::Error| Failure::new(format!("{}: {error}", directory.display()));
    if !fs::metadata(directory).map_err(failed)?.is_dir() {
        return Err(Failure::new(format!("{} is no directory", directory.display())));
    }
    let mut files = Vec::new();
    walk(directory, "", &mut files)?;
    Ok(files)
}

fn walk(directory: &Path, prefix: &str, files: &mut Vec<FileInput>) -> Result<(), Failure> {
    let failed = |error: std::io::Error| Failure::new(format!("{}: {error}", directory.display()));
    let mut entries =
        fs::read_dir(directory).map_err(failed)?.collect::<Result<Vec<_>, _>>().map_err(failed)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let place = entry.path();
        let failed = |error: std::io::Error| Failure::new(format!("{}: {error}", place.display()));
        let name = entry.file_name().into_string();
        let name = name.map_err(|_| Failure::new(format!("{}: the name is no UTF-8", place.display())))?;
        let path = format!("{prefix}{name}");
        let metadata = fs::symlink_metadata(&place).map_err(failed)?;
        let mut file = FileInput { path, mtime: Some(mtime(&metadata)), ..FileInput::default() };
        if metadata.is_symlink() {
            file.symlink = Some(fs::read_link(&place).map_err(failed)?.to_string_lossy().into_owned());
            files.push(file);
        } else if metadata.is_dir() {
            file.directory = true;
            file.mode = mode(&metadata);
            let below = format!("{}/", file.path);
            files.push(file);
            walk(&place, &below, files)?;
        } else if metadata.is_file() {
            file.mode = mode(&metadata);
            match String::from_utf8(fs::read(&place).map_err(failed)?) {
                Ok(text) => file.text = Some(text),
                Err(error) => file.base64 = Some(lab_session::text::base64::encode(error.as_bytes())),
            }
            files.push(file);
        }
    }
    Ok(())
}

fn mtime(metadata: &Metadata) -> f64 {
    let time = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    time.map_or(0.0, |time| time.as_secs() as f64)
}

#[cfg(unix)]
fn mode(metadata: &Metadata) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt;
    Some(metadata.permissions().mode() & 0o7777)
}

#[cfg(not(unix))]
fn mode(_: &Metadata) -> Option<u32> {
    None
}
