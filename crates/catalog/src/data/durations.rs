//! `durations.json`: how long steps take.

use super::json::{Fields, FromJson};
use lab_engine::world::Timing;
use serde_json::Value;
use std::collections::BTreeMap;

/// The whole file.
#[derive(Debug)]
pub(crate) struct Durations {
    tools: BTreeMap<String, Tool>,
}

impl FromJson for Durations {
    fn from_json(value: Value) -> Result<Self, String> {
        let mut fields = Fields::of(value)?;
        Ok(Self { tools: fields.take("tools")? })
    }
}

#[derive(Debug)]
struct Tool {
    base: f64,
    per_megabyte: f64,
    per_count: f64,
    per_megabyte_unpacked: f64,
    /// Seconds for compiling a standard library, where a tool does that once.
    standard_library: Option<f64>,
    scale: Option<f64>,
    alternatives: BTreeMap<String, f64>,
}

impl FromJson for Tool {
    fn from_json(value: Value) -> Result<Self, String> {
        let mut fields = Fields::of(value)?;
        Ok(Self {
            base: fields.take("base")?,
            per_megabyte: fields.or_default("perMegabyte")?,
            per_count: fields.or_default("perCount")?,
            per_megabyte_unpacked: fields.or_default("perMegabyteUnpacked")?,
            standard_library: fields.take("standardLibrary")?,
            scale: fields.take("scale")?,
            alternatives: fields.or_default("alternatives")?,
        })
    }
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
