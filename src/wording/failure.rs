//! What the page says about a build that failed.

use super::{cause, rich};
use crate::locale::Lang;
use crate::rich::{Argument, Piece};
use lab_session::protocol::{BuildView, State, StepView};

pub(super) fn failed(lang: Lang, build: &BuildView, this: Argument) -> Vec<Piece> {
    let Some(error) = &build.error else { return rich(lang, "why.failed", &[this]) };
    match (error.code.as_str(), error.exit_code, &error.subject) {
        ("build/unknown-image", ..) => rich(lang, "why.failedImage", &[this]),
        ("build/copy-source-missing", _, Some(path)) => {
            rich(lang, "why.failedMissing", &[this, ("path", cause(path))])
        }
        ("build/limit-reached", ..) => rich(lang, "why.failedLimit", &[this]),
        (_, Some(exit), _) => {
            let exit = ("exit", vec![Piece::Strong(exit.to_string())]);
            match not_started(build) {
                Some(reason) => rich(
                    lang,
                    "why.failedStart",
                    &[this, exit, ("reason", vec![Piece::Cause(reason.to_owned())])],
                ),
                None => rich(lang, "why.failedExit", &[this, exit]),
            }
        }
        _ => match failure_in_text(build) {
            Some(message) => {
                rich(lang, "why.failedSays", &[this, ("message", vec![Piece::Text(message.to_owned())])])
            }
            None => rich(lang, "why.failed", &[this]),
        },
    }
}

/// Why the command could not even be started: what the runtime says last, without what it says each time.
fn not_started(build: &BuildView) -> Option<&str> {
    let error = build.error.as_ref()?;
    let last = error.output.iter().rev().map(|line| line.trim()).find(|line| !line.is_empty())?;
    // BuildKit puts the seconds in front of what is printed.
    let (time, rest) = last.split_once(' ').unwrap_or(("", last));
    let said = if time.parse::<f64>().is_ok() { rest } else { last };
    if let Some(reason) = said.strip_prefix("runc run failed: unable to start container process: ") {
        return Some(reason);
    }
    // Here the process is there, and the kernel refuses what it is to become.
    Some(said).filter(|said| error.exit_code == Some(255) && said.starts_with("exec "))
}

/// What is wrong with the text of the instruction that stopped the build.
fn failure_in_text(build: &BuildView) -> Option<&str> {
    let line = build.error.as_ref()?.line?;
    let found = build.diagnostics.iter().find(|one| one.severity == "error" && one.line == line)?;
    Some(found.message.as_str()).filter(|message| !message.is_empty())
}

/// Why nothing ran: what the parser says and where, else the error of the build.
pub fn not_built(lang: Lang, build: &BuildView) -> Vec<Piece> {
    let found = build.diagnostics.iter().find(|one| one.severity == "error");
    let told = match (found, &build.error) {
        (Some(one), _) => Some((one.message.as_str(), Some(one.line))),
        (None, Some(error)) => Some((error.message.as_str(), error.line)),
        (None, None) => None,
    };
    let Some((text, line)) = told.filter(|(text, _)| !text.is_empty()) else {
        return rich(lang, "sum.notBuilt", &[]);
    };
    let message = ("message", vec![Piece::Text(text.to_owned())]);
    // Many of BuildKit's messages name the line themselves.
    match line.filter(|line| !text.contains(&format!("line {}", line + 1))) {
        Some(line) => rich(lang, "why.notBuiltAt", &[message, ("line", vec![Piece::number(line + 1)])]),
        None => rich(lang, "why.notBuilt", &[message]),
    }
}

/// What is special about a failure that a real build would not have had.
pub(super) fn failure_rule(build: &BuildView, step: &StepView) -> Option<&'static str> {
    let error = build.error.as_ref().filter(|_| step.state == State::Failed)?;
    match error.code.as_str() {
        "build/unknown-image" => Some("rule.image"),
        "build/limit-reached" => Some("rule.limit"),
        _ if not_started(build).is_some_and(|reason| reason.contains("stat /bin/sh: no such file")) => {
            Some("rule.noShell")
        }
        _ => None,
    }
}
