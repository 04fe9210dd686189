//! Generated scripts in the shell and in a real one: they print the same, end the same, and leave the same files.
//!
//! The normal run takes some hundred scripts; `LAB_SCRIPTS=20000 cargo test -p lab-engine --test differential` takes as
//! many as it is told, and `LAB_SEED` says where it begins. What differs on purpose is in `docs/shell.md`.

mod compare;
mod grammar;

use compare::{Bench, Result};
use grammar::Language;

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

fn compare(language: Language, scripts: u64) {
    let Some(bench) = Bench::new(language) else {
        println!(
            "{language:?} is not compared: the real shell is missing. On Debian: apt-get install busybox dash bash"
        );
        return;
    };
    let first = number("LAB_SEED", 1);
    let mut differences = Vec::new();
    for seed in first..first + number("LAB_SCRIPTS", scripts) {
        let script = grammar::script(seed, language);
        let (real, own) = (bench.real(&script), bench.own(&script));
        if let Some(what) = Result::difference(&real, &own, &script) {
            differences.push(format!("---- seed {seed}\n{script}{what}\n"));
        }
    }
    // The shortest say the most.
    differences.sort_by_key(String::len);
    let shown: String = differences.iter().take(12).map(String::as_str).collect();
    assert!(differences.is_empty(), "{} scripts differ in {language:?}\n{shown}", differences.len());
}

#[test]
fn as_busybox() {
    compare(Language::Ash, 500);
}

#[test]
fn as_dash() {
    compare(Language::Dash, 100);
}

#[test]
fn as_bash() {
    compare(Language::Bash, 100);
}
