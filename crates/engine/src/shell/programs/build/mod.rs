//! Building from sources: `configure`, `cmake`, `make`, `ninja`, and the compilers.
//!
//! Sources that were fetched are not there, so what they install is what the catalogue says of their address. What is
//! compiled from sources that are there is derived from them.

mod compiler;

pub(super) use compiler::compile;

use super::support::{Work, option_value, put, seconds};
use super::{Interrupt, Modelled, Process};
use crate::shell::command::CommandKind;
use crate::shell::machine::Unpacked;
use crate::shell::stand_in;
use crate::vfs::path;

fn unknown(seconds: f64) -> Modelled {
    Modelled { exit_code: 0, seconds, kind: CommandKind::Unknown }
}

/// Where in the list of what was unpacked the working directory is.
fn place(process: &Process<'_, '_>, directory: &str) -> Option<usize> {
    let here = path::clean(&process.resolve(directory));
    let within = |one: &&Unpacked| path::is_within(&here, &one.directory);
    let best = process.machine.unpacked.iter().filter(within).max_by_key(|one| one.directory.len())?.clone();
    process.machine.unpacked.iter().position(|one| *one == best)
}

/// `./configure`, `cmake`, `meson`: notes where things will go.
pub(super) fn configure(process: &mut Process<'_, '_>) -> Result<Modelled, Interrupt> {
    let words = process.args().to_vec();
    let prefix = option_value(&words, "--prefix").map(str::to_owned).or_else(|| {
        words.iter().find_map(|word| word.strip_prefix("-DCMAKE_INSTALL_PREFIX=").map(str::to_owned))
    });
    // `cmake -S`, or the last operand, or `../configure`.
    let own = process.arguments.first().map_or(String::new(), |name| path::parent(name).to_owned());
    let source = words
        .iter()
        .position(|word| word == "-S")
        .and_then(|at| words.get(at + 1))
        .or_else(|| words.iter().rev().find(|word| word.starts_with('.') || word.starts_with('/')))
        .cloned();
    let installs = words.iter().any(|word| word == "--install" || word == "--build");
    if installs {
        return make_for(process, words.iter().any(|word| word == "--install"), prefix.as_deref(), ".");
    }
    let here = place(process, &own).or_else(|| place(process, source.as_deref().unwrap_or(".")));
    let Some(at) = here else { return Ok(unknown(0.0)) };
    if let Some(prefix) = prefix {
        process.machine.unpacked[at].prefix = prefix;
    }
    // A build in a directory of its own belongs to the same sources.
    let mut known = process.machine.unpacked[at].clone();
    let built = words
        .iter()
        .position(|word| word == "-B")
        .and_then(|at| words.get(at + 1))
        .map_or_else(|| process.cwd.clone(), |directory| process.resolve(directory));
    if !path::is_within(&built, &known.directory) {
        known.directory = path::clean(&built);
        process.machine.unpacked.push(known.clone());
    }
    let _ = put(process, &path::join(&built, "Makefile"), format!("prefix = {}\n", known.prefix), 0o644);
    let time = seconds(process, "gcc/make", Work { seed: &known.address, ..Work::default() })?;
    Ok(Modelled::new(0, time))
}

/// `make` and `ninja`.
pub(super) fn make(process: &mut Process<'_, '_>) -> Result<Modelled, Interrupt> {
    let words = process.args().to_vec();
    if words.iter().any(|word| word == "--version" || word == "-v") {
        process.output("GNU Make 4.3\n")?;
        return Ok(Modelled::new(0, 0.01));
    }
    let installs = words.iter().any(|word| word.starts_with("install") || word == "altinstall");
    let prefix = words.iter().find_map(|word| {
        word.strip_prefix("PREFIX=").or_else(|| word.strip_prefix("prefix=")).map(str::to_owned)
    });
    let directory = words
        .iter()
        .enumerate()
        .find_map(|(at, word)| match word.as_str() {
            "-C" => words.get(at + 1).cloned(),
            _ => word.strip_prefix("-C").or_else(|| word.strip_prefix("--directory=")).map(str::to_owned),
        })
        .unwrap_or_else(|| ".".to_owned());
    if !process.is_directory(&directory) {
        process.error_output(&format!("make: *** {directory}: No such file or directory.  Stop.\n"))?;
        return Ok(Modelled::new(2, 0.0));
    }
    let has_rules = ["GNUmakefile", "makefile", "Makefile", "build.ninja"]
        .iter()
        .any(|name| process.exists(&path::join(&directory, name)));
    let given = words.iter().any(|word| word.starts_with("-f") || word.starts_with("--file"));
    if !has_rules && !given && place(process, &directory).is_none() {
        let targets: Vec<&String> =
            words.iter().filter(|word| !word.starts_with('-') && !word.contains('=')).collect();
        let text = match targets.first() {
            Some(target) if **target != directory => format!("No rule to make target '{target}'."),
            _ => "No targets specified and no makefile found.".to_owned(),
        };
        process.error_output(&format!("make: *** {text}  Stop.\n"))?;
        return Ok(Modelled::new(2, 0.0));
    }
    make_for(process, installs, prefix.as_deref(), &directory)
}

/// Builds, and installs, what the sources in a directory are known to give.
fn make_for(
    process: &mut Process<'_, '_>,
    installs: bool,
    prefix: Option<&str>,
    directory: &str,
) -> Result<Modelled, Interrupt> {
    let Some(at) = place(process, directory) else { return Ok(unknown(0.0)) };
    let known = process.machine.unpacked[at].clone();
    let download = process.world().download(&known.address)?.unwrap_or_default();
    let bytes = download.installs.iter().map(|file| file.size).sum();
    let work = Work { unpacked: bytes, count: 1, seed: &known.address, ..Work::default() };
    let time = if installs { 0.5 } else { seconds(process, "gcc/make", work)? };
    if download.installs.is_empty() {
        return Ok(unknown(time));
    }
    if installs {
        let prefix = prefix.unwrap_or(&known.prefix).to_owned();
        for file in &download.installs {
            if let Err(error) = stand_in::put(process, &known.address, &path::join(&prefix, &file.path), file)
            {
                process.check_limits()?;
                process
                    .error_output(&format!("install: {error}\nmake: *** [Makefile: install] Error 1\n"))?;
                return Ok(Modelled::new(2, time));
            }
        }
    }
    Ok(Modelled::new(0, time))
}
