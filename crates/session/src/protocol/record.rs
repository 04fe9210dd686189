//! Builds that another builder made: the log that `docker buildx build --progress=rawjson` wrote.

use serde::{Deserialize, Serialize};

/// The log of a build, as a project keeps it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RecordInput {
    /// The name of the file that it came from.
    pub name: String,
    /// A progress stream with all that is shown of the log.
    pub text: String,
    /// The lines of the file that could not be read.
    pub damaged: Vec<DamagedLine>,
}

/// A line of a log that is no part of a progress stream.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DamagedLine {
    /// Its number, from 1.
    pub line: u32,
    /// What is wrong with it.
    pub message: String,
}

/// What is to be said about a recorded build as a whole.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RecordView {
    /// The name of the file that it came from.
    pub name: String,
    /// When it began, in seconds since 1970.
    pub began: f64,
    /// The steps in the log.
    pub steps: u32,
    /// How many of them are steps of the Dockerfile. Only if all are, the rows are those of the Dockerfile.
    pub matched: u32,
    /// The lines of the file that could not be read.
    pub damaged: Vec<DamagedLine>,
}
