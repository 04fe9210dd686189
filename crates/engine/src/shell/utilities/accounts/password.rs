//! `passwd`, `chpasswd`: the second field of `/etc/shadow`.
//!
//! Passwords become SHA-512 hashes with a salt of the machine's fixed sequence. Debian's programs would take yescrypt
//! here, whose salt is of chance, so that no two builds agree anyway.

use super::sha512_crypt;
use super::table::{Backup, PASSWD, SHADOW, Table, today};
use crate::shell::bytes;
use crate::shell::utilities::options;
use crate::shell::{Interrupt, Outcome, Process};

fn backup(process: &Process<'_, '_>) -> Backup {
    if process.is_busybox() { Backup::Link } else { Backup::Copy }
}

/// Puts a hash where the hashes of this image are; `day` is that of the change.
fn store(process: &mut Process<'_, '_>, name: &str, hash: &str, day: Option<i64>) -> Result<(), Interrupt> {
    let mut shadow = Table::load(process, SHADOW);
    let is_shadowed = shadow.entry(name).is_some();
    let mut table = if is_shadowed { shadow.clone() } else { Table::load(process, PASSWD) };
    table.set(name, 1, hash);
    if let Some(day) = day.filter(|_| is_shadowed) {
        table.set(name, 2, &day.to_string());
    }
    let backup = backup(process);
    if table.save(process, backup).is_err() {
        return process.complain("can't update password file");
    }
    if is_shadowed && process.is_busybox() {
        // BusyBox writes both.
        shadow = Table::load(process, PASSWD);
        shadow.set(name, 1, "x");
        let _ = shadow.save(process, backup);
    }
    Ok(())
}

fn hash(process: &mut Process<'_, '_>, password: &str) -> String {
    let bits = u128::from(process.machine.next_random()) << 64 | u128::from(process.machine.next_random());
    sha512_crypt::crypt(&bytes::to_bytes(password), &sha512_crypt::salt(bits))
}

/// Lines of `name:password`.
pub(in crate::shell::utilities) fn chpasswd(process: &mut Process<'_, '_>) -> Outcome {
    let long = [("encrypted", 'e'), ("md5", 'm'), ("crypt-method", 'c'), ("sha-rounds", 's'), ("root", 'R')];
    let options = match options::parse(process, "emc:s:R:", &long)? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    let busybox = process.is_busybox();
    if process.credentials.uid != 0 {
        let text = if busybox { "permission denied (are you root?)" } else { "Permission denied." };
        process.complain(text)?;
        return Ok(1);
    }
    let input = bytes::to_text(&process.read_input()?);
    for (at, line) in input.lines().enumerate() {
        let Some((name, password)) = line.split_once(':') else {
            let text = "missing new password".to_owned();
            let text = if busybox { text } else { format!("line {}: {text}", at + 1) };
            process.complain(&text)?;
            return Ok(1);
        };
        if Table::load(process, PASSWD).entry(name).is_none() {
            unknown_to_chpasswd(process, name, at + 1, options.has('e') || options.has('c'))?;
            return Ok(1);
        }
        let password = if options.has('e') { password.to_owned() } else { hash(process, password) };
        let day = today(process);
        store(process, name, &password, Some(day))?;
        if busybox {
            process.complain(&format!("password for '{name}' changed"))?;
        }
    }
    Ok(0)
}

fn unknown_to_chpasswd(
    process: &mut Process<'_, '_>,
    name: &str,
    line: usize,
    by_itself: bool,
) -> Result<(), Interrupt> {
    if process.is_busybox() {
        return process.complain(&format!("unknown user {name}"));
    }
    if by_itself {
        process.complain(&format!("line {line}: user '{name}' does not exist"))?;
        return process.complain("error detected, changes ignored");
    }
    process.complain(&format!("(user {name}) pam_chauthtok() failed, error:"))?;
    process.error_output("Authentication token manipulation error\n")?;
    process.complain(&format!("(line {line}, user {name}) password not changed"))
}

/// Changes, locks or removes a password.
pub(in crate::shell::utilities) fn passwd(process: &mut Process<'_, '_>) -> Outcome {
    let long = [
        ("lock", 'l'),
        ("unlock", 'u'),
        ("delete", 'd'),
        ("expire", 'e'),
        ("status", 'S'),
        ("quiet", 'q'),
        ("all", 'a'),
    ];
    let options = match options::parse(process, "ludeSqa", &long)? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    let busybox = process.is_busybox();
    let own = super::super::support::user_name(process, process.credentials.uid).unwrap_or_default();
    let name = options.operands.first().cloned().unwrap_or_else(|| own.clone());
    if process.credentials.uid != 0 {
        // The set-user-ID bit is not modelled.
        let text = if busybox { "must be suid to work properly" } else { "Permission denied." };
        process.complain(text)?;
        return Ok(1);
    }
    if Table::load(process, PASSWD).entry(&name).is_none() {
        let text =
            if busybox { format!("unknown user {name}") } else { format!("user '{name}' does not exist") };
        process.complain(&text)?;
        return Ok(1);
    }
    let shadow = Table::load(process, SHADOW);
    let old = shadow.field(&name, 1).unwrap_or("x").to_owned();
    if options.has('S') {
        return status(process, &shadow, &name, &old);
    }
    if options.has('e') && !busybox {
        let mut shadow = shadow;
        shadow.set(&name, 2, "0");
        let _ = shadow.save(process, Backup::Copy);
    }
    let Some(what) = options.last_of("lud") else {
        if options.has('e') && !busybox {
            if !options.has('q') {
                process.output("passwd: password changed.\n")?;
            }
            return Ok(0);
        }
        return ask(process, &name);
    };
    let new = match what {
        'l' if busybox && old.starts_with('!') => return already(process, &name, "locked"),
        'u' if busybox && !old.starts_with('!') => return already(process, &name, "unlocked"),
        'u' if old.trim_start_matches('!').is_empty() && !busybox && !old.is_empty() => {
            process.complain(
                "unlocking the password would result in a passwordless account.\n\
                 You should set a password with usermod -p to unlock the password of this account.",
            )?;
            return Ok(3);
        }
        'l' if old.starts_with('!') => old.clone(),
        'l' => format!("!{old}"),
        'u' => old.strip_prefix('!').unwrap_or(&old).to_owned(),
        _ => String::new(),
    };
    if busybox {
        let day = today(process);
        store(process, &name, &new, Some(day))?;
        process.complain(&format!("password for {name} changed by {own}"))?;
    } else {
        store(process, &name, &new, None)?;
        if !options.has('q') {
            process.output("passwd: password changed.\n")?;
        }
    }
    Ok(0)
}

fn already(process: &mut Process<'_, '_>, name: &str, what: &str) -> Outcome {
    process.complain(&format!("password for {name} is already {what}"))?;
    Ok(1)
}

fn status(process: &mut Process<'_, '_>, shadow: &Table, name: &str, old: &str) -> Outcome {
    let field = |at: usize| shadow.field(name, at).filter(|text| !text.is_empty()).unwrap_or("-1").to_owned();
    let kind = match old.bytes().next() {
        None => "NP",
        Some(b'!' | b'*') => "L",
        Some(_) => "P",
    };
    let day = field(2).parse::<i64>().unwrap_or(0);
    let (year, month, date) = crate::world::civil(day);
    let text = format!(
        "{name} {kind} {month:02}/{date:02}/{year} {} {} {} {}\n",
        field(3),
        field(4),
        field(5),
        field(6)
    );
    process.output(&text)?;
    Ok(0)
}

/// Asks twice for a password, at standard input.
pub(super) fn ask(process: &mut Process<'_, '_>, name: &str) -> Outcome {
    let busybox = process.is_busybox();
    let mut answers =
        process.read_input()?.split(|byte| *byte == b'\n').map(bytes::to_text).collect::<Vec<_>>();
    if answers.last().is_some_and(String::is_empty) {
        answers.pop();
    }
    if busybox {
        process.output(&format!("Changing password for {name}\nNew password: \n"))?;
    } else {
        process.error_output("New password: ")?;
    }
    let Some(first) = answers.first().cloned().filter(|first| !first.is_empty()) else {
        if busybox {
            process.error_output(&format!("passwd: password for {name} is unchanged\n"))?;
            return Ok(1);
        }
        process.error_output(
            "Password change has been aborted.\npasswd: Authentication token manipulation error\n\
             passwd: password unchanged\n",
        )?;
        return Ok(10);
    };
    if busybox {
        process.output("Retype password: \n")?;
    } else {
        process.error_output("Retype new password: ")?;
    }
    if answers.get(1) != Some(&first) {
        if busybox {
            process.output("Passwords don't match\n")?;
            process.error_output(&format!("passwd: password for {name} is unchanged\n"))?;
            return Ok(1);
        }
        process.error_output(
            "Sorry, passwords do not match.\npasswd: Authentication token manipulation error\n\
             passwd: password unchanged\n",
        )?;
        return Ok(10);
    }
    let hash = hash(process, &first);
    let day = today(process);
    store(process, name, &hash, Some(day))?;
    let own = super::super::support::user_name(process, process.credentials.uid).unwrap_or_default();
    let text = if busybox {
        format!("passwd: password for {name} changed by {own}\n")
    } else {
        "passwd: password updated successfully\n".to_owned()
    };
    process.error_output(&text)?;
    Ok(0)
}
