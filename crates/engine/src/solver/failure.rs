//! Failures in BuildKit's words.

use super::report::{BuildError, BuildErrorKind};
use super::step::StepError;
use crate::cache::LogLine;
use crate::dockerfile::excerpt::excerpt;
use crate::graph::{PlanError, PlanErrorKind, Vertex};

/// How many lines of a command's output go with its error.
const TAIL: usize = 10;

/// The excerpts of the Dockerfile around some lines, one below the other.
pub(super) fn excerpts(name: &str, text: &str, lines: &[(u32, u32)]) -> String {
    let excerpts: Vec<String> = lines.iter().filter_map(|lines| excerpt(name, text, *lines)).collect();
    excerpts.join("\n")
}

/// A build that could not start.
pub(super) fn plan_failure(error: PlanError, name: &str, text: &str) -> BuildError {
    BuildError {
        vertex: None,
        range: error.range,
        kind: match error.kind {
            PlanErrorKind::Dockerfile => BuildErrorKind::Dockerfile,
            PlanErrorKind::UnknownTarget => BuildErrorKind::UnknownTarget,
            PlanErrorKind::UnknownImage(nearest) => BuildErrorKind::UnknownImage { nearest },
            PlanErrorKind::NotLoaded(asset) => BuildErrorKind::NotLoaded { asset },
        },
        exit_code: None,
        message: format!("failed to solve: {}", error.message),
        source: excerpts(name, text, &error.lines),
        log_tail: Vec::new(),
    }
}

/// A step that failed.
pub(super) fn step_failure(vertex: &Vertex, error: StepError, source: String) -> BuildError {
    let attempt = error.attempt.unwrap_or_default();
    BuildError {
        vertex: Some(vertex.id),
        range: Some(vertex.range),
        kind: error.kind,
        exit_code: attempt.exit_code,
        message: format!("failed to solve: {}{}", error.prefix, error.message),
        source,
        log_tail: tail(&attempt.log),
    }
}

fn tail(log: &[LogLine]) -> Vec<String> {
    let text: String = log.iter().map(|line| line.text.as_str()).collect();
    let lines: Vec<String> = text.lines().map(str::to_owned).collect();
    lines[lines.len().saturating_sub(TAIL)..].to_vec()
}
