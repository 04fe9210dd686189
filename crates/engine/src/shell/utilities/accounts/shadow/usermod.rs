//! `usermod`.

use super::{Accounts, fail, subordinate};
use crate::shell::utilities::options::{self, Options};
use crate::shell::{Interrupt, Outcome, Process};
use crate::vfs::{Follow, Node, path};

const LONG: [(&str, char); 18] = [
    ("append", 'a'),
    ("badname", 'b'),
    ("comment", 'c'),
    ("home", 'd'),
    ("expiredate", 'e'),
    ("inactive", 'f'),
    ("gid", 'g'),
    ("groups", 'G'),
    ("login", 'l'),
    ("lock", 'L'),
    ("move-home", 'm'),
    ("non-unique", 'o'),
    ("password", 'p'),
    ("remove", 'r'),
    ("shell", 's'),
    ("uid", 'u'),
    ("unlock", 'U'),
    ("selinux-user", 'Z'),
];

/// What a user was and is to be.
struct Change {
    old_name: String,
    name: String,
    old_uid: u32,
    uid: u32,
    old_home: String,
    home: String,
}

/// Changes a user.
pub(in crate::shell::utilities) fn usermod(process: &mut Process<'_, '_>) -> Outcome {
    let options = match options::parse(process, "abc:d:e:f:g:G:l:Lmop:rs:u:UZ:", &LONG)? {
        Ok(options) => options,
        Err(_) => return Ok(2),
    };
    let [name] = &options.operands[..] else {
        return fail(process, 2, "wrong number of arguments");
    };
    let mut accounts = match Accounts::open(process, "/etc/passwd", 1)? {
        Ok(accounts) => accounts,
        Err(code) => return Ok(code),
    };
    let change = match plan(process, &options, &accounts, name)? {
        Ok(change) => change,
        Err(code) => return Ok(code),
    };
    if let Err(code) = primary_group(process, &options, &mut accounts, name)? {
        return Ok(code);
    }
    if let Err(code) = memberships(process, &options, &mut accounts, &change)? {
        return Ok(code);
    }
    change_entry(process, &options, &mut accounts, &change)?;
    let code = accounts.save(process)?;
    if change.name != change.old_name {
        subordinate::rename(process, &change.old_name, &change.name);
    }
    if options.has('m') && change.home != change.old_home {
        move_home(process, &change)?;
    }
    if change.uid != change.old_uid {
        let home = change.home.clone();
        give(process, &home, change.old_uid, change.uid);
    }
    Ok(code)
}

fn plan(
    process: &mut Process<'_, '_>,
    options: &Options,
    accounts: &Accounts,
    name: &str,
) -> Result<Result<Change, i32>, Interrupt> {
    let Some(entry) = accounts.passwd.entry(name) else {
        return fail(process, 6, &format!("user '{name}' does not exist")).map(Err);
    };
    let field = |at: usize| entry.get(at).copied().unwrap_or_default().to_owned();
    let old_uid = field(2).parse().unwrap_or(0);
    let uid = match options.value('u').map(str::parse::<u32>) {
        None => old_uid,
        Some(Ok(uid)) if uid != old_uid && accounts.passwd.has_id(uid) && !options.has('o') => {
            return fail(process, 4, &format!("UID '{uid}' already exists")).map(Err);
        }
        Some(Ok(uid)) => uid,
        Some(Err(_)) => {
            let text = format!("invalid user ID '{}'", options.value('u').unwrap_or_default());
            return fail(process, 3, &text).map(Err);
        }
    };
    let new_name = options.value('l').unwrap_or(name);
    if new_name != name && accounts.passwd.entry(new_name).is_some() {
        return fail(process, 9, &format!("user '{new_name}' already exists")).map(Err);
    }
    let old_home = field(5);
    let home = options.value('d').map_or_else(|| old_home.clone(), str::to_owned);
    Ok(Ok(Change { old_name: name.to_owned(), name: new_name.to_owned(), old_uid, uid, old_home, home }))
}

fn primary_group(
    process: &mut Process<'_, '_>,
    options: &Options,
    accounts: &mut Accounts,
    name: &str,
) -> Result<Result<(), i32>, Interrupt> {
    let Some(group) = options.value('g') else { return Ok(Ok(())) };
    match accounts.find_group(group) {
        Some((_, gid)) => {
            accounts.passwd.set(name, 3, &gid.to_string());
            Ok(Ok(()))
        }
        None => fail(process, 6, &format!("group '{group}' does not exist")).map(Err),
    }
}

fn memberships(
    process: &mut Process<'_, '_>,
    options: &Options,
    accounts: &mut Accounts,
    change: &Change,
) -> Result<Result<(), i32>, Interrupt> {
    if options.value('G').is_none() && options.has('a') {
        return fail(process, 2, "-a flag is only allowed with the -G flag").map(Err);
    }
    let old = accounts.groups_of(&change.old_name);
    let mut wanted = Vec::new();
    for group in options.value('G').unwrap_or_default().split(',').filter(|group| !group.is_empty()) {
        match accounts.find_group(group) {
            Some((group, _)) => wanted.push(group),
            None => return fail(process, 6, &format!("group '{group}' does not exist")).map(Err),
        }
    }
    let stays = |group: &String| match (options.value('G'), options.has('a'), options.has('r')) {
        (None, ..) | (_, true, _) => true,
        (_, _, true) => !wanted.contains(group),
        _ => wanted.contains(group),
    };
    for group in &old {
        if !stays(group) {
            accounts.remove_member(group, &change.old_name);
        } else if change.name != change.old_name {
            accounts.remove_member(group, &change.old_name);
            accounts.add_member(group, &change.name);
        }
    }
    for group in wanted.iter().filter(|_| !options.has('r')) {
        accounts.add_member(group, &change.name);
    }
    Ok(Ok(()))
}

fn change_entry(
    process: &mut Process<'_, '_>,
    options: &Options,
    accounts: &mut Accounts,
    change: &Change,
) -> Result<(), Interrupt> {
    let name = &change.old_name;
    accounts.passwd.set(name, 2, &change.uid.to_string());
    accounts.passwd.set(name, 5, &change.home);
    for (option, field) in [('c', 4), ('s', 6)] {
        if let Some(text) = options.value(option) {
            accounts.passwd.set(name, field, text);
        }
    }
    let password = accounts.shadow.field(name, 1).unwrap_or_default().to_owned();
    let locked = password.starts_with('!');
    if let Some(hash) = options.value('p') {
        accounts.shadow.set(name, 1, hash);
    } else if options.has('L') && !locked {
        accounts.shadow.set(name, 1, &format!("!{password}"));
    } else if options.has('U') && locked {
        if password.len() == 1 {
            process.complain(
                "unlocking the user's password would result in a passwordless account.\n\
                 You should set a password with usermod -p to unlock this user's password.",
            )?;
        } else {
            accounts.shadow.set(name, 1, &password[1..]);
        }
    }
    accounts.passwd.set(name, 0, &change.name);
    accounts.shadow.set(name, 0, &change.name);
    Ok(())
}

fn move_home(process: &mut Process<'_, '_>, change: &Change) -> Result<(), Interrupt> {
    if !process.is_directory(&change.old_home) {
        return Ok(());
    }
    if process.exists(&change.home) {
        return process.complain(&format!("directory {} exists", change.home));
    }
    if process.rename(&change.old_home, &change.home).is_err() {
        let text = format!("cannot rename directory {} to {}", change.old_home, change.home);
        return process.complain(&text);
    }
    Ok(())
}

/// Everything in a home directory that was the old user's becomes the new one's.
fn give(process: &mut Process<'_, '_>, place: &str, old: u32, new: u32) {
    let Ok(node) = process.lstat(place) else { return };
    if node.metadata().uid == old {
        let _ = process.set_owner(place, Some(new), None, Follow::No);
    }
    if matches!(&*node, Node::Directory(_)) {
        for (name, _) in process.list(place).unwrap_or_default() {
            give(process, &path::join(place, &name), old, new);
        }
    }
}
