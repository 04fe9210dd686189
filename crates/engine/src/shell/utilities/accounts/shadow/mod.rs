//! The package `passwd`: `useradd`, `usermod`, `userdel`, `groupadd`, `groupmod`, `groupdel`.

mod group;
pub(super) mod subordinate;
mod useradd;
mod userdel;
mod usermod;

pub(in crate::shell::utilities) use group::{groupadd, groupdel, groupmod};
pub(in crate::shell::utilities) use useradd::useradd;
pub(in crate::shell::utilities) use userdel::userdel;
pub(in crate::shell::utilities) use usermod::usermod;

use super::table::{Backup, GROUP, GSHADOW, PASSWD, SHADOW, Table};
use crate::shell::{Interrupt, Outcome, Process};
use std::collections::BTreeMap;

/// The four files, read together and written where they changed.
pub(super) struct Accounts {
    pub passwd: Table,
    pub shadow: Table,
    pub group: Table,
    pub gshadow: Table,
    before: [Vec<String>; 4],
}

impl Accounts {
    /// Reads them, or says that somebody may not change them and gives the exit code.
    pub(super) fn open(
        process: &mut Process<'_, '_>,
        locked: &str,
        code: i32,
    ) -> Result<Result<Self, i32>, Interrupt> {
        if process.credentials.uid != 0 {
            process.complain("Permission denied.")?;
            process.complain(&format!("cannot lock {locked}; try again later."))?;
            return Ok(Err(code));
        }
        let passwd = Table::load(process, PASSWD);
        let shadow = Table::load(process, SHADOW);
        let group = Table::load(process, GROUP);
        let gshadow = Table::load(process, GSHADOW);
        let before = [&passwd, &shadow, &group, &gshadow].map(|table| table.lines.clone());
        // What keeps two programs from changing the files at once stays behind.
        if !process.exists("/etc/.pwd.lock") {
            let _ = process.write_with_mode("/etc/.pwd.lock", Vec::new(), 0o600);
        }
        Ok(Ok(Self { passwd, shadow, group, gshadow, before }))
    }

    /// Writes what changed.
    pub(super) fn save(&self, process: &mut Process<'_, '_>) -> Outcome {
        let tables = [&self.passwd, &self.shadow, &self.group, &self.gshadow];
        for (table, before) in tables.into_iter().zip(&self.before) {
            if table.exists
                && table.lines != *before
                && let Err(error) = table.save(process, Backup::Copy)
            {
                process.complain(&format!("failure while writing changes: {}", error.kind.message()))?;
                return Ok(1);
            }
        }
        Ok(0)
    }

    /// A group by its name or number: name and number.
    pub(super) fn find_group(&self, text: &str) -> Option<(String, u32)> {
        let entry = self.group.entry(text).or_else(|| {
            self.group.with(2, text).filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()))
        })?;
        Some((entry[0].to_owned(), entry.get(2)?.parse().ok()?))
    }

    /// Adds a group to both files.
    pub(super) fn add_group(&mut self, name: &str, gid: u32) {
        self.group.lines.push(format!("{name}:x:{gid}:"));
        if self.gshadow.exists {
            self.gshadow.lines.push(format!("{name}:!::"));
        }
    }

    /// Adds a member to a group in both files, if it is not one.
    pub(super) fn add_member(&mut self, group: &str, user: &str) {
        for table in [&mut self.group, &mut self.gshadow] {
            let mut members = table.members(group);
            if !members.iter().any(|member| member == user) {
                members.push(user.to_owned());
                table.set_members(group, &members);
            }
        }
    }

    /// Takes a member out of a group in both files.
    pub(super) fn remove_member(&mut self, group: &str, user: &str) {
        for table in [&mut self.group, &mut self.gshadow] {
            let mut members = table.members(group);
            members.retain(|member| member != user);
            table.set_members(group, &members);
        }
    }

    /// The names of the groups that list a user.
    pub(super) fn groups_of(&self, user: &str) -> Vec<String> {
        let names: Vec<String> = self.group.entries().map(|entry| entry[0].to_owned()).collect();
        names
            .into_iter()
            .filter(|name| self.group.members(name).iter().any(|member| member == user))
            .collect()
    }
}

/// `/etc/login.defs` and what `-K` put over it.
pub(super) struct Definitions(BTreeMap<String, String>);

impl Definitions {
    pub(super) fn load<'a>(process: &mut Process<'_, '_>, overrides: impl Iterator<Item = &'a str>) -> Self {
        let text = process.read_text("/etc/login.defs").unwrap_or_default();
        let mut all = BTreeMap::new();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let mut words = line.split_whitespace();
            if let (Some(key), Some(value)) = (words.next(), words.next()) {
                all.insert(key.to_owned(), value.to_owned());
            }
        }
        for (key, value) in overrides.filter_map(|text| text.split_once('=')) {
            all.insert(key.to_owned(), value.to_owned());
        }
        Self(all)
    }

    pub(super) fn number(&self, key: &str, default: u32) -> u32 {
        self.0.get(key).and_then(|value| value.parse().ok()).unwrap_or(default)
    }

    pub(super) fn text(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }

    /// The identifiers of a kind (`UID` or `GID`) that new accounts get.
    pub(super) fn range(&self, kind: &str, is_system: bool) -> (u32, u32) {
        let least = self.number(&format!("{kind}_MIN"), 1000);
        if is_system {
            let key = |end: &str| format!("SYS_{kind}_{end}");
            (self.number(&key("MIN"), 101), self.number(&key("MAX"), least.saturating_sub(1)))
        } else {
            (least, self.number(&format!("{kind}_MAX"), 60_000))
        }
    }
}

/// The number for a new account: below the lowest of the system's for one of the system, else behind the highest.
pub(super) fn new_id(
    range: (u32, u32),
    is_system: bool,
    preferred: Option<u32>,
    taken: &dyn Fn(u32) -> bool,
    ids: &[u32],
) -> Option<u32> {
    let (least, most) = range;
    let within = |id: &u32| (least..=most).contains(id);
    if let Some(id) = preferred.filter(|id| within(id) && !taken(*id)) {
        return Some(id);
    }
    if is_system {
        let lowest = ids.iter().copied().filter(within).min().unwrap_or(most + 1);
        let below = (least..lowest).rev().find(|id| !taken(*id));
        return below.or_else(|| (least..=most).rev().find(|id| !taken(*id)));
    }
    let next = ids.iter().copied().filter(within).max().map_or(least, |highest| highest + 1);
    (next..=most).find(|id| !taken(*id)).or_else(|| (least..=most).find(|id| !taken(*id)))
}

/// The third fields of a table.
pub(super) fn ids(table: &Table) -> Vec<u32> {
    table.entries().filter_map(|entry| entry.get(2)?.parse().ok()).collect()
}

/// Whether Debian lets a name be.
pub(super) fn is_valid_name(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 32
        && !name.starts_with(['-', '+', '~'])
        && !name.contains(|c: char| c == ':' || c == ',' || c == '/' || c.is_whitespace() || c.is_control())
}

/// Complains, and gives the exit code.
pub(super) fn fail(process: &mut Process<'_, '_>, code: i32, message: &str) -> Outcome {
    process.complain(message)?;
    Ok(code)
}
