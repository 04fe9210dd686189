//! Debian's `adduser` and `addgroup`: scripts in front of `useradd` and `groupadd`.

use super::home::Skeleton;
use super::shadow::{Accounts, Definitions, is_valid_name, subordinate};
use super::table::{first_free, today};
use crate::shell::utilities::options::{self, Options};
use crate::shell::{Interrupt, Outcome, Process};
use crate::vfs::Follow;

const SYSTEM: std::ops::RangeInclusive<u32> = 100..=999;
const NORMAL: std::ops::RangeInclusive<u32> = 1000..=59_999;
/// The group that normal users are put in besides their own (`EXTRA_GROUPS`).
const EXTRA_GROUP: &str = "users";

const LONG: [(&str, char); 21] = [
    ("system", 'S'),
    ("group", 'g'),
    ("home", 'h'),
    ("no-create-home", 'H'),
    ("shell", 's'),
    ("uid", 'u'),
    ("gid", 'i'),
    ("ingroup", 'I'),
    ("firstuid", 'f'),
    ("lastuid", 'l'),
    ("firstgid", 'F'),
    ("lastgid", 'L'),
    ("disabled-password", 'D'),
    ("disabled-login", 'D'),
    ("gecos", 'c'),
    ("comment", 'c'),
    ("allow-bad-names", 'b'),
    ("force-badname", 'b'),
    ("quiet", 'q'),
    ("debug", 'd'),
    ("conf", 'C'),
];
const SHORT: &str = "Sgh:Hs:u:i:I:f:l:F:L:Dc:bqdC:";

const BAD_NAME: &str = "To avoid problems, the username must not start with a
            dash, plus sign, or tilde, and it must not contain any of the
            following: colon, comma, slash, or any whitespace characters
            including spaces, tabs, and newlines.";
const UNUSUAL_NAME: &str = "Please enter a username matching the regular expression
            configured via the NAME_REGEX configuration variable.  Use the
            `--allow-bad-names' option to relax this check or reconfigure
            NAME_REGEX in configuration.";

/// What is said besides warnings, unless `--quiet` forbids it.
pub(super) fn say(process: &mut Process<'_, '_>, options: &Options, text: &str) -> Result<(), Interrupt> {
    if options.has('q') { Ok(()) } else { process.output(&format!("{text}\n")) }
}

pub(super) fn fail(process: &mut Process<'_, '_>, code: i32, text: &str) -> Outcome {
    process.complain(text)?;
    Ok(code)
}

/// Whether the name may be; the complaint was made if not.
fn check_name(process: &mut Process<'_, '_>, options: &Options, name: &str) -> Result<bool, Interrupt> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-';
    let is_usual = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.strip_suffix('$').unwrap_or(name).chars().all(plain);
    if !is_valid_name(name) {
        process.complain(BAD_NAME)?;
        return Ok(false);
    }
    if !is_usual && !options.has('b') && !options.has('S') {
        process.complain(UNUSUAL_NAME)?;
        return Ok(false);
    }
    Ok(true)
}

/// Opens the files, or says that only root may.
fn open(process: &mut Process<'_, '_>, what: &str) -> Result<Result<Accounts, i32>, Interrupt> {
    if process.credentials.uid != 0 {
        return fail(process, 1, &format!("Only root may add a {what} to the system.")).map(Err);
    }
    Accounts::open(process, "/etc/passwd", 1)
}

fn number(options: &Options, letter: char) -> Option<u32> {
    options.value(letter)?.parse().ok()
}

fn range(options: &Options, letters: (char, char)) -> std::ops::RangeInclusive<u32> {
    let usual = if options.has('S') { SYSTEM } else { NORMAL };
    let first = number(options, letters.0).unwrap_or(*usual.start());
    first..=number(options, letters.1).unwrap_or(*usual.end())
}

pub(super) fn addgroup(process: &mut Process<'_, '_>) -> Outcome {
    let options = match options::parse(process, SHORT, &LONG)? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    match &options.operands[..] {
        [name] => make_group(process, &options, &name.clone()),
        [user, group] => join(process, &options, user, group),
        [] => fail(process, 1, "Only one or two names allowed."),
        _ => fail(process, 1, "Only one or two names allowed."),
    }
}

fn make_group(process: &mut Process<'_, '_>, options: &Options, name: &str) -> Outcome {
    if !check_name(process, options, name)? {
        return Ok(1);
    }
    let mut accounts = match open(process, "user or group")? {
        Ok(accounts) => accounts,
        Err(code) => return Ok(code),
    };
    if accounts.group.entry(name).is_some() {
        if options.has('S') {
            let text = format!("The group `{name}' already exists as a system group. Exiting.");
            return fail(process, 0, &text);
        }
        return fail(process, 1, &format!("The group `{name}' already exists."));
    }
    let gid = match number(options, 'i') {
        Some(gid) if accounts.group.has_id(gid) => {
            return fail(process, 1, &format!("The GID `{gid}' is already in use."));
        }
        Some(gid) => Some(gid),
        None => first_free(range(options, ('F', 'L')), |gid| accounts.group.has_id(gid)),
    };
    let Some(gid) = gid else {
        return fail(process, 1, "No GID is available in the range.");
    };
    say(process, options, &format!("Adding group `{name}' (GID {gid}) ..."))?;
    accounts.add_group(name, gid);
    let code = accounts.save(process)?;
    say(process, options, "Done.")?;
    Ok(code)
}

/// `adduser USER GROUP`
fn join(process: &mut Process<'_, '_>, options: &Options, user: &str, group: &str) -> Outcome {
    let mut accounts = match open(process, "user or group")? {
        Ok(accounts) => accounts,
        Err(code) => return Ok(code),
    };
    if accounts.passwd.entry(user).is_none() {
        return fail(process, 1, &format!("The user `{user}' does not exist."));
    }
    if accounts.group.entry(group).is_none() {
        return fail(process, 1, &format!("The group `{group}' does not exist."));
    }
    if accounts.group.members(group).iter().any(|member| member == user) {
        return fail(process, 0, &format!("The user `{user}' is already a member of `{group}'."));
    }
    say(process, options, &format!("Adding user `{user}' to group `{group}' ..."))?;
    accounts.add_member(group, user);
    let code = accounts.save(process)?;
    say(process, options, "Done.")?;
    Ok(code)
}

pub(super) fn adduser(process: &mut Process<'_, '_>) -> Outcome {
    let options = match options::parse(process, SHORT, &LONG)? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    let name = match &options.operands[..] {
        [name] if options.has('g') && !options.has('S') => {
            return make_group(process, &options, &name.clone());
        }
        [name] => name.clone(),
        [user, group] => return join(process, &options, user, group),
        _ => return fail(process, 1, "Only one or two names allowed."),
    };
    if !check_name(process, &options, &name)? {
        return Ok(1);
    }
    let accounts = match open(process, "user or group")? {
        Ok(accounts) => accounts,
        Err(code) => return Ok(code),
    };
    if let Some(old) = accounts.passwd.field(&name, 2).map(str::to_owned) {
        if !options.has('S') {
            return fail(process, 1, &format!("The user `{name}' already exists."));
        }
        if old.parse().is_ok_and(|uid: u32| SYSTEM.contains(&uid)) {
            say(process, &options, &format!("The system user `{name}' already exists. Exiting."))?;
            return Ok(0);
        }
        let text = format!("The user `{name}' already exists, but is not a system user. Exiting.");
        return fail(process, 1, &text);
    }
    let new = match NewUser::of(process, &options, &accounts, &name)? {
        Ok(new) => new,
        Err(code) => return Ok(code),
    };
    new.make(process, &options, accounts)
}

/// A user to be made.
struct NewUser {
    name: String,
    uid: u32,
    gid: u32,
    group: String,
    own_group: bool,
    home: String,
}

impl NewUser {
    fn of(
        process: &mut Process<'_, '_>,
        options: &Options,
        accounts: &Accounts,
        name: &str,
    ) -> Result<Result<Self, i32>, Interrupt> {
        let system = options.has('S');
        let chosen = match (options.value('I'), options.value('i')) {
            (Some(group), _) | (None, Some(group)) => match accounts.find_group(group) {
                Some(found) => Some(found),
                None => {
                    let what = if options.has('I') { "group" } else { "GID" };
                    let text = if what == "group" {
                        format!("The group `{group}' does not exist.")
                    } else {
                        format!("The GID `{group}' does not exist.")
                    };
                    return fail(process, 1, &text).map(Err);
                }
            },
            _ if system && !options.has('g') => accounts.find_group("nogroup"),
            _ => None,
        };
        let own_group = chosen.is_none();
        if own_group && accounts.group.entry(name).is_some() {
            return fail(process, 1, &format!("The group `{name}' already exists.")).map(Err);
        }
        let free_uid =
            |id: u32| accounts.passwd.has_id(id) || own_group && !system && accounts.group.has_id(id);
        let uid = match number(options, 'u') {
            Some(uid) if accounts.passwd.has_id(uid) => {
                return fail(process, 1, &format!("The UID {uid} is already in use.")).map(Err);
            }
            Some(uid) => Some(uid),
            None => first_free(range(options, ('f', 'l')), free_uid),
        };
        let taken = |gid: u32| accounts.group.has_id(gid);
        let gid = match &chosen {
            Some((_, gid)) => Some(*gid),
            None if !system || options.has('u') => uid.filter(|uid| !taken(*uid)),
            None => None,
        };
        let gid = gid.or_else(|| first_free(range(options, ('F', 'L')), taken));
        let (Some(uid), Some(gid)) = (uid, gid) else {
            return fail(process, 1, "No UID/GID pair is available in the range.").map(Err);
        };
        let group = chosen.map_or_else(|| name.to_owned(), |(group, _)| group);
        let usual = if system { "/nonexistent".to_owned() } else { format!("/home/{name}") };
        let home = options.value('h').map_or(usual, str::to_owned);
        Ok(Ok(Self { name: name.to_owned(), uid, gid, group, own_group, home }))
    }

    fn make(&self, process: &mut Process<'_, '_>, options: &Options, mut accounts: Accounts) -> Outcome {
        let Self { name, uid, gid, group, home: _, .. } = self;
        let system = options.has('S');
        if options.value('h').is_some() && !options.has('q') {
            self.warn_of_home(process, options)?;
        }
        let (label, said_group) =
            if system { ("system user", group.clone()) } else { ("user", format!("{group} ({gid})")) };
        let said = if system { format!(" (UID {uid})") } else { String::new() };
        say(process, options, &format!("Adding {label} `{name}'{said} ..."))?;
        if self.own_group {
            let kind = if system { "GID " } else { "" };
            say(process, options, &format!("Adding new group `{name}' ({kind}{gid}) ..."))?;
            accounts.add_group(name, *gid);
        }
        let kind = if system { "UID " } else { "" };
        say(
            process,
            options,
            &format!("Adding new user `{name}' ({kind}{uid}) with group `{said_group}' ..."),
        )?;
        self.enter(process, options, &mut accounts);
        let mut code = accounts.save(process)?;
        if !system {
            let definitions = Definitions::load(process, std::iter::empty());
            subordinate::add(process, &definitions, name);
        }
        self.make_home(process, options)?;
        if !system {
            self.ask(process, options)?;
            say(
                process,
                options,
                &format!("Adding new user `{name}' to supplemental / extra groups `{EXTRA_GROUP}' ..."),
            )?;
            code = self.join_extra_group(process, options)?;
        }
        Ok(code)
    }

    fn warn_of_home(&self, process: &mut Process<'_, '_>, options: &Options) -> Result<(), Interrupt> {
        let home = &self.home;
        if process.exists(home) {
            process.complain(&format!("Warning: The home dir {home} you specified already exists."))
        } else if options.has('H') {
            process.complain(&format!(
                "Warning: The home dir {home} you specified can't be accessed: No such file or directory"
            ))
        } else {
            Ok(())
        }
    }

    fn enter(&self, process: &Process<'_, '_>, options: &Options, accounts: &mut Accounts) {
        let Self { name, uid, gid, home, .. } = self;
        let system = options.has('S');
        let shell = options.value('s').unwrap_or(if system { "/usr/sbin/nologin" } else { "/bin/bash" });
        let comment = match options.value('c') {
            None if system => String::new(),
            comment => {
                let comment = comment.unwrap_or_default();
                comment.to_owned() + &",".repeat(3_usize.saturating_sub(comment.matches(',').count()))
            }
        };
        accounts.passwd.lines.push(format!("{name}:x:{uid}:{gid}:{comment}:{home}:{shell}"));
        let ages = if system { "::" } else { "0:99999:7" };
        accounts.shadow.lines.push(format!("{name}:!:{}:{ages}:::", today(process)));
    }

    fn make_home(&self, process: &mut Process<'_, '_>, options: &Options) -> Result<(), Interrupt> {
        let Self { name: _, uid, gid, home, .. } = self;
        let system = options.has('S');
        if home == "/nonexistent" {
            return say(process, options, &format!("Not creating `{home}'."));
        }
        if options.has('H') {
            return say(process, options, &format!("Not creating home directory `{home}'."));
        }
        if let Ok(node) = process.stat(home) {
            if !options.has('q') {
                process.complain(&format!(
                    "The home directory `{home}' already exists.  Not touching this directory."
                ))?;
            }
            if node.metadata().uid != *uid {
                process.complain(&format!(
                    "Warning: The home directory `{home}' does not belong to the user you are currently creating."
                ))?;
            }
            return Ok(());
        }
        say(process, options, &format!("Creating home directory `{home}' ..."))?;
        let mode = if system { 0o755 } else { 0o700 };
        let made = process
            .make_directories(home)
            .and_then(|()| process.set_owner(home, Some(*uid), Some(*gid), Follow::Yes))
            .and_then(|()| process.set_mode(home, mode));
        if made.is_err() {
            return process.complain(&format!("Couldn't create home directory `{home}'"));
        }
        if !system && process.is_directory("/etc/skel") {
            say(process, options, "Copying files from `/etc/skel' ...")?;
            let copier = Skeleton { uid: *uid, gid: *gid, keep_times: false };
            let _ = copier.copy(process, "/etc/skel", home);
        }
        Ok(())
    }

    /// What the script asks for, with the answers that the end of the input gives.
    fn ask(&self, process: &mut Process<'_, '_>, options: &Options) -> Result<(), Interrupt> {
        let name = &self.name;
        if !options.has('D') {
            let mut child = process.fork();
            child.arguments = vec!["passwd".to_owned(), name.clone()];
            if super::password::ask(&mut child, name)? != 0 {
                process.output("Try again? [y/N] ")?;
                no_answer(process, &[740, 741, 742])?;
            }
        }
        if options.value('c').is_none() {
            process.output(&format!(
                "Changing the user information for {name}\n\
                 Enter the new value, or press ENTER for the default\n\
                 \tFull Name []: \tRoom Number []: \tWork Phone []: \tHome Phone []: \tOther []: \
                 Is the information correct? [Y/n] "
            ))?;
            no_answer(process, &[766, 767, 768])?;
        }
        Ok(())
    }

    fn join_extra_group(&self, process: &mut Process<'_, '_>, options: &Options) -> Outcome {
        let mut accounts = match Accounts::open(process, "/etc/passwd", 1)? {
            Ok(accounts) => accounts,
            Err(code) => return Ok(code),
        };
        if accounts.group.entry(EXTRA_GROUP).is_none() {
            process.complain(&format!("The group `{EXTRA_GROUP}' does not exist."))?;
            return Ok(0);
        }
        say(process, options, &format!("Adding user `{}' to group `{EXTRA_GROUP}' ...", self.name))?;
        accounts.add_member(EXTRA_GROUP, &self.name);
        accounts.save(process)
    }
}

/// Perl's complaints where an answer was to be read and the input had ended.
fn no_answer(process: &mut Process<'_, '_>, lines: &[u32; 3]) -> Result<(), Interrupt> {
    for (line, what) in lines.iter().zip(["chop", "pattern match (m//)", "pattern match (m//)"]) {
        process.error_output(&format!(
            "Use of uninitialized value $answer in {what} at /usr/sbin/adduser line {line}.\n"
        ))?;
    }
    Ok(())
}
