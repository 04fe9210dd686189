//! `cp`, `mv`, `install`.

use super::mode;
use super::options::{self, Options};
use super::support::{cannot, destination, group_id, user_id};
use crate::shell::{Interrupt, Outcome, Process};
use crate::vfs::{Follow, Node, VfsError, VfsErrorKind, path};
use std::collections::BTreeMap;

/// How things are copied.
#[derive(Default)]
struct Copier {
    recursive: bool,
    /// Mode, owner and times.
    preserve_mode: bool,
    preserve_owner: bool,
    preserve_times: bool,
    keep_links: bool,
    /// Follow links on the command line only, or never.
    follow_operands: bool,
    force: bool,
    verbose: bool,
    hard_link: bool,
    symbolic: bool,
    update: bool,
    no_clobber: bool,
    /// Source places of files with several names, and where the first was copied to.
    ties: BTreeMap<String, String>,
}

/// Copies files.
pub(super) fn cp(process: &mut Process<'_, '_>) -> Outcome {
    let long = [
        ("archive", 'a'),
        ("recursive", 'r'),
        ("preserve", 'P'),
        ("no-dereference", 'D'),
        ("force", 'f'),
        ("verbose", 'v'),
        ("target-directory", 't'),
        ("no-target-directory", 'T'),
        ("link", 'l'),
        ("symbolic-link", 's'),
        ("update", 'u'),
        ("no-clobber", 'n'),
        ("dereference", 'L'),
        ("parents", 'Q'),
        ("reflink", 'K'),
        ("no-preserve", 'O'),
    ];
    // `--preserve` and `--no-dereference` need letters of their own; `-P` and `-d` are put right below.
    let options = match options::parse(process, "arRpPdDfivLHlsuTt:nxcQK::O:", &long)? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    let archive = options.has('a');
    let copier = Copier {
        recursive: archive || options.has('r') || options.has('R'),
        preserve_mode: archive
            || options.has('p')
            || process.args().iter().any(|word| word.starts_with("--preserve")),
        preserve_owner: archive
            || options.has('p')
            || process.args().iter().any(|word| word.starts_with("--preserve")),
        preserve_times: archive
            || options.has('p')
            || process.args().iter().any(|word| word.starts_with("--preserve")),
        keep_links: !options.has('L')
            && (archive
                || options.has('d')
                || options.has('D')
                || options.has('P')
                || options.has('r')
                || options.has('R')),
        follow_operands: options.has('H'),
        force: options.has('f'),
        verbose: options.has('v'),
        hard_link: options.has('l'),
        symbolic: options.has('s'),
        update: options.has('u'),
        no_clobber: options.has('n'),
        ties: BTreeMap::new(),
    };
    each_pair(process, &options, copier, |process, copier, from, to| copier.copy(process, from, to, true))
}

/// Calls `body` with each source and its destination.
fn each_pair(
    process: &mut Process<'_, '_>,
    options: &Options,
    mut copier: Copier,
    mut body: impl FnMut(&mut Process<'_, '_>, &mut Copier, &str, &str) -> Result<bool, Interrupt>,
) -> Outcome {
    let mut sources = options.operands.clone();
    let target = match options.value('t') {
        Some(target) => target.to_owned(),
        None if sources.len() >= 2 => sources.pop().unwrap_or_default(),
        None => {
            let text = match sources.first() {
                Some(source) if !process.is_busybox() => {
                    format!("missing destination file operand after '{source}'")
                }
                Some(_) => "missing file operand".to_owned(),
                None => "missing file operand".to_owned(),
            };
            process.complain(&text)?;
            return Ok(1);
        }
    };
    let is_directory = process.is_directory(&target) && !options.has('T');
    if sources.len() > 1 && !is_directory {
        let text = if process.is_busybox() {
            format!("target '{target}' is not a directory")
        } else {
            format!(
                "target '{target}': {}",
                if process.exists(&target) { "Not a directory" } else { "No such file or directory" }
            )
        };
        process.complain(&text)?;
        return Ok(1);
    }
    let mut code = 0;
    for source in &sources {
        let to = if options.has('Q') {
            let whole = path::join(&target, source.trim_start_matches('/'));
            let _ = process.make_directories(path::parent(&whole));
            whole
        } else {
            destination(process, source, &target, options.has('T'))
        };
        if !body(process, &mut copier, source, &to)? {
            code = 1;
        }
    }
    Ok(code)
}

impl Copier {
    fn copy(
        &mut self,
        process: &mut Process<'_, '_>,
        from: &str,
        to: &str,
        is_operand: bool,
    ) -> Result<bool, Interrupt> {
        process.step(1)?;
        let follow =
            if self.keep_links && !(is_operand && self.follow_operands) { Follow::No } else { Follow::Yes };
        let (place, node) = match process.look(from, follow) {
            Ok(found) => found,
            Err(error) => {
                cannot(process, "stat", from, &error)?;
                return Ok(false);
            }
        };
        let there = process.lstat(to).ok();
        if let Some(old) = &there {
            let newer = old.metadata().mtime >= node.metadata().mtime;
            if !old.is_directory() && (self.no_clobber || self.update && newer) {
                return Ok(true);
            }
            let same = process.look(to, Follow::Yes).is_ok_and(|(target, _)| target == place);
            if same && !node.is_directory() {
                process.complain(&format!("'{from}' and '{to}' are the same file"))?;
                return Ok(false);
            }
        }
        let done = if node.is_directory() {
            self.copy_directory(process, from, to, &place, &node)?
        } else {
            self.copy_entry(process, from, to, &place, &node)?
        };
        if done && self.verbose {
            process.output(&format!("'{from}' -> '{to}'\n"))?;
        }
        Ok(done)
    }

    fn copy_directory(
        &mut self,
        process: &mut Process<'_, '_>,
        from: &str,
        to: &str,
        place: &str,
        node: &Node,
    ) -> Result<bool, Interrupt> {
        if !self.recursive {
            let text = if process.is_busybox() {
                format!("omitting directory '{from}'")
            } else {
                format!("-r not specified; omitting directory '{from}'")
            };
            process.complain(&text)?;
            return Ok(false);
        }
        let target = process.place(to, Follow::Yes).map(|(target, _)| target);
        if target.as_ref().is_ok_and(|target| path::is_within(target, place)) {
            let text = if process.is_busybox() {
                "recursion detected, omitting directory ".to_owned() + &format!("'{from}'")
            } else {
                format!("cannot copy a directory, '{from}', into itself, '{to}'")
            };
            process.complain(&text)?;
            return Ok(false);
        }
        let entries = match process.list(from) {
            Ok(entries) => entries,
            Err(error) => {
                super::support::cannot_open(process, from, &error)?;
                return Ok(false);
            }
        };
        let is_new = !process.is_directory(to);
        if is_new && let Err(error) = process.make_directory(to, node.metadata().mode & 0o777 | 0o700) {
            cannot(process, "create directory", to, &error)?;
            return Ok(false);
        }
        let mut all = true;
        for (name, _) in entries {
            all &= self.copy(process, &path::join(from, &name), &path::join(to, &name), false)?;
        }
        if is_new && !self.preserve_mode {
            let _ = process.set_mode(to, node.metadata().mode & 0o7777 & !process.umask);
        }
        self.preserve(process, node, to);
        Ok(all)
    }

    fn copy_entry(
        &mut self,
        process: &mut Process<'_, '_>,
        from: &str,
        to: &str,
        place: &str,
        node: &Node,
    ) -> Result<bool, Interrupt> {
        if process.stat(to).is_ok_and(|node| node.is_directory())
            && process.lstat(to).is_ok_and(|node| node.is_directory())
        {
            let text = if process.is_busybox() {
                format!("'{to}' is a directory")
            } else {
                format!("cannot overwrite directory '{to}' with non-directory")
            };
            process.complain(&text)?;
            return Ok(false);
        }
        // All names of a file are told apart from other files by the first of them.
        let tie = process.machine.tree().names_of(place).first().cloned();
        let tied = tie.filter(|_| self.keep_links && self.preserve_mode);
        let result = match (tied.as_ref().and_then(|tie| self.ties.get(tie).cloned()), node) {
            (Some(first), _) => replace(process, to, |process| process.hard_link(&first, to)),
            _ if self.hard_link => replace(process, to, |process| process.hard_link(from, to)),
            _ if self.symbolic => replace(process, to, |process| process.symlink(from, to)),
            (None, Node::File(file)) => {
                let is_new = process.lstat(to).is_err();
                let mode = file.metadata.mode & 0o777;
                process.read(from).and_then(|content| {
                    let written = process.write_with_mode(to, content.clone(), mode);
                    let removable = self.force
                        && written.as_ref().is_err_and(|error| error.kind == VfsErrorKind::PermissionDenied);
                    let written = if removable {
                        process.remove(to).and_then(|()| process.write_with_mode(to, content, mode))
                    } else {
                        written
                    };
                    written.map(|()| {
                        if is_new || self.preserve_mode {
                            self.preserve(process, node, to)
                        }
                    })
                })
            }
            (None, Node::Symlink { target, .. }) => {
                let made = replace(process, to, |process| process.symlink(target, to));
                made.map(|()| {
                    if self.preserve_owner {
                        let metadata = node.metadata();
                        let _ = process.set_owner(to, Some(metadata.uid), Some(metadata.gid), Follow::No);
                    }
                    if self.preserve_times {
                        let _ = process.set_mtime(to, node.metadata().mtime, Follow::No);
                    }
                })
            }
            (None, Node::Device { kind, number, metadata }) if self.recursive => {
                let made =
                    replace(process, to, |process| process.make_device(to, *kind, *number, metadata.mode));
                made.map(|()| self.preserve(process, node, to))
            }
            (None, _) => process.write(to, ""),
        };
        process.check_limits()?;
        match result {
            Ok(()) => {
                if let Some(tie) = tied {
                    self.ties.entry(tie).or_insert_with(|| to.to_owned());
                }
                Ok(true)
            }
            Err(error) => {
                self.complain(process, from, to, &error)?;
                Ok(false)
            }
        }
    }

    fn complain(
        &self,
        process: &mut Process<'_, '_>,
        from: &str,
        to: &str,
        error: &VfsError,
    ) -> Result<(), Interrupt> {
        let reason = error.kind.message();
        let from_failed = error.path == from;
        let text = match (process.is_busybox(), from_failed) {
            (true, true) => format!("can't open '{from}': {reason}"),
            (true, false) => format!("can't create '{to}': {reason}"),
            (false, true) => format!("cannot open '{from}' for reading: {reason}"),
            (false, false) => format!("cannot create regular file '{to}': {reason}"),
        };
        process.complain(&text)
    }

    /// Gives the copy what the options say that it keeps.
    fn preserve(&self, process: &mut Process<'_, '_>, node: &Node, to: &str) {
        let metadata = *node.metadata();
        if self.preserve_times {
            let _ = process.set_mtime(to, metadata.mtime, Follow::Yes);
        }
        if self.preserve_owner {
            let _ = process.set_owner(to, Some(metadata.uid), Some(metadata.gid), Follow::Yes);
        }
        if self.preserve_mode {
            let _ = process.set_mode(to, metadata.mode);
        }
    }
}

/// Removes what is in the way and makes something anew.
fn replace(
    process: &mut Process<'_, '_>,
    to: &str,
    make: impl FnOnce(&mut Process<'_, '_>) -> Result<(), VfsError>,
) -> Result<(), VfsError> {
    if process.lstat(to).is_ok() {
        process.remove(to)?;
    }
    make(process)
}

/// Moves files.
pub(super) fn mv(process: &mut Process<'_, '_>) -> Outcome {
    let long = [
        ("force", 'f'),
        ("no-clobber", 'n'),
        ("verbose", 'v'),
        ("target-directory", 't'),
        ("no-target-directory", 'T'),
        ("update", 'u'),
    ];
    let options = match options::parse(process, "finvt:Tu", &long)? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    let (verbose, no_clobber) = (options.has('v'), options.has('n'));
    each_pair(process, &options, Copier::default(), |process, _, from, to| {
        process.step(1)?;
        if no_clobber && process.lstat(to).is_ok() {
            return Ok(true);
        }
        match process.rename(from, to) {
            Ok(()) => {
                if verbose {
                    process.output(&format!("'{from}' -> '{to}'\n"))?;
                }
                Ok(true)
            }
            Err(error) => {
                let reason = error.kind.message();
                let text = if error.kind == VfsErrorKind::NotFound && process.lstat(from).is_err() {
                    let cannot = if process.is_busybox() { "can't rename" } else { "cannot stat" };
                    format!("{cannot} '{from}': {reason}")
                } else if process.is_busybox() {
                    format!("can't rename '{from}': {reason}")
                } else {
                    format!("cannot move '{from}' to '{to}': {reason}")
                };
                process.complain(&text)?;
                Ok(false)
            }
        }
    })
}

/// Copies files and sets their modes and owners; with `-d` makes directories.
pub(super) fn install(process: &mut Process<'_, '_>) -> Outcome {
    let long = [
        ("directory", 'd'),
        ("mode", 'm'),
        ("owner", 'o'),
        ("group", 'g'),
        ("preserve-timestamps", 'p'),
        ("verbose", 'v'),
        ("target-directory", 't'),
    ];
    let options = match options::parse(process, "cdDpsvm:o:g:t:T", &long)? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    let wanted = options.value('m').unwrap_or("755");
    let Some(bits) = mode::parse(wanted, 0, options.has('d'), 0) else {
        process.complain(&format!("invalid mode '{wanted}'"))?;
        return Ok(1);
    };
    let owner = options.value('o').map(str::to_owned);
    let group = options.value('g').map(str::to_owned);
    let uid = match owner {
        None => None,
        Some(name) => match user_id(process, &name) {
            Some(uid) => Some(uid),
            None => {
                process.complain(&if process.is_busybox() {
                    format!("unknown user {name}")
                } else {
                    format!("invalid user ‘{name}’")
                })?;
                return Ok(1);
            }
        },
    };
    let gid = match group {
        None => None,
        Some(name) => match group_id(process, &name) {
            Some(gid) => Some(gid),
            None => {
                process.complain(&if process.is_busybox() {
                    format!("unknown group {name}")
                } else {
                    format!("invalid group ‘{name}’")
                })?;
                return Ok(1);
            }
        },
    };
    let finish = |process: &mut Process<'_, '_>, path: &str| {
        let mut result = process.set_mode(path, bits);
        if uid.is_some() || gid.is_some() {
            result = result.and_then(|()| process.set_owner(path, uid, gid, Follow::Yes));
        }
        result
    };
    let mut code = 0;
    if options.has('d') {
        for path in &options.operands {
            let made = process.make_directories(path);
            if let Err(error) = made.and_then(|()| finish(process, path)) {
                cannot(process, "create directory", path, &error)?;
                code = 1;
            }
        }
        return Ok(code);
    }
    if options.has('D')
        && let Some(target) = options.operands.last()
    {
        let parent = path::parent(target).to_owned();
        let _ = process.make_directories(&parent);
    }
    let copier = Copier { preserve_times: options.has('p'), verbose: options.has('v'), ..Copier::default() };
    each_pair(process, &options, copier, |process, copier, from, to| {
        // A new file takes the place of an old one.
        if process.lstat(to).is_ok_and(|node| !node.is_directory()) {
            let _ = process.remove(to);
        }
        let copied = copier.copy(process, from, to, true)?;
        if copied && let Err(error) = finish(process, to) {
            cannot(process, "change", to, &error)?;
            return Ok(false);
        }
        Ok(copied)
    })
}

#[cfg(test)]
mod tests {
    use crate::shell::Credentials;
    use crate::shell::testing::{root, run_in, sh, shown};

    #[test]
    fn copies() {
        assert_eq!(
            sh("cp /d/a.txt /m; cp -r /d /copy; cat /m /copy/sub/c.txt; cp /d/b.txt /d/a.txt; cat /d/a.txt"),
            "alpha\ncharlie\nbravo\n"
        );
        assert_eq!(sh("cp /d /x"), "! cp: omitting directory '/d'\n= 1\n");
        assert_eq!(sh("cp /nope /x"), "! cp: can't stat '/nope': No such file or directory\n= 1\n");
        assert_eq!(
            sh("ln -s /d/a.txt /l; cp /l /f; cp -a /l /g; readlink /g; [ -L /f ] || echo file"),
            "/d/a.txt\nfile\n"
        );
    }

    #[test]
    fn archives_keep_everything() {
        let script =
            "chown -R 5:6 /d; chmod 600 /d/a.txt; touch -d @1000 /d/a.txt; ln /d/a.txt /d/z; cp -a /d /e";
        let (_, tree) = run_in(root("busybox"), &["/bin/sh", "-c", script], Credentials::root());
        let metadata = *tree.stat("/e/a.txt").unwrap().metadata();
        assert_eq!((metadata.mode, metadata.uid, metadata.gid, metadata.mtime), (0o600, 5, 6, 1000));
        assert_eq!(tree.names_of("/e/a.txt"), ["/e/a.txt", "/e/z"]);
    }

    #[test]
    fn moves() {
        assert_eq!(
            sh("mv /d/a.txt /d/m; mv /d/b.txt /; mv /d /e; ls / | head -n 3; ls /e"),
            "b.txt\nbin\ndev\nm\nsub\n"
        );
        assert_eq!(sh("mv /nope /x"), "! mv: can't rename '/nope': No such file or directory\n= 1\n");
        assert_eq!(
            shown("dash", "install -d -m 750 /i/j; install -m 600 /d/a.txt /i/f; stat -c '%A %n' /i/*"),
            "-rw------- /i/f\ndrwxr-x--- /i/j\n"
        );
    }
}
