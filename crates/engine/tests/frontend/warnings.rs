//! The warnings of build checks, and what a check prints.

use crate::cases::{self, Images, Step, images};
use lab_engine::check::{CheckInput, CheckReport, check};
use lab_engine::dockerfile::parse;
use lab_engine::dockerfile::stages::StageOptions;
use lab_engine::vfs::ignore::IgnoreMatcher;

fn run(step: &Step, images: &Images, all_stages: bool) -> CheckReport {
    let dockerfile = parse(&step.dockerfile).value;
    let mut options = StageOptions {
        arguments: step.pairs("build_args").into_iter().collect(),
        target: step.value["target"].as_str().map(str::to_owned),
        ..StageOptions::default()
    };
    options.arguments.insert("SOURCE_DATE_EPOCH".into(), "1700000000".into());
    let ignore = step.dockerignore.as_deref().map(IgnoreMatcher::parse).transpose();
    let ignore = ignore.map_err(|error| error.to_string());
    check(&CheckInput {
        dockerfile: &dockerfile,
        text: &step.dockerfile,
        options: &options,
        all_stages,
        images: &|name, _| images.get(name).cloned(),
        ignore: ignore.as_ref().map(Option::as_ref).map_err(String::as_str),
    })
}

#[test]
fn warnings_are_buildkits() {
    let images = images();
    let mut differences = Vec::new();
    let mut compared = 0;
    for step in cases::steps() {
        let recorded: Vec<String> = step
            .expected("warnings")
            .as_array()
            .into_iter()
            .flatten()
            .map(|warning| {
                let text = |key: &str| warning[key].as_str().unwrap_or_default();
                let line = warning["startLine"].as_u64().unwrap_or_default();
                format!(
                    "{line} {} | {} | {} | {}",
                    text("ruleName"),
                    text("detail"),
                    text("description"),
                    text("url")
                )
            })
            .collect();
        let mut found: Vec<(u32, &str, String)> = Vec::new();
        let report = run(&step, &images, false);
        for warning in &report.warnings {
            let rule = warning.rule;
            let line = warning.lines.0;
            let text =
                format!("{line} {} | {} | {} | {}", rule.name, warning.message, rule.description, rule.url);
            found.push((line, rule.name, text));
        }
        found.sort();
        let found: Vec<String> = found.into_iter().map(|(_, _, text)| text).collect();
        compared += recorded.len();
        if found != recorded {
            differences.push(format!("{}:\n  {recorded:#?}\n  {found:#?}", step.name));
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    assert!(compared > 100, "only {compared} warnings were compared");
}

#[test]
fn printed_checks_are_buildkits() {
    let images = images();
    let mut compared = 0;
    for step in cases::steps() {
        let Some(recorded) = step.expected("check").as_str() else { continue };
        let all_stages = step.value["target"].is_null();
        let report = run(&step, &images, all_stages);
        assert_eq!(report.print("Dockerfile", &step.dockerfile), recorded, "{}", step.name);
        compared += 1;
    }
    assert!(compared > 40, "only {compared} texts were compared");
}

#[test]
fn fixes_fit_their_text() {
    let images = images();
    for step in cases::steps() {
        for diagnostic in run(&step, &images, true).diagnostics() {
            let edits = diagnostic.fix.iter().flat_map(|fix| &fix.edits);
            for range in edits.map(|edit| edit.range).chain([diagnostic.range]) {
                assert!(step.dockerfile.get(std::ops::Range::from(range)).is_some(), "{}", step.name);
            }
        }
    }
}

#[test]
fn only_an_as_is_mended_by_another_case() {
    let fix = |text: &str| {
        let step = Step { dockerfile: text.to_owned(), ..cases::steps().remove(0) };
        let found = run(&step, &images(), true).diagnostics();
        let casing = found.iter().find(|found| found.code == "FromAsCasing").expect("there is a finding");
        casing.fix.as_ref().map(|fix| fix.title.clone())
    };
    assert_eq!(fix("FROM alpine As base\n").as_deref(), Some("Replace with AS"));
    assert_eq!(fix("FROM alpine for base\n"), None);
}
