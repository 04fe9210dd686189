//! `groupadd`, `groupmod`, `groupdel`.

use super::{Accounts, Definitions, fail, ids, is_valid_name, new_id};
use crate::shell::utilities::options;
use crate::shell::{Outcome, Process};

/// Makes a group.
pub(in crate::shell::utilities) fn groupadd(process: &mut Process<'_, '_>) -> Outcome {
    let long = [
        ("gid", 'g'),
        ("force", 'f'),
        ("non-unique", 'o'),
        ("system", 'r'),
        ("key", 'K'),
        ("password", 'p'),
        ("users", 'U'),
        ("root", 'R'),
        ("prefix", 'P'),
    ];
    let options = match options::parse(process, "g:forK:p:U:R:P:", &long)? {
        Ok(options) => options,
        Err(_) => return Ok(2),
    };
    let [name] = &options.operands[..] else {
        return fail(process, 2, "wrong number of arguments");
    };
    if !is_valid_name(name) {
        return fail(process, 3, &format!("'{name}' is not a valid group name"));
    }
    let given = match options.value('g').map(str::parse::<u32>) {
        Some(Err(_)) => {
            let text = format!("invalid group ID '{}'", options.value('g').unwrap_or_default());
            return fail(process, 3, &text);
        }
        given => given.and_then(Result::ok),
    };
    let definitions = Definitions::load(process, options.values('K'));
    let mut accounts = match Accounts::open(process, "/etc/group", 10)? {
        Ok(accounts) => accounts,
        Err(code) => return Ok(code),
    };
    if accounts.group.entry(name).is_some() {
        if options.has('f') {
            return Ok(0);
        }
        return fail(process, 9, &format!("group '{name}' already exists"));
    }
    let taken = |gid: u32| accounts.group.has_id(gid);
    let gid = match given {
        Some(gid) if !taken(gid) || options.has('o') => gid,
        Some(gid) if !options.has('f') => return fail(process, 4, &format!("GID '{gid}' already exists")),
        _ => {
            let system = options.has('r');
            match new_id(definitions.range("GID", system), system, None, &taken, &ids(&accounts.group)) {
                Some(gid) => gid,
                None => return fail(process, 4, "Can't get unique GID (no more available GIDs)"),
            }
        }
    };
    accounts.add_group(name, gid);
    for user in options.value('U').unwrap_or_default().split(',').filter(|user| !user.is_empty()) {
        accounts.add_member(name, user);
    }
    accounts.save(process)
}

/// Changes the number or the name of a group.
pub(in crate::shell::utilities) fn groupmod(process: &mut Process<'_, '_>) -> Outcome {
    let long = [
        ("gid", 'g'),
        ("new-name", 'n'),
        ("non-unique", 'o'),
        ("password", 'p'),
        ("append", 'a'),
        ("users", 'U'),
    ];
    let options = match options::parse(process, "g:n:op:aU:", &long)? {
        Ok(options) => options,
        Err(_) => return Ok(2),
    };
    let [name] = &options.operands[..] else {
        return fail(process, 2, "wrong number of arguments");
    };
    let mut accounts = match Accounts::open(process, "/etc/group", 10)? {
        Ok(accounts) => accounts,
        Err(code) => return Ok(code),
    };
    let Some(old) = accounts.group.field(name, 2).map(str::to_owned) else {
        return fail(process, 6, &format!("group '{name}' does not exist"));
    };
    if let Some(gid) = options.value('g') {
        let Ok(number) = gid.parse::<u32>() else {
            return fail(process, 3, &format!("invalid group ID '{gid}'"));
        };
        if gid != old && accounts.group.has_id(number) && !options.has('o') {
            return fail(process, 4, &format!("GID '{gid}' already exists"));
        }
        accounts.group.set(name, 2, gid);
        let primary: Vec<String> = accounts
            .passwd
            .entries()
            .filter(|entry| entry.get(3) == Some(&old.as_str()))
            .map(|entry| entry[0].to_owned())
            .collect();
        for user in primary {
            accounts.passwd.set(&user, 3, gid);
        }
    }
    if let Some(users) = options.value('U') {
        if !options.has('a') {
            for member in accounts.group.members(name) {
                accounts.remove_member(name, &member);
            }
        }
        for user in users.split(',').filter(|user| !user.is_empty()) {
            accounts.add_member(name, user);
        }
    }
    if let Some(new) = options.value('n').filter(|new| new != name) {
        if accounts.group.entry(new).is_some() {
            return fail(process, 9, &format!("group '{new}' already exists"));
        }
        if !is_valid_name(new) {
            return fail(process, 3, &format!("invalid group name '{new}'"));
        }
        accounts.group.set(name, 0, new);
        accounts.gshadow.set(name, 0, new);
        // A changed name goes to the end.
        for table in [&mut accounts.group, &mut accounts.gshadow] {
            if let Some(at) = table.lines.iter().position(|line| line.split(':').next() == Some(new)) {
                let line = table.lines.remove(at);
                table.lines.push(line);
            }
        }
    }
    accounts.save(process)
}

/// Removes a group that is nobody's primary one.
pub(in crate::shell::utilities) fn groupdel(process: &mut Process<'_, '_>) -> Outcome {
    let options = match options::parse(process, "fP:R:", &[("force", 'f'), ("prefix", 'P'), ("root", 'R')])? {
        Ok(options) => options,
        Err(_) => return Ok(2),
    };
    let [name] = &options.operands[..] else {
        return fail(process, 2, "wrong number of arguments");
    };
    let mut accounts = match Accounts::open(process, "/etc/group", 10)? {
        Ok(accounts) => accounts,
        Err(code) => return Ok(code),
    };
    let Some(gid) = accounts.group.field(name, 2).map(str::to_owned) else {
        return fail(process, 6, &format!("group '{name}' does not exist"));
    };
    if let Some(user) = accounts.passwd.with(3, &gid).filter(|_| !options.has('f')) {
        let text = format!("cannot remove the primary group of user '{}'", user[0]);
        return fail(process, 8, &text);
    }
    accounts.group.remove(name);
    accounts.gshadow.remove(name);
    accounts.save(process)
}
