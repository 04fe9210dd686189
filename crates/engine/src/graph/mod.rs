//! The build graph: the instructions of the stages that a target needs, as vertices with edges.
//!
//! Takes the parsed Dockerfile, the options and the configurations of the base images (through the world), and gives a
//! [`Plan`]: what to do, in which order, under which names, and the configuration of the image. It computes no keys and
//! runs nothing: it knows neither the cache nor the content of any file.

mod environment;
mod error;
mod mode;
mod model;
mod operation;
mod options;
mod plan;
mod remote;
mod repository;
mod sources;

pub(crate) use environment::set_config_env;
pub use error::{PlanError, PlanErrorKind};
pub use mode::{apply_mode, made_directory_mode};
pub use model::{Graph, Row, RowId, StageId, StageSummary, Vertex, VertexId, VertexKind};
pub use operation::{
    CacheOwner, CopyAction, EnvOrigin, EnvVariable, Exec, ExecMount, FileCopy, ImageSource, MountSource,
    Operation, Source,
};
pub use options::{NoCache, PlanOptions};
pub(crate) use plan::go_duration;
pub use plan::{Plan, Surroundings, join_workdir, mount_target, plan, rows_of, surroundings};
pub use remote::Remote;
pub use sources::CopyFlags;
