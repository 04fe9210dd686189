//! `apk del`.

use super::Call;
use super::add::bare_name;
use super::database::Database;
use crate::shell::programs::{Interrupt, Modelled, Process};
use crate::world::PackageSource;
use std::collections::BTreeSet;

pub(super) fn run(process: &mut Process<'_, '_>, call: &Call) -> Result<Modelled, Interrupt> {
    let mut database = Database::read(process);
    let before = crate::order::set(database.world.iter().cloned());
    let named: Vec<&str> = call.packages.iter().map(|wanted| bare_name(wanted)).collect();
    database.world.retain(|name| !named.contains(&name.as_str()));
    // What was asked for before still needs these; nothing else may keep a package.
    let kept = needed(process, &database, database.world.clone())?;
    let once = needed(process, &database, before.into_iter().collect())?;
    let gone: Vec<String> = database
        .installed
        .keys()
        .filter(|name| once.contains(*name) && !kept.contains(*name))
        .cloned()
        .collect();
    let mut text = String::new();
    for (at, name) in gone.iter().enumerate() {
        let package = database.installed.remove(name).unwrap_or_default();
        for file in &package.files {
            let _ = process.remove(file);
            if let Some(directory) = file.strip_suffix("/files") {
                let _ = process.remove(directory);
            }
        }
        let version = if package.version.is_empty() { "20260101.000000" } else { &package.version };
        text += &format!("({}/{}) Purging {name} ({version})\n", at + 1, gone.len());
    }
    if let Err(error) = database.write(process) {
        process.error_output(&format!("ERROR: {error}\n"))?;
        return Ok(Modelled::new(1, 0.0));
    }
    if !call.quiet {
        process.output(&(text + &database.summary()))?;
    }
    const SECONDS_EACH: f64 = 0.02;
    Ok(Modelled::new(0, 0.2 + SECONDS_EACH * gone.len() as f64))
}

/// All that packages need, virtual ones taken apart.
fn needed(
    process: &mut Process<'_, '_>,
    database: &Database,
    mut open: Vec<String>,
) -> Result<BTreeSet<String>, Interrupt> {
    let mut found = BTreeSet::new();
    while let Some(name) = open.pop() {
        if let Some(package) = database.installed.get(&name).filter(|_| !found.contains(&name)) {
            open.extend(package.needs.iter().cloned());
            if let Some(closure) = process.world().packages(PackageSource::Apk, &name)? {
                found.extend(closure.packages.iter().map(|package| package.name.clone()));
            }
        }
        found.insert(name);
    }
    Ok(found)
}
