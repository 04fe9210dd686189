//! Manifests: which of them are there, and whether they lead to other files of the project.

use lab_engine::vfs::{Tree, path};

/// Scripts that a package manager runs when it installs a project.
const HOOKS: [&str; 4] = ["preinstall", "install", "postinstall", "prepare"];
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
    let beside = [".yarnrc.yml", "pnpm-workspace.yaml", ".pnpmfile.cjs", "go.work"];
    let is_led_away = beside.iter().any(|name| tree.entry(&path::join(place, name)).is_some());
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
        || line.contains("@ .");
    (!is_of_project).then_some(None)
}

/// Whether a manifest names no other files of the project.
fn stands_alone(name: &str, text: &str) -> bool {
    match name {
        "package.json" => {
            let hook = HOOKS.iter().any(|hook| has_key(text, hook));
            !hook && !["workspaces", "file:", "link:", "portal:"].iter().any(|word| text.contains(word))
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

/// Whether a text in JSON has a key: its name in quotes, and then a colon.
fn has_key(text: &str, key: &str) -> bool {
    let quoted = format!("\"{key}\"");
    text.match_indices(&quoted).any(|(at, _)| text[at + quoted.len()..].trim_start().starts_with(':'))
}
