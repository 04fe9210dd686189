//! The rows of a build: one per instruction, with the state of its vertices.

use super::Finished;
use crate::protocol::{Builder, State};
use crate::why::Verdict;
use lab_engine::dockerfile::InstructionLine;
use lab_engine::graph::{Row, VertexId, VertexKind};
use lab_engine::solver::VertexReport;
use lab_engine::text::TextRange;

/// An instruction with what is known about it.
pub(crate) struct RowState {
    /// The first line, from 0.
    pub(crate) line: u32,
    /// The last line.
    pub(crate) end_line: u32,
    /// The instruction on one line.
    pub(crate) text: String,
    /// The keyword in capitals.
    pub(crate) keyword: String,
    /// The stage's name or number; empty in front of the first.
    pub(crate) stage: String,
    /// Its vertices.
    pub(crate) vertices: Vec<VertexId>,
    /// The vertex that speaks for the row.
    pub(crate) main: Option<VertexId>,
    /// The state.
    pub(crate) state: State,
    /// Whether content stopped a cascade here.
    pub(crate) held: bool,
}

/// The rows in the order of the text.
///
/// A text that cannot be planned still has its instructions: none of them was reached then.
pub(crate) fn rows(build: &Finished) -> Vec<RowState> {
    let graph = &build.report.graph;
    if build.report.vertices.is_empty() && build.report.result.is_err() {
        return unplanned(build);
    }
    let stage_name = |row: &Row| {
        let stage = row.stage.and_then(|id| graph.stages.get(id.0 as usize));
        stage.map_or(String::new(), |stage| stage.name.clone())
    };
    let of_row = |row: &Row| {
        let (main, state, held) = if !row.vertices.is_empty() {
            combine(build, &row.vertices)
        } else {
            (None, if row.reachable { without_step(build, row) } else { State::Skipped }, false)
        };
        RowState {
            line: row.line,
            end_line: row.end_line,
            text: row.text.clone(),
            keyword: row.keyword.clone(),
            stage: stage_name(row),
            vertices: row.vertices.clone(),
            main,
            state,
            held,
        }
    };
    graph.rows.iter().map(of_row).collect()
}

/// The state of a row that has no step. To the classic builder every instruction but a few is one, so that such a row
/// behind an error was not reached.
fn without_step(build: &Finished, row: &Row) -> State {
    let is_step = build.workspace.settings.builder == Builder::Classic;
    let error_at = error_at(build).filter(|_| is_step);
    match error_at {
        Some(at) if row.range.start > at => State::NotRun,
        Some(at) if row.range.start == at => State::Failed,
        _ => State::Meta,
    }
}

/// The vertex that speaks for a row with several, and the state.
///
/// Of a `COPY --link` that is the copy: that only its place among the layers is new is what the flag is for.
fn combine(build: &Finished, vertices: &[VertexId]) -> (Option<VertexId>, State, bool) {
    let verdict = |id: VertexId| build.verdicts.get(id.0 as usize);
    let is_link = |id: &&VertexId| build.report.graph.vertex(**id).kind == VertexKind::Link;
    if let Some(link) = vertices.iter().find(is_link)
        && let Some(copy) = vertices.iter().find(|id| !is_link(id))
        && let (Some(link_verdict), Some(copy_verdict)) = (verdict(*link), verdict(*copy))
    {
        let state = if link_verdict.state == State::Failed { State::Failed } else { copy_verdict.state };
        let held = state == State::Hit && (copy_verdict.held || link_verdict.state != State::Hit);
        return (Some(*copy), state, held);
    }
    let gravity = |state: State| match state {
        State::Failed => 5,
        State::Miss => 4,
        State::Follows => 3,
        State::NotRun => 2,
        State::Hit => 1,
        State::Meta | State::Skipped => 0,
    };
    let main = vertices.iter().copied().rev().max_by_key(|id| verdict(*id).map_or(0, |v| gravity(v.state)));
    let found = main.and_then(verdict);
    (main, found.map_or(State::NotRun, |v| v.state), found.is_some_and(|v| v.held && v.state == State::Hit))
}

/// The instructions of a text that was never planned: there is an error in it, or in the options.
fn unplanned(build: &Finished) -> Vec<RowState> {
    let text = build.workspace.dockerfile_text().unwrap_or_default();
    let error_at = error_at(build);
    let rows = &build.report.graph.rows;
    let graph_text = |range| rows.iter().find(|row| row.range == range).map(|row| row.text.clone());
    let row = |line: &InstructionLine| {
        let range = line.range;
        RowState {
            line: line.start_line.saturating_sub(1),
            end_line: line.end_line.saturating_sub(1),
            text: graph_text(range).unwrap_or_else(|| on_one_line(range.of(text))),
            keyword: line.keyword.to_ascii_uppercase(),
            stage: String::new(),
            vertices: Vec::new(),
            main: None,
            state: unreached(range, error_at),
            held: false,
        }
    };
    build.dockerfile.lines.iter().map(row).collect()
}

/// Where the error of a build is in the text.
fn error_at(build: &Finished) -> Option<u32> {
    let error = build.report.result.as_ref().err()?;
    Some(error.range?.start)
}

/// The state of an instruction of a build that could not begin.
fn unreached(range: TextRange, error_at: Option<u32>) -> State {
    let is_here = |at: u32| range.start <= at && at < range.end.max(range.start + 1);
    if error_at.is_some_and(is_here) { State::Failed } else { State::NotRun }
}

fn on_one_line(text: &str) -> String {
    let lines = text.lines().map(|line| line.trim().trim_end_matches('\\').trim_end());
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

/// What makes rows of several builds one row of the heat map: the instruction's text without needless blanks.
pub(crate) fn text_of(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Steps that hit, and steps in all.
pub(crate) fn score(rows: &[RowState]) -> (u32, u32) {
    let steps = rows.iter().filter(|row| !matches!(row.state, State::Meta | State::Skipped));
    let hits = rows.iter().filter(|row| row.state == State::Hit);
    (hits.count() as u32, steps.count() as u32)
}

/// What is known about the vertex that speaks for a row.
pub(super) fn main_of<'a>(build: &'a Finished, row: &RowState) -> Option<(&'a VertexReport, &'a Verdict)> {
    let at = row.main?.0 as usize;
    Some((build.report.vertices.get(at)?, build.verdicts.get(at)?))
}
