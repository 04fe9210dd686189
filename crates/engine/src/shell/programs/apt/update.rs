//! `apt-get update`.

use super::{Call, FAILED, LISTS, refuses, suite};
use crate::shell::programs::support::{Work, apt_size, put, seconds};
use crate::shell::programs::{Interrupt, Modelled, Process};
use crate::vfs::Content;
use crate::world::PackageSource;

/// The lists of a suite: name of the file, shown name, share of all bytes in thousandths.
const FILES: &[(&str, &str, u64)] = &[
    ("InRelease", "InRelease", 8),
    ("updates_InRelease", "-updates InRelease", 3),
    ("security_InRelease", "-security InRelease", 2),
    ("main_binary-amd64_Packages.lz4", "/main amd64 Packages", 950),
    ("updates_main_binary-amd64_Packages.lz4", "-updates/main amd64 Packages", 2),
    ("security_main_binary-amd64_Packages.lz4", "-security/main amd64 Packages", 35),
];

pub(super) fn run(process: &mut Process<'_, '_>, call: &Call) -> Result<Modelled, Interrupt> {
    if refuses(process)? {
        return Ok(Modelled::new(FAILED, 0.0));
    }
    let suite = suite(process);
    if !process.has_network() {
        return offline(process, &suite);
    }
    let Some(index) = process.world().package_index(PackageSource::Apt { suite: &suite })? else {
        process
            .error_output(&format!("E: The repository '{suite} Release' does not have a Release file.\n"))?;
        return Ok(Modelled::new(FAILED, 0.0));
    };
    let fresh = !has_lists(process);
    let mut left = index.size;
    let share = |all: u64, part: u64| all * part / 1000;
    let _ = process.make_directories(&format!("{LISTS}/partial"));
    for (at, (file, shown, part)) in FILES.iter().enumerate() {
        let size = if at + 1 == FILES.len() { left } else { share(index.size, *part) };
        left -= size;
        let path = format!("{LISTS}/{suite}_{file}");
        let content = Content::modelled(size, "apt list", &[suite.as_bytes(), file.as_bytes()]);
        if put(process, &path, content, 0o644).is_err() {
            return failed_to_write(process, &path);
        }
        if call.quiet < 2 {
            let line = if fresh {
                format!(
                    "Get:{} {suite}{} [{}]\n",
                    at + 1,
                    spaced(shown),
                    apt_size(share(index.download, *part))
                )
            } else {
                format!("Hit:{} {suite}{}\n", at + 1, spaced(shown))
            };
            process.output(&line)?;
        }
    }
    let downloaded = if fresh { index.download } else { 0 };
    let seconds = seconds(process, "apt-get update", Work { downloaded, seed: &suite, ..Work::default() })?;
    if call.quiet < 2 {
        if fresh {
            process.output(&fetched(index.download, seconds))?;
        }
        process.output("Reading package lists...\n")?;
    }
    Ok(Modelled::new(0, seconds))
}

fn spaced(shown: &str) -> String {
    if shown.starts_with(['-', '/']) { shown.to_owned() } else { format!(" {shown}") }
}

/// Whether `apt-get update` has run and nobody removed what it left.
pub(super) fn has_lists(process: &mut Process<'_, '_>) -> bool {
    process.list(LISTS).unwrap_or_default().iter().any(|(name, _)| name.contains("_Packages"))
}

/// The line that sums up a download.
pub(super) fn fetched(bytes: u64, seconds: f64) -> String {
    let whole = (seconds.round() as u64).max(1);
    format!("Fetched {} in {whole}s ({}/s)\n", apt_size(bytes), apt_size(bytes / whole))
}

/// What apt cannot fetch it warns about, and goes on with what it has.
fn offline(process: &mut Process<'_, '_>, suite: &str) -> Result<Modelled, Interrupt> {
    process.output(&format!("Ign:1 {suite} InRelease\nErr:1 {suite} InRelease\n  Temporary failure resolving\nReading package lists...\n"))?;
    process.error_output(
        "W: Some index files failed to download. They have been ignored, or old ones used instead.\n",
    )?;
    Ok(Modelled::new(0, 0.0))
}

fn failed_to_write(process: &mut Process<'_, '_>, path: &str) -> Result<Modelled, Interrupt> {
    process.error_output(&format!("E: Could not open file {path} - open (30: Read-only file system)\n"))?;
    Ok(Modelled::new(FAILED, 0.0))
}
