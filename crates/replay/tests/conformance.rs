//! Holds the engine against recorded builds of a real BuildKit: every case of `tests/conformance/cases`.
//!
//! Cases that do not agree yet are listed in `tests/conformance/KNOWN_DIFFERENCES.txt`. The test fails when an unlisted
//! case differs and also when a listed one agrees, so that the list can only shrink. With `UPDATE_KNOWN_DIFFERENCES=1` in
//! the environment it takes the cases that agree off the list instead. The same test runs in a browser.

use lab_replay::{RecordedWorld, replay};
use serde_json::{Value, json};
use std::collections::BTreeSet;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test_configure!(run_in_browser);

/// Every case by its name.
const CASES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/cases.rs"));
const BASES: &str = include_str!("../../../tests/conformance/testbase.json");
const KNOWN: &str = include_str!("../../../tests/conformance/KNOWN_DIFFERENCES.txt");

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

/// The cases that differ, with their first difference.
fn differing() -> Vec<(&'static str, String)> {
    let world = RecordedWorld::load(BASES).expect("the recorded base images can be read");
    let of_case = |(name, text): &(&'static str, &str)| {
        let case: Value = serde_json::from_str(text).expect("a case is JSON");
        let replayed = replay(&case, &world).unwrap_or_else(|error| panic!("{name}: {error}"));
        difference(&case, &replayed).map(|difference| (*name, difference))
    };
    CASES.iter().filter_map(of_case).collect()
}

/// Takes the names that agree off the list.
#[cfg(not(target_arch = "wasm32"))]
fn shorten_list(agreeing: &[&str]) {
    let lines = KNOWN.lines().filter(|line| !agreeing.contains(&name_of(line)));
    let text: String = lines.map(|line| format!("{line}\n")).collect();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/conformance/KNOWN_DIFFERENCES.txt");
    std::fs::write(path, text).expect("the list can be written");
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn recorded_builds() {
    assert!(!CASES.is_empty(), "there are no recorded cases");
    let known: BTreeSet<&str> = KNOWN.lines().map(name_of).filter(|name| !name.is_empty()).collect();
    let differing = differing();
    let differs = |name: &str| differing.iter().any(|(other, _)| *other == name);
    let recorded = |name: &str| CASES.iter().any(|(other, _)| *other == name);
    let mut problems = Vec::new();
    for (name, difference) in differing.iter().filter(|(name, _)| !known.contains(name)) {
        problems.push(format!("{name} differs: {difference}"));
    }
    let (agreeing, missing): (Vec<&str>, Vec<&str>) =
        known.iter().filter(|name| !differs(name)).partition(|name| recorded(name));
    #[cfg(not(target_arch = "wasm32"))]
    if std::env::var_os("UPDATE_KNOWN_DIFFERENCES").is_some() {
        return shorten_list(&agreeing);
    }
    problems.extend(agreeing.iter().map(|name| format!("{name} agrees: take it off the list")));
    problems.extend(missing.iter().map(|name| format!("{name} is listed, but there is no such case")));
    assert!(problems.is_empty(), "{} problems\n{}", problems.len(), problems.join("\n"));
}
