//! The Dockerfile frontend against what BuildKit said: errors with their excerpts.

mod corpus;

use lab_engine::dockerfile::{excerpt, parse};

/// What a build says that fails while it reads the Dockerfile begins with this, or is one of these.
const READING_ERRORS: [&str; 11] = [
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
    for step in corpus::steps() {
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
