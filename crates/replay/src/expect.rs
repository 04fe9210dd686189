//! A report in the form of a recorded `expect`.

use super::placeholders::normalized;
use lab_engine::cache::Stream;
use lab_engine::graph::{Vertex, VertexKind};
use lab_engine::solver::{BuildReport, VertexReport, VertexStatus};
use serde_json::{Map, Value, json};

/// What the recording would say about this build.
pub(super) fn expectation(report: &BuildReport) -> Value {
    let mut expect = Map::new();
    expect.insert("ok".into(), report.result.is_ok().into());
    if let Err(error) = &report.result {
        expect.insert("error".into(), normalized(&error.message).into());
        if !error.source.is_empty() {
            expect.insert("error_source".into(), error.source.clone().into());
        }
    }
    expect.insert("vertices".into(), vertices(report));
    let mut internal = report.internal.clone();
    internal.sort();
    expect.insert("internal".into(), internal.into());
    expect.insert("warnings".into(), warnings(report));
    if let Ok(built) = &report.result {
        let image = built.image();
        let ids: Vec<String> = image.layers.iter().map(|layer| layer.diff_id.to_string()).collect();
        let sizes: Vec<u64> = image.layers.iter().map(|layer| layer.tar_size).collect();
        let value = json!({
            "manifest_digest": image.manifest_digest.to_string(),
            "config_digest": image.config_digest.to_string(),
            "config": image.config.to_json(),
            "layers": ids,
            "layer_sizes": sizes,
        });
        expect.insert("image".into(), value);
    }
    Value::Object(expect)
}

/// The steps with a number, by stage, number and name.
fn vertices(report: &BuildReport) -> Value {
    let mut steps: Vec<(&Vertex, &VertexReport)> =
        report.graph.vertices.iter().zip(&report.vertices).filter(|(vertex, _)| vertex.number > 0).collect();
    steps.sort_by(|(a, _), (b, _)| (a.stage, a.number, &a.name).cmp(&(b.stage, b.number, &b.name)));
    // A build that failed before its graph was solved shows no steps.
    let started = steps.iter().any(|(_, step)| step.status != VertexStatus::NotRun);
    if !started {
        return json!([]);
    }
    steps.into_iter().map(|(vertex, step)| one(vertex, step)).collect()
}

fn one(vertex: &Vertex, step: &VertexReport) -> Value {
    let is_base = vertex.kind == VertexKind::From;
    let status = match step.status {
        _ if is_base => "base",
        VertexStatus::Done => "done",
        VertexStatus::Cached => "cached",
        VertexStatus::Error => "error",
        VertexStatus::Canceled => "canceled",
        VertexStatus::NotRun => "not-run",
    };
    let cached = if is_base { Value::Null } else { (step.status == VertexStatus::Cached).into() };
    let mut value = json!({ "name": step.name, "cached": cached, "status": status });
    if let Some(error) = &step.error {
        value["error"] = normalized(error).into();
    }
    for (key, stream) in [("stdout", Stream::Stdout), ("stderr", Stream::Stderr)] {
        let lines = step.log.iter().filter(|line| line.stream == stream);
        let text: String = lines.map(|line| line.text.as_str()).collect();
        if !text.is_empty() {
            value[key] = text.into();
        }
    }
    value
}

fn warnings(report: &BuildReport) -> Value {
    let mut found: Vec<(u32, String, String, Value)> = Vec::new();
    for warning in &report.warnings {
        let line = warning.lines.0;
        let rule = warning.rule.name.to_owned();
        let value = json!({
            "ruleName": rule,
            "description": warning.rule.description,
            "url": warning.rule.url,
            "detail": warning.message,
            "startLine": line,
        });
        found.push((line, rule, warning.message.clone(), value));
    }
    found.sort_by(|a, b| (a.0, &a.1, &a.2).cmp(&(b.0, &b.1, &b.2)));
    found.into_iter().map(|(_, _, _, value)| value).collect()
}
