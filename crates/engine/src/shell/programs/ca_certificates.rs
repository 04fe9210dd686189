//! `update-ca-certificates`: one's own certificates beside those of the package.

use super::support::put;
use super::{Interrupt, Modelled, Process};
use crate::digest::Hasher;
use crate::vfs::{Content, VfsError, path};

const LOCAL: &str = "/usr/local/share/ca-certificates";
const CERTIFICATES: &str = "/etc/ssl/certs";
const BUNDLE: &str = "/etc/ssl/certs/ca-certificates.crt";

/// Links certificates that are new, drops links to those that are gone, and makes the bundle anew.
pub(super) fn run(process: &mut Process<'_, '_>) -> Result<Modelled, Interrupt> {
    if process.credentials.uid != 0 {
        process.error_output("ln: failed to create symbolic link: Permission denied\n")?;
        return Ok(Modelled::new(1, 0.0));
    }
    let alpine = process.exists("/lib/ld-musl-x86_64.so.1");
    let mut own = Vec::new();
    collect(process, LOCAL, &mut own)?;
    match update(process, &own, alpine) {
        Ok((added, removed)) => {
            if !alpine {
                process.output(&format!(
                    "Updating certificates in /etc/ssl/certs...\n{added} added, {removed} removed; done.\n\
                     Running hooks in /etc/ca-certificates/update.d...\ndone.\n"
                ))?;
            }
            Ok(Modelled::new(0, 0.5))
        }
        Err(error) => {
            process.check_limits()?;
            process.error_output(&format!("update-ca-certificates: {error}\n"))?;
            Ok(Modelled::new(1, 0.0))
        }
    }
}

/// The certificates below a directory; others than `*.crt` do not count.
fn collect(process: &mut Process<'_, '_>, directory: &str, own: &mut Vec<String>) -> Result<(), Interrupt> {
    process.machine.enter()?;
    for (name, node) in process.list(directory).unwrap_or_default() {
        let place = path::join(directory, &name);
        if node.is_directory() {
            collect(process, &place, own)?;
        } else if name.ends_with(".crt") {
            own.push(place);
        }
    }
    process.machine.leave();
    Ok(())
}

fn update(process: &mut Process<'_, '_>, own: &[String], alpine: bool) -> Result<(u32, u32), VfsError> {
    process.make_directories(CERTIFICATES)?;
    let mut removed = 0;
    for (name, node) in process.list(CERTIFICATES)? {
        if let Some(target) = node.as_symlink()
            && target.starts_with(LOCAL)
            && !process.exists(target)
        {
            process.remove(&path::join(CERTIFICATES, &name))?;
            removed += 1;
        }
    }
    let mut added = 0;
    let mut hasher = Hasher::new();
    let (mut size, mut text) = (0, Vec::new());
    for place in own {
        let stem = path::name(place).trim_end_matches(".crt").replace(' ', "_");
        let stem = stem.replace(['(', ')'], "=").replace(',', "_");
        let link = format!("{CERTIFICATES}/{}{stem}.pem", if alpine { "ca-cert-" } else { "" });
        if process.lstat(&link).is_err() {
            process.symlink(place, &link)?;
            added += 1;
        }
        let content = process.read(place)?;
        size += content.size();
        hasher.write(content.digest().as_bytes());
        text.extend_from_slice(content.bytes().unwrap_or_default());
        if !text.ends_with(b"\n") {
            text.push(b'\n');
        }
    }
    if added + removed > 0 {
        bundle(process, hasher, size, &text)?;
    }
    Ok((added, removed))
}

/// The bundle: that of the package, whose bytes are not there, and one's own.
fn bundle(process: &mut Process<'_, '_>, mut hasher: Hasher, own: u64, text: &[u8]) -> Result<(), VfsError> {
    let old = process.read(BUNDLE).ok();
    match old.as_ref().map(|old| (old.size(), old.is_opaque(), old.digest())) {
        Some((size, true, digest)) => {
            hasher.write(digest.as_bytes());
            let content = Content::modelled(size + own, "certificates", &[hasher.finish().as_bytes()]);
            put(process, BUNDLE, content, 0o644)
        }
        _ => put(process, BUNDLE, text.to_vec(), 0o644),
    }
}
