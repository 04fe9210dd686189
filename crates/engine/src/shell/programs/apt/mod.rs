//! `apt-get` and `apt`: Debian's package manager.
//!
//! Packages come from the suite that `/etc/os-release` names. Without lists (`apt-get update`) no package is found, as
//! in a fresh image of Debian.

pub(super) mod database;
mod install;
pub(super) mod mark;
mod remove;
mod update;

use super::support::{os_release, split_options};
use super::{Interrupt, Modelled, Process};
use crate::shell::command::CommandKind;

/// apt ends with this whenever something is wrong.
const FAILED: i32 = 100;
const LISTS: &str = "/var/lib/apt/lists";
const ARCHIVES: &str = "/var/cache/apt/archives";

/// What the options say.
struct Call {
    yes: bool,
    /// How many `-q`; two leave errors alone.
    quiet: usize,
    recommends: bool,
    /// `--auto-remove` and the command `autoremove`.
    autoremove: bool,
    packages: Vec<String>,
}

pub(super) fn run(process: &mut Process<'_, '_>) -> Result<Modelled, Interrupt> {
    let (options, operands) =
        split_options(process.args(), &["-o", "-c", "-t", "--option", "--target-release"]);
    let Some((command, packages)) = operands.split_first() else { return usage(process, &options) };
    let has = |names: &[&str]| options.iter().any(|option| names.contains(&option.as_str()));
    let letters = |letter: char| {
        options
            .iter()
            .filter(|option| !option.starts_with("--"))
            .flat_map(|option| option.chars())
            .filter(|c| *c == letter)
            .count()
    };
    let quiet = letters('q') + usize::from(has(&["--quiet"]));
    let call = Call {
        // Two -q imply yes.
        yes: letters('y') > 0 || has(&["--yes", "--assume-yes"]) || quiet > 1,
        quiet,
        recommends: !has(&["--no-install-recommends"])
            && !options.iter().any(|option| {
                option.starts_with("APT::Install-Recommends")
                    && (option.ends_with("=0") || option.ends_with("=false"))
            }),
        autoremove: has(&["--auto-remove", "--autoremove"]) || command == "autoremove",
        packages: packages.to_vec(),
    };
    if process.name() == "apt" && call.quiet < 2 {
        process.error_output(
            "\nWARNING: apt does not have a stable CLI interface. Use with caution in scripts.\n\n",
        )?;
    }
    match command.as_str() {
        "update" => update::run(process, &call),
        "install" | "reinstall" => install::run(process, &call),
        "remove" | "purge" | "autoremove" | "autopurge" => remove::run(process, &call),
        "clean" | "autoclean" | "distclean" => clean(process),
        "upgrade" | "dist-upgrade" | "full-upgrade" => upgrade(process, &call),
        _ => unknown(process, command),
    }
}

fn usage(process: &mut Process<'_, '_>, options: &[String]) -> Result<Modelled, Interrupt> {
    let name = process.name().to_owned();
    if options.iter().any(|option| option == "--version" || option == "-v") {
        process.output("apt 2.6.1 (amd64)\n")?;
    } else {
        process.output(&format!("apt 2.6.1 (amd64)\nUsage: {name} [options] command\n"))?;
    }
    Ok(Modelled::new(0, 0.0))
}

fn unknown(process: &mut Process<'_, '_>, command: &str) -> Result<Modelled, Interrupt> {
    const REAL: &[&str] =
        &["source", "build-dep", "download", "changelog", "check", "satisfy", "list", "show", "search"];
    if REAL.contains(&command) {
        return Ok(Modelled { exit_code: 0, seconds: 0.0, kind: CommandKind::Unknown });
    }
    process.error_output(&format!("E: Invalid operation {command}\n"))?;
    Ok(Modelled::new(FAILED, 0.0))
}

/// The suite of the image.
fn suite(process: &mut Process<'_, '_>) -> String {
    os_release(process, "VERSION_CODENAME").unwrap_or_default()
}

/// Says what apt says to somebody who is not root; whether it did.
fn refuses(process: &mut Process<'_, '_>) -> Result<bool, Interrupt> {
    if process.credentials.uid == 0 {
        return Ok(false);
    }
    process.error_output(
        "E: Could not open lock file /var/lib/dpkg/lock-frontend - open (13: Permission denied)\n\
         E: Unable to acquire the dpkg frontend lock (/var/lib/dpkg/lock-frontend), are you root?\n",
    )?;
    Ok(true)
}

fn reading(process: &mut Process<'_, '_>, call: &Call) -> Result<(), Interrupt> {
    if call.quiet < 2 {
        process.output(
            "Reading package lists...\nBuilding dependency tree...\nReading state information...\n",
        )?;
    }
    Ok(())
}

fn clean(process: &mut Process<'_, '_>) -> Result<Modelled, Interrupt> {
    if refuses(process)? {
        return Ok(Modelled::new(FAILED, 0.0));
    }
    for (name, _) in process.list(ARCHIVES).unwrap_or_default() {
        if name.ends_with(".deb") {
            let _ = process.remove(&format!("{ARCHIVES}/{name}"));
        }
    }
    Ok(Modelled::new(0, 0.0))
}

fn upgrade(process: &mut Process<'_, '_>, call: &Call) -> Result<Modelled, Interrupt> {
    if refuses(process)? {
        return Ok(Modelled::new(FAILED, 0.0));
    }
    reading(process, call)?;
    process
        .output("Calculating upgrade...\n0 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.\n")?;
    Ok(Modelled::new(0, 0.0))
}

/// Names in lines of at most 80 columns, as apt lists packages.
fn name_list<'a>(names: impl Iterator<Item = &'a str>) -> String {
    const WIDTH: usize = 80;
    let (mut text, mut line) = (String::new(), String::new());
    for name in names {
        if !line.is_empty() && line.len() + name.len() + 2 > WIDTH {
            text += &format!(" {line}\n");
            line.clear();
        }
        line.push(' ');
        line += name;
    }
    text + &format!(" {line}\n")
}
