//! dpkg's database: what is installed, which files it has, and what came along without being asked for.

use crate::shell::process::Process;
use crate::shell::programs::support::put;
use crate::vfs::VfsError;
use std::collections::{BTreeMap, BTreeSet};

const STATUS: &str = "/var/lib/dpkg/status";
const STATES: &str = "/var/lib/apt/extended_states";

/// The packages that are installed.
pub(in crate::shell::programs) struct Database {
    /// Name to version and installed bytes; packages of a base image may lack both.
    pub(in crate::shell::programs) installed: BTreeMap<String, (String, u64)>,
    /// Those that came along.
    pub(in crate::shell::programs) automatic: BTreeSet<String>,
}

impl Database {
    /// Reads the database.
    pub(in crate::shell::programs) fn read(process: &mut Process<'_, '_>) -> Self {
        let status = process.read_text(STATUS).unwrap_or_default();
        let field = |stanza: &str, name: &str| {
            stanza.lines().find_map(|line| line.strip_prefix(name)).map(|value| value.trim().to_owned())
        };
        let installed = status.split("\n\n").filter_map(|stanza| {
            let size =
                field(stanza, "Installed-Size:").and_then(|kib| kib.parse::<u64>().ok()).unwrap_or(0) * 1024;
            Some((field(stanza, "Package:")?, (field(stanza, "Version:").unwrap_or_default(), size)))
        });
        let installed = crate::order::map(installed);
        let states = process.read_text(STATES).unwrap_or_default();
        let automatic =
            crate::order::set(states.split("\n\n").filter_map(|stanza| field(stanza, "Package:")));
        Self { installed, automatic }
    }

    /// Writes it back; gives the bytes of both files.
    pub(in crate::shell::programs) fn write(&self, process: &mut Process<'_, '_>) -> Result<u64, VfsError> {
        let mut status = String::new();
        for (name, (version, size)) in &self.installed {
            status += &format!("Package: {name}\nStatus: install ok installed\n");
            if !version.is_empty() {
                status += &format!("Version: {version}\nInstalled-Size: {}\n", size / 1024);
            }
            status.push('\n');
        }
        let states: String = self
            .automatic
            .iter()
            .map(|name| format!("Package: {name}\nArchitecture: amd64\nAuto-Installed: 1\n\n"))
            .collect();
        let mut bytes = status.len() as u64;
        put(process, STATUS, status, 0o644)?;
        if !states.is_empty() || process.exists(STATES) {
            bytes += states.len() as u64;
            put(process, STATES, states, 0o644)?;
        }
        Ok(bytes)
    }
}

/// The file in which dpkg lists what a package has put where.
pub(in crate::shell::programs) fn list_of(package: &str) -> String {
    format!("/var/lib/dpkg/info/{package}.list")
}
