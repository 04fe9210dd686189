//! What npm writes: `node_modules` and its cache.

use super::manifest::{Manifest, quoted};
use super::tree::{Placed, Tree};
use crate::digest::Digest;
use crate::shell::process::Process;
use crate::shell::programs::support::put;
use crate::vfs::{Content, VfsError, path};
use std::collections::BTreeSet;

/// Commands of well-known packages, which npm links into `.bin`.
const COMMANDS: &[(&str, &[&str])] = &[
    ("nodemon", &["nodemon"]),
    ("typescript", &["tsc", "tsserver"]),
    ("vite", &["vite"]),
    ("next", &["next"]),
    ("webpack", &["webpack"]),
    ("webpack-cli", &["webpack-cli"]),
    ("jest", &["jest"]),
    ("mocha", &["mocha"]),
    ("eslint", &["eslint"]),
    ("react-scripts", &["react-scripts"]),
    ("@angular/cli", &["ng"]),
    ("@nestjs/cli", &["nest"]),
    ("ts-node", &["ts-node"]),
    ("serve", &["serve"]),
    ("http-server", &["http-server"]),
    ("pm2", &["pm2"]),
    ("prisma", &["prisma"]),
    ("pnpm", &["pnpm", "pnpx"]),
    ("yarn", &["yarn", "yarnpkg"]),
];

/// The commands of a package.
pub(super) fn commands(package: &str) -> &'static [&'static str] {
    COMMANDS.iter().find(|(name, _)| *name == package).map_or(&[], |(_, commands)| commands)
}

/// Makes `node_modules` in `root` what the tree says, leaving packages that are there already.
///
/// Gives how many were added and how many removed.
pub(super) fn install(
    process: &mut Process<'_, '_>,
    root: &str,
    tree: &Tree,
    manifest: &Manifest,
) -> Result<(u64, u64), VfsError> {
    let modules = path::join(root, "node_modules");
    let there = installed(process, root);
    let mut removed = 0;
    for place in there.iter().filter(|place| !tree.packages.contains_key(*place)) {
        // What was nested in another that is gone is gone already.
        removed += u64::from(process.remove_all(&path::join(root, place)).is_ok());
    }
    if tree.packages.is_empty() && !process.exists(&modules) {
        return Ok((0, removed));
    }
    process.make_directories(&modules)?;
    let added = add_packages(process, root, tree)?;
    put(process, &path::join(&modules, ".package-lock.json"), tree.lock(manifest, false), 0o644)?;
    Ok((added, removed))
}

/// Writes the packages that are not there yet; gives how many.
pub(super) fn add_packages(process: &mut Process<'_, '_>, root: &str, tree: &Tree) -> Result<u64, VfsError> {
    let modules = path::join(root, "node_modules");
    let mut added = 0;
    for (place, placed) in &tree.packages {
        let directory = path::join(root, place);
        let manifest = manifest_of(placed);
        if process.read_text(&path::join(&directory, "package.json")).is_ok_and(|text| text == manifest) {
            continue;
        }
        write_package(process, &directory, placed, manifest)?;
        added += 1;
        if place.matches("node_modules/").count() == 1 {
            link_commands(process, &modules, placed)?;
        }
    }
    Ok(added)
}

/// The places of all packages below `root`.
fn installed(process: &mut Process<'_, '_>, root: &str) -> BTreeSet<String> {
    let text = process.read_text(&path::join(root, "node_modules/.package-lock.json")).unwrap_or_default();
    let value: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
    let entries = value.get("packages").and_then(serde_json::Value::as_object);
    entries.into_iter().flatten().map(|(place, _)| place.clone()).collect()
}

fn manifest_of(placed: &Placed) -> String {
    format!("{{\n  \"name\": {},\n  \"version\": {}\n}}\n", quoted(&placed.name), quoted(&placed.version))
}

/// One small file to look into, and one for all the rest.
fn write_package(
    process: &mut Process<'_, '_>,
    directory: &str,
    placed: &Placed,
    manifest: String,
) -> Result<(), VfsError> {
    let rest = placed.size.saturating_sub(manifest.len() as u64);
    let content =
        Content::modelled(rest, "npm package", &[placed.name.as_bytes(), placed.version.as_bytes()]);
    let mode = if commands(&placed.name).is_empty() { 0o644 } else { 0o755 };
    put(process, &path::join(directory, "package.json"), manifest, 0o644)?;
    put(process, &path::join(directory, "index.js"), content, mode)
}

fn link_commands(process: &mut Process<'_, '_>, modules: &str, placed: &Placed) -> Result<(), VfsError> {
    for command in commands(&placed.name) {
        let link = format!("{modules}/.bin/{command}");
        process.make_directories(path::parent(&link))?;
        if process.lstat(&link).is_err() {
            process.symlink(&format!("../{}/index.js", placed.name), &link)?;
        }
    }
    Ok(())
}

/// Puts into the cache what is not there yet; gives the bytes that had to be downloaded for it.
pub(super) fn cache(process: &mut Process<'_, '_>, directory: &str, tree: &Tree) -> Result<u64, VfsError> {
    let mut downloaded = 0;
    let mut names = String::new();
    for placed in tree.packages.values() {
        let name = format!("{}@{}", placed.name, placed.version);
        names += &name;
        let path = cached(directory, "content-v2/sha512", &name);
        if !process.exists(&path) {
            downloaded += placed.download;
            // Four hundredths on top: the index of the cache.
            let size = placed.download + placed.download / 25;
            put(process, &path, Content::modelled(size, "npm tarball", &[name.as_bytes()]), 0o644)?;
        }
    }
    if tree.metadata > 0 {
        let path = cached(directory, "index-v5", &names);
        if !process.exists(&path) {
            let content = Content::modelled(tree.metadata, "npm metadata", &[names.as_bytes()]);
            put(process, &path, content, 0o644)?;
            // The registry sends it compressed, about four to one.
            downloaded += tree.metadata / 4;
        }
    }
    Ok(downloaded)
}

fn cached(directory: &str, kind: &str, name: &str) -> String {
    let hex = Digest::of(name.as_bytes()).hex();
    format!("{directory}/_cacache/{kind}/{}/{}/{}", &hex[..2], &hex[2..4], &hex[4..40])
}
