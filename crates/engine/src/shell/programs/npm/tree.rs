//! The tree of packages that an installation makes, and `package-lock.json`, which writes it down.

use super::manifest::{Manifest, quoted};
use super::version::choose;
use crate::shell::interrupt::Interrupt;
use crate::shell::process::Process;
use crate::world::PackageSource;
use serde_json::Value;
use std::collections::BTreeMap;

/// A package in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Placed {
    pub(super) name: String,
    pub(super) version: String,
    pub(super) size: u64,
    pub(super) download: u64,
    /// Only development needs it.
    pub(super) development: bool,
}

/// Places (`node_modules/express`) and what is in them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Tree {
    pub(super) packages: BTreeMap<String, Placed>,
    /// Bytes of registry metadata that are read to find it; none when a lock says it all.
    pub(super) metadata: u64,
}

impl Tree {
    /// Finds all packages that a project needs.
    pub(super) fn resolve(process: &Process<'_, '_>, manifest: &Manifest) -> Result<Self, Interrupt> {
        let mut tree = Self::default();
        let of_production = manifest.dependencies.iter().map(|entry| (entry, false));
        for ((name, range), development) in
            of_production.chain(manifest.development.iter().map(|entry| (entry, true)))
        {
            tree.add(process, name, range, development)?;
        }
        Ok(tree)
    }

    /// Adds a package with all that it needs. A second version of a name goes below the package that needs it.
    pub(super) fn add(
        &mut self,
        process: &Process<'_, '_>,
        name: &str,
        range: &str,
        development: bool,
    ) -> Result<(), Interrupt> {
        let Some(closure) = process.world().packages(PackageSource::Npm, name)? else { return Ok(()) };
        self.metadata += closure.metadata;
        let own = choose(range, &closure.version);
        for package in &closure.packages {
            let is_root = package.name == name && package.version == closure.version;
            let version = if is_root { own.clone() } else { package.version.clone() };
            let (size, download) = (package.size, package.download);
            let placed = Placed { name: package.name.clone(), version, size, download, development };
            let top = format!("node_modules/{}", package.name);
            match self.packages.get(&top) {
                Some(there) if there.version == placed.version => {}
                Some(_) => {
                    let nested = format!("node_modules/{name}/node_modules/{}", package.name);
                    self.packages.entry(nested).or_insert(placed);
                }
                None => {
                    self.packages.insert(top, placed);
                }
            }
        }
        Ok(())
    }

    /// The tree that a lock file writes down, if it is one.
    pub(super) fn of_lock(process: &Process<'_, '_>, text: &str) -> Result<Option<Self>, Interrupt> {
        let Ok(value) = serde_json::from_str::<Value>(text) else { return Ok(None) };
        let Some(entries) = value.get("packages").and_then(Value::as_object) else { return Ok(None) };
        let mut tree = Self::default();
        for (place, entry) in entries.iter().filter(|(place, _)| !place.is_empty()) {
            let name = place.rsplit("node_modules/").next().unwrap_or(place);
            let version = entry.get("version").and_then(Value::as_str).unwrap_or_default();
            let closure = process.world().packages(PackageSource::Npm, &format!("{name}@{version}"))?;
            let known = closure
                .as_ref()
                .and_then(|closure| closure.packages.iter().find(|package| package.name == name));
            let (size, download) = known.map_or((0, 0), |package| (package.size, package.download));
            let development = entry.get("dev").and_then(Value::as_bool).unwrap_or(false);
            let placed =
                Placed { name: name.to_owned(), version: version.to_owned(), size, download, development };
            tree.packages.insert(place.clone(), placed);
        }
        Ok(Some(tree))
    }

    /// Without what only development needs.
    pub(super) fn without_development(mut self) -> Self {
        self.packages.retain(|_, placed| !placed.development);
        self
    }

    /// The text of a lock file; `project` is the entry of the project itself, which the one in `node_modules` lacks.
    pub(super) fn lock(&self, manifest: &Manifest, project: bool) -> String {
        let version = if manifest.version.is_empty() {
            String::new()
        } else {
            format!("\n  \"version\": {},", quoted(&manifest.version))
        };
        let mut entries = Vec::new();
        if project {
            entries.push(project_entry(manifest));
        }
        for (place, placed) in &self.packages {
            let development = if placed.development { ",\n      \"dev\": true" } else { "" };
            let version = quoted(&placed.version);
            entries.push(format!(
                "    {}: {{\n      \"version\": {version}{development}\n    }}",
                quoted(place)
            ));
        }
        let (name, entries) = (quoted(&manifest.name), entries.join(",\n"));
        format!(
            "{{\n  \"name\": {name},{version}\n  \"lockfileVersion\": 3,\n  \"requires\": true,\n  \"packages\": {{\n{entries}\n  }}\n}}\n"
        )
    }
}

fn project_entry(manifest: &Manifest) -> String {
    let mut fields = vec![format!("      \"name\": {}", quoted(&manifest.name))];
    if !manifest.version.is_empty() {
        fields.push(format!("      \"version\": {}", quoted(&manifest.version)));
    }
    for (key, table) in [("dependencies", &manifest.dependencies), ("devDependencies", &manifest.development)]
    {
        if !table.is_empty() {
            let lines: Vec<String> = table
                .iter()
                .map(|(name, range)| format!("        {}: {}", quoted(name), quoted(range)))
                .collect();
            fields.push(format!("      {}: {{\n{}\n      }}", quoted(key), lines.join(",\n")));
        }
    }
    format!("    \"\": {{\n{}\n    }}", fields.join(",\n"))
}

/// The ranges that the project asked for when the lock was written.
pub(super) fn locked_ranges(text: &str) -> Option<BTreeMap<String, String>> {
    let value: Value = serde_json::from_str(text).ok()?;
    let project = value.get("packages")?.get("")?;
    let tables = ["dependencies", "devDependencies", "optionalDependencies"];
    let entries = tables.iter().filter_map(|key| project.get(key)?.as_object()).flatten();
    let entries = entries.filter_map(|(name, range)| Some((name.clone(), range.as_str()?.to_owned())));
    Some(crate::order::map(entries))
}
