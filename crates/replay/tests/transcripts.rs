//! Holds the docker command against recorded sessions: every scenario of `tests/transcripts/recorded`.
//!
//! Scenarios that do not agree yet are listed in `tests/transcripts/KNOWN_DIFFERENCES.txt`, each with the number of its
//! commands that do and the reason. The test fails when a scenario differs that is not listed, when fewer commands of a
//! listed one agree, and when a listed one agrees: the list can only shrink. With `UPDATE_KNOWN_DIFFERENCES=1` it is
//! written anew where things got better. `SHOW=part-of-a-name` prints the differences.
#![cfg(not(target_arch = "wasm32"))]

#[path = "transcripts/compare.rs"]
mod compare;

use lab_replay::{Base, replay_transcript};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/transcripts")
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// All recordings by name and set, for instance `rmi-in-use.28`.
fn recordings() -> BTreeMap<String, (String, Value)> {
    let mut found = BTreeMap::new();
    let list =
        |path: &Path| std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect::<Vec<_>>();
    for topic in list(&folder().join("recorded")) {
        let name = topic.file_name().unwrap().to_string_lossy().into_owned();
        for file in list(&topic) {
            let stem = file.file_stem().unwrap().to_string_lossy().into_owned();
            found.insert(stem, (name.clone(), serde_json::from_str(&read(&file)).unwrap()));
        }
    }
    found
}

/// How many commands of a scenario agree, and how many there are.
struct Score {
    topic: String,
    agreed: usize,
    commands: usize,
}

/// `name agreed # reason`
fn known() -> BTreeMap<String, (usize, String)> {
    let text = std::fs::read_to_string(folder().join("KNOWN_DIFFERENCES.txt")).unwrap_or_default();
    let line = |line: &str| {
        let (words, reason) = line.split_once('#').unwrap_or((line, ""));
        let mut words = words.split_whitespace();
        let name = words.next()?.to_owned();
        Some((name, (words.next()?.parse().ok()?, reason.trim().to_owned())))
    };
    text.lines().filter_map(line).collect()
}

fn scores() -> BTreeMap<String, Score> {
    let base = Base::load(&read(&folder().join("base.json"))).expect("base.json");
    let shown = std::env::var("SHOW").ok();
    let mut scores = BTreeMap::new();
    for (name, (topic, recorded)) in recordings() {
        let shows = shown.as_ref().is_some_and(|part| name.contains(part.as_str()));
        if shown.is_some() && !shows {
            continue;
        }
        let replayed = replay_transcript(&recorded, &base).unwrap_or_else(|error| panic!("{name}: {error}"));
        let differences = compare::differences(&recorded, &replayed);
        let commands = recorded["commands"].as_array().unwrap();
        let commands = commands.iter().filter(|command| command["cmd"].is_string()).count();
        if shows {
            for difference in &differences {
                println!("=== {name}\n{difference}");
            }
        }
        scores.insert(name, Score { topic, agreed: commands - differences.len(), commands });
    }
    scores
}

/// Replays run deep in the shell; so they have a stack of their own.
fn with_stack<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    std::thread::Builder::new().stack_size(256 << 20).spawn(work).unwrap().join().unwrap()
}

#[test]
fn recorded_sessions_agree() {
    let scores = with_stack(scores);
    println!("{}", table(&scores));
    if std::env::var("SHOW").is_ok() {
        return;
    }
    let known = known();
    let updates = std::env::var("UPDATE_KNOWN_DIFFERENCES").is_ok();
    let mut list =
        String::from("# Scenarios that do not agree yet: name, commands that agree, how many differ.\n");
    let mut wrong = String::new();
    for (name, score) in &scores {
        let agrees = score.agreed == score.commands;
        let (agreed, reason) = known.get(name).cloned().unwrap_or((score.commands, String::new()));
        if score.agreed < agreed && !(updates && known.is_empty()) {
            let _ = writeln!(
                wrong,
                "{name}: {} of {} commands agree, {agreed} did",
                score.agreed, score.commands
            );
        }
        if known.contains_key(name) && (agrees || score.agreed > agreed) && !updates {
            let _ = writeln!(
                wrong,
                "{name}: {} of {} commands agree now, the list says {agreed}",
                score.agreed, score.commands
            );
        }
        if !agrees {
            let reason =
                if reason.is_empty() { format!("{} differ", score.commands - score.agreed) } else { reason };
            let _ = writeln!(
                list,
                "{name} {} # {reason}",
                score.agreed.max(agreed.min(score.commands) * usize::from(known.contains_key(name)))
            );
        }
    }
    if updates && wrong.is_empty() {
        std::fs::write(folder().join("KNOWN_DIFFERENCES.txt"), list).unwrap();
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// Agreement by topic and set.
fn table(scores: &BTreeMap<String, Score>) -> String {
    let mut by_topic: BTreeMap<(String, String), [usize; 4]> = BTreeMap::new();
    for (name, score) in scores {
        let set = name.rsplit('.').next().unwrap_or_default().to_owned();
        for topic in [score.topic.clone(), "~ all".to_owned()] {
            let sums = by_topic.entry((topic, set.clone())).or_default();
            sums[0] += score.agreed;
            sums[1] += score.commands;
            sums[2] += usize::from(score.agreed == score.commands);
            sums[3] += 1;
        }
    }
    let mut text = format!("{:<16} {:>3} {:>11} {:>11}\n", "topic", "set", "commands", "scenarios");
    for ((topic, set), [agreed, commands, scenarios, all]) in by_topic {
        let _ = writeln!(text, "{topic:<16} {set:>3} {agreed:>5}/{commands:<5} {scenarios:>5}/{all:<5}");
    }
    text
}
