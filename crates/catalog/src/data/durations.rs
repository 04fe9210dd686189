//! `durations.json`: how long steps take.

use lab_engine::world::Timing;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The whole file.
#[derive(Debug, Deserialize)]
pub(crate) struct Durations {
    tools: BTreeMap<String, Tool>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Tool {
    base: f64,
    #[serde(default)]
    per_megabyte: f64,
    #[serde(default)]
    per_count: f64,
    #[serde(default)]
    per_megabyte_unpacked: f64,
    /// Seconds for compiling a standard library, where a tool does that once.
    standard_library: Option<f64>,
    scale: Option<f64>,
    #[serde(default)]
    alternatives: BTreeMap<String, f64>,
}

impl Durations {
    /// The line of a kind of step.
    pub(crate) fn timing(&self, step: &str) -> Option<Timing> {
        let tool = self.tools.get(step)?;
        let mut alternatives: Vec<(String, f64)> =
            tool.alternatives.iter().map(|(name, seconds)| (name.clone(), *seconds)).collect();
        alternatives.extend(tool.standard_library.map(|seconds| ("standard library".to_owned(), seconds)));
        Some(Timing {
            base: tool.base,
            per_megabyte: tool.per_megabyte,
            per_megabyte_unpacked: tool.per_megabyte_unpacked,
            per_count: tool.per_count,
            scale: tool.scale.unwrap_or(1.0),
            alternatives,
        })
    }
}
