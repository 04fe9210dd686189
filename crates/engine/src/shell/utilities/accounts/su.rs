//! `su`: runs a shell as somebody else.

use super::table::{GROUP, PASSWD, Table};
use crate::shell::credentials::{Credentials, supplementary};
use crate::shell::utilities::options;
use crate::shell::{Outcome, Process};

const ROOT_PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const DEBIAN_PATH: &str = "/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games";
const BUSYBOX_PATH: &str = "/bin:/usr/bin";
const BUSYBOX_ROOT_PATH: &str = "/sbin:/usr/sbin:/bin:/usr/bin";

/// Runs the shell of another user, or `-s`, with `-c`.
pub(in crate::shell::utilities) fn su(process: &mut Process<'_, '_>) -> Outcome {
    let long = [
        ("command", 'c'),
        ("shell", 's'),
        ("login", 'l'),
        ("preserve-environment", 'm'),
        ("group", 'g'),
        ("supp-group", 'G'),
        ("pty", 'P'),
        ("whitelist-environment", 'w'),
    ];
    let options = match options::parse(process, "c:s:lmpfg:G:Pw:", &long)? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    let mut operands = options.operands.clone();
    let mut login = options.has('l');
    if operands.first().is_some_and(|word| word == "-") {
        login = true;
        operands.remove(0);
    }
    let name = if operands.is_empty() { "root".to_owned() } else { operands.remove(0) };
    let busybox = process.is_busybox();
    if process.credentials.uid != 0 {
        // Somebody else would be asked for a password, and nobody answers.
        return refused(process);
    }
    let passwd = Table::load(process, PASSWD);
    let entry = passwd.entry(&name).filter(|entry| entry.len() >= 7);
    let Some(entry) = entry.map(|entry| entry.into_iter().map(str::to_owned).collect::<Vec<String>>()) else {
        let text = if busybox {
            format!("unknown user {name}")
        } else {
            format!("user {name} does not exist or the user entry does not contain all the required fields")
        };
        process.complain(&text)?;
        return Ok(1);
    };
    let keeps = (options.has('m') || options.has('p')) && !login;
    let own_shell =
        Some(entry[6].clone()).filter(|shell| !shell.is_empty()).unwrap_or_else(|| "/bin/sh".into());
    let kept_shell = process.env("SHELL").filter(|_| keeps).map(str::to_owned);
    let shell = options.value('s').map(str::to_owned).or(kept_shell).unwrap_or(own_shell);

    let mut child = process.fork();
    let (uid, gid) = (entry[2].parse().unwrap_or(0), entry[3].parse().unwrap_or(0));
    let groups = child.read_text(GROUP).unwrap_or_default();
    child.credentials = Credentials { uid, gid, groups: supplementary(&groups, &name, gid) };
    if login {
        let term = child.env("TERM").map(str::to_owned);
        child.environment = term.map(|term| ("TERM".to_owned(), term)).into_iter().collect();
        let path = match (busybox, uid == 0) {
            (true, true) => BUSYBOX_ROOT_PATH,
            (true, false) => BUSYBOX_PATH,
            (false, true) => ROOT_PATH,
            (false, false) => DEBIAN_PATH,
        };
        child.set_env("PATH", path);
        if child.is_directory(&entry[5]) {
            child.cwd.clone_from(&entry[5]);
        } else {
            child.complain(&format!(
                "{}{}: No such file or directory",
                if busybox { "can't change directory to " } else { "warning: cannot change directory to " },
                if busybox { format!("'{}'", entry[5]) } else { entry[5].clone() }
            ))?;
        }
    }
    if !keeps {
        child.set_env("HOME", &entry[5]);
        child.set_env("SHELL", &shell);
        if login || uid != 0 || busybox {
            child.set_env("USER", &name);
            child.set_env("LOGNAME", &name);
        }
    }
    let mut words = vec![shell.clone()];
    if login {
        words.push("-l".to_owned());
    }
    if let Some(command) = options.value('c') {
        words.extend(["-c".to_owned(), command.to_owned()]);
    }
    words.extend(operands);
    match crate::shell::command::spawn(&mut child, &words)? {
        Ok(code) => Ok(code),
        Err(error) => {
            let text = if busybox {
                format!("can't execute '{shell}': {}", error.message())
            } else {
                format!("failed to execute {shell}: {}", error.message())
            };
            process.complain(&text)?;
            Ok(error.exit_code())
        }
    }
}

fn refused(process: &mut Process<'_, '_>) -> Outcome {
    if process.is_busybox() {
        process.complain("must be suid to work properly")?;
    } else {
        process.error_output("Password: ")?;
        process.complain("Authentication failure")?;
    }
    Ok(1)
}
