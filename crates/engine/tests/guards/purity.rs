//! The engine is pure: it names nothing that touches the machine, the clock, chance, or an order that is not its own.

use super::sources::all;

/// Parts of the standard library that the same input must not depend on.
const IMPURE: [&str; 6] = ["env", "fs", "net", "process", "thread", "time"];
/// Types with an order that differs from run to run, and clocks.
const FORBIDDEN: [&str; 5] = ["HashMap", "HashSet", "Instant", "RandomState", "SystemTime"];

/// Functions of the machine's mathematics, whose last digit differs between machines; `libm` has the same everywhere.
const INEXACT: [&str; 10] = ["sin", "cos", "tan", "exp", "ln", "log2", "log10", "powf", "atan2", "cbrt"];

/// The forbidden names in a piece of code.
fn impurities(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    for module in IMPURE {
        let named = words(code, "std::").any(|word| word == module);
        if named || grouped(code).any(|word| word == module) {
            found.push(format!("std::{module}"));
        }
    }
    let words: Vec<&str> = code.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
    found.extend(FORBIDDEN.iter().filter(|name| words.contains(name)).map(ToString::to_string));
    found.extend(INEXACT.iter().map(|name| format!(".{name}(")).filter(|call| code.contains(call)));
    found
}

/// The word after each occurrence of a prefix.
fn words<'a>(code: &'a str, prefix: &'a str) -> impl Iterator<Item = &'a str> {
    code.match_indices(prefix).filter_map(move |(at, _)| {
        code[at + prefix.len()..].split(|c: char| !c.is_alphanumeric() && c != '_').next()
    })
}

/// The words inside each `std::{…}`.
fn grouped(code: &str) -> impl Iterator<Item = &str> {
    code.match_indices("std::{").flat_map(|(at, _)| {
        let group = code[at..].split(';').next().unwrap_or_default();
        group.split(|c: char| !c.is_alphanumeric() && c != '_')
    })
}

#[test]
fn the_scan_sees_every_form() {
    assert_eq!(impurities("use std::fs::File;"), ["std::fs"]);
    assert_eq!(impurities("use std::{fmt, time::Duration};"), ["std::time"]);
    assert_eq!(impurities("let map: HashMap<u8, u8>;"), ["HashMap"]);
    assert_eq!(impurities("let height = 2.0_f64.sin();"), [".sin("]);
    assert!(impurities("use std::fmt; struct Environment; let env = 1; MyHashMap").is_empty());
}

#[test]
fn the_engine_names_nothing_impure() {
    let found: Vec<String> = all()
        .iter()
        .flat_map(|source| {
            impurities(&source.code).into_iter().map(|name| format!("src/{}: {name}", source.path))
        })
        .collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}
