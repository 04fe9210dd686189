//! `apt-*.json`: a suite of Debian.

use super::at;
use super::json::{Fields, FromJson};
use lab_engine::world::{Closure, Index, Package};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Which part of the catalogue a suite is in, and whether that part is only a stand-in for it.
pub(crate) fn part_of(suite: &str) -> Option<(&'static str, bool)> {
    Some(match suite {
        "bookworm" | "oldstable" => ("apt-bookworm", false),
        "trixie" | "stable" => ("apt-trixie", false),
        "bullseye" | "jammy" | "focal" => ("apt-bookworm", true),
        "noble" | "plucky" | "forky" | "testing" | "sid" => ("apt-trixie", true),
        _ => return None,
    })
}

/// The whole file.
#[derive(Debug)]
pub(crate) struct Apt {
    suite: String,
    layer: Layer,
    lists: BTreeMap<String, Lists>,
    base: Vec<String>,
    names: Vec<String>,
    versions: Vec<String>,
    installed: Vec<u64>,
    downloads: Vec<u64>,
    commands: BTreeMap<String, Vec<String>>,
    roots: BTreeMap<String, Root>,
}

impl FromJson for Apt {
    fn from_json(value: Value) -> Result<Self, String> {
        let mut fields = Fields::of(value)?;
        Ok(Self {
            suite: fields.take("suite")?,
            layer: fields.take("layer")?,
            lists: fields.take("lists")?,
            base: fields.take("base")?,
            names: fields.take("names")?,
            versions: fields.take("versions")?,
            installed: fields.take("installed")?,
            downloads: fields.take("downloads")?,
            commands: fields.take("commands")?,
            roots: fields.take("roots")?,
        })
    }
}

#[derive(Debug)]
struct Layer {
    debian: Rule,
    slim: Rule,
}

impl FromJson for Layer {
    fn from_json(value: Value) -> Result<Self, String> {
        let mut fields = Fields::of(value)?;
        Ok(Self { debian: fields.take("debian")?, slim: fields.take("slim")? })
    }
}

#[derive(Debug)]
struct Rule {
    f: f64,
    c: u64,
}

impl FromJson for Rule {
    fn from_json(value: Value) -> Result<Self, String> {
        let mut fields = Fields::of(value)?;
        Ok(Self { f: fields.take("f")?, c: fields.take("c")? })
    }
}

#[derive(Debug)]
struct Lists {
    update_download: u64,
    dir_bytes: u64,
}

impl FromJson for Lists {
    fn from_json(value: Value) -> Result<Self, String> {
        let mut fields = Fields::of(value)?;
        Ok(Self { update_download: fields.take("update_download")?, dir_bytes: fields.take("dir_bytes")? })
    }
}

#[derive(Debug)]
struct Root {
    installed: u64,
    packages: Vec<usize>,
    recommended: Vec<usize>,
}

impl FromJson for Root {
    fn from_json(value: Value) -> Result<Self, String> {
        let mut fields = Fields::of(value)?;
        Ok(Self {
            installed: fields.take("installed")?,
            packages: fields.take("packages")?,
            recommended: fields.or_default("recommended")?,
        })
    }
}

impl Apt {
    /// Reads a whole text, whose figures have to agree.
    #[inline(never)]
    pub(crate) fn read(json: &str) -> Result<Self, String> {
        let read: Self = super::json::parse(json)?;
        read.contradiction().map_or(Ok(read), Err)
    }

    /// The first contradiction among the figures.
    pub(crate) fn contradiction(&self) -> Option<String> {
        let lengths = [self.versions.len(), self.installed.len(), self.downloads.len()];
        if lengths.iter().any(|length| *length != self.names.len()) {
            return Some("the parallel lists differ in length".to_owned());
        }
        self.roots.iter().find_map(|(name, root)| {
            let sizes = at(&self.installed, &root.packages);
            let outside = sizes.is_none() || at(&self.names, &root.recommended).is_none();
            let differs = sizes.is_some_and(|sizes| sizes.iter().sum::<u64>() != root.installed);
            (outside || differs).then(|| format!("the packages of {name} do not add up"))
        })
    }

    /// The suite as a whole; `asked` is the suite that it is used for.
    pub(crate) fn index(&self, asked: &str) -> Index {
        let key = match asked {
            "jammy" | "focal" => "ubuntu22.04",
            "noble" | "plucky" => "ubuntu24.04",
            _ => &self.suite,
        };
        let (download, size) =
            self.lists.get(key).map_or((0, 0), |lists| (lists.update_download, lists.dir_bytes));
        Index {
            download,
            size,
            offers: 0,
            slim_factor: self.layer.slim.f,
            factor: self.layer.debian.f,
            overhead: self.layer.debian.c.min(self.layer.slim.c),
            estimated: part_of(asked).is_none_or(|(_, stand_in)| stand_in),
        }
    }

    /// A package with all that it brings along on a slim base.
    pub(crate) fn closure(&self, name: &str) -> Option<Arc<Closure>> {
        if let Some(root) = self.roots.get(name) {
            let packages = self.packages(&root.packages);
            let version =
                packages.iter().find(|package| package.name == name).map(|package| package.version.clone());
            return Some(Arc::new(Closure {
                version: version.unwrap_or_default(),
                recommended: self.packages(&root.recommended),
                packages,
                metadata: 0,
                estimated: false,
            }));
        }
        // What only ever came along with others is known without its own dependencies.
        if let Some(index) = self.names.iter().position(|known| known == name) {
            let packages = self.packages(&[index]);
            let version = packages[0].version.clone();
            return Some(Arc::new(Closure {
                version,
                packages,
                recommended: Vec::new(),
                metadata: 0,
                estimated: true,
            }));
        }
        let in_base = self.base.iter().any(|known| known == name);
        in_base.then(|| {
            let (packages, recommended) = (Vec::new(), Vec::new());
            Arc::new(Closure { version: String::new(), packages, recommended, metadata: 0, estimated: false })
        })
    }

    fn packages(&self, indices: &[usize]) -> Vec<Package> {
        let package = |index: &usize| Package {
            name: self.names[*index].clone(),
            version: self.versions[*index].clone(),
            size: self.installed[*index],
            files: 1,
            download: self.downloads[*index],
            generated: 0,
            commands: self.commands.get(&self.names[*index]).cloned().unwrap_or_default(),
        };
        let mut packages: Vec<Package> = indices.iter().map(package).collect();
        lab_engine::order::sort_by(&mut packages, |a, b| a.name.cmp(&b.name));
        packages
    }
}
