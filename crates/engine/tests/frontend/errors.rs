//! Errors with their excerpts.

use crate::cases;
use lab_engine::dockerfile::stages::{StageOptions, resolve_stages};
use lab_engine::dockerfile::{excerpt, parse};

/// What a build says that fails while it reads the Dockerfile begins with this, or is one of these.
const READING_ERRORS: [&str; 12] = [
    "failed to resolve source metadata for docker.io/nosuch/frontend:",
    "dockerfile parse error on line ",
    "the Dockerfile cannot be empty",
    "file with no instructions",
    "dockerfile contains no stages to build",
    "no build stage in current context",
    "only one ",
    "invalid escape token ",
    "Syntax error - ",
    "ENV must have two arguments",
    "LABEL must have two arguments",
    "when using JSON array syntax",
];

#[test]
fn errors_of_reading_are_buildkits() {
    let mut differences = Vec::new();
    let mut compared = 0;
    for step in cases::steps() {
        let recorded =
            step.error().filter(|error| READING_ERRORS.iter().any(|start| error.starts_with(start)));
        let dockerfile = parse(&step.dockerfile).value;
        let found = dockerfile.error();
        if found.map(|error| error.message.as_str()) != recorded {
            differences.push(format!("{}:\n  {recorded:?}\n  {found:?}", step.name));
            continue;
        }
        let Some(error) = found else { continue };
        compared += 1;
        let source = error.lines.and_then(|lines| excerpt::excerpt("Dockerfile", &step.dockerfile, lines));
        if source.as_deref() != step.expected("error_source").as_str() {
            differences.push(format!("{}:\n{source:?}\n{}", step.name, step.expected("error_source")));
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    assert!(compared > 60, "only {compared} errors were compared");
}

/// What a build says whose stages do not hang together begins with this.
const STAGE_ERRORS: [&str; 7] = [
    "base name (",
    "empty platform value",
    "failed to parse platform",
    "target stage ",
    "invalid stage index ",
    "variable expansion is not supported for --from",
    "circular dependency detected",
];

#[test]
fn errors_of_stages_are_buildkits() {
    let mut differences = Vec::new();
    let mut compared = 0;
    for step in cases::steps() {
        let recorded = step.error().filter(|error| STAGE_ERRORS.iter().any(|start| error.starts_with(start)));
        let dockerfile = parse(&step.dockerfile).value;
        let options = StageOptions {
            arguments: step.pairs("build_args").into_iter().collect(),
            target: step.value["target"].as_str().map(str::to_owned),
            ..StageOptions::default()
        };
        let found =
            if dockerfile.errors.is_empty() { resolve_stages(&dockerfile, &options).error } else { None };
        if found.as_ref().map(|error| error.message.as_str()) != recorded {
            differences.push(format!("{}:\n  {recorded:?}\n  {found:?}", step.name));
            continue;
        }
        let Some(error) = found else { continue };
        compared += 1;
        let excerpts = error.lines.iter();
        let excerpts = excerpts.filter_map(|lines| excerpt::excerpt("Dockerfile", &step.dockerfile, *lines));
        let source = excerpts.collect::<Vec<_>>().join("\n");
        if source != step.expected("error_source").as_str().unwrap_or_default() {
            differences.push(format!("{}:\n{source}\n{}", step.name, step.expected("error_source")));
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    assert!(compared >= 9, "only {compared} errors were compared");
}
