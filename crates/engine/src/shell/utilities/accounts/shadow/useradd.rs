//! `useradd`.

use super::{Accounts, Definitions, fail, ids, is_valid_name, new_id, subordinate};
use crate::shell::utilities::accounts::home::Skeleton;
use crate::shell::utilities::accounts::table::today;
use crate::shell::utilities::options::{self, Options};
use crate::shell::{Interrupt, Outcome, Process};
use crate::vfs::{Follow, path};

const LONG: [(&str, char); 24] = [
    ("badname", 'B'),
    ("base-dir", 'b'),
    ("comment", 'c'),
    ("home-dir", 'd'),
    ("home", 'd'),
    ("defaults", 'D'),
    ("expiredate", 'e'),
    ("inactive", 'f'),
    ("add-subids-for-system", 'F'),
    ("gid", 'g'),
    ("groups", 'G'),
    ("skel", 'k'),
    ("key", 'K'),
    ("no-log-init", 'l'),
    ("create-home", 'm'),
    ("no-create-home", 'M'),
    ("no-user-group", 'N'),
    ("non-unique", 'o'),
    ("password", 'p'),
    ("system", 'r'),
    ("shell", 's'),
    ("uid", 'u'),
    ("user-group", 'U'),
    ("selinux-user", 'Z'),
];

/// `/etc/default/useradd`, with what is built in.
struct Defaults {
    group: String,
    home: String,
    inactive: String,
    expire: String,
    shell: String,
    skeleton: String,
}

impl Defaults {
    fn load(process: &mut Process<'_, '_>) -> Self {
        let text = process.read_text("/etc/default/useradd").unwrap_or_default();
        let value = |key: &str, built_in: &str| {
            let line = text.lines().rev().find_map(|line| line.strip_prefix(key)?.strip_prefix('='));
            line.unwrap_or(built_in).trim_matches('"').to_owned()
        };
        Self {
            group: value("GROUP", "100"),
            home: value("HOME", "/home"),
            inactive: value("INACTIVE", "-1"),
            expire: value("EXPIRE", ""),
            shell: value("SHELL", ""),
            skeleton: value("SKEL", "/etc/skel"),
        }
    }

    fn print(&self, process: &mut Process<'_, '_>) -> Outcome {
        process.output(&format!(
            "GROUP={}\nHOME={}\nINACTIVE={}\nEXPIRE={}\nSHELL={}\nSKEL={}\nCREATE_MAIL_SPOOL=no\nLOG_INIT=yes\n",
            self.group, self.home, self.inactive, self.expire, self.shell, self.skeleton
        ))?;
        Ok(0)
    }
}

/// Makes a user.
pub(in crate::shell::utilities) fn useradd(process: &mut Process<'_, '_>) -> Outcome {
    let options = match options::parse(process, "Bb:c:d:De:f:Fg:G:k:K:lmMNop:rs:u:UZ:", &LONG)? {
        Ok(options) => options,
        Err(_) => return Ok(2),
    };
    let defaults = Defaults::load(process);
    if options.has('D') {
        return defaults.print(process);
    }
    let [name] = &options.operands[..] else {
        return fail(process, 2, "wrong number of arguments");
    };
    let definitions = Definitions::load(process, options.values('K'));
    if !is_valid_name(name) {
        return fail(process, 3, &format!("invalid user name '{name}': use --badname to ignore"));
    }
    let mut accounts = match Accounts::open(process, "/etc/passwd", 1)? {
        Ok(accounts) => accounts,
        Err(code) => return Ok(code),
    };
    let mut user = match User::of(process, &options, &accounts, &definitions, &defaults, name)? {
        Ok(user) => user,
        Err(code) => return Ok(code),
    };
    user.enter(process, &options, &definitions, &mut accounts);
    let code = accounts.save(process)?;
    if code == 0 && (!options.has('r') || options.has('F')) {
        subordinate::add(process, &definitions, name);
    }
    if user.makes_home {
        user.make_home(process, &options, &definitions, &defaults)?;
    }
    Ok(code)
}

/// What is to be made.
struct User {
    name: String,
    uid: u32,
    gid: u32,
    own_group: bool,
    groups: Vec<String>,
    home: String,
    shell: String,
    makes_home: bool,
}

impl User {
    /// Works it out, or says what is wrong and gives the exit code.
    fn of(
        process: &mut Process<'_, '_>,
        options: &Options,
        accounts: &Accounts,
        definitions: &Definitions,
        defaults: &Defaults,
        name: &str,
    ) -> Result<Result<Self, i32>, Interrupt> {
        let mut groups = Vec::new();
        for group in options.value('G').unwrap_or_default().split(',').filter(|group| !group.is_empty()) {
            match accounts.find_group(group) {
                Some((group, _)) => groups.push(group),
                None => return fail(process, 6, &format!("group '{group}' does not exist")).map(Err),
            }
        }
        let chosen = match options.value('g') {
            Some(group) => match accounts.find_group(group) {
                Some((_, gid)) => Some(gid),
                None => return fail(process, 6, &format!("group '{group}' does not exist")).map(Err),
            },
            None => None,
        };
        if accounts.passwd.entry(name).is_some() {
            return fail(process, 9, &format!("user '{name}' already exists")).map(Err);
        }
        let wants_group = definitions.text("USERGROUPS_ENAB") == Some("yes") && !options.has('N');
        let own_group = options.has('U') || chosen.is_none() && wants_group;
        if own_group && accounts.group.entry(name).is_some() {
            let text = format!("group {name} exists - if you want to add this user to that group, use -g.");
            return fail(process, 9, &text).map(Err);
        }
        let system = options.has('r');
        let taken = |uid: u32| accounts.passwd.has_id(uid);
        let uid = match options.value('u').map(str::parse::<u32>) {
            Some(Ok(uid)) if accounts.passwd.has_id(uid) && !options.has('o') => {
                return fail(process, 4, &format!("UID {uid} is not unique")).map(Err);
            }
            Some(Ok(uid)) => uid,
            Some(Err(_)) => {
                let text = format!("invalid user ID '{}'", options.value('u').unwrap_or_default());
                return fail(process, 3, &text).map(Err);
            }
            None => {
                let preferred = chosen.filter(|_| !own_group && system);
                let range = definitions.range("UID", system);
                match new_id(range, system, preferred, &taken, &ids(&accounts.passwd)) {
                    Some(uid) => uid,
                    None => {
                        return fail(process, 4, "Can't get unique UID (no more available UIDs)").map(Err);
                    }
                }
            }
        };
        let gid = if own_group {
            let free = |gid: u32| accounts.group.has_id(gid);
            let range = definitions.range("GID", system);
            new_id(range, system, Some(uid), &free, &ids(&accounts.group)).unwrap_or(uid)
        } else {
            chosen.unwrap_or_else(|| defaults.group.parse().unwrap_or(100))
        };
        let base = options.value('b').unwrap_or(&defaults.home);
        let home = options.value('d').map_or_else(|| path::join(base, name), str::to_owned);
        let makes_home = options.has('m')
            || definitions.text("CREATE_HOME") == Some("yes") && !system && !options.has('M');
        let shell = options.value('s').unwrap_or(&defaults.shell).to_owned();
        Ok(Ok(Self { name: name.to_owned(), uid, gid, own_group, groups, home, shell, makes_home }))
    }

    /// Puts it into the files.
    fn enter(
        &mut self,
        process: &Process<'_, '_>,
        options: &Options,
        definitions: &Definitions,
        accounts: &mut Accounts,
    ) {
        let Self { name, uid, gid, home, shell, .. } = self;
        let comment = options.value('c').unwrap_or_default();
        accounts.passwd.lines.push(format!("{name}:x:{uid}:{gid}:{comment}:{home}:{shell}"));
        let password = options.value('p').unwrap_or("!");
        let ages = if options.has('r') {
            "::".to_owned()
        } else {
            let number = |key, default| definitions.number(key, default).to_string();
            format!(
                "{}:{}:{}",
                number("PASS_MIN_DAYS", 0),
                number("PASS_MAX_DAYS", 99_999),
                number("PASS_WARN_AGE", 7)
            )
        };
        let inactive = options.value('f').filter(|days| *days != "-1").unwrap_or_default();
        let expire = options.value('e').map(days_of).unwrap_or_default();
        let day = today(process);
        accounts.shadow.lines.push(format!("{name}:{password}:{day}:{ages}:{inactive}:{expire}:"));
        if self.own_group {
            accounts.add_group(name, *gid);
        }
        for group in &self.groups {
            accounts.add_member(group, name);
        }
    }

    fn make_home(
        &self,
        process: &mut Process<'_, '_>,
        options: &Options,
        definitions: &Definitions,
        defaults: &Defaults,
    ) -> Result<(), Interrupt> {
        if process.exists(&self.home) {
            let text = "warning: the home directory already exists.\n";
            process.error_output(&format!("useradd: {text}"))?;
            return process.error_output("useradd: Not copying any file from skel directory into it.\n");
        }
        let umask =
            definitions.text("UMASK").and_then(|text| u32::from_str_radix(text, 8).ok()).unwrap_or(0o022);
        let mode = definitions.text("HOME_MODE").and_then(|text| u32::from_str_radix(text, 8).ok());
        let made = process
            .make_directories(path::parent(&self.home))
            .and_then(|()| process.make_directory(&self.home, 0o700))
            .and_then(|()| process.set_owner(&self.home, Some(self.uid), Some(self.gid), Follow::Yes))
            .and_then(|()| process.set_mode(&self.home, mode.unwrap_or(0o777 & !umask)));
        if made.is_err() {
            return process.complain(&format!("cannot create directory {}", self.home));
        }
        let skeleton = options.value('k').unwrap_or(&defaults.skeleton).to_owned();
        let copier = Skeleton { uid: self.uid, gid: self.gid, keep_times: true };
        let _ = copier.copy(process, &skeleton, &self.home);
        Ok(())
    }
}

/// Days since 1970 of a date `YYYY-MM-DD`.
fn days_of(date: &str) -> String {
    let parts: Vec<i64> = date.split('-').filter_map(|part| part.parse().ok()).collect();
    let [year, month, day] = parts[..] else { return String::new() };
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    (era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468)
        .to_string()
}
