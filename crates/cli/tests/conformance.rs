//! Holds the engine against recorded builds of a real BuildKit: every case of `tests/conformance/cases`.
//!
//! Cases that do not agree yet are listed in `tests/conformance/KNOWN_DIFFERENCES.txt`. The test fails when an unlisted
//! case differs and also when a listed one agrees, so that the list can only shrink. With `UPDATE_KNOWN_DIFFERENCES=1` in
//! the environment it takes the cases that agree off the list instead.

use dockerfile_lab::replay::{RecordedWorld, replay};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/conformance")
}

fn read(name: &str) -> String {
    fs::read_to_string(folder().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// What is compared of a step, by name. A step counts only where the recording has something to say about it.
fn facets(expect: &Value) -> Vec<(&'static str, Value)> {
    let vertices = || expect["vertices"].as_array().into_iter().flatten();
    let pick = |keys: &[&str]| -> Value {
        vertices().map(|vertex| keys.iter().map(|key| vertex[*key].clone()).collect::<Value>()).collect()
    };
    let mut facets = vec![("verdict", json!([expect["ok"], pick(&["name", "status"])]))];
    if expect["ok"] != true {
        facets.push(("error", json!([expect["error"], expect["error_source"], pick(&["error"])])));
    }
    let printed: Value = vertices()
        .filter(|vertex| vertex["stdout"].is_string() || vertex["stderr"].is_string())
        .map(|vertex| json!([vertex["name"], vertex["stdout"], vertex["stderr"]]))
        .collect();
    facets.push(("output", printed));
    facets.push(("warning", json!([expect["warnings"], expect["check"]])));
    let image = &expect["image"];
    facets.push(("config", image["config"].clone()));
    facets.push(("layer", image["layers"].clone()));
    facets.push(("digest", json!([image["manifest_digest"], image["config_digest"]])));
    facets
}

/// The first difference between a recording and its replay.
fn difference(recorded: &Value, replayed: &Value) -> Option<String> {
    let steps = recorded["steps"].as_array()?;
    steps.iter().enumerate().find_map(|(number, step)| {
        let replayed = facets(&replayed["steps"][number]["expect"]);
        facets(&step["expect"]).into_iter().find_map(|(name, wanted)| {
            let (_, got) = replayed.iter().find(|(other, _)| *other == name)?;
            (wanted != *got)
                .then(|| format!("step {number}, {name}:\n    recorded {wanted}\n    replayed {got}"))
        })
    })
}

/// The name in a line of the list; a reason may stand behind it.
fn name_of(line: &str) -> &str {
    line.split('#').next().unwrap_or_default().trim()
}

#[test]
fn recorded_builds() {
    let world = RecordedWorld::load(&read("testbase.json")).expect("the recorded base images can be read");
    let listing = read("KNOWN_DIFFERENCES.txt");
    let known: BTreeSet<&str> = listing.lines().map(name_of).filter(|name| !name.is_empty()).collect();
    let mut names: Vec<String> = fs::read_dir(folder().join("cases"))
        .expect("there are recorded cases")
        .map(|entry| entry.expect("a case can be listed").file_name().to_string_lossy().into_owned())
        .filter_map(|name| name.strip_suffix(".json").map(str::to_owned))
        .collect();
    names.sort();
    let is_update = std::env::var_os("UPDATE_KNOWN_DIFFERENCES").is_some();
    let mut agreeing = BTreeSet::new();
    let mut problems = Vec::new();
    for name in &names {
        let case: Value = serde_json::from_str(&read(&format!("cases/{name}.json"))).expect("a case is JSON");
        let replayed = replay(&case, &world).unwrap_or_else(|error| panic!("{name}: {error}"));
        match (difference(&case, &replayed), known.contains(name.as_str())) {
            (Some(difference), false) => problems.push(format!("{name} differs: {difference}")),
            (None, true) if is_update => drop(agreeing.insert(name.as_str())),
            (None, true) => problems.push(format!("{name} agrees: take it off the list")),
            _ => {}
        }
    }
    let unknown = known.iter().filter(|listed| !names.iter().any(|name| name == *listed));
    problems.extend(unknown.map(|listed| format!("{listed} is listed, but there is no such case")));
    if is_update {
        let lines = listing.lines().filter(|line| !agreeing.contains(name_of(line)));
        let text: String = lines.map(|line| format!("{line}\n")).collect();
        fs::write(folder().join("KNOWN_DIFFERENCES.txt"), text).expect("the list can be written");
    }
    assert!(!names.is_empty(), "there are no recorded cases");
    assert!(problems.is_empty(), "{} problems\n{}", problems.len(), problems.join("\n"));
}
