//! `apt-get remove`, `purge` and `autoremove`.

use super::database::{Database, list_of};
use super::install::bare_name;
use super::{Call, FAILED, name_list, reading, refuses, suite};
use crate::shell::programs::support::apt_size;
use crate::shell::programs::{Interrupt, Modelled, Process};
use crate::world::PackageSource;
use std::collections::BTreeSet;

pub(super) fn run(process: &mut Process<'_, '_>, call: &Call) -> Result<Modelled, Interrupt> {
    if refuses(process)? {
        return Ok(Modelled::new(FAILED, 0.0));
    }
    reading(process, call)?;
    let mut database = Database::read(process);
    let mut gone = BTreeSet::new();
    for wanted in &call.packages {
        let name = bare_name(wanted);
        if database.installed.contains_key(name) {
            gone.insert(name.to_owned());
        } else if process.world().packages(PackageSource::Apt { suite: &suite(process) }, name)?.is_some() {
            process.output(&format!("Package '{name}' is not installed, so not removed\n"))?;
        } else {
            process.error_output(&format!("E: Unable to locate package {name}\n"))?;
            return Ok(Modelled::new(FAILED, 0.0));
        }
    }
    if call.autoremove {
        gone.extend(orphans(process, &database, &gone)?);
    }
    let freed = gone.iter().filter_map(|name| database.installed.get(name)).map(|(_, size)| size).sum();
    if call.quiet < 2 {
        let mut text = String::new();
        if !gone.is_empty() {
            text += &format!(
                "The following packages will be REMOVED:\n{}",
                name_list(gone.iter().map(String::as_str))
            );
        }
        text += &format!("0 upgraded, 0 newly installed, {} to remove and 0 not upgraded.\n", gone.len());
        if !gone.is_empty() {
            text += &format!("After this operation, {} disk space will be freed.\n", apt_size(freed));
        }
        process.output(&text)?;
    }
    if gone.is_empty() {
        return Ok(Modelled::new(0, 0.3));
    }
    if !call.yes {
        process.output("Do you want to continue? [Y/n] Abort.\n")?;
        return Ok(Modelled::new(1, 0.0));
    }
    for name in &gone {
        take_away(process, name);
        let version = database.installed.remove(name).map(|(version, _)| version).unwrap_or_default();
        database.automatic.remove(name);
        if call.quiet < 2 {
            process.output(&format!("Removing {name} ({version}) ...\n"))?;
        }
    }
    if let Err(error) = database.write(process) {
        process.check_limits()?;
        process.error_output(&format!("E: {error}\n"))?;
        return Ok(Modelled::new(FAILED, 0.0));
    }
    const SECONDS_EACH: f64 = 0.03;
    Ok(Modelled::new(0, 0.5 + SECONDS_EACH * gone.len() as f64))
}

/// What came along with packages that are not there any more.
fn orphans(
    process: &mut Process<'_, '_>,
    database: &Database,
    gone: &BTreeSet<String>,
) -> Result<BTreeSet<String>, Interrupt> {
    let suite = suite(process);
    let mut needed = BTreeSet::new();
    for name in
        database.installed.keys().filter(|name| !gone.contains(*name) && !database.automatic.contains(*name))
    {
        if let Some(closure) = process.world().packages(PackageSource::Apt { suite: &suite }, name)? {
            needed.extend(
                closure.packages.iter().chain(&closure.recommended).map(|package| package.name.clone()),
            );
        }
    }
    Ok(database.automatic.iter().filter(|name| !needed.contains(*name)).cloned().collect())
}

/// Removes the files that dpkg's list of the package names. Those of base images have no list and stay.
fn take_away(process: &mut Process<'_, '_>, package: &str) {
    let list = process.read_text(&list_of(package)).unwrap_or_default();
    for path in list.lines() {
        let _ = process.remove(path);
        if let Some(directory) = path.strip_suffix("/files") {
            // Only if nothing else is in it.
            let _ = process.remove(directory);
        }
    }
    let _ = process.remove(&list_of(package));
}
