//! The log of a build by the classic rule, as a client of that time prints it.

use super::Finished;
use crate::protocol::LogLine;
use crate::text::size::human_size;
use lab_engine::graph::VertexId;
use lab_engine::solver::{BuilderKind, ClassicOptions, Progress, Release};

/// The release whose words a session's builds have.
const RELEASE: Release = Release::Docker29;

/// Whose rules a session's classic builds follow.
pub(super) fn builder() -> BuilderKind {
    BuilderKind::Classic(ClassicOptions { release: RELEASE, ..ClassicOptions::default() })
}

/// All lines. Identifiers of images need their bytes: `digests` says whether they are worth that, else the lines that
/// name one are left out.
#[inline(never)]
pub(super) fn log(
    build: &Finished,
    names: &[String],
    digests: bool,
    row_of: impl Fn(VertexId) -> Option<u32>,
) -> Vec<LogLine> {
    let mut lines = Vec::new();
    let mut step = None;
    let mut add = |kind: &str, text: &str, step: Option<u32>| {
        let line = |text: &str| LogLine { vertex: 0, text: text.to_owned(), kind: kind.to_owned(), step };
        lines.extend(text.lines().map(line));
    };
    add("plain", &sending(build.report.context_bytes), None);
    let rows = &build.report.graph.rows;
    let mut at = rows.iter().enumerate().filter(|(_, row)| row.reachable).map(|(at, _)| at as u32);
    for said in &build.report.progress {
        let kind = match said {
            Progress::Step { .. } => {
                step = at.next();
                "plain"
            }
            Progress::Image(Some(_)) | Progress::Built(_) if !digests => continue,
            Progress::Output(_) => "output",
            Progress::Unused(_) => "warning",
            _ => "plain",
        };
        let step = step.filter(|_| !matches!(said, Progress::Unused(_) | Progress::Built(_)));
        if let Some(line) = said.line(RELEASE) {
            add(kind, &line.text, step);
        }
    }
    match &build.report.result {
        Ok(_) if digests => {
            for name in names {
                add("plain", &tagged(name), None);
            }
        }
        Ok(_) => {}
        Err(error) => add("error", &error.message, error.vertex.and_then(row_of)),
    }
    lines
}

/// What a client says while it sends the context.
fn sending(bytes: u64) -> String {
    format!("Sending build context to Docker daemon  {:>7}", human_size(bytes as f64))
}

/// What it says of each name: with its tag, and without what is taken for granted.
fn tagged(name: &str) -> String {
    let (repository, tag) = crate::text::reference::familiar(name);
    format!("Successfully tagged {repository}:{tag}")
}
