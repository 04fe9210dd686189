//! `apk.json`: packages of Alpine.

use super::json::{Fields, FromJson};
use lab_engine::world::{Closure, Index, Package};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Bytes that the database of installed packages grows by, whatever is installed.
const DATABASE: u64 = 120_000;

/// The whole file.
#[derive(Debug)]
struct File {
    index: FileIndex,
    roots: BTreeMap<String, Root>,
}

impl FromJson for File {
    fn from_json(value: Value) -> Result<Self, String> {
        let mut fields = Fields::of(value)?;
        Ok(Self { index: fields.take("index")?, roots: fields.take("roots")? })
    }
}

#[derive(Debug)]
struct FileIndex {
    cache_bytes: u64,
    download: u64,
    packages_available: u32,
}

impl FromJson for FileIndex {
    fn from_json(value: Value) -> Result<Self, String> {
        let mut fields = Fields::of(value)?;
        Ok(Self {
            cache_bytes: fields.take("cacheBytes")?,
            download: fields.take("download")?,
            packages_available: fields.take("packagesAvailable")?,
        })
    }
}

#[derive(Debug)]
struct Root {
    version: String,
    /// Of the package and all that it needs.
    installed: u64,
    download: u64,
    quality: String,
    commands: Vec<String>,
    dependencies: Vec<String>,
}

impl FromJson for Root {
    fn from_json(value: Value) -> Result<Self, String> {
        let mut fields = Fields::of(value)?;
        Ok(Self {
            version: fields.take("version")?,
            installed: fields.take("installed")?,
            download: fields.take("download")?,
            quality: fields.take("quality")?,
            commands: fields.or_default("commands")?,
            dependencies: fields.or_default("dependencies")?,
        })
    }
}

/// Alpine's packages. The catalogue has sums over whole trees of packages; here every package has a share of its own.
#[derive(Debug)]
pub(crate) struct Apk {
    index: FileIndex,
    roots: BTreeMap<String, Root>,
    packages: BTreeMap<String, Package>,
}

impl Apk {
    #[inline(never)]
    pub(crate) fn parse(json: &str) -> Result<Self, String> {
        let File { index, roots } = super::json::parse(json)?;
        let mut apk = Self { index, roots, packages: BTreeMap::new() };
        // Small trees first: what is known of them is the most precise.
        let mut names: Vec<String> = apk.roots.keys().cloned().collect();
        lab_engine::order::sort_by_key(&mut names, |name| {
            (apk.needed(name).len(), apk.roots[name].installed)
        });
        for name in names {
            apk.divide(&name, 0);
        }
        Ok(apk)
    }

    /// Gives a package and what it needs their own sizes, so that they add up to the sum that is known of it.
    fn divide(&mut self, name: &str, depth: u32) {
        // No circle is that long.
        const DEEPEST: u32 = 16;
        if self.packages.contains_key(name) || depth > DEEPEST {
            return;
        }
        let Some(root) = self.roots.get(name) else { return };
        let (installed, download, version) = (root.installed, root.download, root.version.clone());
        let (commands, dependencies) = (root.commands.clone(), root.dependencies.clone());
        for dependency in &dependencies {
            self.divide(dependency, depth + 1);
        }
        let needed = self.needed(name);
        let known: Vec<&Package> = needed.iter().filter_map(|name| self.packages.get(name)).collect();
        let left = |all: u64, known: u64| all.saturating_sub(known);
        let size = left(installed, known.iter().map(|package| package.size).sum());
        let download = left(download, known.iter().map(|package| package.download).sum());
        let unknown: Vec<String> =
            needed.iter().filter(|one| *one != name && !self.packages.contains_key(*one)).cloned().collect();
        // The package itself takes half, its libraries share the other half.
        let share = |all: u64| if unknown.is_empty() { 0 } else { all / 2 / unknown.len() as u64 };
        let rest = |all: u64| all - share(all) * unknown.len() as u64;
        let package = |name: &str, version: &str, size, download, commands| Package {
            name: name.to_owned(),
            version: version.to_owned(),
            size,
            files: 1,
            download,
            generated: 0,
            commands,
        };
        let own = package(name, &version, rest(size), rest(download), commands);
        for library in &unknown {
            let version = "0-r0";
            self.packages
                .insert(library.clone(), package(library, version, share(size), share(download), Vec::new()));
        }
        self.packages.insert(name.to_owned(), own);
    }

    /// The names of everything that a package needs, itself included.
    fn needed(&self, name: &str) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let mut open = vec![name.to_owned()];
        while let Some(next) = open.pop() {
            if let Some(root) = self.roots.get(&next).filter(|_| !found.contains(&next)) {
                open.extend(root.dependencies.iter().cloned());
            }
            found.insert(next);
        }
        found
    }

    pub(crate) fn index(&self) -> Index {
        Index {
            download: self.index.download,
            size: self.index.cache_bytes,
            offers: self.index.packages_available,
            slim_factor: 1.0,
            factor: 1.0,
            overhead: DATABASE,
            estimated: false,
        }
    }

    pub(crate) fn closure(&self, name: &str) -> Option<Arc<Closure>> {
        let package = self.packages.get(name)?;
        let packages = self.needed(name).iter().filter_map(|name| self.packages.get(name)).cloned().collect();
        Some(Arc::new(Closure {
            version: package.version.clone(),
            packages,
            recommended: Vec::new(),
            metadata: 0,
            estimated: self.roots.get(name).is_none_or(|root| root.quality == "estimated"),
        }))
    }
}
