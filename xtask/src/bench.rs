//! `cargo xtask bench`: measures sizes, builds, scripts and keystrokes, and writes `docs/benchmarks.md`.
//!
//! Figures are printed as ratios against the budgets, against what a real BuildKit was recorded to take, and against
//! BusyBox in the same run. Nothing here passes or fails by time: machines differ, ratios are for people.

use std::fmt::Write as _;
use std::fs;

use crate::process::{Outcome, command, finish, output, phase, root};
use crate::{build, setup, sizes, test};

const REPORT: &str = "docs/benchmarks.md";
const KEYSTROKES: &str = "target/keystrokes.tsv";
const BUILDS: &str = "target/builds.tsv";
const SHELL: &str = "target/shell.tsv";

/// The budgets of a keystroke: context, measure, milliseconds.
const KEY_BUDGETS: [(&str, &str, f64); 7] = [
    ("1000 files", "worker p95", 4.0),
    ("10000 files", "worker p95", 8.0),
    ("10 files", "script", 6.0),
    ("1000 files", "script", 6.0),
    ("10000 files", "script", 6.0),
    // Two frames at 60 Hz.
    ("1000 files", "painted p50", 33.3),
    ("10000 files", "painted p50", 33.3),
];
/// How much faster a cached rebuild has to be than BuildKit's.
const FASTER: f64 = 50.0;
/// How many times as long as BusyBox a script may take.
const SLOWER: f64 = 3.0;

/// Measures everything and writes the report; or the scripts alone, and puts their part into it.
pub(crate) fn run(options: &[&str]) -> Outcome {
    match options {
        [] => {}
        ["--shell"] => return put_in("Shell", &phase("scripts, native", shell_table)?),
        _ => return Err(format!("bench does not know {}", options.join(" "))),
    }
    setup::for_testing()?;
    build::release()?;
    let mut report = "# Benchmarks\n\nWritten by `cargo xtask bench`.\n".to_owned();
    let _ = writeln!(report, "Measured on {}.", machine());
    report += &phase("sizes", size_table)?;
    report += &phase("builds, native", build_table)?;
    report += &phase("scripts, native", shell_table)?;
    report += &phase("keystrokes, in Chromium", keystroke_table)?;
    fs::write(root().join(REPORT), report).map_err(|error| format!("{REPORT}: {error}"))?;
    println!("\n{REPORT} is written.");
    Ok(())
}

fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let browser = setup::chromium_path().and_then(|path| output(&path, &["--version"])).unwrap_or_default();
    format!("{cores} cores, {}, {browser}", std::env::consts::OS)
}

fn size_table() -> Outcome<String> {
    // The lists of what a browser fetches at first come from the tests that look at it.
    finish(&mut test::playwright(&["test", "parts"])?)?;
    let note = "Brotli, kB (1,000 bytes). *deferred*: fetched when it is first called, or after the first sign of a person.";
    let mut table = heading("Sizes", note, &["what", "size", "budget", "ratio"]);
    for sizes::Size { what, size, budget } in sizes::measure()? {
        let (limit, ratio) = budget.map_or(("–".to_owned(), "–".to_owned()), |budget| {
            (fixed(budget, 0), fixed(size / budget, 2))
        });
        row(&mut table, &[what, fixed(size, 1), limit, ratio]);
    }
    Ok(table)
}

/// The session as a native program against BuildKit doing the same, without export.
fn build_table() -> Outcome<String> {
    let mut bench = command("cargo", &["bench", "--profile", "native", "--bench", "builds"]);
    finish(bench.env("LAB_BENCH", root().join(BUILDS)))?;
    let peers = rows(&read("benches/buildkit.tsv")?);
    let note = format!(
        "The session as a native program, without export, against what BuildKit was recorded to take for a whole call. \
         A rebuild with nothing changed has to be at least {FASTER} times faster."
    );
    let mut table = heading("Builds", &note, &["files", "case", "lab, ms", "BuildKit, ms", "times faster"]);
    for own in rows(&read(BUILDS)?) {
        let [files, case, seconds] = &own[..] else { continue };
        let peer = peers.iter().find(|peer| &peer[0] == files && peer[1] == "none" && &peer[2] == case);
        let least = peer.map_or(0.0, |peer| number(&peer[3]));
        let lab = number(seconds);
        let cells =
            [files.clone(), case.clone(), fixed(lab * 1e3, 2), fixed(least * 1e3, 0), fixed(least / lab, 0)];
        row(&mut table, &cells);
    }
    Ok(table)
}

/// Scripts and utilities against BusyBox, which runs them in turn with ours.
fn shell_table() -> Outcome<String> {
    let mut bench =
        command("cargo", &["bench", "--profile", "native", "-p", "lab-engine", "--bench", "shell"]);
    finish(bench.env("LAB_BENCH", root().join(SHELL)))?;
    let measured = rows(&read(SHELL)?);
    let missing = measured.iter().any(|line| line.get(2).is_none_or(|cell| cell == "-"));
    let mut note = format!(
        "A script in the shell of the lab as a native program, beside the same script in BusyBox in the same run: the \
         medians. Texts are of 1 MB. Aim: at most {SLOWER} times as long."
    );
    if missing {
        note += " **BusyBox was missing when this was measured, so there is nothing to compare with.**";
        println!("BusyBox is missing: ratios cannot be told. On Debian: apt-get install busybox");
    }
    let mut table = heading("Shell", &note, &["script", "lab, ms", "BusyBox, ms", "ratio"]);
    for line in measured {
        let [case, own, real] = &line[..] else { continue };
        let own = number(own);
        let (theirs, ratio) = match real.as_str() {
            "-" => ("–".to_owned(), "–".to_owned()),
            real => (fixed(number(real) * 1e3, 1), fixed(own / number(real), 2)),
        };
        row(&mut table, &[case.clone(), fixed(own * 1e3, 1), theirs, ratio]);
    }
    Ok(table)
}

/// Puts a part into the report, in the place of the one with that title, or at the end.
fn put_in(title: &str, part: &str) -> Outcome {
    let report = read(REPORT)?;
    let start = report.find(&format!("\n## {title}\n")).unwrap_or(report.len());
    let end = report[start..].match_indices("\n## ").nth(1).map_or(report.len(), |(at, _)| start + at);
    let whole = format!("{}{part}{}", &report[..start], &report[end..]);
    fs::write(root().join(REPORT), whole).map_err(|error| format!("{REPORT}: {error}"))?;
    println!("\n{REPORT} has a new part: {title}.");
    Ok(())
}

fn keystroke_table() -> Outcome<String> {
    let mut keys = test::playwright(&["test"])?;
    keys.env("LAB_TASK", "bench").env("LAB_BENCH", root().join(KEYSTROKES));
    finish(&mut keys)?;
    let note = "Milliseconds per key. *worker*: the time that the worker is busy with the key, from the arrival of the \
                request to the posting of the new verdicts. *answer*: as the page sees it, from sending the request to \
                the arrival of the verdicts; the frame that shows the typed character lies in between. *script*: \
                main-thread script (DevTools `ScriptDuration`). *painted*: from `beforeinput` to the frame that shows \
                the verdicts; an empty page shows what a frame alone takes.";
    let mut table = heading("Keystrokes", note, &["context", "measure", "ms", "budget", "ratio"]);
    for measured in rows(&read(KEYSTROKES)?) {
        let [context, measure, value] = &measured[..] else { continue };
        let budget = KEY_BUDGETS.iter().find(|(of, what, _)| of == context && what == measure);
        let (limit, ratio) = budget.map_or(("–".to_owned(), "–".to_owned()), |(.., limit)| {
            (fixed(*limit, 1), fixed(number(value) / limit, 2))
        });
        row(&mut table, &[context.clone(), measure.clone(), value.clone(), limit, ratio]);
    }
    Ok(table)
}

fn heading(title: &str, note: &str, columns: &[&str]) -> String {
    let rule =
        columns.iter().enumerate().map(|(at, _)| if at == 0 { "---" } else { "---:" }).collect::<Vec<_>>();
    println!("{}", columns.join(" | "));
    format!("\n## {title}\n\n{note}\n\n| {} |\n| {} |\n", columns.join(" | "), rule.join(" | "))
}

fn row(table: &mut String, cells: &[String]) {
    println!("{}", cells.join(" | "));
    let _ = writeln!(table, "| {} |", cells.join(" | "));
}

fn fixed(value: f64, digits: usize) -> String {
    format!("{value:.digits$}")
}

fn number(cell: &str) -> f64 {
    cell.parse().unwrap_or(0.0)
}

fn read(path: &str) -> Outcome<String> {
    fs::read_to_string(root().join(path)).map_err(|error| format!("{path}: {error}"))
}

/// The cells of a tab-separated table, without its comments.
fn rows(text: &str) -> Vec<Vec<String>> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| line.split('\t').map(ToOwned::to_owned).collect()).collect()
}
