//! `rm`, `unlink`.

use super::options;
use super::support::{base_name, cannot};
use crate::shell::{Interrupt, Outcome, Process};
use crate::vfs::VfsErrorKind;

/// Removes files and, with `-r`, directories.
pub(super) fn rm(process: &mut Process<'_, '_>) -> Outcome {
    let long = [
        ("recursive", 'r'),
        ("force", 'f'),
        ("verbose", 'v'),
        ("dir", 'd'),
        ("interactive", 'i'),
        ("no-preserve-root", 'n'),
    ];
    let options = match options::parse(process, "rRfivdIn", &long)? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    let force = options.has('f');
    if options.operands.is_empty() && !force {
        process.complain("missing operand")?;
        return Ok(1);
    }
    let recursive = options.has('r') || options.has('R');
    let mut code = 0;
    for path in &options.operands {
        let name = base_name(path);
        if name == "." || name == ".." || name == "/" {
            let text = if process.is_busybox() {
                format!("can't remove '{name}'")
            } else if name == "/" {
                "it is dangerous to operate recursively on '/'".to_owned()
            } else {
                format!("refusing to remove '.' or '..' directory: skipping '{path}'")
            };
            process.complain(&text)?;
            code = 1;
            continue;
        }
        if !remove(process, path, recursive, force, options.has('v'), options.has('d'))? {
            code = 1;
        }
    }
    Ok(code)
}

fn remove(
    process: &mut Process<'_, '_>,
    path: &str,
    recursive: bool,
    force: bool,
    verbose: bool,
    empty: bool,
) -> Result<bool, Interrupt> {
    process.step(1)?;
    let node = match process.lstat(path) {
        Ok(node) => node,
        Err(error) => {
            if force && matches!(error.kind, VfsErrorKind::NotFound | VfsErrorKind::NotADirectory) {
                return Ok(true);
            }
            cannot(process, "remove", path, &error)?;
            return Ok(false);
        }
    };
    let mut removed = true;
    if node.is_directory() {
        if !recursive && !empty {
            let text = if process.is_busybox() {
                format!("'{path}' is a directory")
            } else {
                format!("cannot remove '{path}': Is a directory")
            };
            process.complain(&text)?;
            return Ok(false);
        }
        if recursive {
            // Root needs no look at each entry.
            if process.credentials.uid == 0 && !verbose && process.remove_all(path).is_ok() {
                return Ok(true);
            }
            match process.list(path) {
                Ok(entries) => {
                    for (name, _) in entries {
                        let child = crate::vfs::path::join(path, &name);
                        removed &= remove(process, &child, true, force, verbose, false)?;
                    }
                }
                Err(error) => {
                    cannot(process, "remove", path, &error)?;
                    return Ok(false);
                }
            }
        }
    }
    if !removed {
        return Ok(false);
    }
    if let Err(error) = process.remove(path) {
        cannot(process, "remove", path, &error)?;
        return Ok(false);
    }
    if verbose {
        let directory = match (node.is_directory(), process.is_busybox()) {
            (false, _) => "",
            (true, true) => "directory: ",
            (true, false) => "directory ",
        };
        process.output(&format!("removed {directory}'{path}'\n"))?;
    }
    Ok(true)
}

/// Removes one name.
pub(super) fn unlink(process: &mut Process<'_, '_>) -> Outcome {
    let Some(path) = process.args().first().cloned() else {
        process.complain("missing operand")?;
        return Ok(1);
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
