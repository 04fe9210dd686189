//! `touch`, `chmod`, `chown`, `chgrp`, `ln`, `truncate`: what changes inodes.

use super::ls::permissions_text;
use super::mode;
use super::options;
use super::support::{cannot, destination, group_id, group_name, user_id, user_name};
use super::time::parse_date;
use crate::shell::{Interrupt, Outcome, Process};
use crate::vfs::{Follow, VfsErrorKind, path};

/// Sets times, making files that are missing.
pub(super) fn touch(process: &mut Process<'_, '_>) -> Outcome {
    let long =
        [("no-create", 'c'), ("date", 'd'), ("reference", 'r'), ("no-dereference", 'h'), ("time", 'T')];
    let options = match options::parse(process, "acmhd:r:t:T:", &long)? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    if options.operands.is_empty() {
        process.complain("missing file operand")?;
        return Ok(1);
    }
    let now = process.now();
    let time = if let Some(reference) = options.value('r') {
        match process.stat(reference) {
            Ok(node) => Some(node.metadata().mtime),
            Err(error) => {
                super::support::cannot_open(process, reference, &error)?;
                return Ok(1);
            }
        }
    } else if let Some(text) = options.value('d').or_else(|| options.value('t')) {
        match parse_date(text, now) {
            Some(time) => Some(time),
            None => {
                let text = if process.is_busybox() {
                    format!("invalid date '{text}'")
                } else {
                    format!("invalid date format '{text}'")
                };
                process.complain(&text)?;
                return Ok(1);
            }
        }
    } else {
        None
    };
    let follow = if options.has('h') { Follow::No } else { Follow::Yes };
    let mut code = 0;
    for path in &options.operands {
        let mut result = Ok(());
        if process.place(path, follow).is_ok_and(|(_, node)| node.is_none()) {
            if options.has('c') || options.has('h') {
                continue;
            }
            result = process.create(path, 0o666, false).map(|_| ());
        }
        if let Err(error) = result.and_then(|()| process.set_mtime(path, time.unwrap_or(now), follow)) {
            if options.has('c') && error.kind == VfsErrorKind::NotFound {
                continue;
            }
            let text = if process.is_busybox() {
                format!("{path}: {}", error.kind.message())
            } else {
                format!("cannot touch '{path}': {}", error.kind.message())
            };
            process.complain(&text)?;
            code = 1;
        }
        process.check_limits()?;
    }
    Ok(code)
}

/// Calls `body` with a path and, where asked for, everything below it.
fn walk(
    process: &mut Process<'_, '_>,
    path: &str,
    recursive: bool,
    body: &mut dyn FnMut(&mut Process<'_, '_>, &str) -> Result<bool, Interrupt>,
) -> Result<bool, Interrupt> {
    process.step(1)?;
    let mut done = body(process, path)?;
    if recursive && process.lstat(path).is_ok_and(|node| node.is_directory()) {
        match process.list(path) {
            Ok(entries) => {
                for (name, _) in entries {
                    done &= walk(process, &path::join(path, &name), true, body)?;
                }
            }
            Err(error) => {
                super::support::cannot_open(process, path, &error)?;
                return Ok(false);
            }
        }
    }
    Ok(done)
}

/// Changes modes.
pub(super) fn chmod(process: &mut Process<'_, '_>) -> Outcome {
    // A mode such as `-x` looks like an option.
    let at = process.arguments.iter().skip(1).position(|word| {
        word.len() > 1 && word.starts_with('-') && word[1..].chars().all(|c| "rwxXst".contains(c))
    });
    if let Some(at) = at {
        process.arguments[at + 1] = format!("a{}", process.arguments[at + 1]);
    }
    let long = [
        ("recursive", 'R'),
        ("verbose", 'v'),
        ("reference", 'r'),
        ("changes", 'c'),
        ("quiet", 'f'),
        ("silent", 'f'),
    ];
    let options = match options::parse(process, "Rvcfr:", &long)? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    let mut operands = options.operands.clone();
    let wanted = match options.value('r') {
        Some(reference) => match process.stat(reference) {
            Ok(node) => format!("{:o}", node.metadata().mode),
            Err(error) => {
                cannot(process, "access", reference, &error)?;
                return Ok(1);
            }
        },
        None if operands.len() < 2 => {
            process.complain("missing operand")?;
            return Ok(1);
        }
        None => operands.remove(0),
    };
    if mode::parse(&wanted, 0, false, 0).is_none() {
        process.complain(&format!("invalid mode '{wanted}'"))?;
        return Ok(1);
    }
    let mut code = 0;
    for path in operands {
        let wanted = wanted.clone();
        let mut change = |process: &mut Process<'_, '_>, path: &str| {
            let node = match process.lstat(path) {
                Ok(node) => node,
                Err(error) => {
                    let text = if process.is_busybox() {
                        format!("{path}: {}", error.kind.message())
                    } else {
                        format!("cannot access '{path}': {}", error.kind.message())
                    };
                    process.complain(&text)?;
                    return Ok(false);
                }
            };
            // Links that a walk meets are left alone.
            if node.as_symlink().is_some() && options.has('R') {
                return Ok(true);
            }
            let old = process.stat(path).map_or(node.metadata().mode, |node| node.metadata().mode);
            let is_directory = process.is_directory(path);
            let new = mode::parse(&wanted, old, is_directory, process.umask).unwrap_or(old);
            if let Err(error) = process.set_mode(path, new) {
                let text = if process.is_busybox() {
                    format!("{path}: {}", error.kind.message())
                } else {
                    format!("changing permissions of '{path}': {}", error.kind.message())
                };
                process.complain(&text)?;
                return Ok(false);
            }
            if options.has('v') || options.has('c') && new != old {
                let shown = |mode: u32| format!("{mode:04o} ({})", permissions_text(mode));
                let (from, to) = (shown(old), shown(new));
                process.output(&match (process.is_busybox(), new == old) {
                    (true, _) => format!("mode of '{path}' changed to {to}\n"),
                    (false, true) => format!("mode of '{path}' retained as {to}\n"),
                    (false, false) => format!("mode of '{path}' changed from {from} to {to}\n"),
                })?;
            }
            Ok(true)
        };
        if !walk(process, &path, options.has('R'), &mut change)? {
            code = 1;
        }
    }
    Ok(code)
}

/// Changes owners.
pub(super) fn chown(process: &mut Process<'_, '_>) -> Outcome {
    change_owner(process, false)
}

/// Changes groups.
pub(super) fn chgrp(process: &mut Process<'_, '_>) -> Outcome {
    change_owner(process, true)
}

fn change_owner(process: &mut Process<'_, '_>, group_only: bool) -> Outcome {
    let long = [
        ("recursive", 'R'),
        ("no-dereference", 'h'),
        ("verbose", 'v'),
        ("reference", 'r'),
        ("changes", 'c'),
        ("from", 'F'),
        ("quiet", 'f'),
    ];
    let options = match options::parse(process, "RhvcfLHPr:F:", &long)? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    let mut operands = options.operands.clone();
    let (uid, gid) = if let Some(reference) = options.value('r') {
        match process.stat(reference) {
            Ok(node) => (Some(node.metadata().uid), Some(node.metadata().gid)),
            Err(error) => {
                cannot(process, "stat", reference, &error)?;
                return Ok(1);
            }
        }
    } else if operands.len() < 2 {
        process.complain("missing operand")?;
        return Ok(1);
    } else {
        let owner = operands.remove(0);
        match owner_ids(process, &owner, group_only)? {
            Some(ids) => ids,
            None => return Ok(1),
        }
    };
    let recursive = options.has('R');
    let follow = if options.has('h') || recursive && !options.has('L') { Follow::No } else { Follow::Yes };
    let mut code = 0;
    for path in operands {
        let told = options.last_of("vc").filter(|_| !process.is_busybox());
        let mut change = |process: &mut Process<'_, '_>, path: &str| {
            let before = told.and_then(|_| owners(process, path, uid, gid, follow));
            match process.set_owner(path, uid, gid, follow) {
                Ok(()) => {
                    let after = told.and_then(|_| owners(process, path, uid, gid, follow));
                    tell_owner(process, path, group_only, told, before, after)?;
                    Ok(true)
                }
                Err(error) => {
                    let reason = error.kind.message();
                    let what = if group_only { "group" } else { "ownership" };
                    let text = match (process.is_busybox(), error.kind) {
                        (true, _) => format!("{path}: {reason}"),
                        (false, VfsErrorKind::NotFound) => format!("cannot access '{path}': {reason}"),
                        (false, _) => format!("changing {what} of '{path}': {reason}"),
                    };
                    process.complain(&text)?;
                    Ok(false)
                }
            }
        };
        if !walk(process, &path, recursive, &mut change)? {
            code = 1;
        }
    }
    Ok(code)
}

/// The names of those owners that are to be changed.
fn owners(
    process: &mut Process<'_, '_>,
    path: &str,
    uid: Option<u32>,
    gid: Option<u32>,
    follow: Follow,
) -> Option<String> {
    let (_, node) = process.look(path, follow).ok()?;
    let metadata = *node.metadata();
    let user = user_name(process, metadata.uid).unwrap_or_else(|| metadata.uid.to_string());
    let group = group_name(process, metadata.gid).unwrap_or_else(|| metadata.gid.to_string());
    Some(match (uid, gid) {
        (Some(_), None) => user,
        (None, Some(_)) => group,
        _ => format!("{user}:{group}"),
    })
}

/// What `-v` and `-c` say.
fn tell_owner(
    process: &mut Process<'_, '_>,
    path: &str,
    group_only: bool,
    told: Option<char>,
    before: Option<String>,
    after: Option<String>,
) -> Result<(), crate::shell::Interrupt> {
    let (Some(told), Some(before), Some(after)) = (told, before, after) else { return Ok(()) };
    let what = if group_only { "group" } else { "ownership" };
    if before != after {
        process.output(&format!("changed {what} of '{path}' from {before} to {after}\n"))
    } else if told == 'v' {
        process.output(&format!("{what} of '{path}' retained as {after}\n"))
    } else {
        Ok(())
    }
}

type Ids = (Option<u32>, Option<u32>);

/// `user`, `user:group`, `user:`, `:group`.
fn owner_ids(process: &mut Process<'_, '_>, text: &str, group_only: bool) -> Result<Option<Ids>, Interrupt> {
    let (user, group) = match text.split_once(':') {
        _ if group_only => ("", Some(text)),
        Some((user, group)) => (user, Some(group)),
        // The old way to separate them, which a name with a dot in it goes before.
        None => match text.split_once('.').filter(|_| user_id(process, text).is_none()) {
            Some((user, group)) => (user, Some(group)),
            None => (text, None),
        },
    };
    let uid = if user.is_empty() { None } else { user_id(process, user) };
    if uid.is_none() && !user.is_empty() {
        let text = if process.is_busybox() {
            format!("unknown user {user}")
        } else {
            format!("invalid user: '{text}'")
        };
        process.complain(&text)?;
        return Ok(None);
    }
    let gid = match group {
        None => None,
        Some("") => uid.and_then(|uid| login_group(process, uid)),
        Some(group) => match group_id(process, group) {
            Some(gid) => Some(gid),
            None => {
                let text = if process.is_busybox() {
                    format!("unknown group {group}")
                } else {
                    format!("invalid group: '{text}'")
                };
                process.complain(&text)?;
                return Ok(None);
            }
        },
    };
    Ok(Some((uid, gid)))
}

fn login_group(process: &mut Process<'_, '_>, uid: u32) -> Option<u32> {
    let text = process.read_text("/etc/passwd").ok()?;
    let uid = uid.to_string();
    text.lines().find(|line| line.split(':').nth(2) == Some(&uid))?.split(':').nth(3)?.parse().ok()
}

/// Makes links.
pub(super) fn ln(process: &mut Process<'_, '_>) -> Outcome {
    let long = [
        ("symbolic", 's'),
        ("force", 'f'),
        ("no-dereference", 'n'),
        ("verbose", 'v'),
        ("target-directory", 't'),
        ("no-target-directory", 'T'),
        ("relative", 'r'),
    ];
    let options = match options::parse(process, "sfnvbS:TLPrit:", &long)? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    let mut sources = options.operands.clone();
    let target = match options.value('t') {
        Some(target) => target.to_owned(),
        None if sources.len() > 1 => sources.pop().unwrap_or_default(),
        None => ".".to_owned(),
    };
    if sources.is_empty() {
        process.complain("missing file operand")?;
        return Ok(1);
    }
    let mut code = 0;
    for source in sources {
        // With `-n` a link to a directory is taken as a file.
        let is_link = process.lstat(&target).is_ok_and(|node| node.as_symlink().is_some());
        let no_directory = options.has('T') || options.has('n') && is_link;
        let to = destination(process, &source, &target, no_directory);
        let text = if options.has('r') { relative(process, &source, &to) } else { source.clone() };
        if options.has('f') && process.lstat(&to).is_ok_and(|node| !node.is_directory()) {
            let _ = process.remove(&to);
        }
        let result =
            if options.has('s') { process.symlink(&text, &to) } else { process.hard_link(&source, &to) };
        if let Err(error) = result {
            let reason = error.kind.message();
            let text = match (process.is_busybox(), options.has('s')) {
                (true, false) if process.lstat(&source).is_err() => format!("{source}: {reason}"),
                (true, _) => format!("{to}: {reason}"),
                (false, true) => format!("failed to create symbolic link '{to}': {reason}"),
                (false, false) if process.lstat(&source).is_err() => {
                    format!("failed to access '{source}': {reason}")
                }
                (false, false) => format!("failed to create hard link '{to}': {reason}"),
            };
            process.complain(&text)?;
            code = 1;
        } else if options.has('v') {
            let arrow = if options.has('s') { "->" } else { "=>" };
            process.output(&format!("'{to}' {arrow} '{text}'\n"))?;
        }
    }
    Ok(code)
}

/// The way from the directory of `link` to `target`.
fn relative(process: &Process<'_, '_>, target: &str, link: &str) -> String {
    let target = path::clean(&process.resolve(target));
    let base = path::clean(&process.resolve(path::parent(link)));
    let target: Vec<&str> = path::parts(&target).collect();
    let base: Vec<&str> = path::parts(&base).collect();
    let common = target.iter().zip(&base).take_while(|(a, b)| a == b).count();
    let mut parts = vec![".."; base.len() - common];
    parts.extend(&target[common..]);
    if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
}

#[cfg(test)]
mod tests {
    use crate::shell::Credentials;
    use crate::shell::testing::{root, run_in, sh};

    #[test]
    fn inodes() {
        assert_eq!(
            sh("touch -d @1400000000 /d/a.txt; stat -c %Y /d/a.txt; touch /n; stat -c '%Y %a' /n"),
            "1400000000\n1700000000 644\n"
        );
        assert_eq!(
            sh(
                "chmod a+x,go-r /d/a.txt; chmod -R u=rwX,go= /d/sub; stat -c '%a %n' /d/a.txt /d/sub /d/sub/c.txt"
            ),
            "711 /d/a.txt\n700 /d/sub\n600 /d/sub/c.txt\n"
        );
        assert_eq!(
            sh(
                "chown app:staff /d/a.txt; chown 0:50 /d/b.txt; chown -R 7 /d/sub; stat -c '%u:%g' /d/a.txt /d/b.txt /d/sub/c.txt"
            ),
            "1000:50\n0:50\n7:0\n"
        );
        assert_eq!(sh("chown app.staff /d/a.txt; stat -c '%u:%g' /d/a.txt"), "1000:50\n");
        assert_eq!(sh("ln /nope /x"), "! ln: /nope: No such file or directory\n= 1\n");
        assert_eq!(
            sh("chmod -v 600 /d/a.txt; chmod -c 600 /d/a.txt"),
            "mode of '/d/a.txt' changed to 0600 (rw-------)\n"
        );
        assert_eq!(sh("chown nosuch /d"), "! chown: unknown user nosuch\n= 1\n");
        assert_eq!(
            sh("chmod 9 /d; chmod 600 /nope"),
            "! chmod: invalid mode '9'\n! chmod: /nope: No such file or directory\n= 1\n"
        );
        assert_eq!(sh("truncate -s 5 /t; wc -c < /t"), "5\n");
        assert_eq!(
            sh("truncate -s 400M /t && truncate -s 400M /u"),
            "! truncate: can't open '/u': No space left on device\n= 1\n"
        );
    }

    #[test]
    fn links() {
        assert_eq!(
            sh(
                "ln -s a.txt /d/l; ln /d/b.txt /d/h; ln -sf /etc/motd /d/l; readlink /d/l; cat /d/h; ln -s /d /x; ln -sfn /etc /x; readlink /x"
            ),
            "/etc/motd\nbravo\n/etc\n"
        );
        assert_eq!(sh("ln /d/a.txt /d/b.txt"), "! ln: /d/b.txt: File exists\n= 1\n");
        assert_eq!(sh("cd /d; ln -sr sub/c.txt /etc/c; readlink /etc/c"), "../d/sub/c.txt\n");
    }

    #[test]
    fn only_owners_change() {
        let app = Credentials { uid: 1000, gid: 1000, groups: vec![50] };
        let script =
            "chmod 777 /etc/motd; touch /tmp/x; chown :staff /tmp/x && stat -c %g /tmp/x; chown root /tmp/x";
        let (outcome, _) = run_in(root("busybox"), &["/bin/sh", "-c", script], app);
        assert_eq!(outcome.stdout, b"50\n");
        assert_eq!(
            String::from_utf8(outcome.stderr).unwrap(),
            "chmod: /etc/motd: Operation not permitted\nchown: /tmp/x: Operation not permitted\n"
        );
    }
}
