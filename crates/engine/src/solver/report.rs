//! What came out of a build.

use super::classic::Progress;
use super::event::VertexStatus;
use super::image::BuiltImage;
use super::step::FailedRun;
use crate::cache::{Cache, CommandNote, KeyParts, LogLine, Record, RecordId, SnapshotLayer};
use crate::check::Warning;
use crate::digest::CacheKey;
use crate::graph::{Graph, VertexId};
use crate::text::TextRange;
use std::sync::Arc;

/// What kind of error stopped a build.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BuildErrorKind {
    /// The text cannot be parsed, or an instruction means nothing.
    Dockerfile,
    /// There is no such stage (`--target`).
    UnknownTarget,
    /// There is no such image; the nearest names.
    UnknownImage {
        /// Names that exist, the nearest first.
        nearest: Vec<String>,
    },
    /// A source of `COPY` or `ADD` is missing.
    CopySourceMissing {
        /// The path, absolute in its origin.
        path: String,
        /// Names that exist, the nearest first.
        nearest: Vec<String>,
    },
    /// A `RUN` ended with an exit code that is not 0.
    CommandFailed,
    /// A limit of the world stopped a `RUN`.
    LimitReached,
    /// A part of the catalogue has to be loaded first; the same build works afterwards.
    NotLoaded {
        /// The name of the part.
        asset: String,
    },
    /// Something that a real builder does and the lab does not.
    NotSimulated,
    /// Any other failure of a step.
    Step,
}

/// Why a build failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuildError {
    /// The vertex that failed, where it was one.
    pub vertex: Option<VertexId>,
    /// The place in the text, where there is one.
    pub range: Option<TextRange>,
    /// The kind.
    pub kind: BuildErrorKind,
    /// The exit code of the command that failed.
    pub exit_code: Option<u32>,
    /// BuildKit's text, with `failed to solve: `.
    pub message: String,
    /// The excerpt of the Dockerfile that BuildKit prints above; empty where it prints none.
    pub source: String,
    /// The last lines that the command printed.
    pub log_tail: Vec<String>,
}

/// What happened to one vertex; `vertices[i]` is about `graph.vertices[i]`.
#[derive(Clone, Debug)]
pub struct VertexReport {
    /// Which one.
    pub id: VertexId,
    /// BuildKit's name.
    pub name: String,
    /// How it ended.
    pub status: VertexStatus,
    /// The key and its parts; `None` where they could not be found, because an input failed.
    pub key: Option<CacheKey>,
    /// What the key is made of, to be held against other records.
    pub parts: Option<KeyParts>,
    /// For a hit the record it came from, for a step that was run the new one.
    pub record: Option<Arc<Record>>,
    /// The step's own layer, if it has one. Its size is cheap; its tar and digest are made when asked for.
    pub layer: Option<Arc<SnapshotLayer>>,
    /// When it began: modelled seconds from the start of the build.
    pub started: f64,
    /// Modelled seconds spent: 0 for a hit.
    pub seconds: f64,
    /// What commands were run (for a hit: when it was made).
    pub commands: Vec<CommandNote>,
    /// What was printed, now.
    pub log: Vec<LogLine>,
    /// BuildKit's text for this step alone.
    pub error: Option<String>,
    /// For a `RUN` that failed: to look at it again.
    pub failed: Option<Arc<FailedRun>>,
}

/// A build from beginning to end.
#[derive(Clone, Debug)]
pub struct BuildReport {
    /// What was to be done.
    pub graph: Graph,
    /// What was done, in the order of the graph.
    pub vertices: Vec<VertexReport>,
    /// The image, or why there is none.
    pub result: Result<BuiltImage, BuildError>,
    /// The cache with the records of this build added, after a failure too.
    pub cache: Cache,
    /// The records that this build added.
    pub added: Vec<RecordId>,
    /// What the classic builder says as it goes; empty for BuildKit.
    pub progress: Vec<Progress>,
    /// Findings of the build checks.
    pub warnings: Vec<Warning>,
    /// The parts of the build outside of the graph, in their order.
    pub internal: Vec<String>,
    /// Bytes of the context that went to the builder: those of files that it did not have yet.
    pub context_bytes: u64,
    /// Modelled seconds of the whole build, steps that do not wait for each other side by side.
    pub seconds: f64,
}
