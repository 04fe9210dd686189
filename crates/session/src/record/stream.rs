//! A record as a progress stream: every vertex once, then what it counted at last and what it printed.

use super::{Record, Vertex};
use crate::protocol::{
    SolveLog, SolvePosition, SolveProgress, SolveRange, SolveStatus, SolveVertex, SolveWarning,
};
use crate::text::base64;
use crate::text::time::rfc3339_nanos;

pub(super) fn stream(record: &Record) -> String {
    let time = |after: f64| rfc3339_nanos(record.began, after);
    let mut lines = Vec::new();
    for vertex in &record.vertices {
        lines.extend(spans(vertex, &time));
        let statuses: Vec<SolveProgress> = vertex
            .statuses
            .iter()
            .map(|status| SolveProgress {
                id: status.id.clone(),
                vertex: vertex.digest.clone(),
                name: String::new(),
                total: status.total,
                current: status.current,
                timestamp: time(status.completed.or(status.started).unwrap_or_default()),
                started: status.started.map(time),
                completed: status.completed.map(time),
            })
            .collect();
        let logs: Vec<SolveLog> = vertex
            .output
            .iter()
            .map(|piece| SolveLog {
                vertex: vertex.digest.clone(),
                stream: piece.stream,
                data: base64::encode(&piece.bytes),
                timestamp: time(piece.at),
            })
            .collect();
        if !statuses.is_empty() || !logs.is_empty() {
            lines.push(SolveStatus { statuses, logs, ..SolveStatus::default() });
        }
    }
    let warnings: Vec<SolveWarning> = record
        .warnings
        .iter()
        .map(|warning| SolveWarning {
            vertex: warning.vertex.clone(),
            level: 1,
            short: base64::encode(warning.short.as_bytes()),
            url: warning.url.clone(),
            range: vec![SolveRange {
                start: SolvePosition { line: warning.lines.0 },
                end: SolvePosition { line: warning.lines.1 },
            }],
            ..SolveWarning::default()
        })
        .collect();
    if !warnings.is_empty() {
        lines.push(SolveStatus { warnings, ..SolveStatus::default() });
    }
    let line = |status: &SolveStatus| serde_json::to_string(status).unwrap_or_default() + "\n";
    lines.iter().map(line).collect()
}

/// A vertex once for each time that it ran, or once if it never did.
fn spans(vertex: &Vertex, time: &dyn Fn(f64) -> String) -> Vec<SolveStatus> {
    let of = |started: Option<f64>, completed: Option<f64>| SolveStatus {
        vertexes: vec![SolveVertex {
            digest: vertex.digest.clone(),
            inputs: vertex.inputs.clone(),
            name: vertex.name.clone(),
            started: started.map(time),
            completed: completed.map(time),
            cached: vertex.cached,
            error: vertex.error.clone(),
        }],
        ..SolveStatus::default()
    };
    if vertex.spans.is_empty() {
        return vec![of(None, None)];
    }
    vertex.spans.iter().map(|(start, end)| of(Some(*start), *end)).collect()
}
