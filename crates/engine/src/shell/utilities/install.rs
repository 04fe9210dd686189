//! `install`: copies files and sets their modes and owners.

use super::cp::Copier;
use super::mode;
use super::options;
use super::support::{cannot, group_id, user_id};
use super::transfer::each_pair;
use crate::shell::{Interrupt, Outcome, Process};
use crate::vfs::{Follow, path};

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
    let Some(uid) = owner(process, options.value('o'), "user", user_id)? else { return Ok(1) };
    let Some(gid) = owner(process, options.value('g'), "group", group_id)? else { return Ok(1) };
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
    let mut copier = Copier::of_install(&options);
    each_pair(process, &options, &mut |process, from, to| {
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

/// The number that an option names, if it is there; `None` if nobody has the name, which is said.
fn owner(
    process: &mut Process<'_, '_>,
    name: Option<&str>,
    what: &str,
    id: fn(&mut Process<'_, '_>, &str) -> Option<u32>,
) -> Result<Option<Option<u32>>, Interrupt> {
    let Some(name) = name else { return Ok(Some(None)) };
    if let Some(id) = id(process, name) {
        return Ok(Some(Some(id)));
    }
    process.complain(&if process.is_busybox() {
        format!("unknown {what} {name}")
    } else {
        format!("invalid {what} ‘{name}’")
    })?;
    Ok(None)
}

#[cfg(test)]
mod tests {
    use crate::shell::testing::shown;

    #[test]
    fn directories_and_files() {
        assert_eq!(
            shown("dash", "install -d -m 750 /i/j; install -m 600 /d/a.txt /i/f; stat -c '%A %n' /i/*"),
            "-rw------- /i/f\ndrwxr-x--- /i/j\n"
        );
        assert_eq!(shown("dash", "install -o nosuch /d/a.txt /x"), "! install: invalid user 'nosuch'\n= 1\n");
        assert_eq!(shown("dash", "install -D /d/a.txt /p/q/r; stat -c %a /p/q/r"), "755\n");
    }
}
