//! Manifests: which of them are there, and whether they lead to other files of the project.

use lab_engine::vfs::{Tree, path};
use serde_json::Value;

/// Scripts that a package manager runs when it installs a project.
const HOOKS: [&str; 9] = [
    "preinstall",
    "install",
    "postinstall",
    "prepublish",
    "preprepare",
    "prepare",
    "postprepare",
    "dependencies",
    "pnpm:devPreinstall",
];
/// Where a `package.json` says what is installed.
const DEPENDENCIES: [&str; 7] = [
    "dependencies",
    "devDependencies",
    "optionalDependencies",
    "peerDependencies",
    "overrides",
    "resolutions",
    "pnpm",
];
/// Files that a package manager looks for beside its manifest, and that lead to other files of the project. With a
/// `binding.gyp` npm builds the project although no script says so.
const BESIDE: [&str; 5] = [".yarnrc.yml", "pnpm-workspace.yaml", ".pnpmfile.cjs", "go.work", "binding.gyp"];
/// The ends of archives that pip and npm take for files.
const ARCHIVES: [&str; 9] =
    [".whl", ".zip", ".tar.gz", ".tgz", ".tar", ".tar.bz2", ".tbz", ".tar.xz", ".txz"];
/// More lists than this do not follow from each other.
const MOST_LISTS: usize = 16;

/// Those of some manifests that are in a directory, the first of which has to be; `None` where one of them says that more
/// of the project is read.
pub(super) fn present(names: &[&str], place: &str, tree: &Tree) -> Option<Vec<String>> {
    let mut found = Vec::new();
    for (at, name) in names.iter().enumerate() {
        let file = path::join(place, name);
        match tree.read_text(&file) {
            Some(text) if stands_alone(name, text) => found.push(file),
            Some(_) => return None,
            None if at == 0 || tree.entry(&file).is_some() => return None,
            None => {}
        }
    }
    let is_led_away = BESIDE.iter().any(|name| tree.entry(&path::join(place, name)).is_some());
    (!is_led_away).then_some(found)
}

/// Lists of requirements, with those that they name in turn.
pub(super) fn lists(names: &[String], place: &str, tree: &Tree) -> Option<Vec<String>> {
    let mut found: Vec<String> = names.iter().map(|name| path::absolute(place, name)).collect();
    let mut at = 0;
    while at < found.len() {
        if found.len() > MOST_LISTS {
            return None;
        }
        let file = found[at].clone();
        for line in tree.read_text(&file)?.lines() {
            if let Some(next) = required(line)? {
                let next = path::absolute(path::parent(&file), &next);
                if !found.contains(&next) {
                    found.push(next);
                }
            }
        }
        at += 1;
    }
    Some(found)
}

/// The list that a line of requirements names, if it does; `None` for a line that names files of the project.
fn required(line: &str) -> Option<Option<String>> {
    let line = line.trim();
    if line.starts_with('#') {
        return Some(None);
    }
    for flag in ["--requirement", "--constraint", "-r", "-c"] {
        if let Some(rest) = line.strip_prefix(flag) {
            let name = rest.trim_start_matches(['=', ' ', '\t']).split_whitespace().next()?;
            return Some(Some(name.to_owned()));
        }
    }
    let is_of_project = line.starts_with(['.', '/'])
        || ["-e", "--editable", "-f", "--find-links", "file:"].iter().any(|flag| line.starts_with(flag))
        || line.contains("file:")
        || line.contains("@ .")
        || (!line.starts_with('-') && is_file(line));
    (!is_of_project).then_some(None)
}

/// Whether pip takes a requirement for a file or folder.
fn is_file(requirement: &str) -> bool {
    let name = requirement.split([' ', '\t', ';', '[', '#']).next().unwrap_or_default();
    !name.contains("://") && (name.contains(['/', '$']) || is_archive(name))
}

/// Whether a name is that of an archive.
pub(super) fn is_archive(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ARCHIVES.iter().any(|end| name.ends_with(end))
}

/// Whether a manifest names no other files of the project.
fn stands_alone(name: &str, text: &str) -> bool {
    match name {
        "package.json" => serde_json::from_str(text).is_ok_and(|package: Value| is_package_alone(&package)),
        ".yarnrc" => {
            const FILES: [&str; 3] = ["yarn-path", "yarn-offline-mirror", "cafile"];
            let names_file = |line: &str| FILES.iter().any(|key| line.starts_with(key));
            !text.lines().any(|line| names_file(line.trim_start_matches([' ', '\t', '"'])))
        }
        "go.mod" => !text.lines().any(|line| line.contains("=> .") || line.contains("=> /")),
        "Gemfile" => {
            !["gemspec", "path", "eval_gemfile", "File.", "require_relative"].iter().any(|w| text.contains(w))
        }
        "composer.json" => {
            !["scripts", "classmap", "files", "repositories"].iter().any(|key| has_key(text, key))
        }
        // cargo reads nothing of a project in which it finds nothing to build: the target has to be named.
        "Cargo.toml" => {
            let named = text.contains("[[bin]]") || text.contains("[lib]");
            let paths = text.lines().filter(|line| line.trim_start().starts_with("path")).count();
            named
                && paths == 1
                && !text.contains("[workspace")
                && !text.contains("{ path")
                && !text.contains(", path")
        }
        _ => true,
    }
}

/// Whether a `package.json` leads to no other files of the project.
fn is_package_alone(package: &Value) -> bool {
    let Value::Object(fields) = package else { return false };
    let has_hook =
        fields.get("scripts").is_some_and(|scripts| HOOKS.iter().any(|hook| !scripts[*hook].is_null()));
    let patches = fields.get("pnpm").is_some_and(|pnpm| !pnpm["patchedDependencies"].is_null());
    let is_led_away = DEPENDENCIES.iter().any(|key| fields.get(*key).is_some_and(names_files));
    !has_hook && !patches && !is_led_away && !fields.contains_key("workspaces")
}

/// Whether one of some versions is a place in the project.
fn names_files(versions: &Value) -> bool {
    match versions {
        Value::String(version) => is_place(version.trim()),
        Value::Object(fields) => fields.values().any(names_files),
        Value::Array(values) => values.iter().any(names_files),
        _ => false,
    }
}

/// Whether a package manager takes a version for a path. `~1.2` is none, and neither is `owner/repository`.
fn is_place(version: &str) -> bool {
    const PROTOCOLS: [&str; 6] = ["file:", "link:", "portal:", "workspace:", "patch:", "exec:"];
    let lower = version.to_ascii_lowercase();
    let is_path = version.starts_with(['.', '/', '\\']) || version.starts_with("~/") || version == "~";
    let is_bare = !version.contains(':') && (version.matches('/').count() > 1 || is_archive(version));
    is_path || is_bare || PROTOCOLS.iter().any(|protocol| lower.starts_with(protocol))
}

/// Whether a text in JSON has a key: its name in quotes, and then a colon.
fn has_key(text: &str, key: &str) -> bool {
    let quoted = format!("\"{key}\"");
    text.match_indices(&quoted).any(|(at, _)| text[at + quoted.len()..].trim_start().starts_with(':'))
}
