//! `apt-get install`.

use super::database::{Database, list_of};
use super::update::{fetched, has_lists};
use super::{ARCHIVES, Call, FAILED, name_list, reading, refuses, suite};
use crate::shell::programs::support::{Work, apt_size, put, put_program, seconds};
use crate::shell::programs::{Interrupt, Modelled, Process};
use crate::vfs::{Content, VfsError};
use crate::world::{Index, Package, PackageSource};
use std::collections::{BTreeMap, BTreeSet};

/// What is going to happen.
struct Plan {
    /// Those that are asked for, by name alone.
    named: Vec<String>,
    new: BTreeMap<String, Package>,
    /// What would come along with recommendations.
    left_out: BTreeSet<String>,
}

pub(super) fn run(process: &mut Process<'_, '_>, call: &Call) -> Result<Modelled, Interrupt> {
    if refuses(process)? {
        return Ok(Modelled::new(FAILED, 0.0));
    }
    reading(process, call)?;
    let suite = suite(process);
    let mut database = Database::read(process);
    let plan = match plan(process, call, &suite, &database)? {
        Ok(plan) => plan,
        Err(messages) => {
            process.error_output(&messages)?;
            return Ok(Modelled::new(FAILED, 0.0));
        }
    };
    for name in plan.named.iter().filter(|name| !plan.new.contains_key(*name)) {
        let version = database.installed.get(name).map_or("", |(version, _)| version.as_str());
        let version = if version.is_empty() { String::new() } else { format!(" ({version})") };
        process.output(&format!("{name} is already the newest version{version}.\n"))?;
        database.automatic.remove(name);
    }
    announce(process, call, &plan)?;
    if plan.new.is_empty() {
        let _ = database.write(process);
        return Ok(Modelled::new(0, 0.5));
    }
    let asks = plan.new.keys().any(|name| !plan.named.contains(name));
    if asks && !call.yes {
        process.output("Do you want to continue? [Y/n] Abort.\n")?;
        return Ok(Modelled::new(1, 0.0));
    }
    if !process.has_network() {
        return offline(process, &plan);
    }
    let download = plan.new.values().map(|package| package.download).sum();
    let installed = plan.new.values().map(|package| package.size).sum();
    let seed = format!("{suite}\n{}", plan.new.keys().cloned().collect::<Vec<_>>().join("\n"));
    let work = Work { downloaded: download, unpacked: installed, count: plan.new.len() as u64, seed: &seed };
    let seconds = seconds(process, "apt-get install", work)?;
    let index = process.world().package_index(PackageSource::Apt { suite: &suite })?.unwrap_or_default();
    if let Err(error) = unpack(process, &plan, &index, &mut database, &seed) {
        process.check_limits()?;
        process.error_output(&format!("dpkg: error processing archive: {error}\nE: Sub-process /usr/bin/dpkg returned an error code (1)\n"))?;
        return Ok(Modelled::new(FAILED, seconds));
    }
    if call.quiet < 2 {
        report(process, &suite, &plan, download, seconds)?;
    }
    Ok(Modelled::new(0, seconds))
}

fn plan(
    process: &mut Process<'_, '_>,
    call: &Call,
    suite: &str,
    database: &Database,
) -> Result<Result<Plan, String>, Interrupt> {
    let source = PackageSource::Apt { suite };
    let has_lists = has_lists(process);
    let mut present = crate::order::set(database.installed.keys().cloned());
    let mut plan = Plan { named: Vec::new(), new: BTreeMap::new(), left_out: BTreeSet::new() };
    let mut errors = String::new();
    for wanted in &call.packages {
        let name = bare_name(wanted);
        plan.named.push(name.to_owned());
        if present.contains(name) {
            continue;
        }
        let closure = if has_lists { process.world().packages(source, name)? } else { None };
        let Some(closure) = closure else {
            errors += &format!("E: Unable to locate package {name}\n");
            continue;
        };
        for package in &closure.packages {
            plan.new.insert(package.name.clone(), package.clone());
        }
        for package in &closure.recommended {
            if call.recommends {
                plan.new.insert(package.name.clone(), package.clone());
            } else {
                plan.left_out.insert(package.name.clone());
            }
        }
    }
    if !errors.is_empty() {
        return Ok(Err(errors));
    }
    if !plan.new.is_empty() {
        // A base image lists what it was made with, not all that came along with that.
        for (name, (version, _)) in &database.installed {
            if version.is_empty()
                && let Some(closure) = process.world().packages(source, name)?
            {
                present.extend(closure.packages.iter().map(|package| package.name.clone()));
            }
        }
        plan.new.retain(|name, _| !present.contains(name));
        plan.left_out.retain(|name| !present.contains(name) && !plan.new.contains_key(name));
    }
    Ok(Ok(plan))
}

/// `curl` out of `curl=7.88.1-10`, `curl/bookworm` and `curl:amd64`.
pub(super) fn bare_name(wanted: &str) -> &str {
    wanted.split(['=', '/', ':']).next().unwrap_or(wanted).trim_end_matches('-')
}

fn announce(process: &mut Process<'_, '_>, call: &Call, plan: &Plan) -> Result<(), Interrupt> {
    if call.quiet > 1 {
        return Ok(());
    }
    let names = || plan.new.keys().map(String::as_str);
    let additional: Vec<&str> =
        names().filter(|name| !plan.named.iter().any(|named| named == name)).collect();
    let mut text = String::new();
    if !additional.is_empty() {
        text += &format!(
            "The following additional packages will be installed:\n{}",
            name_list(additional.into_iter())
        );
    }
    if !plan.left_out.is_empty() {
        text += &format!("Recommended packages:\n{}", name_list(plan.left_out.iter().map(String::as_str)));
    }
    if !plan.new.is_empty() {
        text += &format!("The following NEW packages will be installed:\n{}", name_list(names()));
    }
    text += &format!("0 upgraded, {} newly installed, 0 to remove and 0 not upgraded.\n", plan.new.len());
    if !plan.new.is_empty() {
        let sum = |of: fn(&Package) -> u64| plan.new.values().map(of).sum();
        text += &format!("Need to get {} of archives.\n", apt_size(sum(|package| package.download)));
        let size = apt_size(sum(|package| package.size));
        text += &format!("After this operation, {size} of additional disk space will be used.\n");
    }
    process.output(&text)
}

fn offline(process: &mut Process<'_, '_>, plan: &Plan) -> Result<Modelled, Interrupt> {
    for package in plan.new.values() {
        let line = format!(
            "E: Failed to fetch {}_{}_amd64.deb  Temporary failure resolving\n",
            package.name, package.version
        );
        process.error_output(&line)?;
    }
    process.error_output(
        "E: Unable to fetch some archives, maybe run apt-get update or try with --fix-missing?\n",
    )?;
    Ok(Modelled::new(FAILED, 0.0))
}

fn report(
    process: &mut Process<'_, '_>,
    suite: &str,
    plan: &Plan,
    download: u64,
    seconds: f64,
) -> Result<(), Interrupt> {
    let mut text = String::new();
    for (at, package) in plan.new.values().enumerate() {
        let Package { name, version, download, .. } = package;
        text +=
            &format!("Get:{} {suite}/main amd64 {name} amd64 {version} [{}]\n", at + 1, apt_size(*download));
    }
    text += "debconf: delaying package configuration, since apt-utils is not installed\n";
    text += &fetched(download, seconds / 2.0);
    for (at, Package { name, version, .. }) in plan.new.values().enumerate() {
        text += &format!("Selecting previously unselected package {name}.\n");
        if at == 0 {
            text += "(Reading database ... files and directories currently installed.)\n";
        }
        text += &format!(
            "Preparing to unpack .../{name}_{version}_amd64.deb ...\nUnpacking {name} ({version}) ...\n"
        );
    }
    for Package { name, version, .. } in plan.new.values() {
        text += &format!("Setting up {name} ({version}) ...\n");
    }
    text += "Processing triggers for libc-bin ...\n";
    process.output(&text)
}

/// Puts the files of all packages, so that they and the database add up to what the catalogue says.
fn unpack(
    process: &mut Process<'_, '_>,
    plan: &Plan,
    index: &Index,
    database: &mut Database,
    seed: &str,
) -> Result<(), VfsError> {
    // Slim images leave documentation out.
    let slim = process.exists("/etc/dpkg/dpkg.cfg.d/docker");
    let factor = if slim { index.slim_factor } else { index.factor };
    let keeps_archives = !process.exists("/etc/apt/apt.conf.d/docker-clean");
    let mut listed = 0;
    for package in plan.new.values() {
        let size = (package.size as f64 * factor) as u64;
        let paths = unpack_one(process, package, size)?;
        let list = paths.join("\n") + "\n";
        listed += list.len() as u64;
        put(process, &list_of(&package.name), list, 0o644)?;
        if keeps_archives {
            let path = format!("{ARCHIVES}/{}_{}_amd64.deb", package.name, package.version);
            put(process, &path, modelled(package, package.download, "archive"), 0o644)?;
        }
        database.installed.insert(package.name.clone(), (package.version.clone(), package.size));
        if !plan.named.contains(&package.name) {
            database.automatic.insert(package.name.clone());
        }
    }
    let written = database.write(process)? + listed;
    // Logs, caches of the linker and of debconf.
    let mut left = index.overhead.saturating_sub(written);
    for (path, part) in
        [("/var/log/apt/term.log", 3), ("/var/log/dpkg.log", 3), ("/var/cache/debconf/templates.dat", 1)]
    {
        let size = left / part;
        left -= size;
        put(process, path, Content::modelled(size, "apt log", &[path.as_bytes(), seed.as_bytes()]), 0o644)?;
    }
    Ok(())
}

fn unpack_one(process: &mut Process<'_, '_>, package: &Package, size: u64) -> Result<Vec<String>, VfsError> {
    /// Most programs are smaller, and most of a package is not its program.
    const PROGRAM: u64 = 300_000;
    let mut left = size;
    let mut paths = Vec::new();
    for command in &package.commands {
        let path = format!("/usr/bin/{command}");
        let program = (left / 2).min(PROGRAM);
        if put_program(process, &path, modelled(package, program, command))? {
            left -= program;
            paths.push(path);
        }
    }
    for directory in directories(&package.name) {
        process.make_directories(directory)?;
    }
    let path = if package.name.starts_with("lib") && !package.name.ends_with("-dev") {
        format!("/usr/lib/x86_64-linux-gnu/{}.so", package.name)
    } else {
        format!("/usr/lib/{}/files", package.name)
    };
    put(process, &path, modelled(package, left, "files"), 0o644)?;
    paths.push(path);
    Ok(paths)
}

fn modelled(package: &Package, size: u64, what: &str) -> Content {
    Content::modelled(
        size,
        "apt package",
        &[package.name.as_bytes(), package.version.as_bytes(), what.as_bytes()],
    )
}

/// Directories that people go on to use.
fn directories(package: &str) -> &'static [&'static str] {
    match package {
        "nginx" | "nginx-common" => {
            &["/etc/nginx/conf.d", "/etc/nginx/sites-enabled", "/var/www/html", "/var/log/nginx"]
        }
        "apache2" => &[
            "/etc/apache2/sites-available",
            "/etc/apache2/sites-enabled",
            "/var/www/html",
            "/var/log/apache2",
        ],
        "ca-certificates" => &["/usr/local/share/ca-certificates", "/etc/ssl/certs"],
        "supervisor" => &["/etc/supervisor/conf.d", "/var/log/supervisor"],
        "openssh-server" => &["/etc/ssh", "/run/sshd"],
        "cron" => &["/etc/cron.d", "/var/spool/cron/crontabs"],
        "sudo" => &["/etc/sudoers.d"],
        _ => &[],
    }
}
