//! Debian's `deluser` and `delgroup`: scripts in front of `userdel` and `groupdel`.

use super::debian::{fail, say};
use super::home;
use super::shadow::{Accounts, subordinate};
use crate::shell::utilities::options::{self, Options};
use crate::shell::{Interrupt, Outcome, Process};

const LONG: [(&str, char); 9] = [
    ("quiet", 'q'),
    ("debug", 'd'),
    ("system", 'S'),
    ("group", 'g'),
    ("only-if-empty", 'e'),
    ("remove-home", 'r'),
    ("remove-all-files", 'a'),
    ("backup", 'b'),
    ("conf", 'C'),
];

fn open(process: &mut Process<'_, '_>) -> Result<Result<Accounts, i32>, Interrupt> {
    if process.credentials.uid != 0 {
        return fail(process, 1, "Only root may remove a user or group from the system.").map(Err);
    }
    Accounts::open(process, "/etc/passwd", 1)
}

pub(super) fn deluser(process: &mut Process<'_, '_>) -> Outcome {
    remove(process, false)
}

pub(super) fn delgroup(process: &mut Process<'_, '_>) -> Outcome {
    remove(process, true)
}

fn remove(process: &mut Process<'_, '_>, group: bool) -> Outcome {
    let options = match options::parse(process, "qdSgerabC:", &LONG)? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    match &options.operands[..] {
        [name] if group || options.has('g') => remove_group(process, &options, &name.clone()),
        [name] => remove_user(process, &options, &name.clone()),
        [user, group] => leave(process, &options, user, group),
        _ => fail(process, 1, "Only one or two names allowed."),
    }
}

fn remove_user(process: &mut Process<'_, '_>, options: &Options, name: &str) -> Outcome {
    let mut accounts = match open(process)? {
        Ok(accounts) => accounts,
        Err(code) => return Ok(code),
    };
    let Some(entry) = accounts.passwd.entry(name) else {
        if options.has('S') {
            return fail(
                process,
                0,
                &format!("The user `{name}' does not exist, but --system was given. Exiting."),
            );
        }
        return fail(process, 2, &format!("The user `{name}' does not exist."));
    };
    let field = |at: usize| entry.get(at).copied().unwrap_or_default().to_owned();
    let (gid, home) = (field(3), field(5));
    if options.has('r') {
        say(process, options, "Looking for files to backup/remove ...")?;
        say(process, options, "Removing files ...")?;
        home::remove(process, &home);
    }
    if !process.exists("/usr/bin/crontab") {
        process.complain(
            "`/usr/bin/crontab' not executed. Skipping crontab removal. Package `cron' required.",
        )?;
    }
    say(process, options, &format!("Removing user `{name}' ..."))?;
    accounts.passwd.remove(name);
    accounts.shadow.remove(name);
    for group in accounts.groups_of(name) {
        accounts.remove_member(&group, name);
    }
    if accounts.group.field(name, 2) == Some(gid.as_str()) && accounts.passwd.with(3, &gid).is_none() {
        accounts.group.remove(name);
        accounts.gshadow.remove(name);
    }
    let code = accounts.save(process)?;
    subordinate::remove(process, name);
    say(process, options, "Done.")?;
    Ok(code)
}

fn remove_group(process: &mut Process<'_, '_>, options: &Options, name: &str) -> Outcome {
    let mut accounts = match open(process)? {
        Ok(accounts) => accounts,
        Err(code) => return Ok(code),
    };
    let Some(gid) = accounts.group.field(name, 2).map(str::to_owned) else {
        return fail(process, 3, &format!("The group `{name}' does not exist."));
    };
    say(process, options, &format!("Removing group `{name}' ..."))?;
    if let Some(user) = accounts.passwd.with(3, &gid) {
        let text = format!("groupdel: cannot remove the primary group of user '{}'\n", user[0]);
        process.error_output(&text)?;
        return fail(process, 1, &format!("`/sbin/groupdel {name}' returned error code 8. Exiting."));
    }
    accounts.group.remove(name);
    accounts.gshadow.remove(name);
    let code = accounts.save(process)?;
    say(process, options, "Done.")?;
    Ok(code)
}

/// `deluser USER GROUP`
fn leave(process: &mut Process<'_, '_>, options: &Options, user: &str, group: &str) -> Outcome {
    let mut accounts = match open(process)? {
        Ok(accounts) => accounts,
        Err(code) => return Ok(code),
    };
    if accounts.passwd.entry(user).is_none() {
        return fail(process, 2, &format!("The user `{user}' does not exist."));
    }
    if accounts.group.entry(group).is_none() {
        return fail(process, 3, &format!("The group `{group}' does not exist."));
    }
    if !accounts.group.members(group).iter().any(|member| member == user) {
        return fail(process, 6, &format!("The user `{user}' is not a member of group `{group}'."));
    }
    say(process, options, &format!("Removing user `{user}' from group `{group}' ..."))?;
    accounts.remove_member(group, user);
    let code = accounts.save(process)?;
    say(process, options, "Done.")?;
    Ok(code)
}
