//! `pypi.json`: distributions of the Python Package Index.

use super::json::{Fields, FromJson};
use super::{at, drawn};
use lab_engine::world::{Closure, Package};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The whole file.
#[derive(Debug)]
pub(crate) struct PyPi {
    /// `name-version`, the name as its directory has it.
    names: Vec<String>,
    sizes: Vec<u64>,
    files: Vec<u32>,
    bytecode: Vec<u64>,
    wheels: Vec<u64>,
    roots: BTreeMap<String, Root>,
}

impl FromJson for PyPi {
    fn from_json(value: Value) -> Result<Self, String> {
        let mut fields = Fields::of(value)?;
        Ok(Self {
            names: fields.take("names")?,
            sizes: fields.take("sizes")?,
            files: fields.take("files")?,
            bytecode: fields.take("bytecode")?,
            wheels: fields.take("wheels")?,
            roots: fields.take("roots")?,
        })
    }
}

#[derive(Debug)]
struct Root {
    version: String,
    distributions: Vec<usize>,
}

impl FromJson for Root {
    fn from_json(value: Value) -> Result<Self, String> {
        let mut fields = Fields::of(value)?;
        Ok(Self { version: fields.take("version")?, distributions: fields.take("distributions")? })
    }
}

/// Commands of well-known distributions.
const COMMANDS: &[(&str, &[&str])] = &[
    ("flask", &["flask"]),
    ("django", &["django-admin"]),
    ("gunicorn", &["gunicorn"]),
    ("uvicorn", &["uvicorn"]),
    ("pytest", &["pytest", "py.test"]),
    ("celery", &["celery"]),
    ("streamlit", &["streamlit"]),
    ("fastapi", &["fastapi"]),
    ("httpx", &["httpx"]),
    ("python_dotenv", &["dotenv"]),
    ("numpy", &["f2py", "numpy-config"]),
    ("charset_normalizer", &["normalizer"]),
];

impl PyPi {
    /// Reads a whole text, whose figures have to agree.
    #[inline(never)]
    pub(crate) fn read(json: &str) -> Result<Self, String> {
        let read: Self = super::json::parse(json)?;
        read.contradiction().map_or(Ok(read), Err)
    }

    /// The first contradiction among the figures.
    pub(crate) fn contradiction(&self) -> Option<String> {
        let lengths = [self.sizes.len(), self.files.len(), self.bytecode.len(), self.wheels.len()];
        if lengths.iter().any(|length| *length != self.names.len()) {
            return Some("the parallel lists differ in length".to_owned());
        }
        let outside = |root: &&Root| at(&self.names, &root.distributions).is_none();
        self.roots.values().find(outside).map(|_| "a distribution that is not listed".to_owned())
    }

    /// A distribution with all that it needs: measured, or estimated from the name.
    pub(crate) fn closure(&self, name: &str) -> Arc<Closure> {
        let canonical = name.to_ascii_lowercase().replace(['_', '.'], "-");
        if let Some(root) = self.roots.get(&canonical) {
            let packages = root.distributions.iter().map(|index| self.package(*index)).collect();
            return closure(root.version.clone(), packages, false);
        }
        let directory = canonical.replace('-', "_");
        let known = self.names.iter().position(|entry| split(entry).0 == directory);
        let package = known.map_or_else(|| estimated(&directory), |index| self.package(index));
        closure(package.version.clone(), vec![package], true)
    }

    fn package(&self, index: usize) -> Package {
        let (name, version) = split(&self.names[index]);
        Package {
            name: name.to_owned(),
            version: version.to_owned(),
            size: self.sizes[index],
            files: self.files[index],
            download: self.wheels[index],
            generated: self.bytecode[index],
            commands: commands(name),
        }
    }
}

fn closure(version: String, packages: Vec<Package>, estimated: bool) -> Arc<Closure> {
    Arc::new(Closure { version, packages, recommended: Vec::new(), metadata: 0, estimated })
}

fn commands(name: &str) -> Vec<String> {
    let found = COMMANDS.iter().find(|(known, _)| *known == name);
    found.map_or_else(Vec::new, |(_, commands)| commands.iter().map(|name| (*name).to_owned()).collect())
}

fn split(entry: &str) -> (&str, &str) {
    entry.rsplit_once('-').unwrap_or((entry, ""))
}

fn estimated(directory: &str) -> Package {
    let size = drawn(directory, "pypi size", 20_000, 6_000_000);
    Package {
        name: directory.to_owned(),
        version: format!("{}.{}.0", drawn(directory, "major", 1, 5), drawn(directory, "minor", 0, 20)),
        size,
        files: drawn(directory, "pypi files", 8, 200) as u32,
        download: size / 4,
        generated: size * 4 / 5,
        commands: Vec::new(),
    }
}
