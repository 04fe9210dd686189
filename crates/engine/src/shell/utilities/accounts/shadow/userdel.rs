//! `userdel`.

use super::{Accounts, Definitions, fail, subordinate};
use crate::shell::utilities::accounts::home;
use crate::shell::utilities::options;
use crate::shell::{Outcome, Process};

/// Removes a user, its own group, and with `-r` its home directory.
pub(in crate::shell::utilities) fn userdel(process: &mut Process<'_, '_>) -> Outcome {
    let long = [("force", 'f'), ("remove", 'r'), ("root", 'R'), ("prefix", 'P'), ("selinux-user", 'Z')];
    let options = match options::parse(process, "frR:P:Z", &long)? {
        Ok(options) => options,
        Err(_) => return Ok(2),
    };
    let [name] = &options.operands[..] else {
        return fail(process, 2, "wrong number of arguments");
    };
    let definitions = Definitions::load(process, std::iter::empty());
    let mut accounts = match Accounts::open(process, "/etc/passwd", 1)? {
        Ok(accounts) => accounts,
        Err(code) => return Ok(code),
    };
    let Some(entry) = accounts.passwd.entry(name) else {
        return fail(process, 6, &format!("user '{name}' does not exist"));
    };
    let field = |at: usize| entry.get(at).copied().unwrap_or_default().to_owned();
    let (gid, home_directory) = (field(3), field(5));
    accounts.passwd.remove(name);
    accounts.shadow.remove(name);
    for group in accounts.groups_of(name) {
        accounts.remove_member(&group, name);
    }
    let own_groups = definitions.text("USERGROUPS_ENAB") == Some("yes");
    if own_groups && accounts.group.field(name, 2) == Some(gid.as_str()) {
        if accounts.passwd.with(3, &gid).is_some() {
            let text =
                format!("group {name} not removed because it is not the primary group of user {name}.");
            process.complain(&text)?;
        } else {
            accounts.group.remove(name);
            accounts.gshadow.remove(name);
        }
    }
    let code = accounts.save(process)?;
    subordinate::remove(process, name);
    if options.has('r') {
        let spool = format!("/var/mail/{name}");
        if process.remove(&spool).is_err() {
            process.complain(&format!("{name} mail spool ({spool}) not found"))?;
        }
        if !home::remove(process, &home_directory) {
            process.complain(&format!("{name} home directory ({home_directory}) not found"))?;
        }
    }
    Ok(code)
}
