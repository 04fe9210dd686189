//! `chmod`: changes modes.

use super::ls::permissions_text;
use super::mode;
use super::options::{self, missing_operand};
use super::support::cannot;
use crate::shell::{Interrupt, Outcome, Process};
use crate::vfs::path;

/// Changes modes.
pub(super) fn chmod(process: &mut Process<'_, '_>) -> Outcome {
    // A mode such as `-x` looks like an option.
    let at = process.arguments.iter().skip(1).position(|word| {
        word.len() > 1 && word.starts_with('-') && word[1..].chars().all(|c| "rwxXst".contains(c))
    });
    let dashed = at.map(|at| process.arguments.remove(at + 1));
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
        None if dashed.is_some() && !operands.is_empty() => dashed.clone().unwrap_or_default(),
        None if operands.len() < 2 => return options::missing(process, &missing_operand(&operands)),
        None => operands.remove(0),
    };
    let valid = |text: &str| mode::parse(text, 0, false, 0).is_some();
    let busybox = process.is_busybox();
    // BusyBox passes over clauses that are empty.
    let wanted = if busybox {
        wanted.split(',').filter(|clause| !clause.is_empty()).collect::<Vec<_>>().join(",")
    } else {
        wanted
    };
    if !(valid(&wanted) || busybox && wanted.is_empty()) {
        if busybox {
            process.complain(&format!("invalid mode '{wanted}'"))?;
            return Ok(1);
        }
        process.complain(&format!("invalid mode: '{wanted}'"))?;
        return options::usage_error(process);
    }
    let change = Change {
        mode: wanted,
        recursive: options.has('R'),
        told: options.last_of("vc"),
        silent: options.has('f'),
        dashed: dashed.is_some(),
    };
    let mut code = 0;
    for path in operands {
        let mut apply = |process: &mut Process<'_, '_>, path: &str| change.apply(process, path);
        if !walk(process, &path, change.recursive, change.silent, &mut apply)? {
            code = 1;
        }
    }
    Ok(code)
}

/// Calls `body` with a path and, where asked for, everything below it.
fn walk(
    process: &mut Process<'_, '_>,
    path: &str,
    recursive: bool,
    silent: bool,
    body: &mut dyn FnMut(&mut Process<'_, '_>, &str) -> Result<bool, Interrupt>,
) -> Result<bool, Interrupt> {
    process.step(1)?;
    let mut done = body(process, path)?;
    if recursive && process.lstat(path).is_ok_and(|node| node.is_directory()) {
        match process.list(path) {
            Ok(entries) => {
                for (name, _) in entries {
                    done &= walk(process, &path::join(path, &name), true, silent, body)?;
                }
            }
            Err(error) => {
                if !silent {
                    super::support::cannot_open(process, path, &error)?;
                }
                return Ok(false);
            }
        }
    }
    Ok(done)
}

/// How modes are changed.
struct Change {
    mode: String,
    recursive: bool,
    /// `v` tells of every file, `c` of those that change.
    told: Option<char>,
    silent: bool,
    /// Whether the mode looks like an option, as `-x` does: then GNU's complains where the umask keeps it from all.
    dashed: bool,
}

impl Change {
    fn apply(&self, process: &mut Process<'_, '_>, path: &str) -> Result<bool, Interrupt> {
        let busybox = process.is_busybox();
        let node = match process.lstat(path) {
            Ok(node) => node,
            Err(error) => {
                let reason = error.kind.message();
                self.complain(process, path, &format!("cannot access '{path}': {reason}"), reason)?;
                return Ok(false);
            }
        };
        if node.as_symlink().is_some() && !self.recursive && !busybox && process.stat(path).is_err() {
            self.complain(process, path, &format!("cannot operate on dangling symlink '{path}'"), "")?;
            return Ok(false);
        }
        // Links that a walk meets are left alone.
        if node.as_symlink().is_some() && self.recursive {
            if self.told == Some('v') && !busybox {
                process.output(&format!("neither symbolic link '{path}' nor referent has been changed\n"))?;
            }
            return Ok(true);
        }
        let old = process.stat(path).map_or(node.metadata().mode, |node| node.metadata().mode);
        let is_directory = process.is_directory(path);
        let keeps = is_directory && !busybox;
        let new = mode::parse(&self.mode, old, keeps, process.umask).unwrap_or(old);
        if let Err(error) = process.set_mode(path, new) {
            let reason = error.kind.message();
            self.complain(process, path, &format!("changing permissions of '{path}': {reason}"), reason)?;
            return Ok(false);
        }
        if self.told == Some('v') || self.told == Some('c') && new != old {
            let shown = |mode: u32| format!("{mode:04o} ({})", permissions_text(mode));
            let (from, to) = (shown(old), shown(new));
            process.output(&match (busybox, new == old) {
                (true, _) => format!("mode of '{path}' changed to {to}\n"),
                (false, true) => format!("mode of '{path}' retained as {to}\n"),
                (false, false) => format!("mode of '{path}' changed from {from} to {to}\n"),
            })?;
        }
        let whole = mode::parse(&self.mode, old, is_directory, 0).unwrap_or(new);
        if self.dashed && !busybox && new & !whole != 0 {
            let (new, whole) = (permissions_text(new), permissions_text(whole));
            process.complain(&format!("{path}: new permissions are {new}, not {whole}"))?;
            return Ok(false);
        }
        Ok(true)
    }

    fn complain(
        &self,
        process: &mut Process<'_, '_>,
        path: &str,
        gnu: &str,
        reason: &str,
    ) -> Result<(), Interrupt> {
        match (self.silent, process.is_busybox()) {
            (true, _) => Ok(()),
            (false, true) => process.complain(&format!("{path}: {reason}")),
            (false, false) => process.complain(gnu),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::shell::Credentials;
    use crate::shell::testing::{root, run_in, sh, shown};

    #[test]
    fn modes() {
        assert_eq!(
            sh(
                "chmod a+x,go-r /d/a.txt; chmod -R u=rwX,go= /d/sub; stat -c '%a %n' /d/a.txt /d/sub /d/sub/c.txt"
            ),
            "711 /d/a.txt\n700 /d/sub\n600 /d/sub/c.txt\n"
        );
        assert_eq!(
            sh("chmod -v 600 /d/a.txt; chmod -c 600 /d/a.txt"),
            "mode of '/d/a.txt' changed to 0600 (rw-------)\n"
        );
        assert_eq!(
            sh("chmod 9 /d; chmod 600 /nope; chmod -f 600 /nope"),
            "! chmod: invalid mode '9'\n! chmod: /nope: No such file or directory\n= 1\n"
        );
        assert_eq!(
            shown("dash", "chmod 9 /d; chmod 600; ln -s a.txt /d/l; chmod -Rv 644 /d/l"),
            "neither symbolic link '/d/l' nor referent has been changed\n! chmod: invalid mode: '9'\n\
             ! Try 'chmod --help' for more information.\n! chmod: missing operand after '600'\n\
             ! Try 'chmod --help' for more information.\n"
        );
    }

    #[test]
    fn only_owners_change() {
        let app = Credentials { uid: 1000, gid: 1000, groups: vec![50] };
        let (outcome, _) = run_in(root("busybox"), &["/bin/sh", "-c", "chmod 777 /etc/motd"], app);
        assert_eq!(outcome.stderr, b"chmod: /etc/motd: Operation not permitted\n");
    }
}
