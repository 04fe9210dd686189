//! `python3 -m venv`: an environment of its own.

use super::{python, python_of_env};
use crate::shell::programs::support::put;
use crate::shell::programs::{Interrupt, Modelled, Process};
use crate::vfs::{VfsError, path};

/// Makes an environment in each directory that is named.
pub(super) fn make(process: &mut Process<'_, '_>, words: &[String]) -> Result<Modelled, Interrupt> {
    let own = process.arguments.first().cloned().unwrap_or_default();
    let interpreter = process.find_command(&own).unwrap_or_else(|| "/usr/bin/python3".to_owned());
    let version =
        if process.env("PYTHON_VERSION").is_some() { python_of_env(process) } else { python(process) };
    let with_pip = !words.iter().any(|word| word == "--without-pip");
    for directory in words.iter().filter(|word| !word.starts_with('-')) {
        let root = path::clean(&process.resolve(directory));
        if let Err(error) = fill(process, &root, &interpreter, &version, with_pip) {
            process.check_limits()?;
            process.error_output(&format!("Error: {error}\n"))?;
            return Ok(Modelled::new(1, 0.0));
        }
    }
    Ok(Modelled::new(0, 2.0))
}

fn fill(
    process: &mut Process<'_, '_>,
    root: &str,
    interpreter: &str,
    version: &str,
    with_pip: bool,
) -> Result<(), VfsError> {
    let bin = path::join(root, "bin");
    let home = path::parent(interpreter);
    let settings = format!("home = {home}\ninclude-system-site-packages = false\nversion = {version}\n");
    put(process, &path::join(root, "pyvenv.cfg"), settings, 0o644)?;
    put(process, &path::join(&bin, "activate"), activation(root), 0o644)?;
    process.make_directories(&format!("{root}/lib/python{version}/site-packages"))?;
    process.make_directories(&path::join(root, "include"))?;
    for (name, target) in [("python3", interpreter), ("python", "python3")] {
        let link = path::join(&bin, name);
        if process.lstat(&link).is_err() {
            process.symlink(target, &link)?;
        }
    }
    // The pip of an environment is the one beside the interpreter, which looks at the environment's own variable.
    for name in ["pip", "pip3"] {
        let beside = path::join(home, name);
        let link = path::join(&bin, name);
        if with_pip && process.exists(&beside) && process.lstat(&link).is_err() {
            process.symlink(&beside, &link)?;
        }
    }
    Ok(())
}

/// What a shell reads to work in the environment.
fn activation(root: &str) -> String {
    format!(
        "deactivate () {{\n    PATH=\"$_OLD_VIRTUAL_PATH\"\n    export PATH\n    unset VIRTUAL_ENV _OLD_VIRTUAL_PATH\n}}\n\
         VIRTUAL_ENV=\"{root}\"\nexport VIRTUAL_ENV\n_OLD_VIRTUAL_PATH=\"$PATH\"\nPATH=\"$VIRTUAL_ENV/bin:$PATH\"\nexport PATH\n"
    )
}
