//! `pip`: the package manager of Python.
//!
//! Distributions come from the world. What `setup.py` and `pyproject.toml` say is not read: an installation of a
//! directory is not simulated.

mod environment;
mod installation;
mod requirements;

use super::support::{option_value, split_options};
use super::{Interrupt, Modelled, Process};
use crate::shell::command::CommandKind;
use crate::vfs::path;
use installation::Installation;
use requirements::{name_and_range, requirements};

/// Options that take the next argument.
const WITH_VALUE: &[&str] = &[
    "-r",
    "--requirement",
    "-c",
    "--constraint",
    "-t",
    "--target",
    "--prefix",
    "--root",
    "-i",
    "--index-url",
    "--extra-index-url",
    "-f",
    "--find-links",
    "--cache-dir",
    "--root-user-action",
    "--timeout",
    "--retries",
    "--trusted-host",
    "--platform",
];

pub(super) fn run(process: &mut Process<'_, '_>) -> Result<Modelled, Interrupt> {
    let arguments = process.args().to_vec();
    let (options, operands) = split_options(&arguments, WITH_VALUE);
    let has = |names: &[&str]| options.iter().any(|option| names.contains(&option.as_str()));
    let Some((command, packages)) = operands.split_first() else {
        if has(&["-V", "--version"]) {
            let python = python(process);
            let library = format!("/usr/local/lib/python{python}/site-packages/pip");
            process.output(&format!("pip 25.3 from {library} (python {python})\n"))?;
        }
        return Ok(Modelled::new(0, 0.3));
    };
    match command.as_str() {
        "install" => install(process, &options, packages),
        "uninstall" => uninstall(process, packages),
        "cache" if packages.first().is_some_and(|word| word == "purge") => {
            let _ = process.remove_all(&cache(process, &options));
            process.output("Files removed\n")?;
            Ok(Modelled::new(0, 0.4))
        }
        "freeze" | "list" => freeze(process),
        "wheel" | "download" | "show" | "check" | "config" | "debug" | "index" | "search" | "hash"
        | "inspect" => Ok(Modelled { exit_code: 0, seconds: 0.0, kind: CommandKind::Unknown }),
        _ => {
            process.error_output(&format!("ERROR: unknown command \"{command}\"\n"))?;
            Ok(Modelled::new(1, 0.3))
        }
    }
}

/// `python3`, `python`: versions, and `-m pip`; programs are not executed.
pub(super) fn run_python(process: &mut Process<'_, '_>) -> Result<Modelled, Interrupt> {
    let arguments = process.args().to_vec();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["-V" | "--version"] => {
            let full = process
                .env("PYTHON_VERSION")
                .map_or_else(|| format!("{}.0", python_of_env(process)), str::to_owned);
            process.output(&format!("Python {full}\n"))?;
            Ok(Modelled::new(0, 0.05))
        }
        ["-m", "venv" | "virtualenv", ..] => environment::make(process, &arguments[2..]),
        ["-m", "pip", ..] => {
            process.arguments =
                std::iter::once("pip".to_owned()).chain(arguments[2..].iter().cloned()).collect();
            run(process)
        }
        [script, ..] if !script.starts_with('-') && !process.exists(script) => {
            let place = process.resolve(script);
            let name = process.name().to_owned();
            process.error_output(&format!(
                "{name}: can't open file '{place}': [Errno 2] No such file or directory\n"
            ))?;
            Ok(Modelled::new(2, 0.05))
        }
        _ => Ok(Modelled { exit_code: 0, seconds: 0.0, kind: CommandKind::Unknown }),
    }
}

fn python_of_env(process: &Process<'_, '_>) -> String {
    let version = process.env("PYTHON_VERSION").unwrap_or("3.12");
    version.split('.').take(2).collect::<Vec<_>>().join(".")
}

/// Major and minor version of the Python that pip belongs to.
fn python(process: &mut Process<'_, '_>) -> String {
    for library in ["/usr/local/lib", "/usr/lib"] {
        for (name, _) in process.list(library).unwrap_or_default() {
            if let Some(version) = name.strip_prefix("python").filter(|rest| rest.contains('.')) {
                return version.to_owned();
            }
        }
    }
    python_of_env(process)
}

fn cache(process: &Process<'_, '_>, options: &[String]) -> String {
    let given = option_value(options, "--cache-dir").or_else(|| process.env("PIP_CACHE_DIR"));
    let home = process.env("HOME").unwrap_or("/root");
    given.map_or_else(|| path::join(home, ".cache/pip"), str::to_owned)
}

fn install(
    process: &mut Process<'_, '_>,
    options: &[String],
    packages: &[String],
) -> Result<Modelled, Interrupt> {
    let mut wanted = Vec::new();
    let mut rest = options.iter();
    while let Some(option) = rest.next() {
        let file = match option.as_str() {
            "-r" | "--requirement" => rest.next().cloned(),
            _ => {
                option.strip_prefix("--requirement=").or_else(|| option.strip_prefix("-r")).map(str::to_owned)
            }
        };
        let Some(file) = file else { continue };
        if let Err(message) = requirements(process, &file, &mut wanted, 0) {
            process.error_output(&message)?;
            return Ok(Modelled::new(1, 0.3));
        }
    }
    wanted.extend(packages.iter().map(|text| (text.clone(), String::new())));
    if wanted.is_empty() {
        if !options.iter().any(|option| option.contains("-r")) {
            process.error_output(
                "ERROR: You must give at least one requirement to install (see \"pip help install\")\n",
            )?;
            return Ok(Modelled::new(1, 0.3));
        }
        return Ok(Modelled::new(0, 0.4));
    }
    if wanted.iter().any(|(text, _)| is_local(text)) {
        return Ok(Modelled { exit_code: 0, seconds: 0.0, kind: CommandKind::Unknown });
    }
    if !process.has_network() {
        return offline(process, &wanted[0].0);
    }
    Installation::new(process, options, &wanted)?.finish(process)
}

fn is_local(text: &str) -> bool {
    text.starts_with(['.', '/']) || text.contains("://") || text.ends_with(".whl") || text.starts_with("-e")
}

fn offline(process: &mut Process<'_, '_>, wanted: &str) -> Result<Modelled, Interrupt> {
    let (name, _) = name_and_range(wanted);
    let page = name.to_lowercase().replace(['_', '.'], "-");
    // Each try is an object of its own, somewhere in memory.
    for (left, at) in (0..5).rev().zip(1_u64..) {
        let object = 0x7f25_6705_f190 + at * 0x4c0;
        process.error_output(&format!(
            "WARNING: Retrying (Retry(total={left}, connect=None, read=None, redirect=None, status=None)) after \
             connection broken by 'NewConnectionError('<pip._vendor.urllib3.connection.HTTPSConnection object at \
             {object:#x}>: Failed to establish a new connection: [Errno -3] Temporary failure in name \
             resolution')': /simple/{page}/\n"
        ))?;
    }
    process.error_output(&format!(
        "ERROR: Could not find a version that satisfies the requirement {wanted} (from versions: none)\n\
         ERROR: No matching distribution found for {name}\n"
    ))?;
    Ok(Modelled::new(1, 0.5))
}

fn uninstall(process: &mut Process<'_, '_>, packages: &[String]) -> Result<Modelled, Interrupt> {
    let python = python(process);
    let site = format!("/usr/local/lib/python{python}/site-packages");
    for name in packages {
        let directory = name.to_lowercase().replace(['-', '.'], "_");
        let entries = process.list(&site).unwrap_or_default();
        let prefix = format!("{directory}-");
        let info =
            entries.iter().find(|(entry, _)| entry.starts_with(&prefix) && entry.ends_with(".dist-info"));
        let Some((info, _)) = info else {
            process.error_output(&format!("WARNING: Skipping {name} as it is not installed.\n"))?;
            continue;
        };
        let version = info.trim_end_matches(".dist-info")[prefix.len()..].to_owned();
        let _ = process.remove_all(&format!("{site}/{info}"));
        let _ = process.remove_all(&format!("{site}/{directory}"));
        process.output(&format!("  Successfully uninstalled {name}-{version}\n"))?;
    }
    Ok(Modelled::new(0, 0.5))
}

fn freeze(process: &mut Process<'_, '_>) -> Result<Modelled, Interrupt> {
    let python = python(process);
    let entries = process.list(&format!("/usr/local/lib/python{python}/site-packages")).unwrap_or_default();
    let lines: String = entries
        .iter()
        .filter_map(|(name, _)| name.strip_suffix(".dist-info")?.rsplit_once('-'))
        .map(|(name, version)| format!("{}=={version}\n", name.replace('_', "-")))
        .collect();
    process.output(&lines)?;
    Ok(Modelled::new(0, 0.4))
}
