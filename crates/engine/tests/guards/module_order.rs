//! Each module of the engine may use only the modules above it.

use std::collections::BTreeSet;

use super::sources::{Source, all};

/// From the ground up. A new module gets its place here and in `lib.rs`.
const ORDER: [&str; 18] = [
    "order",
    "case",
    "text",
    "digest",
    "compression",
    "diagnostic",
    "dockerfile",
    "vfs",
    "layer",
    "oci",
    "world",
    "shell",
    "graph",
    "check",
    "cache",
    "solver",
    "export",
    "import",
];

fn rank(module: &str) -> usize {
    ORDER
        .iter()
        .position(|known| *known == module)
        .unwrap_or_else(|| panic!("`{module}` is no module of the engine's order; give it a place in ORDER"))
}

/// The modules that a piece of code names as `crate::module` or in `crate::{…}`.
fn used(code: &str) -> BTreeSet<&str> {
    let mut names = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        let inside = rest.strip_prefix('{').map(top_level_names);
        names.extend(inside.unwrap_or_else(|| vec![first_word(rest)]));
    }
    names
}

fn first_word(text: &str) -> &str {
    text.split(|character: char| !character.is_alphanumeric() && character != '_').next().unwrap_or_default()
}

/// The first word of each part of a `{a::b, c::{d, e}}`, of which the opening brace was read.
fn top_level_names(group: &str) -> Vec<&str> {
    let (mut names, mut depth, mut start) = (Vec::new(), 0, 0);
    for (at, character) in group.char_indices() {
        match character {
            '{' => depth += 1,
            ',' | '}' if depth == 0 => {
                names.push(first_word(group[start..at].trim_start()));
                start = at + 1;
                if character == '}' {
                    break;
                }
            }
            '}' => depth -= 1,
            _ => {}
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

#[test]
fn names_are_read_from_every_form_of_use() {
    let code =
        "use crate::vfs::Tree;\nuse crate::{text, layer::{diff, apply}, oci};\nlet x = crate::world::now();";
    assert_eq!(used(code), BTreeSet::from(["layer", "oci", "text", "vfs", "world"]));
}

#[test]
fn modules_use_only_those_above_them() {
    let mut breaches = Vec::new();
    for source in all().iter().filter(|source| !source.module().is_empty()) {
        let own = rank(source.module());
        // What begins with a capital is an item or macro of the crate's root, not a module.
        let modules =
            used(&source.code).into_iter().filter(|name| name.starts_with(|c: char| c.is_ascii_lowercase()));
        for module in modules.filter(|module| rank(module) > own) {
            breaches.push(format!("src/{} uses `{module}`, which stands below it", source.path));
        }
    }
    assert!(breaches.is_empty(), "{}", breaches.join("\n"));
}

#[test]
fn the_crate_declares_its_modules_in_this_order() {
    let all = all();
    let root = all.iter().find(|source| source.path == "lib.rs").unwrap();
    let declared: Vec<&str> =
        root.code.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    assert_eq!(declared, ORDER, "the modules of lib.rs and those of ORDER are not the same");
    let sources: BTreeSet<&str> = all.iter().map(Source::module).filter(|name| !name.is_empty()).collect();
    assert_eq!(
        sources,
        BTreeSet::from(ORDER),
        "the folders of src and the modules of ORDER are not the same"
    );
}
