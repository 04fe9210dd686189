//! `yarn` 1, on the same packages as `npm`.

use super::disk;
use super::manifest::{Manifest, ManifestError, with_table};
use super::run;
use super::tree::Tree;
use crate::shell::command::CommandKind;
use crate::shell::programs::support::{Work, option_value, put, seconds, split_options};
use crate::shell::programs::{Interrupt, Modelled, Process};
use crate::vfs::VfsError;
use std::collections::BTreeMap;

const VERSION: &str = "1.22.22";
const LOCK: &str = "yarn.lock";

pub(in crate::shell::programs) fn main(process: &mut Process<'_, '_>) -> Result<Modelled, Interrupt> {
    let arguments = process.args().to_vec();
    let (options, operands) =
        split_options(&arguments, &["--cwd", "--cache-folder", "--registry", "--network-timeout"]);
    let has = |names: &[&str]| options.iter().any(|option| names.contains(&option.as_str()));
    if has(&["-v", "--version"]) {
        process.output(&format!("{VERSION}\n"))?;
        return Ok(Modelled::new(0, 0.2));
    }
    let command = operands.first().map_or("install", String::as_str);
    let rest = operands.get(1..).unwrap_or_default();
    match command {
        "install" | "add" => install(process, &options, command, rest),
        "run" => run::script(process, rest, &arguments),
        "cache" if rest.first().is_some_and(|word| word == "clean") => {
            let _ = process.remove_all(&cache(process, &options));
            process.output(&format!("yarn cache v{VERSION}\nsuccess Cleared cache.\nDone in 0.05s.\n"))?;
            Ok(Modelled::new(0, 0.2))
        }
        "config" | "global" | "set" | "remove" | "upgrade" | "why" | "list" | "info" | "workspaces"
        | "workspace" => Ok(Modelled { exit_code: 0, seconds: 0.0, kind: CommandKind::Unknown }),
        // Whatever is no command is the name of a script.
        _ => run::script(process, &operands, &arguments),
    }
}

fn cache(process: &Process<'_, '_>, options: &[String]) -> String {
    let given = option_value(options, "--cache-folder").or_else(|| process.env("YARN_CACHE_FOLDER"));
    let usual = if process.credentials.uid == 0 {
        "/usr/local/share/.cache/yarn/v6".to_owned()
    } else {
        format!("{}/.cache/yarn/v6", process.env("HOME").unwrap_or("/"))
    };
    given.map_or(usual, str::to_owned)
}

fn install(
    process: &mut Process<'_, '_>,
    options: &[String],
    command: &str,
    packages: &[String],
) -> Result<Modelled, Interrupt> {
    let has = |names: &[&str]| options.iter().any(|option| names.contains(&option.as_str()));
    process.output(&format!("yarn {command} v{VERSION}\n"))?;
    let mut manifest = match Manifest::read(process) {
        Ok(manifest) => manifest,
        Err(ManifestError::Missing) => Manifest::empty(process),
        Err(ManifestError::Malformed(reason)) => return fail(process, &format!("package.json: {reason}")),
    };
    for wanted in packages {
        let (name, range) = super::install::name_and_range(wanted);
        let mut one = Tree::default();
        one.add(process, name, range, false)?;
        let version = one.packages.get(&format!("node_modules/{name}")).map(|placed| placed.version.clone());
        let saved =
            if range.is_empty() { format!("^{}", version.unwrap_or_default()) } else { range.to_owned() };
        let table =
            if has(&["-D", "--dev"]) { &mut manifest.development } else { &mut manifest.dependencies };
        table.insert(name.to_owned(), saved);
    }
    let lock = process.read_text(LOCK).ok();
    if lock.is_none() {
        process.output("info No lockfile found.\n")?;
    }
    let fits = lock.as_ref().is_none_or(|text| {
        let entries = manifest.dependencies.iter().chain(&manifest.development);
        entries.into_iter().all(|(name, range)| text.contains(&format!("{name}@{range}")))
    });
    if !fits && has(&["--frozen-lockfile"]) {
        return fail(
            process,
            "Your lockfile needs to be updated, but yarn was run with `--frozen-lockfile`.",
        );
    }
    let tree = Tree::resolve(process, &manifest)?;
    let production = process.env("NODE_ENV") == Some("production")
        || has(&["--production", "--prod", "--production=true"]);
    let kept = if production { tree.clone().without_development() } else { tree.clone() };
    if !process.has_network() && !kept.packages.is_empty() {
        return fail(process, "An unexpected error occurred: \"getaddrinfo EAI_AGAIN\".");
    }
    let written = (|| {
        let root = process.cwd.clone();
        let (added, _) = disk::install(process, &root, &kept, &manifest)?;
        let downloaded = disk::cache(process, &cache(process, options), &kept)?;
        if !packages.is_empty() {
            let development = has(&["-D", "--dev"]);
            let (key, table) = if development {
                ("devDependencies", &manifest.development)
            } else {
                ("dependencies", &manifest.dependencies)
            };
            put(process, "package.json", with_table(&manifest.text, key, table), 0o644)?;
        }
        let saves = (lock.is_none() || !fits) && !has(&["--pure-lockfile", "--no-lockfile"]);
        if saves {
            put(process, LOCK, lock_text(&tree, &manifest), 0o644)?;
        }
        Ok::<_, VfsError>((added, downloaded, saves))
    })();
    process.check_limits()?;
    let (added, downloaded, saves) = match written {
        Ok(counts) => counts,
        Err(error) => return fail(process, &format!("An unexpected error occurred: \"{error}\".")),
    };
    let names: Vec<&str> = kept.packages.keys().map(String::as_str).collect();
    let work = Work { downloaded, unpacked: 0, count: added, seed: &format!("yarn\n{}", names.join("\n")) };
    let seconds = seconds(process, "yarn install", work)?;
    process.output(
        "[1/4] Resolving packages...\n[2/4] Fetching packages...\n[3/4] Linking dependencies...\n\
         [4/4] Building fresh packages...\n",
    )?;
    if saves {
        process.output("success Saved lockfile.\n")?;
    }
    process.output(&format!("Done in {seconds:.2}s.\n"))?;
    Ok(Modelled::new(0, seconds))
}

fn fail(process: &mut Process<'_, '_>, reason: &str) -> Result<Modelled, Interrupt> {
    process.error_output(&format!("error {reason}\n"))?;
    Ok(Modelled::new(1, 0.3))
}

/// The lock: an entry for each package, under the range that the project asks for where it does.
fn lock_text(tree: &Tree, manifest: &Manifest) -> String {
    let mut asked = manifest.dependencies.clone();
    asked.extend(manifest.development.clone());
    let mut entries: BTreeMap<String, &str> = BTreeMap::new();
    for (place, placed) in &tree.packages {
        let range = asked.get(&placed.name).filter(|_| *place == format!("node_modules/{}", placed.name));
        let key = match range {
            Some(range) => format!("{}@{range}", placed.name),
            None => format!("{}@^{}", placed.name, placed.version),
        };
        entries.insert(key, &placed.version);
    }
    let quoted = |key: &str| {
        if key.starts_with('@') || key.contains(' ') { format!("\"{key}\"") } else { key.to_owned() }
    };
    let entries: String = entries
        .iter()
        .map(|(key, version)| format!("\n{}:\n  version \"{version}\"\n", quoted(key)))
        .collect();
    format!(
        "# THIS IS AN AUTOGENERATED FILE. DO NOT EDIT THIS FILE DIRECTLY.\n# yarn lockfile v1\n\n{entries}"
    )
}
