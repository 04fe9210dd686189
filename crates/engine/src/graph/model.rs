//! The shapes of the graph: vertices, rows, stages.

use super::operation::Operation;
use crate::text::TextRange;

/// A vertex, as its place in [`Graph::vertices`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VertexId(pub u32);

/// A row, as its place in [`Graph::rows`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowId(pub u32);

/// A stage, as its number in the Dockerfile, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StageId(pub u32);

/// What a vertex does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum VertexKind {
    /// `FROM`: the filesystem of an image.
    From,
    /// `RUN`.
    Run,
    /// `COPY`.
    Copy,
    /// `ADD`.
    Add,
    /// `WORKDIR`.
    Workdir,
    /// An instruction that changes only the configuration. Only the classic builder makes a step of it.
    Configure,
    /// The second vertex of a `COPY --link` or `ADD --link`: lays the copied files over the step above.
    Link,
}

/// A vertex: one step of the build, with BuildKit's name.
///
/// Equal steps at the beginning of several stages are one vertex; it has the name and the place of the one that comes last
/// in the order of [`Graph::vertices`].
#[derive(Clone, Debug)]
pub struct Vertex {
    /// Its place.
    pub id: VertexId,
    /// As BuildKit shows it: `[2/5] WORKDIR /app`, `[build 2/3] …`, with padding (`[ 2/10] …`).
    pub name: String,
    /// What it does.
    pub kind: VertexKind,
    /// The stage whose name it has.
    pub stage: StageId,
    /// The number of the step within its stage, from 1; 0 for an image that is only copied or mounted from, which
    /// BuildKit does not count.
    pub number: u32,
    /// The instruction in the text.
    pub range: TextRange,
    /// The lines of the instruction, first and last, counted from 1; several where equal steps were merged.
    pub lines: Vec<(u32, u32)>,
    /// What it does, in detail.
    pub operation: Operation,
    /// The vertex whose result it changes: the step above. `None` on `scratch`.
    pub base: Option<VertexId>,
    /// The vertices whose results it takes: `base` first, then the sources of `COPY --from` and of mounts.
    pub inputs: Vec<VertexId>,
    /// Whether the cache is not to be asked (`--no-cache`).
    pub ignore_cache: bool,
}

/// A row: one instruction of the text, whether it makes a vertex or not.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its place; rows stand in the order of the text.
    pub id: RowId,
    /// The stage it stands in; `None` for an `ARG` before the first `FROM`.
    pub stage: Option<StageId>,
    /// The keyword in capitals.
    pub keyword: String,
    /// The instruction as written, on one line.
    pub text: String,
    /// The instruction in the text.
    pub range: TextRange,
    /// Its first line, from 0.
    pub line: u32,
    /// Its last line.
    pub end_line: u32,
    /// The vertices that it makes: none for an instruction that changes only the configuration and in a stage that is
    /// not built, two for `COPY --link`, several for a `FROM` with `ONBUILD` triggers.
    pub vertices: Vec<VertexId>,
    /// Whether the target needs its stage.
    pub reachable: bool,
}

/// A stage, needed or not.
#[derive(Clone, Debug)]
pub struct StageSummary {
    /// Its number.
    pub id: StageId,
    /// Its name, or its number as text.
    pub name: String,
    /// Whether the target needs it.
    pub reachable: bool,
    /// Whether it is the target.
    pub target: bool,
    /// Its last vertex, whose result is the stage's filesystem; `None` for an empty stage on `scratch` and for one that
    /// is not needed.
    pub result: Option<VertexId>,
}

/// The whole build.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    /// Each after all of its inputs; depth first from the target, as BuildKit lists them.
    pub vertices: Vec<Vertex>,
    /// All instructions of the text.
    pub rows: Vec<Row>,
    /// All stages of the text.
    pub stages: Vec<StageSummary>,
}

impl Graph {
    /// A vertex of this graph.
    pub fn vertex(&self, id: VertexId) -> &Vertex {
        &self.vertices[id.0 as usize]
    }

    /// The row whose instruction made a vertex.
    pub fn row_of(&self, id: VertexId) -> Option<&Row> {
        let range = self.vertices.get(id.0 as usize)?.range;
        self.rows.iter().find(|row| row.range == range)
    }
}
