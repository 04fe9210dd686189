//! The solver: drives the vertices of a graph.
//!
//! Takes [`BuildOptions`], the [`Cache`](crate::cache::Cache) of former builds and the world; asks the cache for each
//! vertex and runs those that are not in it; gives [`Event`]s as it goes and a [`BuildReport`] at the end. The same input
//! gives the same report.

mod build;
mod classic;
mod event;
mod failure;
mod image;
mod keys;
mod names;
mod ops;
mod options;
mod remote;
mod report;
mod select;
mod step;

pub use crate::graph::NoCache;
pub use build::Build;
pub use classic::{Progress, ProgressLine, context_size, progress_lines};
pub use event::{Event, VertexStatus};
pub use image::BuiltImage;
pub use ops::command_notes;
pub use options::{BuildOptions, BuilderKind, ClassicOptions, Release, Removal};
pub use report::{BuildError, BuildErrorKind, BuildReport, VertexReport};
pub use step::FailedRun;
