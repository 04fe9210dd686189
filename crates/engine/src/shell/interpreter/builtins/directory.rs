//! `cd pwd pushd popd umask`.

use crate::shell::interpreter::{Shell, Status};
use crate::shell::language::Dialect;
use crate::vfs::{Follow, VfsErrorKind, path};

/// `cd`
pub(super) fn cd(shell: &mut Shell<'_, '_>, words: &[String]) -> Status {
    let physical = words.iter().any(|word| word == "-P");
    let target = words[1..].iter().find(|word| !matches!(word.as_str(), "-P" | "-L" | "--")).cloned();
    let target = match target.as_deref() {
        None => match shell.state.get("HOME").map(str::to_owned) {
            Some(home) => home,
            None if shell.state.dialect == Dialect::Bash => {
                shell.error(Some("cd"), "HOME not set")?;
                return Ok(1);
            }
            None => return Ok(0),
        },
        Some("-") => match shell.state.get("OLDPWD").map(str::to_owned) {
            Some(old) => {
                shell.process.output(&format!("{old}\n"))?;
                old
            }
            None => {
                shell.error(Some("cd"), "OLDPWD not set")?;
                return Ok(1);
            }
        },
        Some(target) => target.to_owned(),
    };
    match in_path(shell, &target) {
        Some(found) => {
            let status = change(shell, &words[0], &found, physical)?;
            if status == 0 {
                let text = format!("{}\n", shell.process.cwd);
                shell.process.output(&text)?;
            }
            Ok(status)
        }
        None => change(shell, &words[0], &target, physical),
    }
}

/// Where `CDPATH` leads to a directory, unless that is the present one.
fn in_path(shell: &mut Shell<'_, '_>, target: &str) -> Option<String> {
    let first = target.split('/').next().unwrap_or("");
    if matches!(first, "" | "." | "..") {
        return None;
    }
    let paths = shell.state.get("CDPATH")?.to_owned();
    for directory in paths.split(':') {
        let candidate = if directory.is_empty() { target.to_owned() } else { path::join(directory, target) };
        if shell.process.is_directory(&candidate) {
            return Some(candidate).filter(|_| !directory.is_empty());
        }
    }
    None
}

fn change(shell: &mut Shell<'_, '_>, builtin: &str, target: &str, physical: bool) -> Status {
    let absolute = if target.is_empty() { shell.process.cwd.clone() } else { shell.process.resolve(target) };
    let logical = path::clean(&absolute);
    // `..` is taken off by the shell before the kernel sees it.
    let result = shell.process.look(if physical { &absolute } else { &logical }, Follow::Yes);
    let kind = match result {
        Ok((place, node)) if node.is_directory() => {
            if shell.process.may_execute(&place) {
                let new = if physical { place } else { logical };
                let old = std::mem::replace(&mut shell.process.cwd, new.clone());
                shell.assign("OLDPWD", old)?;
                shell.assign("PWD", new)?;
                if shell.state.dialect != Dialect::Bash {
                    shell.state.variable("OLDPWD").exported = true;
                }
                return Ok(0);
            }
            VfsErrorKind::PermissionDenied
        }
        Ok(_) => VfsErrorKind::NotADirectory,
        Err(error) => error.kind,
    };
    let message = match shell.state.dialect {
        Dialect::Ash => format!("can't cd to {target}: {}", kind.message()),
        Dialect::Dash => format!("can't cd to {target}"),
        Dialect::Bash => format!("{target}: {}", kind.message()),
    };
    shell.error(Some(builtin), &message)?;
    // The shells that come from Almquist's treat this as an error of the shell itself.
    Ok(if shell.state.dialect == Dialect::Bash { 1 } else { 2 })
}

/// `pwd`
pub(super) fn pwd(shell: &mut Shell<'_, '_>, words: &[String]) -> Status {
    let cwd = shell.process.cwd.clone();
    let shown = if words.iter().any(|word| word == "-P") {
        shell.process.machine.tree().canonical(&cwd).unwrap_or(cwd)
    } else {
        cwd
    };
    shell.process.output(&format!("{shown}\n"))?;
    Ok(0)
}

/// `pushd`
pub(super) fn pushd(shell: &mut Shell<'_, '_>, words: &[String]) -> Status {
    let old = shell.process.cwd.clone();
    let Some(target) = words.get(1).cloned().or_else(|| shell.state.directories.pop()) else {
        shell.error(Some("pushd"), "no other directory")?;
        return Ok(1);
    };
    let status = change(shell, "pushd", &target, false)?;
    if status == 0 {
        shell.state.directories.push(old);
        print_stack(shell)?;
    }
    Ok(status)
}

/// `popd`
pub(super) fn popd(shell: &mut Shell<'_, '_>, _: &[String]) -> Status {
    let Some(target) = shell.state.directories.pop() else {
        shell.error(Some("popd"), "directory stack empty")?;
        return Ok(1);
    };
    let status = change(shell, "popd", &target, false)?;
    print_stack(shell)?;
    Ok(status)
}

/// `dirs`
pub(super) fn dirs(shell: &mut Shell<'_, '_>, words: &[String]) -> Status {
    if words.iter().any(|word| word == "-c") {
        shell.state.directories.clear();
    } else {
        print_stack(shell)?;
    }
    Ok(0)
}

fn print_stack(shell: &mut Shell<'_, '_>) -> Result<(), crate::shell::Interrupt> {
    let mut all = vec![shell.process.cwd.clone()];
    all.extend(shell.state.directories.iter().rev().cloned());
    // What lies in the home directory is shown from there.
    if let Some(home) = shell.state.get("HOME").filter(|home| home.len() > 1) {
        for directory in &mut all {
            if let Some(rest) =
                directory.strip_prefix(home).filter(|rest| rest.is_empty() || rest.starts_with('/'))
            {
                *directory = format!("~{rest}");
            }
        }
    }
    shell.process.output(&format!("{}\n", all.join(" ")))
}

/// `umask`
pub(super) fn umask(shell: &mut Shell<'_, '_>, words: &[String]) -> Status {
    let symbolic = words.iter().any(|word| word == "-S");
    let Some(mode) = words[1..].iter().find(|word| *word != "-S") else {
        let umask = shell.process.umask;
        let text = if symbolic {
            let letters = |shift: u32| {
                let bits = !umask >> shift;
                [(4, 'r'), (2, 'w'), (1, 'x')]
                    .iter()
                    .filter(|(bit, _)| bits & bit != 0)
                    .map(|(_, c)| *c)
                    .collect::<String>()
            };
            format!("u={},g={},o={}\n", letters(6), letters(3), letters(0))
        } else {
            format!("{umask:04o}\n")
        };
        shell.process.output(&text)?;
        return Ok(0);
    };
    let new = match u32::from_str_radix(mode, 8) {
        Ok(bits) => Some(bits & 0o777),
        Err(_) => crate::shell::utilities::mode::symbolic(mode, !shell.process.umask & 0o777, false, 0)
            .map(|allowed| !allowed & 0o777),
    };
    match new {
        Some(umask) => {
            shell.process.umask = umask;
            Ok(0)
        }
        None => {
            let text = match shell.state.dialect {
                Dialect::Ash => format!("illegal mode: {mode}"),
                Dialect::Dash => format!("Illegal mode: {mode}"),
                Dialect::Bash => {
                    let operator =
                        mode.trim_start_matches(['u', 'g', 'o', 'a']).chars().next().unwrap_or(' ');
                    format!("`{operator}': invalid symbolic mode operator")
                }
            };
            shell.error(Some("umask"), &text)?;
            Ok(if shell.state.dialect == Dialect::Bash { 1 } else { 2 })
        }
    }
}
