//! `rm`, `unlink`.

use super::options;
use super::support::{base_name, cannot, confirmed};
use crate::shell::{Interrupt, Outcome, Process};
use crate::vfs::{Node, VfsErrorKind};

/// Removes files and, with `-r`, directories.
pub(super) fn rm(process: &mut Process<'_, '_>) -> Outcome {
    let long = [
        ("recursive", 'r'),
        ("force", 'f'),
        ("verbose", 'v'),
        ("dir", 'd'),
        ("interactive", 'a'),
        ("no-preserve-root", 'n'),
        ("preserve-root", 'p'),
        ("one-file-system", 'o'),
    ];
    let options = match options::parse(process, "rRfivdIna::po", &long)? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    let force = options.has('f');
    if options.operands.is_empty() && !force {
        return options::missing(process, "missing operand");
    }
    let remover = Remover {
        recursive: options.has('r') || options.has('R'),
        force,
        verbose: options.has('v'),
        empty: options.has('d'),
        asks: asks(&options),
    };
    let mut code = 0;
    for path in &options.operands {
        let name = base_name(path);
        if name == "." || name == ".." || name == "/" {
            let text = if process.is_busybox() {
                "can't remove '.' or '..'".to_owned()
            } else if name == "/" {
                "it is dangerous to operate recursively on '/'".to_owned()
            } else {
                format!("refusing to remove '.' or '..' directory: skipping '{path}'")
            };
            process.complain(&text)?;
            code = 1;
            continue;
        }
        if !remover.remove(process, path)? {
            code = 1;
        }
    }
    Ok(code)
}

/// Whether it asks before each removal: the last of `-f`, `-i` and `--interactive=WHEN` counts.
fn asks(options: &options::Options) -> bool {
    let last = options.all().rfind(|(letter, _)| matches!(letter, 'f' | 'i' | 'a'));
    match last {
        Some(('i', _)) => true,
        Some(('a', when)) => when.is_none_or(|when| matches!(when, "always" | "yes")),
        _ => false,
    }
}

/// How things are removed.
struct Remover {
    recursive: bool,
    force: bool,
    verbose: bool,
    /// Empty directories too.
    empty: bool,
    asks: bool,
}

impl Remover {
    fn remove(&self, process: &mut Process<'_, '_>, path: &str) -> Result<bool, Interrupt> {
        process.step(1)?;
        let node = match process.lstat(path) {
            Ok(node) => node,
            Err(error) => {
                if self.force && matches!(error.kind, VfsErrorKind::NotFound | VfsErrorKind::NotADirectory) {
                    return Ok(true);
                }
                cannot(process, "remove", path, &error)?;
                return Ok(false);
            }
        };
        if node.is_directory() && !self.recursive && !self.empty {
            let text = if process.is_busybox() {
                format!("'{}' is a directory", path.trim_end_matches('/'))
            } else {
                format!("cannot remove '{path}': Is a directory")
            };
            process.complain(&text)?;
            return Ok(false);
        }
        if node.is_directory() && self.recursive {
            // Root needs no look at each entry.
            if process.credentials.uid == 0 && !self.verbose && !self.asks && process.remove_all(path).is_ok()
            {
                return Ok(true);
            }
            if self.asks && !confirmed(process, &question(process, "descend into directory", path))? {
                return Ok(true);
            }
            if !self.empty_out(process, path)? {
                return Ok(false);
            }
        }
        if self.asks && !confirmed(process, &question(process, what(&node), path))? {
            return Ok(true);
        }
        if let Err(error) = process.remove(path) {
            cannot(process, "remove", path, &error)?;
            return Ok(false);
        }
        if self.verbose {
            let directory = match (node.is_directory(), process.is_busybox()) {
                (false, _) => "",
                (true, true) => "directory: ",
                (true, false) => "directory ",
            };
            process.output(&format!("removed {directory}'{path}'\n"))?;
        }
        Ok(true)
    }

    /// Removes what is in a directory.
    fn empty_out(&self, process: &mut Process<'_, '_>, path: &str) -> Result<bool, Interrupt> {
        let entries = match process.list(path) {
            Ok(entries) => entries,
            // One that is empty can be removed without being read.
            Err(_)
                if process.stat(path).is_ok_and(|node| node.as_directory().is_some_and(|d| d.is_empty())) =>
            {
                return Ok(true);
            }
            Err(error) => {
                cannot(process, "remove", path, &error)?;
                return Ok(false);
            }
        };
        let mut removed = true;
        for (name, _) in entries {
            removed &= self.remove(process, &crate::vfs::path::join(path, &name))?;
        }
        Ok(removed)
    }
}

fn question(process: &Process<'_, '_>, what: &str, path: &str) -> String {
    match (process.is_busybox(), what.starts_with("descend")) {
        (true, true) => format!("descend into directory '{path}'? "),
        (true, false) if what == "directory" => format!("remove directory '{path}'? "),
        (true, false) => format!("remove '{path}'? "),
        (false, true) => format!("{what} '{path}'? "),
        (false, false) => format!("remove {what} '{path}'? "),
    }
}

/// What GNU calls a kind of file in its questions.
fn what(node: &Node) -> &'static str {
    match node {
        Node::Directory(_) => "directory",
        Node::File(file) if file.content.size() == 0 => "regular empty file",
        Node::File(_) => "regular file",
        Node::Symlink { .. } => "symbolic link",
        Node::Device { .. } => "special file",
    }
}

/// Removes one name.
pub(super) fn unlink(process: &mut Process<'_, '_>) -> Outcome {
    let Some(path) = process.args().first().cloned() else {
        return options::missing(process, "missing operand");
    };
    match process.remove(&path) {
        Ok(()) => Ok(0),
        Err(error) => {
            cannot(process, "unlink", &path, &error)?;
            Ok(1)
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::shell::Credentials;
    use crate::shell::testing::{root, run_in, sh};

    #[test]
    fn removal() {
        assert_eq!(sh("rm /d/a.txt && rm -rf /d/sub /nope && ls /d"), "b.txt\n");
        assert_eq!(sh("rm -rv /d/sub"), "removed '/d/sub/c.txt'\nremoved directory: '/d/sub'\n");
        assert_eq!(sh("rm /d"), "! rm: '/d' is a directory\n= 1\n");
        assert_eq!(sh("rm /nope"), "! rm: can't remove '/nope': No such file or directory\n= 1\n");
        assert_eq!(
            sh("rm -rf /dev/null /proc 2>/dev/null; ls /dev | head -n 1; ls -d /proc"),
            "core\n/proc\n"
        );
        assert_eq!(sh("cd /d && rm -rf ./* && ls -a"), ".\n..\n");
    }

    #[test]
    fn strangers_may_not() {
        let app = Credentials { uid: 1000, gid: 1000, groups: vec![] };
        let (outcome, tree) = run_in(root("busybox"), &["/bin/sh", "-c", "rm -rf /d/sub"], app);
        assert_eq!(outcome.exit_code, 1);
        assert!(tree.exists("/d/sub/c.txt"));
    }
}
