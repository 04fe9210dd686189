//! Compares a recorded session with its replay, with the freedoms that `tests/transcripts/FORMAT.md` names.
//!
//! Placeholders may have other numbers, but the same one must always stand for the same thing.

use serde_json::Value;
use std::collections::BTreeMap;

/// Which of our numbers stands for which recorded one, by kind.
#[derive(Default)]
struct Numbers(BTreeMap<(String, String), String>, BTreeMap<(String, String), String>);

/// The commands that differ, each with what was recorded and what came out.
pub(crate) fn differences(recorded: &Value, replayed: &Value) -> Vec<String> {
    let mut numbers = Numbers::default();
    let list = |value: &Value| value["commands"].as_array().cloned().unwrap_or_default();
    let mut found = Vec::new();
    for (wanted, got) in list(recorded).iter().zip(&list(replayed)) {
        let Some(command) = wanted["cmd"].as_str() else { continue };
        let same_exit = wanted["exit"] == got["exit"];
        let mut parts = Vec::new();
        for stream in ["stdout", "stderr"] {
            let text = |value: &Value| value[stream].as_str().unwrap_or_default().to_owned();
            let (wanted, got) = (lines(&text(wanted), command), lines(&text(got), command));
            if !agree(&wanted, &got, &mut numbers) {
                parts.push(format!(
                    "{stream} recorded:\n{}\n{stream} replayed:\n{}",
                    wanted.join("\n"),
                    got.join("\n")
                ));
            }
        }
        if !same_exit {
            parts.push(format!("exit recorded {}, replayed {}", wanted["exit"], got["exit"]));
        }
        if !parts.is_empty() {
            found.push(format!("$ {command}\n{}\n", parts.join("\n")));
        }
    }
    found
}

/// The lines of an output as they are compared.
fn lines(text: &str, command: &str) -> Vec<String> {
    let has_ago = text.contains("<ago>");
    let kept = |line: &&str| !is_free(line);
    let mut lines: Vec<String> = text
        .lines()
        .filter(kept)
        .map(|line| if has_ago { collapsed(line) } else { line.to_owned() })
        .map(|line| help(&line))
        .collect();
    in_one_order(&mut lines, command);
    without_help(lines)
}

/// Lines that appear in some runs only.
fn is_free(line: &str) -> bool {
    let status = line.rsplit(": ").next().unwrap_or_default();
    let is_of_layer = line.starts_with("<id:");
    (is_of_layer && matches!(status, "Waiting" | "Verifying Checksum"))
        || line.contains("error waiting for container: context canceled")
}

/// Columns beside a time have no fixed width.
fn collapsed(line: &str) -> String {
    let mut out = String::new();
    let mut blanks = 0;
    for c in line.chars() {
        if c == ' ' {
            blanks += 1;
            continue;
        }
        out.push_str(&" ".repeat(if blanks > 1 { 2 } else { blanks }));
        blanks = 0;
        out.push(c);
    }
    out
}

/// Of a help text only counts that it is one.
fn help(line: &str) -> String {
    if line.starts_with("<help text of") { "<help>".to_owned() } else { line.to_owned() }
}

fn without_help(lines: Vec<String>) -> Vec<String> {
    // Our own help texts begin with a usage line and end with a hint, or with the list of options.
    if lines.iter().any(|line| line == "<help>") {
        return lines.into_iter().filter(|line| !line.is_empty()).collect();
    }
    let Some(start) = lines.iter().position(|line| line.starts_with("Usage:  docker")) else { return lines };
    let is_help = lines[start..].iter().any(|line| line.ends_with("for more information on a command."));
    if !is_help {
        return lines;
    }
    let end = lines.iter().position(|line| line.ends_with("for more information on a command.")).unwrap_or(0);
    let mut out: Vec<String> = lines[..start].iter().filter(|line| !line.is_empty()).cloned().collect();
    out.push("<help>".to_owned());
    out.extend(lines[end + 1..].iter().filter(|line| !line.is_empty()).cloned());
    out
}

/// Sorts what comes in no fixed order: progress of layers, changed files, images made in the same second.
fn in_one_order(lines: &mut [String], command: &str) {
    let is_progress = |line: &String| {
        line.starts_with("<id:") && line.contains("<id:") && {
            let status = line.rsplit(": ").next().unwrap_or_default();
            matches!(
                status,
                "Pulling fs layer"
                    | "Download complete"
                    | "Pull complete"
                    | "Already exists"
                    | "Pushed"
                    | "Layer already exists"
                    | "Preparing"
            ) || status.starts_with("Mounted from")
        }
    };
    sort_runs(lines, is_progress);
    if command.contains("docker diff") || command.contains("container diff") {
        sort_runs(lines, |line| line.starts_with(['A', 'C', 'D']));
    }
    let is_table =
        lines.first().is_some_and(|line| line.starts_with("REPOSITORY") || line.starts_with("IMAGE "));
    if is_table && !lines[0].contains("CREATED BY") {
        sort_runs(lines, |line| !line.starts_with("REPOSITORY") && !line.is_empty());
    }
}

/// Sorts each run of lines that meet a test, by what they say without numbers.
fn sort_runs(lines: &mut [String], test: impl Fn(&String) -> bool) {
    let mut start = 0;
    while start < lines.len() {
        let end = (start..lines.len()).find(|at| !test(&lines[*at])).unwrap_or(lines.len());
        lines[start..end].sort_by_key(|line| without_numbers(line));
        start = end + 1;
    }
}

fn without_numbers(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('<') {
        out.push_str(before);
        out.push('<');
        let end = after.find('>').unwrap_or(0);
        let inner = &after[..end];
        out.push_str(inner.split(':').next().unwrap_or(inner));
        rest = &after[end..];
    }
    out + rest
}

/// Whether all lines agree; only then are their numbers taken over.
fn agree(wanted: &[String], got: &[String], numbers: &mut Numbers) -> bool {
    if wanted.len() != got.len() {
        return false;
    }
    wanted.iter().zip(got).all(|(wanted, got)| {
        if without_numbers(wanted) != without_numbers(got) {
            return false;
        }
        // In lines without an order the numbers of layers cannot be told apart.
        let is_progress = wanted.starts_with("<id:") && wanted.contains(">: ");
        is_progress || numbers.match_line(wanted, got)
    })
}

impl Numbers {
    fn match_line(&mut self, wanted: &str, got: &str) -> bool {
        placeholders(wanted).into_iter().zip(placeholders(got)).all(|(wanted, got)| self.same(wanted, got))
    }

    fn same(&mut self, (kind, wanted): (String, String), (_, got): (String, String)) -> bool {
        // Names are numbered in no particular order.
        let kind = if matches!(kind.as_str(), "id" | "id64" | "sha256") { "id".to_owned() } else { kind };
        let ours = self.0.entry((kind.clone(), wanted.clone())).or_insert_with(|| got.clone());
        let theirs = self.1.entry((kind, got.clone())).or_insert_with(|| wanted.clone());
        *ours == got && *theirs == wanted
    }
}

/// The numbered placeholders of a line.
fn placeholders(line: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = line;
    while let Some((_, after)) = rest.split_once('<') {
        let end = after.find('>').unwrap_or(0);
        if let Some((kind, number)) = after[..end].split_once(':')
            && number.bytes().all(|b| b.is_ascii_digit())
        {
            found.push((kind.to_owned(), number.to_owned()));
        }
        rest = &after[end..];
    }
    found
}
