//! `apk add`.

use super::database::{Database, Installed};
use super::{Call, refresh};
use crate::shell::programs::support::{Work, put, seconds};
use crate::shell::programs::{Interrupt, Modelled, Process};
use crate::vfs::{Content, VfsError};
use crate::world::{Package, PackageSource};
use std::collections::BTreeMap;

pub(super) fn run(process: &mut Process<'_, '_>, call: &Call) -> Result<Modelled, Interrupt> {
    let online = call.network && refresh(process, call)?;
    let mut database = Database::read(process);
    let mut new: BTreeMap<String, Package> = BTreeMap::new();
    let mut errors = String::new();
    // What is asked for as a library or a command is there already, or nobody knows the package that has it.
    let is_package = |name: &&String| !["so:", "cmd:", "pc:"].iter().any(|kind| name.starts_with(kind));
    let named: Vec<String> =
        call.packages.iter().filter(is_package).map(|wanted| bare_name(wanted).to_owned()).collect();
    for name in &named {
        if database.installed.contains_key(name) {
            continue;
        }
        let closure = if online { process.world().packages(PackageSource::Apk, name)? } else { None };
        match closure {
            Some(closure) => new.extend(closure.packages.iter().map(|one| (one.name.clone(), one.clone()))),
            None => {
                let by =
                    call.group.clone().map_or_else(|| format!("world[{name}]"), |group| format!("{group}-0"));
                errors += &format!("  {name} (no such package):\n    required by: {by}\n");
            }
        }
    }
    if !errors.is_empty() {
        process.error_output(&format!("ERROR: unable to select packages:\n{errors}"))?;
        return Ok(Modelled::new(1, 0.0));
    }
    new.retain(|name, _| !database.installed.contains_key(name));
    let work_seed = format!("apk\n{}", new.keys().cloned().collect::<Vec<_>>().join("\n"));
    let work = Work {
        downloaded: new.values().map(|package| package.download).sum(),
        unpacked: new.values().map(|package| package.size).sum(),
        count: new.len() as u64,
        seed: &work_seed,
    };
    let seconds = seconds(process, "apk add", work)?;
    if let Err(error) = install(process, call, &named, &new, &mut database) {
        process.check_limits()?;
        process.error_output(&format!("ERROR: {error}\n"))?;
        return Ok(Modelled::new(1, seconds));
    }
    if !call.quiet {
        let total = new.len() + usize::from(call.group.is_some());
        let mut text = String::new();
        for (at, Package { name, version, .. }) in new.values().enumerate() {
            text += &format!("({}/{total}) Installing {name} ({version})\n", at + 1);
        }
        if let Some(group) = &call.group {
            text += &format!("({total}/{total}) Installing {group} (20260101.000000)\n");
        }
        if !new.is_empty() {
            text += "Executing busybox.trigger\n";
        }
        process.output(&(text + &database.summary()))?;
    }
    Ok(Modelled::new(0, seconds))
}

/// `curl` out of `curl=8.20.0-r1`, `curl>8` and `curl@edge`.
pub(super) fn bare_name(wanted: &str) -> &str {
    wanted.split(['=', '<', '>', '~', '@']).next().unwrap_or(wanted)
}

fn install(
    process: &mut Process<'_, '_>,
    call: &Call,
    named: &[String],
    new: &BTreeMap<String, Package>,
    database: &mut Database,
) -> Result<(), VfsError> {
    for package in new.values() {
        let files = unpack(process, package)?;
        let (version, size) = (package.version.clone(), package.size);
        database
            .installed
            .insert(package.name.clone(), Installed { version, size, files, ..Installed::default() });
    }
    let roots: &[String] = match &call.group {
        Some(group) => {
            let needs = named.to_vec();
            database.installed.insert(group.clone(), Installed { needs, ..Installed::default() });
            std::slice::from_ref(group)
        }
        None => named,
    };
    database.world.extend(roots.iter().cloned());
    crate::order::sort(&mut database.world);
    database.world.dedup();
    let written = database.write(process)?;
    let overhead =
        process.world().package_index(PackageSource::Apk).ok().flatten().map_or(0, |index| index.overhead);
    let names: Vec<&str> = new.keys().map(String::as_str).collect();
    let scripts =
        Content::modelled(overhead.saturating_sub(written), "apk scripts", &[names.join("\n").as_bytes()]);
    put(process, "/lib/apk/db/scripts.tar", scripts, 0o644)
}

fn unpack(process: &mut Process<'_, '_>, package: &Package) -> Result<Vec<String>, VfsError> {
    const PROGRAM: u64 = 400_000;
    let content = |size: u64, what: &str| {
        let inputs = [package.name.as_bytes(), package.version.as_bytes(), what.as_bytes()];
        Content::modelled(size, "apk package", &inputs)
    };
    let mut left = package.size;
    let mut files = Vec::new();
    for command in &package.commands {
        let path = format!("/usr/bin/{command}");
        match process.lstat(&path) {
            // A package of its own takes the place of BusyBox's applet.
            Ok(node) if node.as_symlink().is_some() => process.remove(&path)?,
            Ok(_) => continue,
            Err(_) => {}
        }
        let program = (left / 2).min(PROGRAM);
        put(process, &path, content(program, command), 0o755)?;
        left -= program;
        files.push(path);
    }
    let path = if package.name.starts_with("lib") || package.name.ends_with("-libs") {
        format!("/usr/lib/{}.so", package.name)
    } else {
        format!("/usr/lib/{}/files", package.name)
    };
    put(process, &path, content(left, "files"), 0o644)?;
    files.push(path);
    Ok(files)
}
