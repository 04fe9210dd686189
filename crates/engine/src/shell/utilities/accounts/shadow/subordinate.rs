//! `/etc/subuid` and `/etc/subgid`: ranges of identifiers that a user may hand out in namespaces.

use super::Definitions;
use crate::shell::Process;
use crate::shell::utilities::accounts::table::{Backup, Table};

const FILES: [(&str, &str); 2] = [("/etc/subuid", "UID"), ("/etc/subgid", "GID")];

/// Gives a new user the ranges behind those of all others.
pub(in crate::shell::utilities::accounts) fn add(
    process: &mut Process<'_, '_>,
    definitions: &Definitions,
    name: &str,
) {
    for (path, kind) in FILES {
        let mut table = Table::load(process, path);
        if !table.exists || table.entry(name).is_some() {
            continue;
        }
        let least = definitions.number(&format!("SUB_{kind}_MIN"), 100_000);
        let count = definitions.number(&format!("SUB_{kind}_COUNT"), 65_536);
        let end =
            |entry: Vec<&str>| Some(entry.get(1)?.parse::<u32>().ok()? + entry.get(2)?.parse::<u32>().ok()?);
        let start = table.entries().filter_map(end).max().unwrap_or(least).max(least);
        table.lines.push(format!("{name}:{start}:{count}"));
        let _ = table.save(process, Backup::Copy);
    }
}

/// Takes the ranges of a user away.
pub(in crate::shell::utilities::accounts) fn remove(process: &mut Process<'_, '_>, name: &str) {
    change(process, |table| table.remove(name));
}

/// Gives the ranges of a user to its new name.
pub(in crate::shell::utilities::accounts) fn rename(process: &mut Process<'_, '_>, name: &str, new: &str) {
    change(process, |table| {
        let found = table.entry(name).is_some();
        table.set(name, 0, new);
        found
    });
}

fn change(process: &mut Process<'_, '_>, change: impl Fn(&mut Table) -> bool) {
    for (path, _) in FILES {
        let mut table = Table::load(process, path);
        if change(&mut table) {
            let _ = table.save(process, Backup::Copy);
        }
    }
}
