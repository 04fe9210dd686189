//! `--output`: what a build leaves on the disk, in the words of buildx.

use crate::arguments::Failure;
use crate::driver::Driver;
use lab_engine::layer::tar::{Body, Entry, Reader};
use lab_session::protocol::{Event, ExportKind, ExportView, Query};
use lab_session::text::base64;
use std::fs;
use std::io::Write;
use std::path::{Component, Path, PathBuf};

/// One `--output`.
#[derive(Debug, PartialEq)]
pub(crate) struct Output {
    kind: ExportKind,
    /// Where to; `-` is the standard output. None leaves the image where all commands find it.
    to: Option<PathBuf>,
    /// Whether the archive is unpacked there.
    unpacked: bool,
}

impl Output {
    /// Whether it goes to the standard output.
    pub(crate) fn is_stdout(&self) -> bool {
        self.to.as_deref() == Some(Path::new("-"))
    }
}

/// Reads `type=oci,dest=FILE`, or the path of a directory, or `-`.
pub(crate) fn parse(text: &str) -> Result<Output, String> {
    if text == "-" {
        return Ok(Output { kind: ExportKind::Tar, to: Some("-".into()), unpacked: false });
    }
    if !text.contains('=') {
        return Ok(Output { kind: ExportKind::Tar, to: Some(text.into()), unpacked: true });
    }
    let (mut kind, mut to, mut unpacked) = (None, None, false);
    for field in text.split(',') {
        match field.split_once('=') {
            Some(("type", value)) => {
                kind = Some(match value {
                    "oci" => ExportKind::Oci,
                    "docker" => ExportKind::Docker,
                    "tar" => ExportKind::Tar,
                    "local" => {
                        unpacked = true;
                        ExportKind::Tar
                    }
                    "context" => ExportKind::Context,
                    _ => return Err(format!("exporter \"{value}\" could not be found")),
                });
            }
            Some(("dest", value)) => to = Some(PathBuf::from(value)),
            Some(("tar", "false")) => unpacked = true,
            Some(("tar", "true") | ("compression", "uncompressed") | ("oci-mediatypes", "true")) => {}
            Some((name, value)) => return Err(format!("invalid value {value} of {name} in output {text}")),
            None => return Err(format!("invalid value {field}")),
        }
    }
    let kind = kind.ok_or("type is required for output")?;
    let is_stdout = to.as_deref() == Some(Path::new("-"));
    if to.is_none() && kind != ExportKind::Docker {
        return Err(format!("dest is required for output {text}"));
    }
    if unpacked && (is_stdout || kind == ExportKind::Docker || kind == ExportKind::Context) {
        return Err(format!("output {text} cannot be a directory"));
    }
    Ok(Output { kind, to, unpacked })
}

/// Asks for a build as a file.
pub(crate) fn export(
    build: Option<u32>,
    kind: ExportKind,
    driver: &mut Driver,
) -> Result<(ExportView, Vec<u8>), Failure> {
    let Event::Exported { export } = driver.query(Query::Export { build, kind })? else {
        return Err(Failure::new("the session gave no file"));
    };
    let bytes = base64::decode(&export.base64).ok_or_else(|| Failure::new("the session gave no base64"))?;
    Ok((export, bytes))
}

/// Writes one output of a build.
pub(crate) fn write(output: &Output, build: Option<u32>, driver: &mut Driver) -> Result<(), Failure> {
    let Some(to) = &output.to else { return Ok(()) };
    let (view, bytes) = export(build, output.kind, driver)?;
    let failed = |error: std::io::Error| Failure::new(format!("{}: {error}", to.display()));
    if output.unpacked {
        return unpack(&bytes, to);
    }
    if output.is_stdout() {
        return std::io::stdout().write_all(&bytes).map_err(failed);
    }
    fs::write(to, bytes).map_err(failed)?;
    if output.kind == ExportKind::Context {
        eprintln!("{}", view.command.replace(&view.file, &to.display().to_string()));
    }
    Ok(())
}

/// Unpacks an archive of our own into a directory. Owners stay those of the person, as for buildx.
fn unpack(bytes: &[u8], to: &Path) -> Result<(), Failure> {
    let mut directories = Vec::new();
    fs::create_dir_all(to).map_err(|error| Failure::new(format!("{}: {error}", to.display())))?;
    for entry in Reader::new(bytes) {
        let entry = entry.map_err(|error| Failure::new(error.to_string()))?;
        let place = to.join(&entry.path);
        let failed = |error: std::io::Error| Failure::new(format!("{}: {error}", place.display()));
        if Path::new(&entry.path).components().any(|part| !matches!(part, Component::Normal(_))) {
            return Err(Failure::new(format!("{}: invalid path", entry.path)));
        }
        put(to, &place, &entry).map_err(failed)?;
        if entry.body == Body::Directory {
            directories.push((place, entry.metadata.mode));
        }
    }
    // Last, as nothing could be put into a directory that nobody may write.
    for (place, mode) in directories.into_iter().rev() {
        set_mode(&place, mode).map_err(|error| Failure::new(format!("{}: {error}", place.display())))?;
    }
    Ok(())
}

fn put(to: &Path, place: &Path, entry: &Entry) -> std::io::Result<()> {
    if entry.body != Body::Directory && place.symlink_metadata().is_ok() {
        fs::remove_file(place)?;
    }
    match &entry.body {
        Body::Directory => match place.symlink_metadata() {
            Ok(there) if there.is_dir() => Ok(()),
            _ => fs::create_dir(place),
        },
        Body::File(content) => {
            fs::write(place, content.bytes().unwrap_or_default())?;
            set_mode(place, entry.metadata.mode)
        }
        Body::HardLink(target) => fs::hard_link(to.join(target), place),
        #[cfg(unix)]
        Body::Symlink(target) => std::os::unix::fs::symlink(target, place),
        // Devices need rights that a person seldom has, and other systems have no such links.
        _ => {
            eprintln!("WARNING: {} is left out: this system cannot make it", place.display());
            Ok(())
        }
    }
}

#[cfg(unix)]
pub(crate) fn set_mode(place: &Path, mode: u32) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(place, fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
pub(crate) fn set_mode(_place: &Path, _mode: u32) -> std::io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_those_of_buildx() {
        let output = |kind, to: &str, unpacked| Ok(Output { kind, to: Some(to.into()), unpacked });
        for (text, expected) in [
            ("out", output(ExportKind::Tar, "out", true)),
            ("-", output(ExportKind::Tar, "-", false)),
            ("type=local,dest=out", output(ExportKind::Tar, "out", true)),
            ("type=tar,dest=-", output(ExportKind::Tar, "-", false)),
            ("type=oci,dest=a.tar", output(ExportKind::Oci, "a.tar", false)),
            ("type=oci,dest=a,tar=false", output(ExportKind::Oci, "a", true)),
            ("dest=a.tar,type=docker", output(ExportKind::Docker, "a.tar", false)),
            ("type=docker", Ok(Output { kind: ExportKind::Docker, to: None, unpacked: false })),
            ("type=image", Err("exporter \"image\" could not be found".into())),
            ("dest=a.tar", Err("type is required for output".into())),
            ("type=oci", Err("dest is required for output type=oci".into())),
            ("type=local,dest=-", Err("output type=local,dest=- cannot be a directory".into())),
        ] {
            assert_eq!(parse(text), expected, "{text}");
        }
        assert!(parse("type=oci,dest=a,compression=zstd").is_err());
    }
}
