//! An image as a value: its configuration and its stack of layers.

use super::docker_form::ContainerRecord;
use super::manifest::Manifest;
use crate::digest::{DiffId, Digest};
use crate::vfs::Tree;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// How a container of the image starts (`config` in the OCI image configuration).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuntimeConfig {
    /// `USER`.
    pub user: String,
    /// `EXPOSE`, for instance `80/tcp`.
    pub exposed_ports: BTreeSet<String>,
    /// `NAME=value`, in the order of their first appearance.
    pub env: Vec<String>,
    /// `ENTRYPOINT`; `None` where there is none, which differs from an empty one.
    pub entrypoint: Option<Vec<String>>,
    /// `CMD`.
    pub cmd: Option<Vec<String>>,
    /// `VOLUME`.
    pub volumes: BTreeSet<String>,
    /// `WORKDIR`, empty where none was given.
    pub working_dir: String,
    /// `LABEL`.
    pub labels: BTreeMap<String, String>,
    /// `STOPSIGNAL`.
    pub stop_signal: String,
    /// Whether `Entrypoint` and `Cmd` came out of the shell form (kept by BuildKit for Windows).
    pub args_escaped: bool,
    /// `HEALTHCHECK`.
    pub healthcheck: Option<Healthcheck>,
    /// `ONBUILD`.
    pub on_build: Vec<String>,
    /// `SHELL`.
    pub shell: Option<Vec<String>>,
}

/// `HEALTHCHECK`; all times in nanoseconds, 0 for the default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Healthcheck {
    /// `["NONE"]`, `["CMD", …]` or `["CMD-SHELL", …]`.
    pub test: Vec<String>,
    /// `--interval`.
    pub interval: i64,
    /// `--timeout`.
    pub timeout: i64,
    /// `--start-period`.
    pub start_period: i64,
    /// `--start-interval`.
    pub start_interval: i64,
    /// `--retries`.
    pub retries: i64,
}

/// One row of the history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryEntry {
    /// RFC 3339, as written; `None` where unknown.
    pub created: Option<String>,
    /// The instruction, as BuildKit words it.
    pub created_by: String,
    /// `buildkit.dockerfile.v0` for rows that BuildKit made.
    pub comment: String,
    /// Whether the row changed only the configuration.
    pub empty_layer: bool,
    /// `MAINTAINER` at that time.
    pub author: String,
}

/// The image configuration; its digest is the image ID.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImageConfig {
    /// For instance `amd64`.
    pub architecture: String,
    /// For instance `linux`.
    pub os: String,
    /// For instance `v8`; empty for none.
    pub variant: String,
    /// `MAINTAINER`.
    pub author: String,
    /// RFC 3339, as written.
    pub created: Option<String>,
    /// How a container starts.
    pub config: RuntimeConfig,
    /// The oldest row first.
    pub history: Vec<HistoryEntry>,
    /// The lowest layer first.
    pub diff_ids: Vec<DiffId>,
    /// What an old daemon writes down besides; it makes another text, and so another image ID.
    pub container: Option<Arc<ContainerRecord>>,
}

/// A layer: the difference between two snapshots.
#[derive(Clone, Debug)]
pub struct Layer {
    /// The digest of the tar. For a layer with opaque content it is derived instead, see `modelled`.
    pub diff_id: DiffId,
    /// The length of the uncompressed tar in bytes.
    pub tar_size: u64,
    /// The sizes of the layer's files added up, in bytes: what `docker image history` shows.
    pub size: u64,
    /// The compressed size in bytes, where it is known (base images).
    pub compressed_size: Option<u64>,
    /// Whether the layer has opaque content, so that its size is modelled and its diff ID is not that of real bytes.
    pub modelled: bool,
    /// The time that no entry of the tar is after (`SOURCE_DATE_EPOCH`), where there was one.
    pub epoch: Option<i64>,
    /// The snapshot below.
    pub lower: Tree,
    /// The snapshot with the layer.
    pub upper: Tree,
}

/// An image: what a build gives and what `FROM` starts with.
#[derive(Clone, Debug)]
pub struct Image {
    /// The configuration.
    pub config: ImageConfig,
    /// The image ID.
    pub config_digest: Digest,
    /// The digest of the manifest.
    pub manifest_digest: Digest,
    /// The manifest; `None` where only its digest is known.
    pub manifest: Option<Manifest>,
    /// The lowest first; as many as `config.diff_ids`.
    pub layers: Vec<Arc<Layer>>,
    /// The filesystem of a new container.
    pub tree: Tree,
    /// Whether any layer is modelled.
    pub modelled: bool,
}
