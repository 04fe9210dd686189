//! `/etc/passwd` and its companions.

use super::layer::LayerBuilder;

/// A user as the catalogue writes it: `name:uid:gid:home:shell`.
struct Account<'a> {
    name: &'a str,
    uid: u32,
    gid: u32,
    home: &'a str,
    shell: &'a str,
}

impl<'a> Account<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let mut parts = text.split(':');
        let mut next = || parts.next();
        Some(Self {
            name: next()?,
            uid: next()?.parse().ok()?,
            gid: next()?.parse().ok()?,
            home: next()?,
            shell: next()?,
        })
    }
}

/// Adds users, each with a group of its own where none has its number, and homes of people below `/home`.
pub(crate) fn add_users(layer: &mut LayerBuilder, users: &[String]) {
    add(layer, users, &[]);
}

/// Writes the first users and groups of a system.
pub(crate) fn write_all(layer: &mut LayerBuilder, users: &[String], groups: &[String]) {
    add(layer, users, groups);
}

fn add(layer: &mut LayerBuilder, users: &[String], groups: &[String]) {
    let read = |path: &str| layer.tree().read_text(path).unwrap_or_default().to_owned();
    let (mut passwd, mut group, mut shadow) = (read("/etc/passwd"), read("/etc/group"), read("/etc/shadow"));
    for text in groups {
        if let Some((name, gid)) = text.split_once(':') {
            group += &format!("{name}:x:{gid}:\n");
        }
    }
    let mut homes = Vec::new();
    for account in users.iter().filter_map(|text| Account::parse(text)) {
        let Account { name, uid, gid, home, shell } = account;
        if has_name(&passwd, name) {
            continue;
        }
        passwd += &format!("{name}:x:{uid}:{gid}:{}:{home}:{shell}\n", if uid == 0 { name } else { "" });
        shadow += &format!("{name}:*:20000:0:99999:7:::\n");
        if !has_name(&group, name) && !has_number(&group, gid) {
            group += &format!("{name}:x:{gid}:\n");
        }
        if home.starts_with("/home/") {
            homes.push((home.to_owned(), uid, gid));
        }
    }
    layer.text("/etc/passwd", 0o644, passwd);
    layer.text("/etc/group", 0o644, group);
    layer.text("/etc/shadow", 0o640, shadow);
    for (home, uid, gid) in homes {
        layer.directory(&home, 0o755);
        layer.owner(&home, uid, gid);
    }
}

fn has_name(table: &str, name: &str) -> bool {
    table.lines().any(|line| line.split(':').next() == Some(name))
}

fn has_number(table: &str, number: u32) -> bool {
    table.lines().any(|line| line.split(':').nth(2).and_then(|text| text.parse().ok()) == Some(number))
}
