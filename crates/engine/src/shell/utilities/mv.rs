//! `mv`: renames files.

use super::options;
use super::transfer::{InTheWay, each_pair};
use crate::shell::{Interrupt, Outcome, Process};
use crate::vfs::{Follow, VfsError, VfsErrorKind, path};

/// Moves files.
pub(super) fn mv(process: &mut Process<'_, '_>) -> Outcome {
    let long = [
        ("force", 'f'),
        ("interactive", 'i'),
        ("no-clobber", 'n'),
        ("verbose", 'v'),
        ("target-directory", 't'),
        ("no-target-directory", 'T'),
        ("update", 'u'),
        ("backup", 'B'),
        ("suffix", 'S'),
        ("strip-trailing-slashes", 'W'),
    ];
    let options = match options::parse(process, "finvt:TubB::S:W", &long)? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    let in_the_way = InTheWay::of(&options);
    let verbose = options.has('v');
    each_pair(process, &options, &mut |process, from, to| {
        process.step(1)?;
        let found = process.lstat(from);
        let is_directory = found.as_ref().is_ok_and(|node| node.is_directory());
        if let Ok(node) = &found
            && !in_the_way.give_way(process, to, node.metadata().mtime)?
        {
            return Ok(true);
        }
        if !process.is_busybox()
            && let Ok((place, _)) = process.look(from, Follow::No)
            && process.look(to, Follow::No).is_ok_and(|(target, _)| target == place)
        {
            process.complain(&format!("'{from}' and '{to}' are the same file"))?;
            return Ok(false);
        }
        // A slash at the end says that it is a directory.
        let named = process.lstat(from.trim_end_matches('/'));
        let no_directory = to.ends_with('/') && !is_directory && found.is_ok() && !process.is_directory(to);
        let renamed = if no_directory || from.ends_with('/') && named.is_ok_and(|node| !node.is_directory()) {
            Err(VfsError::new(VfsErrorKind::NotADirectory, from))
        } else {
            process.rename(from, to)
        };
        match renamed {
            Ok(()) => {
                if verbose {
                    let renamed = if process.is_busybox() { "" } else { "renamed " };
                    process.output(&format!("{renamed}'{from}' -> '{to}'\n"))?;
                }
                Ok(true)
            }
            Err(error) => refuse(process, from, to, is_directory, &error),
        }
    })
}

/// Says why a file could not be moved.
fn refuse(
    process: &mut Process<'_, '_>,
    from: &str,
    to: &str,
    is_directory: bool,
    error: &VfsError,
) -> Result<bool, Interrupt> {
    let reason = error.kind.message();
    let busybox = process.is_busybox();
    let onto_directory = process.lstat(to).is_ok_and(|node| node.is_directory());
    let within = path::is_within(&process.resolve(to), &process.resolve(from.trim_end_matches('/')));
    let no_source = process.lstat(from).is_err() || from.ends_with('/') && !is_directory;
    let text = match busybox {
        true if onto_directory && !is_directory => format!("'{to}' is a directory"),
        true => format!("can't rename '{from}': {reason}"),
        false if no_source => format!("cannot stat '{from}': {reason}"),
        false if is_directory && within => {
            format!("cannot move '{from}' to a subdirectory of itself, '{to}'")
        }
        false if is_directory && process.lstat(to).is_ok() && !onto_directory => {
            format!("cannot overwrite non-directory '{to}' with directory '{from}'")
        }
        false if onto_directory && !is_directory => {
            format!("cannot overwrite directory '{to}' with non-directory")
        }
        false => format!("cannot move '{from}' to '{to}': {reason}"),
    };
    process.complain(&text)?;
    Ok(false)
}

#[cfg(test)]
mod tests {
    use crate::shell::testing::{sh, shown};

    #[test]
    fn moves() {
        assert_eq!(
            sh("mv /d/a.txt /d/m; mv /d/b.txt /; mv /d /e; ls / | head -n 3; ls /e"),
            "b.txt\nbin\ndev\nm\nsub\n"
        );
        assert_eq!(sh("mv /nope /x"), "! mv: can't rename '/nope': No such file or directory\n= 1\n");
        assert_eq!(sh("mv -T /d/a.txt /etc"), "! mv: '/etc' is a directory\n= 1\n");
        assert_eq!(sh("mv /d/a.txt/ /x"), "! mv: can't rename '/d/a.txt/': Not a directory\n= 1\n");
        assert_eq!(
            shown("dash", "mv /d /d/sub; mv -T /d/a.txt /etc; mv -v /d/a.txt /x"),
            "renamed '/d/a.txt' -> '/x'\n! mv: cannot move '/d' to a subdirectory of itself, '/d/sub/d'\n\
             ! mv: cannot overwrite directory '/etc' with non-directory\n"
        );
    }
}
