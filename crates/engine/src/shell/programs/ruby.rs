//! `gem` and `bundle`: libraries of Ruby, of estimated sizes.

use super::support::{Work, put, seconds, split_options};
use super::{Interrupt, Modelled, Process};
use crate::shell::command::CommandKind;
use crate::vfs::{Content, VfsError, path};

fn home(process: &Process<'_, '_>) -> String {
    process.env("GEM_HOME").or_else(|| process.env("BUNDLE_PATH")).unwrap_or("/usr/local/bundle").to_owned()
}

fn put_gem(
    process: &mut Process<'_, '_>,
    name: &str,
    version: &str,
) -> Result<Result<(), VfsError>, Interrupt> {
    let full = if version.is_empty() { name.to_owned() } else { format!("{name}-{version}") };
    let size = process.world().artefact_size("gem", name)?;
    let content = Content::modelled(size, "gem", &[full.as_bytes()]);
    let home = home(process);
    let place = format!("{home}/gems/{full}/lib/{name}.rb");
    Ok(put(process, &place, content, 0o644).and_then(|()| {
        let text = format!("# {full}\n");
        put(process, &format!("{home}/specifications/{full}.gemspec"), text, 0o644)
    }))
}

fn offline(process: &mut Process<'_, '_>) -> Result<Modelled, Interrupt> {
    process.error_output("ERROR:  Could not find a valid gem, here is why:\n          Unable to download data - no such name\n")?;
    Ok(Modelled::new(2, 0.0))
}

/// `gem install NAME…`, `gem update --system`
pub(super) fn gem(process: &mut Process<'_, '_>) -> Result<Modelled, Interrupt> {
    let with_value = ["-v", "--version", "--source", "-s", "-i", "--install-dir", "-n", "--bindir"];
    let (options, operands) = split_options(process.args(), &with_value);
    if options.iter().any(|option| option == "--version") && operands.is_empty() {
        process.output("3.6.9\n")?;
        return Ok(Modelled::new(0, 0.05));
    }
    let Some((command, names)) = operands.split_first() else { return Ok(Modelled::new(0, 0.0)) };
    if command != "install" {
        return Ok(Modelled { exit_code: 0, seconds: 0.2, kind: CommandKind::Unknown });
    }
    if !process.has_network() && names.iter().any(|name| !name.ends_with(".gem")) {
        return offline(process);
    }
    let version = options.iter().position(|option| option == "-v" || option == "--version");
    let version = version.and_then(|at| options.get(at + 1)).cloned().unwrap_or_default();
    for name in names {
        let (name, version) = name.split_once(':').unwrap_or((name, &version));
        if let Err(error) = put_gem(process, name, version)? {
            process.check_limits()?;
            process.error_output(&format!("ERROR:  While executing gem ... ({error})\n"))?;
            return Ok(Modelled::new(1, 0.0));
        }
        process.output(&format!("Successfully installed {name}\n"))?;
    }
    process.output(&format!("{} gem{} installed\n", names.len(), if names.len() == 1 { "" } else { "s" }))?;
    let seed = names.join(" ");
    let work = Work { count: names.len() as u64, seed: &seed, ..Work::default() };
    Ok(Modelled::new(0, seconds(process, "bundle install", work)?))
}

/// `bundle install` from the lock file or the list of gems; `bundle config` keeps its settings.
pub(super) fn bundle(process: &mut Process<'_, '_>) -> Result<Modelled, Interrupt> {
    let with_value = ["--jobs", "-j", "--retry", "--path", "--without"];
    let (options, operands) = split_options(process.args(), &with_value);
    if options.iter().any(|option| option == "--version" || option == "-v") {
        process.output("Bundler version 2.6.9\n")?;
        return Ok(Modelled::new(0, 0.1));
    }
    match operands.first().map_or("install", String::as_str) {
        "install" => {}
        "config" => return keep_setting(process, &operands[1..]),
        _ => return Ok(Modelled { exit_code: 0, seconds: 0.2, kind: CommandKind::Unknown }),
    }
    let Ok(list) = process.read_text("Gemfile") else {
        process.error_output("Could not locate Gemfile\n")?;
        return Ok(Modelled::new(10, 0.0));
    };
    let lock = process.read_text("Gemfile.lock").unwrap_or_default();
    // The gems of a lock file stand four blanks in; in the list each has a line of its own.
    let mut gems: Vec<(String, String)> = lock
        .lines()
        .filter_map(|line| line.strip_prefix("    ").filter(|rest| !rest.starts_with(' ')))
        .filter_map(|line| line.trim_end_matches(')').split_once(" ("))
        .map(|(name, version)| (name.to_owned(), version.to_owned()))
        .collect();
    if gems.is_empty() {
        let named = list.lines().filter_map(|line| line.trim().strip_prefix("gem "));
        gems = named
            .filter_map(|line| line.split(['"', '\'']).nth(1))
            .map(|name| (name.to_owned(), String::new()))
            .collect();
    }
    if !process.has_network() && !gems.is_empty() {
        return offline(process);
    }
    for (name, version) in &gems {
        process.step(1)?;
        if let Err(error) = put_gem(process, name, version)? {
            process.check_limits()?;
            process.error_output(&format!("{error}\n"))?;
            return Ok(Modelled::new(1, 0.0));
        }
    }
    process.output(&format!("Bundle complete! {} gems now installed.\n", gems.len()))?;
    let work = Work { count: gems.len() as u64, seed: &lock, ..Work::default() };
    Ok(Modelled::new(0, seconds(process, "bundle install", work)?))
}

fn keep_setting(process: &mut Process<'_, '_>, words: &[String]) -> Result<Modelled, Interrupt> {
    let words: Vec<&String> = words.iter().filter(|word| *word != "set").collect();
    if let [name, value @ ..] = &words[..]
        && !value.is_empty()
    {
        let place = path::join(&home(process), "config");
        let old = process.read_text(&place).unwrap_or_else(|_| "---\n".to_owned());
        let value: Vec<&str> = value.iter().map(|word| word.as_str()).collect();
        let line = format!("BUNDLE_{}: \"{}\"\n", name.to_uppercase().replace('.', "__"), value.join(" "));
        let _ = put(process, &place, old + &line, 0o644);
    }
    Ok(Modelled::new(0, 0.2))
}
