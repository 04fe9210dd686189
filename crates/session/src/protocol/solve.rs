//! BuildKit's progress stream, as `--progress=rawjson` prints it: a [`SolveStatus`] per line.
//!
//! Bytes are base64, times RFC 3339, streams 1 and 2. What BuildKit leaves out when it is empty is left out here.

use serde::{Deserialize, Serialize};

/// News of a build.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SolveStatus {
    /// Vertices that are new or changed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub vertexes: Vec<SolveVertex>,
    /// Progress within vertices.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub statuses: Vec<SolveProgress>,
    /// What was printed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub logs: Vec<SolveLog>,
    /// Findings of the build checks.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<SolveWarning>,
}

/// A part of a build.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SolveVertex {
    /// Its identity.
    pub digest: String,
    /// The vertices that it waits for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub inputs: Vec<String>,
    /// As a person sees it: `[2/5] WORKDIR /app`.
    pub name: String,
    /// When it began.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started: Option<String>,
    /// When it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub completed: Option<String>,
    /// Whether it was taken from the cache.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub cached: bool,
    /// Why it failed.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub error: String,
}

/// A count within a vertex, of bytes for instance.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SolveProgress {
    /// What is counted: `transferring context:`.
    pub id: String,
    /// Of which vertex.
    pub vertex: String,
    /// Another word for it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// How much it will be; 0 where nobody knows.
    #[serde(skip_serializing_if = "is_zero")]
    pub total: i64,
    /// How much it is.
    pub current: i64,
    /// When that was so.
    pub timestamp: String,
    /// When it began.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started: Option<String>,
    /// When it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub completed: Option<String>,
}

/// Something printed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SolveLog {
    /// By which vertex.
    pub vertex: String,
    /// 1 for the standard output, 2 for the errors.
    pub stream: u32,
    /// The text in base64.
    #[serde(deserialize_with = "or_null")]
    pub data: String,
    /// When.
    pub timestamp: String,
}

/// A finding of a build check.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SolveWarning {
    /// The vertex that read the Dockerfile.
    pub vertex: String,
    /// 1.
    pub level: u32,
    /// The finding in base64.
    pub short: String,
    /// What the rule is about, in base64.
    pub detail: Vec<String>,
    /// Where to read more.
    pub url: String,
    /// The text that it is about.
    #[serde(rename = "sourceInfo")]
    pub source_info: Option<SolveSource>,
    /// The lines, from 1.
    pub range: Vec<SolveRange>,
}

/// A text that was built from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SolveSource {
    /// Its name.
    pub filename: String,
    /// The text in base64.
    pub data: String,
    /// `Dockerfile`.
    pub language: String,
}

/// A range of lines.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SolveRange {
    /// The first one.
    pub start: SolvePosition,
    /// The last one.
    pub end: SolvePosition,
}

/// A place in a text.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SolvePosition {
    /// From 1.
    pub line: u32,
}

fn is_zero(number: &i64) -> bool {
    *number == 0
}

/// Go writes `null` for bytes that were never there.
fn or_null<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Option::<String>::deserialize(deserializer).map(Option::unwrap_or_default)
}
