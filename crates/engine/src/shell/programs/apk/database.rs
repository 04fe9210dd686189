//! apk's database and the list of what was asked for.

use crate::shell::process::Process;
use crate::shell::programs::support::put;
use crate::vfs::{VfsError, path};
use std::collections::BTreeMap;

const INSTALLED: &str = "/lib/apk/db/installed";
const WORLD: &str = "/etc/apk/world";

/// An installed package.
#[derive(Clone, Default)]
pub(super) struct Installed {
    pub(super) version: String,
    pub(super) size: u64,
    /// The packages that a virtual package stands for.
    pub(super) needs: Vec<String>,
    pub(super) files: Vec<String>,
}

/// What is installed, and what of it was asked for.
pub(super) struct Database {
    pub(super) installed: BTreeMap<String, Installed>,
    pub(super) world: Vec<String>,
}

impl Database {
    pub(super) fn read(process: &mut Process<'_, '_>) -> Self {
        let mut installed = BTreeMap::new();
        for stanza in process.read_text(INSTALLED).unwrap_or_default().split("\n\n") {
            let (mut name, mut package, mut directory) = (String::new(), Installed::default(), "");
            for (key, value) in stanza.lines().filter_map(|line| line.split_once(':')) {
                match key {
                    "P" => name = value.to_owned(),
                    "V" => package.version = value.to_owned(),
                    "I" => package.size = value.parse().unwrap_or(0),
                    "D" => package.needs = value.split_whitespace().map(str::to_owned).collect(),
                    "F" => directory = value,
                    "R" => package.files.push(format!("/{directory}/{value}")),
                    _ => {}
                }
            }
            if !name.is_empty() {
                installed.insert(name, package);
            }
        }
        let world = process.read_text(WORLD).unwrap_or_default().lines().map(str::to_owned).collect();
        Self { installed, world }
    }

    /// Writes both files; gives their bytes.
    pub(super) fn write(&self, process: &mut Process<'_, '_>) -> Result<u64, VfsError> {
        let mut text = String::new();
        for (name, package) in &self.installed {
            text += &format!("P:{name}\n");
            if !package.version.is_empty() {
                text += &format!("V:{}\n", package.version);
            }
            text += &format!("I:{}\n", package.size);
            if !package.needs.is_empty() {
                text += &format!("D:{}\n", package.needs.join(" "));
            }
            for file in &package.files {
                text +=
                    &format!("F:{}\nR:{}\n", path::parent(file).trim_start_matches('/'), path::name(file));
            }
            text.push('\n');
        }
        let world: String = self.world.iter().map(|name| format!("{name}\n")).collect();
        let bytes = text.len() + world.len();
        put(process, INSTALLED, text, 0o644)?;
        put(process, WORLD, world, 0o644)?;
        Ok(bytes as u64)
    }

    /// The line that ends every change.
    pub(super) fn summary(&self) -> String {
        let bytes: u64 = self.installed.values().map(|package| package.size).sum();
        let count = self.installed.keys().filter(|name| !name.starts_with('.')).count();
        format!("OK: {} MiB in {count} packages\n", bytes.div_ceil(1 << 20))
    }
}
