//! `chown`, `chgrp`: change owners, which is one program under two names.

use super::options::{self, Options, missing_operand};
use super::support::{cannot, group_id, group_name, user_id, user_name};
use crate::shell::{Interrupt, Outcome, Process};
use crate::vfs::{Follow, VfsErrorKind, path};

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
        ("dereference", 'D'),
        ("verbose", 'v'),
        ("reference", 'r'),
        ("changes", 'c'),
        ("from", 'F'),
        ("quiet", 'f'),
        ("silent", 'f'),
        ("preserve-root", 'p'),
        ("no-preserve-root", 'N'),
    ];
    let options = match options::parse(process, "RhvcfLHPr:F:DpN", &long)? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    let mut operands = options.operands.clone();
    let owner = if let Some(reference) = options.value('r') {
        match process.stat(reference) {
            Ok(node) => Owner::of_ids(node.metadata().uid, node.metadata().gid, group_only),
            Err(error) => {
                cannot(process, "stat", reference, &error)?;
                return Ok(1);
            }
        }
    } else if operands.len() < 2 {
        return options::missing(process, &missing_operand(&operands));
    } else {
        let text = operands.remove(0);
        match Owner::parse(process, &text, group_only)? {
            Some(owner) => owner,
            None => return Ok(1),
        }
    };
    let from = match options.value('F') {
        Some(text) => match Owner::parse(process, text, false)? {
            Some(owner) => Some(owner),
            None => return Ok(1),
        },
        None => None,
    };
    let change = Change::new(&options, owner, from, group_only);
    let mut code = 0;
    for path in operands {
        if !change.walk(process, &path, true)? {
            code = 1;
        }
    }
    Ok(code)
}

/// Whom something shall belong to, as it was written.
struct Owner {
    uid: Option<u32>,
    gid: Option<u32>,
    /// How GNU tells of it.
    shown: String,
}

impl Owner {
    fn of_ids(uid: u32, gid: u32, group_only: bool) -> Self {
        let uid = Some(uid).filter(|_| !group_only);
        let shown = uid.map_or_else(|| gid.to_string(), |uid| format!("{uid}:{gid}"));
        Self { uid, gid: Some(gid), shown }
    }

    /// `user`, `user:group`, `user:`, `:group`; `None` if nobody is called so, which is said.
    fn parse(process: &mut Process<'_, '_>, text: &str, group_only: bool) -> Result<Option<Self>, Interrupt> {
        let (user, group) = match text.split_once(':') {
            _ if group_only => ("", Some(text)),
            Some((user, group)) => (user, Some(group)),
            // The old way to separate them, which a name with a dot in it goes before.
            None => match text.split_once('.').filter(|_| user_id(process, text).is_none()) {
                Some((user, group)) => (user, Some(group)),
                None => (text, None),
            },
        };
        let refuse = |process: &mut Process<'_, '_>, what: &str, name: &str| {
            let together = process.is_busybox() && !group_only && group.is_some();
            process.complain(&match process.is_busybox() {
                _ if together => format!("unknown user/group {text}"),
                true => format!("unknown {what} {name}"),
                false => format!("invalid {what}: '{text}'"),
            })?;
            Ok(None)
        };
        let uid = if user.is_empty() { None } else { user_id(process, user) };
        if uid.is_none() && !user.is_empty() {
            return refuse(process, "user", user);
        }
        let gid = match group {
            None => None,
            // Only a name has a group of its own.
            Some("") if uid.is_some() && !process.is_busybox() && user.parse::<u32>().is_ok() => {
                process.complain(&format!("invalid spec: '{text}'"))?;
                return Ok(None);
            }
            Some("") => uid.and_then(|uid| login_group(process, uid)),
            Some(group) => match group_id(process, group) {
                Some(gid) => Some(gid),
                None => return refuse(process, "group", group),
            },
        };
        if !text.contains(':') && !group_only && group.is_some() && !process.is_busybox() {
            process.complain(&format!("warning: '.' should be ':': '{text}'"))?;
        }
        let shown = match (group, gid) {
            (Some(""), Some(gid)) => {
                let name = group_name(process, gid).unwrap_or_else(|| gid.to_string());
                format!("{user}:{name}")
            }
            (Some(group), _) if user.is_empty() => group.to_owned(),
            (Some(group), _) => format!("{user}:{group}"),
            (None, _) => user.to_owned(),
        };
        Ok(Some(Self { uid, gid, shown }))
    }
}

/// How owners are changed.
struct Change {
    owner: Owner,
    /// Only of what belongs to these.
    from: Option<Owner>,
    group_only: bool,
    recursive: bool,
    /// Links are changed themselves.
    follow: Follow,
    /// `L` walks into directories that links lead to, `H` where they are operands.
    links: Option<char>,
    told: Option<char>,
    silent: bool,
}

impl Change {
    fn new(options: &Options, owner: Owner, from: Option<Owner>, group_only: bool) -> Self {
        let recursive = options.has('R');
        let links = options.last_of("LHP").filter(|_| recursive);
        let itself = options.has('h') || recursive && links != Some('L') && !options.has('D');
        let follow = if itself { Follow::No } else { Follow::Yes };
        let (told, silent) = (options.last_of("vc"), options.has('f'));
        Self { owner, from, group_only, recursive, follow, links, told, silent }
    }

    /// What is below a directory comes before it.
    fn walk(&self, process: &mut Process<'_, '_>, path: &str, is_operand: bool) -> Result<bool, Interrupt> {
        process.step(1)?;
        let mut done = true;
        let is_link = process.lstat(path).is_ok_and(|node| node.as_symlink().is_some());
        let enters = !is_link || self.links == Some('L') || is_operand && self.links == Some('H');
        if self.recursive && enters && process.is_directory(path) {
            match process.list(path) {
                Ok(entries) => {
                    for (name, _) in entries {
                        done &= self.walk(process, &path::join(path, &name), false)?;
                    }
                }
                Err(error) => {
                    if !self.silent {
                        super::support::cannot_open(process, path, &error)?;
                    }
                    done = false;
                }
            }
        }
        let follow = if is_operand && self.links == Some('H') { Follow::Yes } else { self.follow };
        Ok(self.apply(process, path, follow)? && done)
    }

    fn apply(&self, process: &mut Process<'_, '_>, path: &str, follow: Follow) -> Result<bool, Interrupt> {
        let before = process.look(path, follow).ok().map(|(_, node)| *node.metadata());
        if let (Some(before), Some(from)) = (before, &self.from)
            && (from.uid.is_some_and(|uid| uid != before.uid)
                || from.gid.is_some_and(|gid| gid != before.gid))
        {
            return Ok(true);
        }
        if let Err(error) = process.set_owner(path, self.owner.uid, self.owner.gid, follow) {
            let reason = error.kind.message();
            let what = self.what();
            let text = match (process.is_busybox(), error.kind) {
                (true, _) => format!("{path}: {reason}"),
                (false, VfsErrorKind::NotFound) => format!("cannot access '{path}': {reason}"),
                (false, _) => format!("changing {what} of '{path}': {reason}"),
            };
            if !self.silent {
                process.complain(&text)?;
            }
            return Ok(false);
        }
        if let (Some(told), Some(before)) = (self.told, before) {
            self.tell(process, path, told, (before.uid, before.gid))?;
        }
        Ok(true)
    }

    fn what(&self) -> &'static str {
        if self.group_only { "group" } else { "ownership" }
    }

    /// What `-v` and `-c` say.
    fn tell(
        &self,
        process: &mut Process<'_, '_>,
        path: &str,
        told: char,
        before: (u32, u32),
    ) -> Result<(), Interrupt> {
        let after = (self.owner.uid.unwrap_or(before.0), self.owner.gid.unwrap_or(before.1));
        if told == 'c' && before == after {
            return Ok(());
        }
        let what = self.what();
        if process.is_busybox() {
            return process.output(&format!("changed ownership of '{path}' to {}:{}\n", after.0, after.1));
        }
        let to = &self.owner.shown;
        if before == after {
            return process.output(&format!("{what} of '{path}' retained as {to}\n"));
        }
        let from = self.names(process, before);
        process.output(&format!("changed {what} of '{path}' from {from} to {to}\n"))
    }

    /// The names of those owners that are to be changed.
    fn names(&self, process: &mut Process<'_, '_>, (uid, gid): (u32, u32)) -> String {
        let user = user_name(process, uid).unwrap_or_else(|| uid.to_string());
        let group = group_name(process, gid).unwrap_or_else(|| gid.to_string());
        match (self.owner.uid, self.owner.gid) {
            (Some(_), None) => user,
            (None, Some(_)) => group,
            _ => format!("{user}:{group}"),
        }
    }
}

fn login_group(process: &mut Process<'_, '_>, uid: u32) -> Option<u32> {
    let text = process.read_text("/etc/passwd").ok()?;
    let uid = uid.to_string();
    text.lines().find(|line| line.split(':').nth(2) == Some(&uid))?.split(':').nth(3)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use crate::shell::Credentials;
    use crate::shell::testing::{root, run_in, sh, shown};

    #[test]
    fn owners() {
        assert_eq!(
            sh(
                "chown app:staff /d/a.txt; chown 0:50 /d/b.txt; chown -R 7 /d/sub; stat -c '%u:%g' /d/a.txt /d/b.txt /d/sub/c.txt"
            ),
            "1000:50\n0:50\n7:0\n"
        );
        assert_eq!(sh("chown app.staff /d/a.txt; stat -c '%u:%g' /d/a.txt"), "1000:50\n");
        assert_eq!(sh("chown nosuch /d"), "! chown: unknown user nosuch\n= 1\n");
        assert_eq!(sh("chown root:nosuch /d"), "! chown: unknown user/group root:nosuch\n= 1\n");
    }

    #[test]
    fn what_is_told() {
        assert_eq!(
            sh("chown -Rv 7:8 /d/sub; chown -c 7:8 /d/sub"),
            "changed ownership of '/d/sub/c.txt' to 7:8\nchanged ownership of '/d/sub' to 7:8\n"
        );
        assert_eq!(
            shown(
                "dash",
                "chown -v 7:8 /d/sub; chown -v app /d/sub; chown -v app /d/sub; chown --from=0 9 /d/sub; stat -c %u /d/sub"
            ),
            "changed ownership of '/d/sub' from root:root to 7:8\nchanged ownership of '/d/sub' from 7 to app\n\
             ownership of '/d/sub' retained as app\n1000\n"
        );
        assert_eq!(
            shown("dash", "chown 7: /d; chown root.root /d; chown -f 1 /nope || echo quiet"),
            "quiet\n! chown: invalid spec: '7:'\n! chown: warning: '.' should be ':': 'root.root'\n"
        );
    }

    #[test]
    fn links_in_a_walk() {
        let script = "mkdir /t; ln -s /d /t/l; chown -R 5 /t; stat -c %u /t/l /d/a.txt; chown -RL 6 /t; stat -c %u /t/l /d/a.txt";
        assert_eq!(sh(script), "5\n0\n5\n6\n");
    }

    #[test]
    fn only_root_gives_away() {
        let app = Credentials { uid: 1000, gid: 1000, groups: vec![50] };
        let script = "touch /tmp/x; chown :staff /tmp/x && stat -c %g /tmp/x; chown root /tmp/x";
        let (outcome, _) = run_in(root("busybox"), &["/bin/sh", "-c", script], app);
        assert_eq!(outcome.stdout, b"50\n");
        assert_eq!(outcome.stderr, b"chown: /tmp/x: Operation not permitted\n");
    }
}
