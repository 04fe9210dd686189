//! Dockerfiles in the manner of the official images (`tests/scripts`), built on the catalogue's base images: every
//! command of their scripts has to be understood, and to come out as the file says.
//!
//! A file has a Dockerfile, then `=== expected` and lines: `exit: 0`, or the exit code that ends the build; `executed:`,
//! `modelled:` and `not simulated:` with the commands that ran as such; `file: PATH MODE [UID:GID]` with what must be
//! there (several paths with `|`: one of them), and `gone: PATH` with what must not be.
//!
//! `cargo test -p lab-catalog --test scripts -- --ignored` writes the first four anew; look at what it changes.

mod script;

use lab_catalog::CatalogWorld;
use lab_engine::cache::{Cache, SimulationKind};
use lab_engine::solver::{Build, BuildOptions, BuildReport};
use lab_engine::vfs::Tree;
use script::Script;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// What programs print that do not understand how they were called.
const MISUNDERSTOOD: [&str; 12] = [
    "invalid option",
    "unrecognized option",
    "unrecognized operand",
    "unknown option",
    "Unknown option",
    "unknown predicate",
    "applet not found",
    "syntax error",
    "is not simulated",
    "Try '",
    "BusyBox v1.",
    "bad substitution",
];

fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/scripts");
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|end| end == "txt"));
    files.sort();
    files
}

fn world() -> CatalogWorld {
    let world = CatalogWorld::new(1_790_000_000);
    for name in CatalogWorld::ASSETS {
        let path = format!("{}/../../catalog/{name}.json", env!("CARGO_MANIFEST_DIR"));
        world.provide(name, &fs::read_to_string(&path).unwrap()).unwrap();
    }
    world
}

fn build(script: &Script, world: &CatalogWorld) -> BuildReport {
    let options = BuildOptions::new(script.dockerfile.clone(), Tree::new());
    Build::new(options, &Cache::new(), world).finish()
}

/// The exit code of the step that ended the build, or what else did.
fn exit(report: &BuildReport) -> String {
    match &report.result {
        Ok(_) => "0".to_owned(),
        Err(error) => error.exit_code.map_or_else(|| error.message.clone(), |code| code.to_string()),
    }
}

/// The commands that ran as one kind.
fn commands(report: &BuildReport, kind: SimulationKind) -> String {
    let notes = report.vertices.iter().flat_map(|vertex| &vertex.commands);
    let names: BTreeSet<&str> =
        notes.filter(|note| note.kind == kind).map(|note| note.name.as_str()).collect();
    names.into_iter().collect::<Vec<_>>().join(" ")
}

fn expectations(report: &BuildReport) -> Vec<(&'static str, String)> {
    vec![
        ("exit", exit(report)),
        ("executed", commands(report, SimulationKind::Executed)),
        ("modelled", commands(report, SimulationKind::Modelled)),
        ("not simulated", commands(report, SimulationKind::Unknown)),
    ]
}

/// What is otherwise than the file says.
fn differences(script: &Script, report: &BuildReport) -> Vec<String> {
    let mut found = Vec::new();
    for vertex in &report.vertices {
        for line in vertex.log.iter().flat_map(|line| line.text.lines()) {
            // What a script traces or says itself may well speak of options.
            let is_message = !line.starts_with('+') && !script.dockerfile.contains(line.trim());
            if is_message && MISUNDERSTOOD.iter().any(|text| line.contains(text)) {
                found.push(format!("misunderstood: {line}"));
            }
        }
    }
    for (key, value) in expectations(report) {
        let expected = script.value(key).unwrap_or("(nothing)");
        if expected != value {
            found.push(format!("{key}\n    expected {expected}\n    but got  {value}"));
        }
    }
    if let Err(error) = &report.result {
        let failed = report.vertices.iter().find(|vertex| vertex.error.is_some());
        let log: Vec<&str> =
            failed.iter().flat_map(|vertex| &vertex.log).flat_map(|log| log.text.lines()).collect();
        if script.value("exit") == Some("0") {
            found.push(format!(
                "{}\n    {}",
                error.message,
                log[log.len().saturating_sub(25)..].join("\n    ")
            ));
        }
    }
    if let Ok(image) = &report.result {
        found.extend(script.files(&image.tree));
    }
    found
}

#[test]
fn every_command_is_understood() {
    let world = world();
    let wanted = std::env::var("SCRIPT").unwrap_or_default();
    let mut all = Vec::new();
    let mut count = 0;
    for file in files() {
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        if !name.contains(&wanted) {
            continue;
        }
        count += 1;
        let script = Script::read(&fs::read_to_string(&file).unwrap());
        let found = differences(&script, &build(&script, &world));
        if !found.is_empty() {
            all.push(format!("#### {name}\n  {}", found.join("\n  ")));
        }
    }
    assert!(all.is_empty(), "{}\n{} of {count} differ", all.join("\n"), all.len());
    assert!(count >= 60 || !wanted.is_empty(), "only {count} scripts were found");
}

/// Writes what came out into the files.
#[test]
#[ignore = "writes into the sources"]
fn record() {
    let world = world();
    for file in files() {
        let mut script = Script::read(&fs::read_to_string(&file).unwrap());
        let report = build(&script, &world);
        script.set(expectations(&report));
        fs::write(&file, script.text()).unwrap();
    }
}
