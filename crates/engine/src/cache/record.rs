//! What is kept of a step that was run.

use super::key::KeyParts;
use super::snapshot::{Snapshot, SnapshotLayer};
use super::step_image::StepImage;
use crate::digest::CacheKey;
use std::sync::Arc;

/// A record, in the order in which they were made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordId(pub u32);

/// A build; the driver numbers them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BuildId(pub u32);

/// Where a line of output went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stream {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

/// A piece of the output of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLine {
    /// Where it went.
    pub stream: Stream,
    /// The text, with its line breaks.
    pub text: String,
}

/// How true a command's effect is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SimulationKind {
    /// Real effects on real bytes.
    Executed,
    /// A model of the program, with modelled sizes and seconds.
    Modelled,
    /// The program exists, but nothing is known about it: no effect.
    Unknown,
}

/// A command that a `RUN` ran.
#[derive(Clone, Debug, PartialEq)]
pub struct CommandNote {
    /// Its name, for instance `npm`.
    pub name: String,
    /// How true its effect is.
    pub kind: SimulationKind,
    /// How often it ran.
    pub count: u32,
    /// The modelled seconds of all of them.
    pub seconds: f64,
}

/// A step that was run: its key, its result, and where it was.
#[derive(Clone, Debug)]
pub struct Record {
    /// Its place in the cache.
    pub id: RecordId,
    /// Its key.
    pub key: CacheKey,
    /// What the key was made of: to explain later why another key differs.
    pub parts: KeyParts,
    /// The build that made it.
    pub build: BuildId,
    /// The name of the vertex that made it.
    pub vertex: String,
    /// When it was made, in seconds since 1970.
    pub created: i64,
    /// The first line of its instruction in that build, from 0.
    pub line: u32,
    /// The result.
    pub snapshot: Snapshot,
    /// The image that the step made, if it is one of the classic builder.
    pub image: Option<Arc<StepImage>>,
    /// Whether the step has a layer of its own, the last one of the snapshot. A `FROM` has none.
    pub has_layer: bool,
    /// Modelled seconds: what a hit saves.
    pub seconds: f64,
    /// What was printed.
    pub log: Vec<LogLine>,
    /// What commands were run.
    pub commands: Vec<CommandNote>,
}

impl Record {
    /// The step's own layer.
    pub fn layer(&self) -> Option<&Arc<SnapshotLayer>> {
        if self.has_layer { self.snapshot.layers.last() } else { None }
    }
}
