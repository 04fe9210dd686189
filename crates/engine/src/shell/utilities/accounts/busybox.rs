//! BusyBox's `adduser`, `addgroup`, `deluser`, `delgroup`.

use super::home::{self, Skeleton};
use super::table::{Backup, GROUP, GSHADOW, PASSWD, SHADOW, Table, first_free, today};
use crate::shell::utilities::options;
use crate::shell::{ExitCode, Interrupt, Outcome, Process};
use crate::vfs::{Follow, VfsErrorKind};

const LAST_ID: u32 = 60_000;

/// Either a value, or the exit code after a message.
type Checked<T> = Result<Result<T, ExitCode>, Interrupt>;

fn refuse<T>(process: &mut Process<'_, '_>, message: &str) -> Checked<T> {
    process.complain(message)?;
    Ok(Err(1))
}

macro_rules! checked {
    ($value:expr) => {
        match $value? {
            Ok(value) => value,
            Err(code) => return Ok(code),
        }
    };
}

fn must_be_root(process: &mut Process<'_, '_>) -> Checked<()> {
    if process.credentials.uid == 0 {
        return Ok(Ok(()));
    }
    refuse(process, "permission denied (are you root?)")
}

/// Replaces a file; a shadow that is missing is nobody's loss.
fn save(process: &mut Process<'_, '_>, table: &Table) -> Checked<()> {
    if !table.exists {
        return Ok(Ok(()));
    }
    match table.save(process, Backup::Link) {
        Ok(()) => Ok(Ok(())),
        Err(error) => refuse(process, error.kind.message()),
    }
}

fn number(process: &mut Process<'_, '_>, text: &str) -> Checked<u32> {
    match text.parse::<u32>().ok().filter(|id| *id <= LAST_ID) {
        Some(id) => Ok(Ok(id)),
        None => refuse(process, &format!("invalid number '{text}'")),
    }
}

/// The identifiers that are looked through for a free one.
fn range(is_system: bool) -> std::ops::RangeInclusive<u32> {
    if is_system { 100..=999 } else { 1000..=LAST_ID }
}

pub(super) fn adduser(process: &mut Process<'_, '_>) -> Outcome {
    checked!(must_be_root(process));
    let long = [
        ("home", 'h'),
        ("gecos", 'g'),
        ("shell", 's'),
        ("ingroup", 'G'),
        ("disabled-password", 'D'),
        ("empty-password", 'D'),
        ("system", 'S'),
        ("no-create-home", 'H'),
        ("uid", 'u'),
        ("skel", 'k'),
    ];
    let options = checked!(options::parse(process, "h:g:s:G:DSHu:k:", &long));
    let system = options.has('S');
    let name = match &options.operands[..] {
        [name] => name.clone(),
        [user, group] if options.all().next().is_none() => return add_member(process, user, group),
        _ => {
            process.complain("wrong number of arguments")?;
            return Ok(1);
        }
    };
    let passwd = Table::load(process, PASSWD);
    let groups = Table::load(process, GROUP);
    let given = match options.value('u') {
        Some(text) => Some(checked!(number(process, text))),
        None => None,
    };
    let in_group = options.value('G').or(system.then_some("nogroup")).map(str::to_owned);
    let gid = match &in_group {
        Some(group) => Some(checked!(group_id(process, &groups, group))),
        None => None,
    };
    if passwd.entry(&name).is_some() {
        return refuse::<()>(process, &format!("user '{name}' in use")).map(|_| 1);
    }
    let taken = |id: u32| passwd.has_id(id) || gid.is_none() && groups.has_id(id);
    let uid = match given {
        Some(uid) if taken(uid) => return refuse::<()>(process, &format!("uid '{uid}' in use")).map(|_| 1),
        Some(uid) => uid,
        None => match first_free(range(system), taken) {
            Some(uid) => uid,
            None => return refuse::<()>(process, "no uids left").map(|_| 1),
        },
    };
    if gid.is_none() && groups.entry(&name).is_some() {
        return refuse::<()>(process, &format!("group '{name}' in use")).map(|_| 1);
    }
    let gid = gid.unwrap_or(uid);
    let home = options.value('h').map_or_else(|| format!("/home/{name}"), str::to_owned);
    let shell = match options.value('s') {
        Some(shell) => shell.to_owned(),
        None if system => "/bin/false".to_owned(),
        None => own_shell(process, &passwd),
    };
    let gecos = options.value('g').unwrap_or("Linux User,,,");
    let entry = format!("{name}:x:{uid}:{gid}:{gecos}:{home}:{shell}");
    checked!(add_line(process, passwd, entry));
    let shadow = Table::load(process, SHADOW);
    let day = today(process);
    checked!(add_line(process, shadow, format!("{name}:!:{day}:0:99999:7:::")));
    match &in_group {
        Some(group) => add_member(process, &name, group)?,
        None => new_group(process, &name, gid)?,
    };
    if !options.has('H') {
        let skeleton = options.value('k').unwrap_or("/etc/skel").to_owned();
        make_home(process, &home, uid, gid, &skeleton)?;
    }
    if !options.has('D') && !system {
        // `passwd` asks for a password; there is nobody who answers.
        return super::password::ask(process, &name);
    }
    Ok(0)
}

fn add_line(process: &mut Process<'_, '_>, mut table: Table, line: String) -> Checked<()> {
    table.lines.push(line);
    save(process, &table)
}

/// The shell of whoever calls: `SHELL`, or that of the entry.
fn own_shell(process: &mut Process<'_, '_>, passwd: &Table) -> String {
    let uid = process.credentials.uid.to_string();
    let own = passwd.with(2, &uid).and_then(|entry| entry.get(6).map(|shell| (*shell).to_owned()));
    let shell = process.env("SHELL").map(str::to_owned).or(own).filter(|shell| !shell.is_empty());
    shell.unwrap_or_else(|| "/bin/sh".to_owned())
}

fn make_home(
    process: &mut Process<'_, '_>,
    home: &str,
    uid: u32,
    gid: u32,
    skeleton: &str,
) -> Result<(), Interrupt> {
    let umask = std::mem::replace(&mut process.umask, 0);
    let made = process.make_directory(home, 0o755);
    if made.is_ok() {
        // Silent where there is no skeleton, or a part of it cannot be copied.
        let _ = Skeleton { uid, gid, keep_times: false }.copy(process, skeleton, home);
    }
    process.umask = umask;
    let usable = made.or_else(|error| if error.kind == VfsErrorKind::Exists { Ok(()) } else { Err(error) });
    let done = usable
        .and_then(|()| process.set_owner(home, Some(uid), Some(gid), Follow::Yes))
        .and_then(|()| process.set_mode(home, 0o2755));
    match done {
        Ok(()) => Ok(()),
        Err(error) => process.complain(&format!("{home}: {}", error.kind.message())),
    }
}

fn group_id(process: &mut Process<'_, '_>, groups: &Table, group: &str) -> Checked<u32> {
    match groups.field(group, 2).and_then(|gid| gid.parse().ok()) {
        Some(gid) => Ok(Ok(gid)),
        None => refuse(process, &format!("unknown group {group}")),
    }
}

pub(super) fn addgroup(process: &mut Process<'_, '_>) -> Outcome {
    checked!(must_be_root(process));
    let options = checked!(options::parse(process, "g:S", &[("gid", 'g'), ("system", 'S')]));
    let name = match &options.operands[..] {
        [name] => name.clone(),
        [user, group] if !options.has('g') => return add_member(process, user, group),
        _ => {
            process.complain("wrong number of arguments")?;
            return Ok(1);
        }
    };
    let groups = Table::load(process, GROUP);
    let given = match options.value('g') {
        Some(text) => Some(checked!(number(process, text))),
        None => None,
    };
    if groups.entry(&name).is_some() {
        return in_use(process, "group", &name);
    }
    let gid = match given {
        Some(gid) if groups.has_id(gid) => return in_use(process, "gid", &gid.to_string()),
        Some(gid) => gid,
        None => match first_free(range(options.has('S')), |gid| groups.has_id(gid)) {
            Some(gid) => gid,
            None => return refuse::<()>(process, "no gids left").map(|_| 1),
        },
    };
    new_group(process, &name, gid)
}

fn in_use(process: &mut Process<'_, '_>, what: &str, name: &str) -> Outcome {
    process.complain(&format!("{what} '{name}' in use"))?;
    Ok(1)
}

fn new_group(process: &mut Process<'_, '_>, name: &str, gid: u32) -> Outcome {
    let groups = Table::load(process, GROUP);
    checked!(add_line(process, groups, format!("{name}:x:{gid}:")));
    let shadow = Table::load(process, GSHADOW);
    checked!(add_line(process, shadow, format!("{name}:!::")));
    Ok(0)
}

/// `addgroup USER GROUP`
fn add_member(process: &mut Process<'_, '_>, user: &str, group: &str) -> Outcome {
    let mut groups = Table::load(process, GROUP);
    if Table::load(process, PASSWD).entry(user).is_none() {
        return complain_of_addgroup(process, &format!("unknown user {user}"));
    }
    if groups.entry(group).is_none() {
        return complain_of_addgroup(process, &format!("unknown group {group}"));
    }
    let mut members = groups.members(group);
    if members.iter().any(|member| member == user) {
        return Ok(0);
    }
    members.push(user.to_owned());
    groups.set_members(group, &members);
    checked!(save(process, &groups));
    let mut shadow = Table::load(process, GSHADOW);
    shadow.set_members(group, &members);
    checked!(save(process, &shadow));
    Ok(0)
}

/// `adduser` leaves memberships to `addgroup`, which complains under its own name.
fn complain_of_addgroup(process: &mut Process<'_, '_>, message: &str) -> Outcome {
    process.error_output(&format!("addgroup: {message}\n"))?;
    Ok(1)
}

pub(super) fn deluser(process: &mut Process<'_, '_>) -> Outcome {
    let options = checked!(options::parse(process, "R", &[("remove-home", 'R')]));
    checked!(must_be_root(process));
    let [name] = &options.operands[..] else {
        process.complain("wrong number of arguments")?;
        return Ok(1);
    };
    let mut passwd = Table::load(process, PASSWD);
    let Some(home) = passwd.field(name, 5).map(str::to_owned) else {
        process.complain(&format!("unknown user {name}"))?;
        return Ok(1);
    };
    if options.has('R') {
        home::remove(process, &home);
    }
    passwd.remove(name);
    checked!(save(process, &passwd));
    let mut shadow = Table::load(process, SHADOW);
    shadow.remove(name);
    checked!(save(process, &shadow));
    let mut groups = Table::load(process, GROUP);
    let with_user: Vec<String> = groups.entries().map(|entry| entry[0].to_owned()).collect();
    let mut found = false;
    for group in with_user {
        let mut members = groups.members(&group);
        let before = members.len();
        members.retain(|member| member != name);
        if members.len() < before {
            found = true;
            groups.set_members(&group, &members);
        }
    }
    if !found {
        process.complain(&format!("can't find {name} in {GROUP}"))?;
    }
    checked!(save(process, &groups));
    // The group of the same name goes too, unless somebody has it.
    match groups.field(name, 2).map(str::to_owned) {
        Some(gid) => remove_group(process, name, &gid),
        None => Ok(0),
    }
}

fn remove_group(process: &mut Process<'_, '_>, name: &str, gid: &str) -> Outcome {
    let passwd = Table::load(process, PASSWD);
    if let Some(user) = passwd.with(3, gid) {
        let message = format!("'{}' still has '{name}' as their primary group!", user[0]);
        process.complain(&message)?;
        return Ok(1);
    }
    for path in [GROUP, GSHADOW] {
        let mut table = Table::load(process, path);
        table.remove(name);
        checked!(save(process, &table));
    }
    Ok(0)
}

pub(super) fn delgroup(process: &mut Process<'_, '_>) -> Outcome {
    checked!(must_be_root(process));
    let (member, name) = match process.args() {
        [name] => (None, name.clone()),
        [member, name] => (Some(member.clone()), name.clone()),
        _ => {
            process.complain("wrong number of arguments")?;
            return Ok(1);
        }
    };
    let groups = Table::load(process, GROUP);
    let Some(gid) = groups.field(&name, 2).map(str::to_owned) else {
        process.complain(&format!("unknown group {name}"))?;
        return Ok(1);
    };
    let Some(member) = member else { return remove_group(process, &name, &gid) };
    for path in [GROUP, GSHADOW] {
        let mut table = Table::load(process, path);
        let mut members = table.members(&name);
        let before = members.len();
        members.retain(|other| *other != member);
        if members.len() == before && table.exists {
            process.complain(&format!("can't find {member} in {path}"))?;
        }
        table.set_members(&name, &members);
        checked!(save(process, &table));
    }
    Ok(0)
}
