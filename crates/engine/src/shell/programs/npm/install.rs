//! `npm install` and `npm ci`.

use super::disk;
use super::manifest::{Manifest, ManifestError, with_table};
use super::tree::{Tree, locked_ranges};
use super::{Call, fail, malformed, missing_manifest};
use crate::shell::programs::support::{Work, put, seconds};
use crate::shell::programs::{Interrupt, Modelled, Process};
use crate::vfs::VfsError;

const LOCK: &str = "package-lock.json";

pub(super) fn install(process: &mut Process<'_, '_>, call: &Call) -> Result<Modelled, Interrupt> {
    if call.global {
        return global(process, call);
    }
    let mut manifest = match Manifest::read(process) {
        Ok(manifest) => manifest,
        Err(ManifestError::Missing) if !call.packages.is_empty() => Manifest::empty(process),
        Err(ManifestError::Missing) => return missing_manifest(process),
        Err(ManifestError::Malformed(reason)) => return malformed(process, &reason),
    };
    let lock = process.read_text(LOCK).ok();
    let mut added = Vec::new();
    for wanted in &call.packages {
        let (name, range) = name_and_range(wanted);
        let mut one = Tree::default();
        one.add(process, name, range, false)?;
        let version = one.packages.get(&format!("node_modules/{name}")).map(|placed| placed.version.clone());
        let Some(version) = version else { continue };
        let saved = if range.is_empty() || call.exact { version.clone() } else { range.to_owned() };
        let saved = if range.is_empty() && !call.exact { format!("^{version}") } else { saved };
        added.push((name.to_owned(), saved));
    }
    let table = if call.save_development { &mut manifest.development } else { &mut manifest.dependencies };
    table.extend(added.iter().cloned());
    let tree = match &lock {
        // A lock that still fits is followed.
        Some(text) if locked_ranges(text) == Some(ranges(&manifest)) => Tree::of_lock(process, text)?,
        _ => None,
    };
    let tree = match tree {
        Some(tree) => tree,
        None => Tree::resolve(process, &manifest)?,
    };
    let kept = if call.omits_development { tree.clone().without_development() } else { tree.clone() };
    if !process.has_network() && !kept.packages.is_empty() {
        return offline(process);
    }
    let done = write(process, call, &manifest, &kept, "npm install", |process| {
        if !added.is_empty() {
            let key = if call.save_development { "devDependencies" } else { "dependencies" };
            let table = if call.save_development { &manifest.development } else { &manifest.dependencies };
            put(process, "package.json", with_table(&manifest.text, key, table), 0o644)?;
        }
        let text = tree.lock(&manifest, true);
        if call.writes_lock && lock.as_deref() != Some(text.as_str()) {
            put(process, LOCK, text, 0o644)?;
        }
        Ok(())
    })?;
    Ok(done)
}

pub(super) fn clean_install(process: &mut Process<'_, '_>, call: &Call) -> Result<Modelled, Interrupt> {
    let manifest = match Manifest::read(process) {
        Ok(manifest) => manifest,
        Err(ManifestError::Missing) => return missing_manifest(process),
        Err(ManifestError::Malformed(reason)) => return malformed(process, &reason),
    };
    let lock = ["npm-shrinkwrap.json", LOCK].iter().find_map(|name| process.read_text(name).ok());
    let tree = match &lock {
        Some(text) => Tree::of_lock(process, text)?,
        None => None,
    };
    let (Some(text), Some(tree)) = (lock, tree) else {
        return fail(
            process,
            1,
            "EUSAGE",
            &[
                "",
                "The `npm ci` command can only install with an existing package-lock.json or",
                "npm-shrinkwrap.json with lockfileVersion >= 1. Run an install with npm@5 or",
                "later to generate a package-lock.json file, then try again.",
                "",
                "Clean install a project",
                "",
                "Usage:",
                "npm ci",
                "",
                "aliases: clean-install, ic, install-clean, isntall-clean",
                "",
                "Run \"npm help ci\" for more info",
            ],
        );
    };
    let locked = locked_ranges(&text).unwrap_or_default();
    let missing: Vec<String> = ranges(&manifest)
        .into_iter()
        .filter(|entry| locked.get(&entry.0) != Some(&entry.1))
        .map(|(name, range)| format!("Missing: {name}@{range} from lock file"))
        .collect();
    if !missing.is_empty() {
        let mut lines = vec![
            "",
            "`npm ci` can only install packages when your package.json and package-lock.json or npm-shrinkwrap.json are in sync. Please update your lock file with `npm install` before continuing.",
            "",
        ];
        lines.extend(missing.iter().map(String::as_str));
        return fail(process, 1, "EUSAGE", &lines);
    }
    if !process.has_network() && !tree.packages.is_empty() {
        return offline(process);
    }
    let kept = if call.omits_development { tree.without_development() } else { tree };
    let _ = process.remove_all("node_modules");
    write(process, call, &manifest, &kept, "npm ci", |_| Ok(()))
}

/// Installs for everybody: below the directory that `npm` itself is in.
fn global(process: &mut Process<'_, '_>, call: &Call) -> Result<Modelled, Interrupt> {
    let prefix = if process.exists("/usr/local/lib/node_modules") { "/usr/local" } else { "/usr" };
    let mut tree = Tree::default();
    let names: Vec<&str> = call.packages.iter().map(|wanted| name_and_range(wanted).0).collect();
    for wanted in &call.packages {
        let (name, range) = name_and_range(wanted);
        tree.add(process, name, range, false)?;
    }
    if !process.has_network() {
        return offline(process);
    }
    // What a global package needs is below it.
    let mut placed = Tree { metadata: tree.metadata, ..Tree::default() };
    for (place, package) in tree.packages {
        let name = place.strip_prefix("node_modules/").unwrap_or(&place).to_owned();
        let first = names.first().copied().unwrap_or_default();
        let below = names.contains(&name.as_str());
        let place = if below { place } else { format!("node_modules/{first}/node_modules/{name}") };
        placed.packages.insert(place, package);
    }
    let root = format!("{prefix}/lib");
    let seed = format!("{}\nglobal", names.join("\n"));
    let downloaded = match disk::cache(process, &call.cache, &placed) {
        Ok(downloaded) => downloaded,
        Err(error) => return refused(process, &error),
    };
    let work = Work { downloaded, unpacked: 0, count: placed.packages.len() as u64, seed: &seed };
    let seconds = seconds(process, "npm install", work)?;
    if let Err(error) = disk::add_packages(process, &root, &placed) {
        return refused(process, &error);
    }
    for name in &names {
        for command in disk::commands(name) {
            let link = format!("{prefix}/bin/{command}");
            let _ = process.remove(&link);
            if let Err(error) = process.symlink(&format!("../lib/node_modules/{name}/index.js"), &link) {
                return refused(process, &error);
            }
        }
    }
    report(process, call, placed.packages.len() as u64, 0, 0, seconds)?;
    Ok(Modelled::new(0, seconds))
}

/// `express` and `^4` out of `express@^4`; a scope begins with the same sign.
pub(super) fn name_and_range(wanted: &str) -> (&str, &str) {
    match wanted.char_indices().skip(1).find(|(_, c)| *c == '@') {
        Some((at, _)) => (&wanted[..at], &wanted[at + 1..]),
        None => (wanted, ""),
    }
}

fn ranges(manifest: &Manifest) -> std::collections::BTreeMap<String, String> {
    let mut all = manifest.dependencies.clone();
    all.extend(manifest.development.iter().map(|(name, range)| (name.clone(), range.clone())));
    all
}

/// Writes packages, cache and whatever `also` does, and reports.
fn write(
    process: &mut Process<'_, '_>,
    call: &Call,
    manifest: &Manifest,
    tree: &Tree,
    step: &str,
    also: impl FnOnce(&mut Process<'_, '_>) -> Result<(), VfsError>,
) -> Result<Modelled, Interrupt> {
    let written = (|| {
        let root = process.cwd.clone();
        let (added, removed) = disk::install(process, &root, tree, manifest)?;
        let downloaded = if added > 0 { disk::cache(process, &call.cache, tree)? } else { 0 };
        also(process)?;
        Ok::<_, VfsError>((added, removed, downloaded))
    })();
    process.check_limits()?;
    let (added, removed, downloaded) = match written {
        Ok(counts) => counts,
        Err(error) => return refused(process, &error),
    };
    let names: Vec<String> =
        tree.packages.values().map(|placed| format!("{}@{}", placed.name, placed.version)).collect();
    let seed = format!("{step}\n{}", names.join("\n"));
    let seconds = seconds(process, step, Work { downloaded, unpacked: 0, count: added, seed: &seed })?;
    report(process, call, added, removed, tree.packages.len() as u64, seconds)?;
    Ok(Modelled::new(0, seconds))
}

fn report(
    process: &mut Process<'_, '_>,
    call: &Call,
    added: u64,
    removed: u64,
    all: u64,
    seconds: f64,
) -> Result<(), Interrupt> {
    if call.silent {
        return Ok(());
    }
    let plural = |count: u64| if count == 1 { "package" } else { "packages" };
    let time =
        if seconds < 1.0 { format!("{}ms", (seconds * 1e3) as u64) } else { format!("{}s", seconds.round()) };
    let mut parts = Vec::new();
    if added > 0 {
        parts.push(format!("added {added} {}", plural(added)));
    }
    if removed > 0 {
        parts.push(format!("removed {removed} {}", plural(removed)));
    }
    if parts.is_empty() {
        parts.push("up to date".to_owned());
    }
    let audits = call.audits && !call.global;
    if audits {
        let audited = all + 1;
        let and = if added + removed > 0 { "and " } else { "" };
        parts.push(format!("{and}audited {audited} {}", plural(audited)));
    }
    let verdict = if audits { "\nfound 0 vulnerabilities\n" } else { "" };
    process.output(&format!("\n{} in {time}\n{verdict}", parts.join(", ")))
}

fn offline(process: &mut Process<'_, '_>) -> Result<Modelled, Interrupt> {
    fail(
        process,
        1,
        "EAI_AGAIN",
        &[
            "syscall getaddrinfo",
            "errno EAI_AGAIN",
            "request to the registry failed, reason: getaddrinfo EAI_AGAIN",
        ],
    )
}

fn refused(process: &mut Process<'_, '_>, error: &VfsError) -> Result<Modelled, Interrupt> {
    process.check_limits()?;
    let path = format!("path {}", error.path);
    let reason = format!("Error: {}, open '{}'", error.kind.message().to_lowercase(), error.path);
    fail(process, 243, "EACCES", &["syscall open", &path, "errno -13", &reason])
}
