//! What happens during a build, in the vocabulary of BuildKit's progress stream.

use crate::cache::Stream;
use crate::graph::VertexId;

/// How a vertex ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum VertexStatus {
    /// It was run.
    Done,
    /// It was taken from the cache.
    Cached,
    /// It failed.
    Error,
    /// It was stopped because of an error elsewhere.
    Canceled,
    /// It was never started, because of an error elsewhere.
    NotRun,
}

/// Something that happened. Seconds are modelled and count from the start of the build.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// A part of the build outside of the graph, for instance `[internal] load build context`, was done.
    Internal {
        /// Its name.
        name: String,
        /// Bytes that went to the builder, for those that transfer something.
        transferred: Option<u64>,
    },
    /// The graph is known; see `Build::graph`.
    Planned,
    /// A vertex was started.
    VertexStarted {
        /// Which one.
        vertex: VertexId,
        /// When.
        at: f64,
    },
    /// A vertex printed something.
    VertexLog {
        /// Which one.
        vertex: VertexId,
        /// Where it went.
        stream: Stream,
        /// The text, with its line breaks.
        text: String,
    },
    /// A vertex ended.
    VertexFinished {
        /// Which one.
        vertex: VertexId,
        /// How.
        status: VertexStatus,
        /// When.
        at: f64,
        /// The error, as BuildKit prints it.
        error: Option<String>,
    },
}
