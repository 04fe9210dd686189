//! `gpasswd`: who belongs to a group.

use super::shadow::{Accounts, fail};
use super::table::Table;
use crate::shell::utilities::options;
use crate::shell::{Outcome, Process};

const LONG: &[(&str, char)] = &[
    ("add", 'a'),
    ("delete", 'd'),
    ("help", 'h'),
    ("root", 'Q'),
    ("remove-password", 'r'),
    ("restrict", 'R'),
    ("members", 'M'),
    ("administrators", 'A'),
];

const USAGE: &str = "Usage: gpasswd [option] GROUP

Options:
  -a, --add USER                add USER to GROUP
  -d, --delete USER             remove USER from GROUP
  -h, --help                    display this help message and exit
  -Q, --root CHROOT_DIR         directory to chroot into
  -r, --remove-password         remove the GROUP's password
  -R, --restrict                restrict access to GROUP to its members
  -M, --members USER,...        set the list of members of GROUP
  -A, --administrators ADMIN,...
                                set the list of administrators for GROUP
Except for the -A and -M options, the options cannot be combined.

";

/// Adds or removes a member, or sets all of them.
pub(in crate::shell::utilities) fn gpasswd(process: &mut Process<'_, '_>) -> Outcome {
    let options = match options::parse(process, "a:d:hQ:rRM:A:", LONG)? {
        Ok(options) => options,
        Err(_) => return Ok(2),
    };
    let asked = options.all().filter(|(letter, _)| "adrRMA".contains(*letter)).count();
    let ([group], false) = (&options.operands[..], options.has('h') || asked == 0) else {
        let is_asked = options.has('h');
        if is_asked {
            process.output(USAGE)?;
        } else {
            process.error_output(USAGE)?;
        }
        return Ok(if is_asked { 0 } else { 2 });
    };
    let mut accounts = match Accounts::open(process, "/etc/group", 1)? {
        Ok(accounts) => accounts,
        Err(code) => return Ok(code),
    };
    if accounts.group.entry(group).is_none() {
        return fail(process, 3, &format!("group '{group}' does not exist in /etc/group"));
    }
    for name in options.values('a').chain(options.values('M').flat_map(|list| list.split(','))) {
        if !name.is_empty() && accounts.passwd.entry(name).is_none() {
            return fail(process, 3, &format!("user '{name}' does not exist"));
        }
    }
    if let Some(user) = options.value('a') {
        process.output(&format!("Adding user {user} to group {group}\n"))?;
        accounts.add_member(group, user);
    }
    if let Some(user) = options.value('d') {
        if !accounts.group.members(group).iter().any(|member| member == user) {
            return fail(process, 3, &format!("user '{user}' is not a member of '{group}'"));
        }
        process.output(&format!("Removing user {user} from group {group}\n"))?;
        accounts.remove_member(group, user);
    }
    if let Some(list) = options.value('M') {
        let members: Vec<String> =
            list.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect();
        for table in [&mut accounts.group, &mut accounts.gshadow] {
            table.set_members(group, &members);
        }
    }
    if let Some(list) = options.value('A') {
        shadowed(&mut accounts.gshadow, group, 2, list);
    }
    if options.has('r') || options.has('R') {
        shadowed(&mut accounts.gshadow, group, 1, if options.has('r') { "" } else { "!" });
    }
    accounts.save(process)
}

fn shadowed(table: &mut Table, group: &str, field: usize, text: &str) {
    if table.exists {
        table.set(group, field, text);
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::super::testing::shown;

    #[test]
    fn members() {
        assert_eq!(
            shown(
                "dash",
                "gpasswd -a app staff; gpasswd -a root staff; grep staff /etc/group; gpasswd -d app staff; \
                 grep staff /etc/group; gpasswd -M app,root app; grep app: /etc/group; gpasswd -a nobody staff; \
                 gpasswd -a app none; gpasswd -d app staff"
            ),
            "Adding user app to group staff\nAdding user root to group staff\nstaff:x:50:app,root\n\
             Removing user app from group staff\nstaff:x:50:root\napp:x:1000:app,root\n\
             ! gpasswd: user 'nobody' does not exist\n! gpasswd: group 'none' does not exist in /etc/group\n\
             ! gpasswd: user 'app' is not a member of 'staff'\n= 3\n"
        );
    }
}
