//! The build graph: the instructions of the stages that a target needs, as vertices with edges.
//!
//! Takes the parsed Dockerfile, the options and the configurations of the base images (through the world), and gives a
//! [`Graph`]: what to do, in which order, under which names. It computes no keys and runs nothing: it knows neither the
//! cache nor the content of any file.

mod model;

pub use model::{Graph, Row, RowId, StageId, StageSummary, Vertex, VertexId, VertexKind};
