//! `git`: what is cloned is not there but for what the catalogue knows of its address.

use super::support::{Work, put, seconds, split_options};
use super::{Interrupt, Modelled, Process};
use crate::shell::command::CommandKind;
use crate::shell::stand_in;
use crate::vfs::path;

const WITH_VALUE: &[&str] =
    &["-b", "--branch", "--depth", "-c", "--config", "-C", "-o", "--origin", "--reference", "--jobs", "-j"];

/// Clones, makes repositories, and keeps settings.
pub(super) fn run(process: &mut Process<'_, '_>) -> Result<Modelled, Interrupt> {
    let (options, operands) = split_options(process.args(), WITH_VALUE);
    if options.iter().any(|option| option == "--version") {
        return super::version::run(process);
    }
    match operands.split_first().map(|(command, rest)| (command.as_str(), rest)) {
        Some(("clone", [address, rest @ ..])) => clone(process, address, rest.first()),
        Some(("init", rest)) => {
            let directory = rest.first().map_or(".", String::as_str).to_owned();
            match repository(process, &directory) {
                Ok(()) => Ok(Modelled::new(0, 0.05)),
                Err(_) => Ok(Modelled::new(128, 0.05)),
            }
        }
        Some(("config", rest)) => config(process, &options, rest),
        _ => Ok(Modelled { exit_code: 0, seconds: 0.05, kind: CommandKind::Unknown }),
    }
}

fn repository(process: &mut Process<'_, '_>, directory: &str) -> Result<(), crate::vfs::VfsError> {
    put(process, &path::join(directory, ".git/HEAD"), "ref: refs/heads/main\n", 0o644)?;
    put(process, &path::join(directory, ".git/config"), "[core]\n\tbare = false\n", 0o644)
}

fn clone(process: &mut Process<'_, '_>, address: &str, into: Option<&String>) -> Result<Modelled, Interrupt> {
    let last = path::name(address.trim_end_matches('/')).trim_end_matches(".git").to_owned();
    let directory = into.cloned().unwrap_or(last);
    process.error_output(&format!("Cloning into '{directory}'...\n"))?;
    let Some(download) = stand_in::look_up(process, address)? else {
        let host = super::fetch::host(address);
        let slash = if address.ends_with('/') { "" } else { "/" };
        process.error_output(&format!(
            "fatal: unable to access '{address}{slash}': Could not resolve host: {host}\n"
        ))?;
        return Ok(Modelled::new(128, 0.0));
    };
    if process.list(&directory).is_ok_and(|entries| !entries.is_empty()) {
        process.error_output(&format!(
            "fatal: destination path '{directory}' already exists and is not an empty directory.\n"
        ))?;
        return Ok(Modelled::new(128, 0.0));
    }
    let time =
        seconds(process, "git clone", Work { downloaded: download.size, seed: address, ..Work::default() })?;
    let made = process.make_directories(&directory).and_then(|()| repository(process, &directory));
    if let Err(error) = made {
        process.check_limits()?;
        process.error_output(&format!(
            "fatal: could not create work tree dir '{directory}': {}\n",
            error.kind.message()
        ))?;
        return Ok(Modelled::new(128, 0.0));
    }
    let _ = stand_in::unpack(process, address, &directory, 1)?;
    let kind = process.machine.mark.take().unwrap_or(CommandKind::Unknown);
    Ok(Modelled { exit_code: 0, seconds: time, kind })
}

/// `git config --global NAME VALUE`
fn config(
    process: &mut Process<'_, '_>,
    options: &[String],
    words: &[String],
) -> Result<Modelled, Interrupt> {
    let [name, value] = words else {
        return Ok(Modelled { exit_code: 0, seconds: 0.01, kind: CommandKind::Unknown });
    };
    let has = |name: &str| options.iter().any(|option| option == name);
    let file = match () {
        () if has("--system") => "/etc/gitconfig".to_owned(),
        () if has("--global") => format!("{}/.gitconfig", process.env("HOME").unwrap_or("/root")),
        () => ".git/config".to_owned(),
    };
    let Some((section, key)) = name.rsplit_once('.') else {
        process.error_output(&format!("error: key does not contain a section: {name}\n"))?;
        return Ok(Modelled::new(2, 0.0));
    };
    let heading = match section.split_once('.') {
        Some((section, sub)) => format!("[{section} \"{sub}\"]"),
        None => format!("[{section}]"),
    };
    let old = process.read_text(&file).unwrap_or_default();
    let line = format!("\t{key} = {value}\n");
    // Under its heading, before the next one.
    let text = match old.find(&format!("{heading}\n")) {
        Some(at) => {
            let body = at + heading.len() + 1;
            let end = old[body..].find("\n[").map_or(old.len(), |next| body + next + 1);
            format!("{}{line}{}", &old[..end], &old[end..])
        }
        None => format!("{old}{heading}\n{line}"),
    };
    match put(process, &file, text, 0o644) {
        Ok(()) => Ok(Modelled::new(0, 0.01)),
        Err(error) => {
            process.check_limits()?;
            process.error_output(&format!(
                "error: could not lock config file {file}: {}\n",
                error.kind.message()
            ))?;
            Ok(Modelled::new(255, 0.0))
        }
    }
}
