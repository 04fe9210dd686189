//! The solver: drives the vertices of a graph.
//!
//! Takes [`BuildOptions`], the [`Cache`](crate::cache::Cache) of former builds and the world; asks the cache for each
//! vertex and runs those that are not in it; gives [`Event`]s as it goes and a [`BuildReport`] at the end. The same input
//! gives the same report.

mod build;
mod event;
mod image;
mod options;
mod report;

pub use build::Build;
pub use event::{Event, VertexStatus};
pub use image::BuiltImage;
pub use options::{BuildOptions, BuilderKind, NoCache};
pub use report::{BuildError, BuildErrorKind, BuildReport, VertexReport};
