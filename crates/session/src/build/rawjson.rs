//! A build as BuildKit's progress stream, one [`SolveStatus`] per line: all vertices, then what happened, in its order.

use super::Finished;
use super::log::{internal_transfer, warning_text};
use crate::protocol::{
    SolveLog, SolvePosition, SolveProgress, SolveRange, SolveSource, SolveStatus, SolveVertex, SolveWarning,
};
use crate::text::base64;
use crate::text::time::rfc3339_nanos as time;
use lab_engine::cache::Stream;
use lab_engine::digest::Digest;
use lab_engine::solver::{VertexReport, VertexStatus};

/// The stream of a build that began at a time, in seconds since 1970.
pub(crate) fn rawjson(build: &Finished, began: i64) -> String {
    let mut lines = vec![SolveStatus { vertexes: all(build), ..SolveStatus::default() }];
    for name in &build.report.internal {
        lines.extend(internal(build, name, began));
    }
    let mut vertices: Vec<&VertexReport> = build.report.vertices.iter().collect();
    lab_engine::order::sort_by(&mut vertices, |a, b| a.started.total_cmp(&b.started));
    for vertex in vertices.into_iter().filter(|vertex| vertex.status != VertexStatus::NotRun) {
        lines.extend(ran(build, vertex, began));
    }
    lines.extend(warnings(build));
    let line = |status: &SolveStatus| serde_json::to_string(status).unwrap_or_default() + "\n";
    lines.iter().map(line).collect()
}

/// All parts of the build before anything has begun.
fn all(build: &Finished) -> Vec<SolveVertex> {
    let internal = build.report.internal.iter().map(|name| SolveVertex {
        digest: internal_digest(name),
        name: name.clone(),
        ..SolveVertex::default()
    });
    internal.chain(build.report.vertices.iter().map(|vertex| planned(build, vertex))).collect()
}

fn internal_digest(name: &str) -> String {
    Digest::of(name.as_bytes()).to_string()
}

/// The identity of a vertex: its key, or where it has none its name and place.
fn digest_of(vertex: &VertexReport) -> String {
    match vertex.key {
        Some(key) => key.to_string(),
        None => Digest::of(format!("{} {}", vertex.id.0, vertex.name).as_bytes()).to_string(),
    }
}

fn planned(build: &Finished, vertex: &VertexReport) -> SolveVertex {
    let inputs = &build.report.graph.vertex(vertex.id).inputs;
    let reports = &build.report.vertices;
    SolveVertex {
        digest: digest_of(vertex),
        inputs: inputs.iter().filter_map(|id| reports.get(id.0 as usize)).map(digest_of).collect(),
        name: vertex.name.clone(),
        ..SolveVertex::default()
    }
}

fn internal(build: &Finished, name: &str, began: i64) -> Vec<SolveStatus> {
    let at = time(began, 0.0);
    let digest = internal_digest(name);
    let mut vertex = SolveVertex {
        digest: digest.clone(),
        name: name.to_owned(),
        started: Some(at.clone()),
        ..SolveVertex::default()
    };
    let mut lines = vec![of_vertex(vertex.clone())];
    if let Some((what, bytes)) = internal_transfer(build, name) {
        let progress = SolveProgress {
            id: what.to_owned(),
            vertex: digest,
            name: "transferring".to_owned(),
            current: bytes as i64,
            timestamp: at.clone(),
            started: Some(at.clone()),
            completed: Some(at.clone()),
            ..SolveProgress::default()
        };
        lines.push(SolveStatus { statuses: vec![progress], ..SolveStatus::default() });
    }
    vertex.completed = Some(at);
    lines.push(of_vertex(vertex));
    lines
}

fn ran(build: &Finished, report: &VertexReport, began: i64) -> Vec<SolveStatus> {
    let mut vertex = planned(build, report);
    vertex.started = Some(time(began, report.started));
    let mut lines = vec![of_vertex(vertex.clone())];
    let log = |(at, piece): (usize, &lab_engine::cache::LogLine)| {
        // When each piece came is not known; they are spread over the time of the step.
        let part = (at + 1) as f64 / (report.log.len() + 1) as f64;
        SolveLog {
            vertex: vertex.digest.clone(),
            stream: if piece.stream == Stream::Stdout { 1 } else { 2 },
            data: base64::encode(piece.text.as_bytes()),
            timestamp: time(began, report.started + report.seconds * part),
        }
    };
    let logs: Vec<SolveLog> = report.log.iter().enumerate().map(log).collect();
    if !logs.is_empty() {
        lines.push(SolveStatus { logs, ..SolveStatus::default() });
    }
    vertex.completed = Some(time(began, report.started + report.seconds));
    vertex.cached = report.status == VertexStatus::Cached;
    vertex.error = match report.status {
        VertexStatus::Canceled => "context canceled".to_owned(),
        _ => report.error.clone().unwrap_or_default(),
    };
    lines.push(of_vertex(vertex));
    lines
}

fn of_vertex(vertex: SolveVertex) -> SolveStatus {
    SolveStatus { vertexes: vec![vertex], ..SolveStatus::default() }
}

fn warnings(build: &Finished) -> Option<SolveStatus> {
    let definition = build.report.internal.iter().find(|name| name.starts_with(super::log::DEFINITION));
    let vertex = definition.map_or(String::new(), |name| internal_digest(name));
    let source = SolveSource {
        filename: build.workspace.dockerfile().to_owned(),
        data: base64::encode(build.workspace.dockerfile_text().unwrap_or_default().as_bytes()),
        language: "Dockerfile".to_owned(),
    };
    let line = |line: u32| SolvePosition { line };
    let warning = |warning: &lab_engine::check::Warning| SolveWarning {
        vertex: vertex.clone(),
        level: 1,
        short: base64::encode(warning_text(warning).as_bytes()),
        detail: vec![base64::encode(warning.rule.description.as_bytes())],
        url: warning.rule.url.to_owned(),
        source_info: Some(source.clone()),
        range: vec![SolveRange { start: line(warning.lines.0), end: line(warning.lines.1) }],
    };
    let warnings: Vec<SolveWarning> = build.report.warnings.iter().map(warning).collect();
    (!warnings.is_empty()).then(|| SolveStatus { warnings, ..SolveStatus::default() })
}
