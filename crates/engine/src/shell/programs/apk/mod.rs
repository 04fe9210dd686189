//! `apk`: Alpine's package manager.

mod add;
mod database;
mod del;

use super::support::{Work, option_value, os_release, put, seconds, split_options};
use super::{Interrupt, Modelled, Process};
use crate::shell::command::CommandKind;
use crate::vfs::Content;
use crate::world::PackageSource;

const CACHE: &str = "/var/cache/apk";

/// What the options say.
struct Call {
    no_cache: bool,
    /// `--no-network` takes it away.
    network: bool,
    update: bool,
    quiet: bool,
    /// `--virtual NAME`.
    group: Option<String>,
    packages: Vec<String>,
}

pub(super) fn run(process: &mut Process<'_, '_>) -> Result<Modelled, Interrupt> {
    let with_value =
        ["-t", "--virtual", "-X", "--repository", "-p", "--root", "--arch", "--repositories-file"];
    let (options, operands) = split_options(process.args(), &with_value);
    let has = |names: &[&str]| options.iter().any(|option| names.contains(&option.as_str()));
    if has(&["--print-arch"]) {
        process.output("x86_64\n")?;
        return Ok(Modelled::new(0, 0.0));
    }
    if has(&["--version", "-V"]) {
        process.output("apk-tools 3.0.3, compiled for x86_64.\n")?;
        return Ok(Modelled::new(0, 0.0));
    }
    let group = option_value(&options, "--virtual").or_else(|| option_value(&options, "-t"));
    let Some((command, packages)) = operands.split_first() else {
        process.output(
            "apk-tools 3.0.3, compiled for x86_64.\n\nusage: apk [<OPTIONS>...] COMMAND [<ARGUMENTS>...]\n",
        )?;
        return Ok(Modelled::new(1, 0.0));
    };
    let call = Call {
        no_cache: has(&["--no-cache"]),
        network: !has(&["--no-network"]),
        update: has(&["-U", "--update-cache", "--update"]),
        quiet: has(&["-q", "--quiet"]),
        group: group.map(str::to_owned),
        packages: packages.to_vec(),
    };
    match command.as_str() {
        "add" | "del" | "update" | "upgrade" if process.credentials.uid != 0 => {
            process.error_output("ERROR: Unable to lock database: Permission denied\nERROR: Failed to open apk database: Permission denied\n")?;
            Ok(Modelled::new(99, 0.0))
        }
        "add" => add::run(process, &call),
        "del" => del::run(process, &call),
        "update" => update(process, &call),
        "upgrade" => {
            let summary = database::Database::read(process).summary();
            process.output(&summary)?;
            Ok(Modelled::new(0, 0.5))
        }
        "info" | "search" | "policy" | "fix" | "fetch" | "cache" | "list" | "version" => {
            Ok(Modelled { exit_code: 0, seconds: 0.0, kind: CommandKind::Unknown })
        }
        _ => {
            process
                .error_output(&format!("ERROR: '{command}' is not an apk command. See 'apk --help'.\n"))?;
            Ok(Modelled::new(1, 0.0))
        }
    }
}

fn release(process: &mut Process<'_, '_>) -> String {
    let version = os_release(process, "VERSION_ID").unwrap_or_default();
    let mut parts = version.split('.');
    format!("v{}.{}", parts.next().unwrap_or("3"), parts.next().unwrap_or("0"))
}

/// Reads the index of the repositories, and keeps it unless told otherwise. Whether it could.
fn refresh(process: &mut Process<'_, '_>, call: &Call) -> Result<bool, Interrupt> {
    let cached = process.list(CACHE).unwrap_or_default().iter().any(|(name, _)| name.starts_with("APKINDEX"));
    if cached && !call.no_cache && !call.update {
        return Ok(true);
    }
    let release = release(process);
    let online = process.has_network();
    for repository in ["main", "community"] {
        if !call.quiet {
            process.output(&format!("fetch {release}/{repository}/x86_64/APKINDEX.tar.gz\n"))?;
        }
        if !online {
            let line =
                format!("WARNING: fetching {release}/{repository}: temporary error (try again later)\n");
            process.error_output(&line)?;
        }
    }
    let Some(index) = process.world().package_index(PackageSource::Apk)?.filter(|_| online) else {
        return Ok(false);
    };
    if !call.no_cache {
        // The index of main is about a third of both.
        let main = index.size / 3;
        for (repository, size) in [("main", main), ("community", index.size - main)] {
            let content = Content::modelled(size, "apk index", &[release.as_bytes(), repository.as_bytes()]);
            let _ = put(process, &format!("{CACHE}/APKINDEX.{repository}.tar.gz"), content, 0o644);
        }
    }
    Ok(true)
}

fn update(process: &mut Process<'_, '_>, call: &Call) -> Result<Modelled, Interrupt> {
    let fresh = Call {
        update: true,
        network: true,
        no_cache: call.no_cache,
        quiet: call.quiet,
        group: None,
        packages: Vec::new(),
    };
    if !refresh(process, &fresh)? {
        process.error_output("2 errors; 0 distinct packages available\n")?;
        return Ok(Modelled::new(2, 0.0));
    }
    let index = process.world().package_index(PackageSource::Apk)?.unwrap_or_default();
    process.output(&format!("OK: {} distinct packages available\n", index.offers))?;
    let work = Work { downloaded: index.download, seed: "apk update", ..Work::default() };
    Ok(Modelled::new(0, seconds(process, "apk add", work)?))
}
