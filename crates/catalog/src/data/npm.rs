//! `npm.json`: packages of npm with their whole trees.

use super::json::{Fields, FromJson};
use super::{at, drawn};
use lab_engine::world::{Closure, Package};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The whole file.
#[derive(Debug)]
pub(crate) struct Npm {
    /// `name@version`.
    names: Vec<String>,
    sizes: Vec<u64>,
    files: Vec<u32>,
    roots: BTreeMap<String, Root>,
}

impl FromJson for Npm {
    fn from_json(value: Value) -> Result<Self, String> {
        let mut fields = Fields::of(value)?;
        Ok(Self {
            names: fields.take("names")?,
            sizes: fields.take("sizes")?,
            files: fields.take("files")?,
            roots: fields.take("roots")?,
        })
    }
}

#[derive(Debug)]
struct Root {
    version: String,
    size: u64,
    download: u64,
    metadata: u64,
    packages: Vec<usize>,
}

impl FromJson for Root {
    fn from_json(value: Value) -> Result<Self, String> {
        let mut fields = Fields::of(value)?;
        Ok(Self {
            version: fields.take("version")?,
            size: fields.take("size")?,
            download: fields.take("download")?,
            metadata: fields.take("metadata")?,
            packages: fields.take("packages")?,
        })
    }
}

impl Npm {
    /// Reads a whole text, whose figures have to agree.
    #[inline(never)]
    pub(crate) fn read(json: &str) -> Result<Self, String> {
        let read: Self = super::json::parse(json)?;
        read.contradiction().map_or(Ok(read), Err)
    }

    /// The first contradiction among the figures.
    pub(crate) fn contradiction(&self) -> Option<String> {
        if self.sizes.len() != self.names.len() || self.files.len() != self.names.len() {
            return Some("the parallel lists differ in length".to_owned());
        }
        let outside = |root: &&Root| at(&self.names, &root.packages).is_none();
        self.roots.values().find(outside).map(|_| "a package that is not listed".to_owned())
    }

    /// A package with its tree: measured, or estimated from the name. All names that npm would take are known.
    ///
    /// `name@version` asks for that very version without its tree; where it is not known, for the package's usual one.
    pub(crate) fn closure(&self, name: &str) -> Arc<Closure> {
        if let Some(at) = name.rfind('@').filter(|at| *at > 0) {
            return match self.names.iter().position(|entry| entry == name) {
                Some(index) => alone(self.package(index, |size| size / 4), name, false),
                None => self.closure(&name[..at]),
            };
        }
        if let Some(root) = self.roots.get(name) {
            // Of downloads only the sum is known: each package has its share by size.
            let share = |size: u64| (root.download as f64 * size as f64 / root.size.max(1) as f64) as u64;
            let mut packages: Vec<Package> =
                root.packages.iter().map(|index| self.package(*index, share)).collect();
            lab_engine::order::sort_by(&mut packages, |a, b| {
                (&a.name, &a.version).cmp(&(&b.name, &b.version))
            });
            return Arc::new(Closure {
                version: root.version.clone(),
                packages,
                recommended: Vec::new(),
                metadata: root.metadata,
                estimated: false,
            });
        }
        let known = self.names.iter().position(|entry| split(entry).0 == name);
        let package = known.map_or_else(|| estimated(name), |index| self.package(index, |size| size / 4));
        alone(package, name, true)
    }

    fn package(&self, index: usize, download: impl Fn(u64) -> u64) -> Package {
        let (name, version) = split(&self.names[index]);
        Package {
            name: name.to_owned(),
            version: version.to_owned(),
            size: self.sizes[index],
            files: self.files[index],
            download: download(self.sizes[index]),
            generated: 0,
            commands: Vec::new(),
        }
    }
}

fn alone(package: Package, name: &str, estimated: bool) -> Arc<Closure> {
    Arc::new(Closure {
        version: package.version.clone(),
        packages: vec![package],
        recommended: Vec::new(),
        metadata: drawn(name, "npm metadata", 30_000, 900_000),
        estimated,
    })
}

fn split(entry: &str) -> (&str, &str) {
    entry.rsplit_once('@').unwrap_or((entry, ""))
}

fn estimated(name: &str) -> Package {
    let size = drawn(name, "npm size", 6_000, 2_000_000);
    Package {
        name: name.to_owned(),
        version: format!("{}.{}.0", drawn(name, "major", 1, 9), drawn(name, "minor", 0, 20)),
        size,
        files: drawn(name, "npm files", 4, 120) as u32,
        download: size / 4,
        generated: 0,
        commands: Vec::new(),
    }
}
