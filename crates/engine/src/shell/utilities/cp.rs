//! `cp`: copies files.

use super::options::{self, Options};
use super::support::cannot;
use super::transfer::{InTheWay, each_pair, replace};
use crate::shell::{Interrupt, Outcome, Process};
use crate::vfs::{Follow, Node, VfsError, VfsErrorKind, path};
use std::collections::BTreeMap;

/// How things are copied.
#[derive(Default)]
pub(super) struct Copier {
    recursive: bool,
    /// Mode, owner and times.
    preserve_mode: bool,
    preserve_owner: bool,
    preserve_times: bool,
    keep_links: bool,
    /// Names of one file stay names of one file.
    keep_ties: bool,
    /// Follow links on the command line only, or never.
    follow_operands: bool,
    force: bool,
    verbose: bool,
    hard_link: bool,
    symbolic: bool,
    in_the_way: InTheWay,
    /// Source places of files with several names, and where the first was copied to.
    ties: BTreeMap<String, String>,
    /// The place that a directory is copied to which lies below itself, and the two names of that.
    made: Option<String>,
    operands: (String, String),
}

/// Copies files.
pub(super) fn cp(process: &mut Process<'_, '_>) -> Outcome {
    let long = [
        ("archive", 'a'),
        ("recursive", 'r'),
        ("preserve", 'E'),
        ("no-dereference", 'P'),
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
        ("interactive", 'i'),
        ("backup", 'B'),
        ("suffix", 'S'),
        ("remove-destination", 'F'),
        ("one-file-system", 'x'),
        ("strip-trailing-slashes", 'W'),
    ];
    let options = match options::parse(process, "arRpPdfivLHlsuTt:nxcbQK::O:E::B::S:FW", &long)? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    let mut copier = Copier::of(&options);
    each_pair(process, &options, &mut |process, from, to| copier.copy(process, from, to, true))
}

impl Copier {
    fn of(options: &Options) -> Self {
        let archive = options.has('a');
        let asked = options.values('E').collect::<Vec<_>>().join(",");
        let bare = options.all().any(|option| option == ('E', None));
        let preserves = |what: &[&str]| {
            archive
                || options.has('p')
                || bare
                || asked.split(',').any(|word| word == "all" || what.contains(&word))
        };
        Self {
            recursive: archive || options.has('r') || options.has('R'),
            preserve_mode: preserves(&["mode"]),
            preserve_owner: preserves(&["ownership"]),
            preserve_times: preserves(&["timestamps"]),
            keep_ties: archive
                || options.has('d')
                || asked.split(',').any(|word| matches!(word, "links" | "all")),
            keep_links: !options.has('L')
                && ["a", "d", "P", "r", "R"].iter().any(|o| options.last_of(o).is_some()),
            follow_operands: options.has('H'),
            force: options.has('f'),
            verbose: options.has('v'),
            hard_link: options.has('l'),
            symbolic: options.has('s'),
            in_the_way: InTheWay::of(options),
            ties: BTreeMap::new(),
            made: None,
            operands: Default::default(),
        }
    }

    /// As `install` copies.
    pub(super) fn of_install(options: &Options) -> Self {
        let in_the_way = InTheWay::of(options);
        Self { preserve_times: options.has('p'), verbose: options.has('v'), in_the_way, ..Self::default() }
    }

    pub(super) fn copy(
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
        if process.lstat(to).is_ok() {
            let same = process.look(to, Follow::Yes).is_ok_and(|(target, _)| target == place);
            if same && !node.is_directory() {
                process.complain(&format!("'{from}' and '{to}' are the same file"))?;
                return Ok(false);
            }
        }
        if !node.is_directory() && !self.in_the_way.give_way(process, to, node.metadata().mtime)? {
            return Ok(true);
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
        // A directory that was made by this very copy is passed over where the walk meets it.
        if self.made.as_deref() == Some(place) {
            let text = if process.is_busybox() {
                format!("recursion detected, omitting directory '{from}'")
            } else {
                let (from, to) = self.operands.clone();
                format!("cannot copy a directory, '{from}', into itself, '{to}'")
            };
            process.complain(&text)?;
            return Ok(false);
        }
        let into_itself =
            target.as_ref().is_ok_and(|target| path::is_within(target, place) && target != place);
        let is_missing = process.lstat(to).is_err();
        if into_itself && self.made.is_none() && is_missing {
            self.made = target.as_ref().ok().cloned();
            self.operands = (from.to_owned(), to.to_owned());
        } else if target.as_ref().is_ok_and(|target| path::is_within(target, place)) {
            let text = if process.is_busybox() {
                "recursion detected, omitting directory ".to_owned() + &format!("'{from}'")
            } else {
                format!("cannot copy a directory, '{from}', into itself, '{to}'")
            };
            process.complain(&text)?;
            return Ok(false);
        }
        let in_itself = self.made.is_some() && self.made == target.as_ref().ok().cloned();
        if in_itself && let Err(error) = process.make_directory(to, node.metadata().mode & 0o777 | 0o700) {
            cannot(process, "create directory", to, &error)?;
            return Ok(false);
        }
        let entries = match process.list(from) {
            Ok(entries) => entries,
            Err(error) => {
                super::support::cannot_open(process, from, &error)?;
                return Ok(false);
            }
        };
        let is_new = in_itself || !process.is_directory(to);
        if is_new
            && !in_itself
            && let Err(error) = process.make_directory(to, node.metadata().mode & 0o777 | 0o700)
        {
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
        let tied = tie.filter(|_| self.keep_ties);
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
            (false, false) if to.ends_with('/') => {
                format!("cannot create regular file '{to}': Not a directory")
            }
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

#[cfg(test)]
mod tests {
    use crate::shell::Credentials;
    use crate::shell::testing::{root, run_in, sh};

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
}
