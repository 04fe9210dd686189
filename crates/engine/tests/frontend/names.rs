//! The names of steps, as far as they follow from the text alone.

use crate::cases;
use lab_engine::dockerfile::stages::{StageOptions, resolve_stages};
use lab_engine::dockerfile::step::step_text;
use lab_engine::dockerfile::{Dockerfile, InstructionKind, parse};
use std::collections::BTreeSet;

/// The texts of the steps of a Dockerfile that uses no variables, and the names of its stages.
fn expected(dockerfile: &Dockerfile) -> (BTreeSet<String>, BTreeSet<Option<String>>) {
    let resolved = resolve_stages(dockerfile, &StageOptions::default());
    let mut texts = BTreeSet::new();
    let mut stages = BTreeSet::new();
    for stage in &dockerfile.stages {
        stages.insert(resolved.display_name(stage));
        for instruction in &stage.instructions {
            let is_step = matches!(
                instruction.kind,
                InstructionKind::Run(_)
                    | InstructionKind::Copy(_)
                    | InstructionKind::Add(_)
                    | InstructionKind::Workdir(_)
            );
            if is_step {
                texts.insert(step_text(instruction, dockerfile.escape, &()));
            }
        }
    }
    (texts, stages)
}

/// The stage and the text in `[stage 1/2] TEXT`.
fn split(name: &str) -> (Option<String>, &str) {
    let (head, text) = name[1..].split_once("] ").unwrap();
    let mut words = head.split_whitespace().rev();
    words.next();
    // The number may be padded: `[ 2/10]`.
    (words.next().map(str::to_owned), text)
}

#[test]
fn names_of_steps_are_buildkits() {
    let mut compared = 0;
    for step in cases::steps() {
        let parsed = parse(&step.dockerfile);
        // With variables, and with triggers from elsewhere, the text alone does not tell.
        if step.dockerfile.contains('$') || !parsed.diagnostics.is_empty() {
            continue;
        }
        let (texts, stages) = expected(&parsed.value);
        for vertex in step.expected("vertices").as_array().unwrap() {
            let (stage, text) = split(vertex["name"].as_str().unwrap());
            assert!(stages.contains(&stage), "{}: {stage:?} is not in {stages:?}", step.name);
            if text.starts_with("FROM ") || text.starts_with("ONBUILD ") {
                continue;
            }
            let text = text.strip_prefix("LINK ").unwrap_or(text);
            assert!(texts.contains(text), "{}: {text:?} is not in {texts:#?}", step.name);
            compared += 1;
        }
    }
    assert!(compared > 700, "only {compared} names were compared");
}
