//! `mkdir`, `rmdir`, `mkfifo`, `mknod`.

use super::mode;
use super::options;
use super::support::cannot_because;
use crate::shell::{Interrupt, Outcome, Process};
use crate::vfs::VfsErrorKind;

/// Makes directories.
pub(super) fn mkdir(process: &mut Process<'_, '_>) -> Outcome {
    let options =
        match options::parse(process, "pm:vZ", &[("parents", 'p'), ("mode", 'm'), ("verbose", 'v')])? {
            Ok(options) => options,
            Err(code) => return Ok(code),
        };
    if options.operands.is_empty() {
        return options::missing(process, "missing operand");
    }
    let mode = match options.value('m') {
        None => None,
        Some(text) => match mode::parse(text, 0o777, false, process.umask) {
            Some(mode) => Some(mode),
            None => {
                process.complain(&format!("invalid mode '{text}'"))?;
                return Ok(1);
            }
        },
    };
    let mut code = 0;
    for path in &options.operands {
        if !make(process, path, options.has('p'), mode, options.has('v'))? {
            code = 1;
        }
    }
    Ok(code)
}

/// The longest path that the kernel takes, with the byte that ends it.
const PATH_MAX: usize = 4096;

/// Makes one operand, with what is missing above it if `parents` says so.
fn make(
    process: &mut Process<'_, '_>,
    path: &str,
    parents: bool,
    mode: Option<u32>,
    verbose: bool,
) -> Result<bool, Interrupt> {
    if path.len() >= PATH_MAX {
        return refuse(process, path, VfsErrorKind::NameTooLong);
    }
    if parents {
        if process.is_directory(path) {
            return Ok(true);
        }
        // From the top down: every part is looked at once, however deep the path is.
        let whole = path.trim_end_matches('/');
        let slashes = whole.match_indices('/').map(|(at, _)| at);
        for above in slashes.filter(|at| *at > 0).map(|at| &whole[..at]) {
            // To look at a path is to walk it from the root.
            process.step(1 + above.len() as u64 / 16)?;
            if process.is_directory(above) {
                continue;
            }
            // BusyBox cuts behind the slashes.
            let slashes = whole[above.len()..].bytes().take_while(|byte| *byte == b'/').count();
            let named = &whole[..above.len() + if process.is_busybox() { slashes } else { 0 }];
            if process.exists(above) {
                return refuse(process, named, VfsErrorKind::NotADirectory);
            }
            if !make_one(process, named, None, verbose)? {
                return Ok(false);
            }
        }
        if process.is_directory(path) {
            return Ok(true);
        }
    }
    process.step(1)?;
    make_one(process, path, mode, verbose)
}

fn make_one(
    process: &mut Process<'_, '_>,
    path: &str,
    mode: Option<u32>,
    verbose: bool,
) -> Result<bool, Interrupt> {
    match process.make_directory(path, mode.unwrap_or(0o777)) {
        Ok(()) => {
            if let Some(mode) = mode {
                // The umask does not count for a mode that was asked for.
                let _ = process.set_mode(path, mode);
            }
            if verbose {
                let text = if process.is_busybox() {
                    format!("created directory: '{path}'\n")
                } else {
                    format!("mkdir: created directory '{path}'\n")
                };
                process.output(&text)?;
            }
            Ok(true)
        }
        Err(error) => refuse(process, path, error.kind),
    }
}

/// Says why a directory could not be made.
fn refuse(process: &mut Process<'_, '_>, path: &str, kind: VfsErrorKind) -> Result<bool, Interrupt> {
    if process.is_busybox() {
        cannot_because(process, "create directory", path, kind)?;
    } else {
        process.complain(&format!("cannot create directory ‘{path}’: {}", kind.message()))?;
    }
    Ok(false)
}

/// Removes empty directories.
pub(super) fn rmdir(process: &mut Process<'_, '_>) -> Outcome {
    let long = [("parents", 'p'), ("ignore-fail-on-non-empty", 'i'), ("verbose", 'v')];
    let options = match options::parse(process, "piv", &long)? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    if options.operands.is_empty() {
        return options::missing(process, "missing operand");
    }
    let mut code = 0;
    for path in &options.operands {
        let mut path = path.trim_end_matches('/').to_owned();
        loop {
            // GNU says what it is about to do, whether it can or not.
            if options.has('v') {
                process.output(&format!("rmdir: removing directory, '{path}'\n"))?;
            }
            let removed = match process.lstat(&path) {
                Ok(node) if !node.is_directory() => Err(VfsErrorKind::NotADirectory),
                Ok(_) => process.remove(&path).map_err(|error| error.kind),
                Err(error) => Err(error.kind),
            };
            if let Err(kind) = removed {
                if !(kind == VfsErrorKind::NotEmpty && options.has('i')) {
                    let text = if process.is_busybox() {
                        format!("'{path}': {}", kind.message())
                    } else {
                        format!("failed to remove '{path}': {}", kind.message())
                    };
                    process.complain(&text)?;
                    code = 1;
                }
                break;
            }
            let parent = crate::vfs::path::parent(&path).to_owned();
            if !options.has('p') || parent == "." || parent == "/" {
                break;
            }
            path = parent;
        }
    }
    Ok(code)
}

#[cfg(test)]
mod tests {
    use crate::shell::testing::sh;

    #[test]
    fn directories() {
        assert_eq!(
            sh("mkdir -p /a/b/c && mkdir -m 700 /p && ls -ld /p | cut -c1-10; ls /a/b"),
            "drwx------\nc\n"
        );
        assert_eq!(
            sh("mkdir /x/y"),
            "! mkdir: can't create directory '/x/y': No such file or directory\n= 1\n"
        );
        assert_eq!(sh("mkdir /d"), "! mkdir: can't create directory '/d': File exists\n= 1\n");
        assert_eq!(sh("rmdir /d"), "! rmdir: '/d': Directory not empty\n= 1\n");
        assert_eq!(sh("mkdir -p /d /d/e; rmdir /d/e; ls /d"), "a.txt\nb.txt\nsub\n");
    }

    #[test]
    fn deep_paths() {
        let path = |depth| "/a".repeat(depth);
        assert_eq!(sh(&format!("mkdir -p {0} && cd {0} && pwd | wc -c", path(2047))), "4095\n");
        let long = path(200_000);
        assert_eq!(
            sh(&format!("mkdir -p {long}")),
            format!("! mkdir: can't create directory '{long}': File name too long\n= 1\n")
        );
        assert_eq!(sh("mkdir -p /n/./m//../o/ && ls /n; mkdir -p n/p; ls /n"), "m\no\nm\no\np\n");
    }
}
