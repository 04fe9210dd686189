//! `basename`, `dirname`, `readlink`, `realpath`, `mktemp`, `pwd`, `which`: names of files.

use super::options;
use super::support::base_name;
use crate::shell::{Outcome, Process};
use crate::vfs::{Follow, path};

/// The last part of a path.
pub(super) fn basename(process: &mut Process<'_, '_>) -> Outcome {
    let options = match options::parse(process, "+as:z", &[("multiple", 'a'), ("suffix", 's')])? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    let mut operands = options.operands.clone();
    let mut suffix = options.value('s').unwrap_or("").to_owned();
    if !options.has('a') && !options.has('s') && operands.len() > 1 {
        suffix = operands.remove(1);
        operands.truncate(1);
    }
    if operands.is_empty() {
        return options::missing(process, "missing operand");
    }
    for operand in operands {
        let name = base_name(&operand);
        let short = name.strip_suffix(suffix.as_str()).filter(|short| !short.is_empty()).unwrap_or(name);
        process.output(&format!("{short}\n"))?;
    }
    Ok(0)
}

/// All but the last part of a path.
pub(super) fn dirname(process: &mut Process<'_, '_>) -> Outcome {
    let operands = process.args().to_vec();
    if operands.is_empty() {
        return options::missing(process, "missing operand");
    }
    for operand in operands {
        let trimmed = operand.trim_end_matches('/');
        let parent = match trimmed.rfind('/') {
            _ if trimmed.is_empty() && !operand.is_empty() => "/",
            None => ".",
            Some(at) => match trimmed[..at].trim_end_matches('/') {
                "" => "/",
                parent => parent,
            },
        };
        process.output(&format!("{parent}\n"))?;
    }
    Ok(0)
}

/// Where links lead.
pub(super) fn readlink(process: &mut Process<'_, '_>) -> Outcome {
    let long = [
        ("canonicalize", 'f'),
        ("canonicalize-existing", 'e'),
        ("canonicalize-missing", 'm'),
        ("no-newline", 'n'),
    ];
    let options = match options::parse(process, "femnqsvz", &long)? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    let mut code = 0;
    for operand in &options.operands {
        let found = if options.last_of("fem").is_some() {
            canonical(process, operand, options.has('e'), options.has('m'))
        } else {
            process.lstat(operand).ok().and_then(|node| node.as_symlink().map(str::to_owned))
        };
        match found {
            Some(text) => {
                let end = if options.has('n') { "" } else { "\n" };
                process.output(&format!("{text}{end}"))?;
            }
            None => code = 1,
        }
    }
    Ok(code)
}

fn canonical(
    process: &mut Process<'_, '_>,
    operand: &str,
    must_exist: bool,
    missing: bool,
) -> Option<String> {
    match process.place(operand, Follow::Yes) {
        Ok((place, node)) if node.is_some() || !must_exist => Some(place),
        _ if missing => Some(path::clean(&process.resolve(operand))),
        _ => None,
    }
}

/// Canonical paths.
pub(super) fn realpath(process: &mut Process<'_, '_>) -> Outcome {
    let long = [
        ("canonicalize-existing", 'e'),
        ("canonicalize-missing", 'm'),
        ("no-symlinks", 's'),
        ("relative-to", 'r'),
        ("quiet", 'q'),
    ];
    let options = match options::parse(process, "emsqzr:", &long)? {
        Ok(options) => options,
        Err(code) => return Ok(code),
    };
    let mut code = 0;
    for operand in &options.operands {
        let found = if options.has('s') {
            Some(path::clean(&process.resolve(operand)))
        } else {
            canonical(process, operand, options.has('e'), options.has('m'))
        };
        match found {
            Some(text) => process.output(&format!("{text}\n"))?,
            None => {
                process.complain(&format!("{operand}: No such file or directory"))?;
                code = 1;
            }
        }
    }
    Ok(code)
}

/// Makes a file or directory with a name of its own.
pub(super) fn mktemp(process: &mut Process<'_, '_>) -> Outcome {
    let options =
        match options::parse(process, "dqtup:", &[("directory", 'd'), ("tmpdir", 'p'), ("dry-run", 'u')])? {
            Ok(options) => options,
            Err(code) => return Ok(code),
        };
    let temporary = process.env("TMPDIR").filter(|text| !text.is_empty()).unwrap_or("/tmp").to_owned();
    let directory = options.value('p').map(str::to_owned);
    let template = match options.operands.first() {
        Some(template) if options.has('t') => {
            path::join(directory.as_deref().unwrap_or(&temporary), template)
        }
        Some(template) => {
            directory.map_or_else(|| template.clone(), |directory| path::join(&directory, template))
        }
        None => {
            let default = if process.is_busybox() { "tmp.XXXXXX" } else { "tmp.XXXXXXXXXX" };
            path::join(directory.as_deref().unwrap_or(&temporary), default)
        }
    };
    let stem = template.trim_end_matches('X');
    let count = template.len() - stem.len();
    if count < 3 {
        process.complain(&if process.is_busybox() {
            "(null): Invalid argument".to_owned()
        } else {
            format!("too few X's in template ‘{template}’")
        })?;
        return Ok(1);
    }
    let mut random = process.machine.next_random();
    let mut name = stem.to_owned();
    for _ in 0..count {
        const LETTERS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        name.push(char::from(LETTERS[(random % 62) as usize]));
        random = (random / 62) ^ random.rotate_left(17);
    }
    let made = if options.has('u') {
        Ok(())
    } else if options.has('d') {
        process.make_directory(&name, 0o700)
    } else {
        process.create(&name, 0o600, false).map(|_| ())
    };
    if let Err(error) = made {
        let reason = error.kind.message();
        let what = if options.has('d') { "directory" } else { "file" };
        process.complain(&if process.is_busybox() {
            format!("(null): {reason}")
        } else {
            format!("failed to create {what} via template ‘{template}’: {reason}")
        })?;
        return Ok(1);
    }
    process.output(&format!("{name}\n"))?;
    Ok(0)
}

/// The working directory.
pub(super) fn pwd(process: &mut Process<'_, '_>) -> Outcome {
    let cwd = process.cwd.clone();
    let place = process.machine.tree().canonical(&cwd).unwrap_or(cwd);
    process.output(&format!("{place}\n"))?;
    Ok(0)
}

/// Where commands are.
pub(super) fn which(process: &mut Process<'_, '_>) -> Outcome {
    let mut code = 0;
    let names: Vec<String> = process.args().iter().filter(|word| !word.starts_with('-')).cloned().collect();
    let all = process.args().iter().any(|word| word == "-a");
    for name in names {
        if all && !name.contains('/') {
            let paths = process.env("PATH").unwrap_or_default().to_owned();
            let mut found = false;
            for directory in paths.split(':') {
                let path = path::join(directory, &name);
                if process.stat(&path).is_ok_and(|node| !node.is_directory()) && process.may_execute(&path) {
                    found = true;
                    process.output(&format!("{path}\n"))?;
                }
            }
            code |= i32::from(!found);
            continue;
        }
        match process.find_command(&name) {
            Some(path) if process.may_execute(&path) => process.output(&format!("{path}\n"))?,
            _ => code = 1,
        }
    }
    Ok(code)
}

#[cfg(test)]
mod tests {
    use crate::shell::testing::sh;

    #[test]
    fn names() {
        assert_eq!(
            sh("basename /a/b.c .c; basename /; dirname /a/b/; dirname a; dirname /a; dirname /"),
            "b\n/\n/a\n.\n/\n/\n"
        );
        assert_eq!(
            sh("ln -s d /l; readlink /l; readlink -f /l/a.txt; realpath /l/../etc; readlink /d; echo $?"),
            "d\n/d/a.txt\n/etc\n1\n"
        );
        assert_eq!(
            sh(
                "f=$(mktemp); [ -f $f ] && stat -c %a $f; d=$(mktemp -d); [ -d $d ] && stat -c %a $d; [ $f != $d ]"
            ),
            "600\n700\n"
        );
        assert_eq!(
            sh("which cat nosuch; cd /d; /usr/bin/pwd"),
            "/usr/bin/cat\n/d\n= 0\n".replace("= 0\n", "").as_str()
        );
    }
}
