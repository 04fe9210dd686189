//! Containers: what they are, and how they are found.

pub mod create;
mod exec;
pub mod execution;
mod health;
mod life;
pub mod names;
mod refresh;
mod start;

pub use create::CreateOptions;
pub use exec::{ExecOptions, Executed};
pub use execution::{Execution, Printed, StartFailure};
pub use life::Stopped;
pub use start::Unstarted;

use super::{Daemon, Failure, FailureKind, nanoseconds};
use lab_engine::digest::{ChainId, Digest};
use lab_engine::oci::{Layer, RuntimeConfig};
use lab_engine::shell::Stream;
use lab_engine::vfs::Tree;
use std::collections::BTreeMap;

/// Where a container is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Made, and never started.
    Created,
    /// Its first process runs.
    Running,
    /// The same, but halted.
    Paused,
    /// It will start again by itself.
    Restarting,
    /// Its first process has ended.
    Exited,
}

impl Status {
    /// As `inspect` says it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Restarting => "restarting",
            Self::Exited => "exited",
        }
    }
}

/// Something mounted into a container.
#[derive(Clone, Debug)]
pub struct Volume {
    /// Where it is in the container.
    pub target: String,
    /// What it is.
    pub kind: VolumeKind,
    /// Whether it may only be read.
    pub read_only: bool,
    /// What was written behind the second colon.
    pub mode: String,
}

/// Kinds of mounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VolumeKind {
    /// A volume of the daemon; one without a name is given one.
    Volume {
        /// Its name.
        name: String,
        /// Whether the daemon chose it.
        anonymous: bool,
    },
    /// A directory or file of the host.
    Bind(String),
    /// In memory.
    Tmpfs,
}

/// A port of a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Port {
    /// The address of the host, empty for all.
    pub ip: String,
    /// The port of the host; none if it is only exposed, 0 for any.
    pub public: Option<u16>,
    /// The port in the container.
    pub private: u16,
    /// `tcp`, `udp`, `sctp`.
    pub protocol: String,
}

/// When a container starts again by itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Restart {
    /// Never.
    #[default]
    No,
    /// Always.
    Always,
    /// The same, unless somebody stopped it.
    UnlessStopped,
    /// When it failed, so many times; 0 for any number.
    OnFailure(u32),
    /// A policy that there is not.
    Unknown(String),
}

/// Bounds of a container.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Limits {
    /// Bytes.
    pub memory: Option<i64>,
    /// Processors.
    pub cpus: Option<f64>,
    /// Processes.
    pub pids: Option<i64>,
}

/// A container.
#[derive(Clone, Debug)]
pub struct Container {
    /// Its ID.
    pub id: Digest,
    /// Its name, without the slash.
    pub name: String,
    /// The image that it was made from.
    pub image: Digest,
    /// The name that the image was asked for by.
    pub image_name: String,
    /// The layers of that image.
    pub chains: Vec<ChainId>,
    /// When it was made, in nanoseconds since 1970.
    pub created: i64,
    /// Its configuration: the image's with what was asked for.
    pub config: RuntimeConfig,
    /// The words of its first process.
    pub words: Vec<String>,
    /// Where it is in its life.
    pub status: Status,
    /// The image's files.
    pub base: Tree,
    /// The container's files, while it does not run.
    pub tree: Tree,
    /// What is mounted.
    pub volumes: Vec<Volume>,
    /// Its ports.
    pub ports: Vec<Port>,
    /// The networks that it is in, with its addresses there.
    pub networks: BTreeMap<String, Endpoint>,
    /// The network that it was made in.
    pub first_network: String,
    /// The name of its machine.
    pub hostname: String,
    /// What was printed by runs before, with the times in nanoseconds since 1970.
    pub history: Vec<(i64, Stream, Vec<u8>)>,
    /// Its process.
    pub execution: Option<Execution>,
    /// When it was last started, in nanoseconds since 1970; 0 for never.
    pub started: i64,
    /// When it last ended.
    pub finished: i64,
    /// How it last ended.
    pub exit_code: i32,
    /// Why it did not start.
    pub error: String,
    /// How often it started again by itself.
    pub restarts: u32,
    /// Whether somebody stopped it.
    pub stopped_by_hand: bool,
    /// When it was paused, in nanoseconds since 1970.
    pub paused_at: Option<i64>,
    /// Counts its processes.
    pub serial: u32,
    /// What it was asked to be.
    pub options: CreateOptions,
}

/// A container's place in a network.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Endpoint {
    /// Its address.
    pub ip: String,
    /// Its hardware address.
    pub mac: String,
    /// Further names.
    pub aliases: Vec<String>,
}

impl Container {
    /// Whether it has a process.
    pub fn is_running(&self) -> bool {
        matches!(self.status, Status::Running | Status::Paused | Status::Restarting)
    }

    /// The container's files as they are now.
    pub fn files(&self) -> &Tree {
        self.execution.as_ref().map_or(&self.tree, |execution| &execution.tree)
    }

    /// Everything that it printed, with the times in nanoseconds since 1970.
    pub fn logs(&self) -> Vec<(i64, Stream, Vec<u8>)> {
        let mut logs = self.history.clone();
        if let Some(execution) = &self.execution {
            let at = |seconds: f64| self.started.saturating_add(nanoseconds(seconds));
            logs.extend(
                execution
                    .output
                    .iter()
                    .map(|(seconds, stream, bytes)| (at(*seconds), *stream, bytes.clone())),
            );
        }
        logs
    }

    /// The bytes that its layer has of its own.
    pub fn layer(&self) -> Layer {
        Layer::between(&self.base, self.files(), None)
    }
}

impl Daemon {
    /// The containers that were made from an image, the newest first.
    pub fn users_of(&self, image: Digest) -> Vec<&Container> {
        self.containers.iter().rev().filter(|container| container.image == image).collect()
    }

    /// The place of a container by its ID, name, or the beginning of its ID.
    pub fn find_container(&self, text: &str) -> Result<usize, Failure> {
        let name = text.strip_prefix('/').unwrap_or(text);
        let by = |test: &dyn Fn(&Container) -> bool| self.containers.iter().position(test);
        if let Some(at) = by(&|container| container.id.hex() == text).or_else(|| by(&|one| one.name == name))
        {
            return Ok(at);
        }
        let is_hex = !text.is_empty() && text.bytes().all(|b| b.is_ascii_hexdigit());
        let mut found =
            self.containers.iter().enumerate().filter(|(_, one)| is_hex && one.id.hex().starts_with(text));
        match (found.next(), found.next()) {
            (Some((at, _)), None) => Ok(at),
            (Some(_), Some(_)) => Err(Failure::new(
                FailureKind::Invalid,
                format!("multiple IDs found with provided prefix: {text}"),
            )),
            _ => Err(Failure::not_found(format!("No such container: {text}"))),
        }
    }

    /// The names that were chosen here, not by a person.
    pub fn derived_names(&self) -> Vec<String> {
        self.chosen.clone()
    }

    /// A name for a container that was given none.
    pub fn new_name(&mut self) -> String {
        let mut serial = self.serial;
        loop {
            let name = names::derived(serial, self.now);
            if !self.containers.iter().any(|container| container.name == name) {
                self.chosen.push(name.clone());
                return name;
            }
            serial += 1_000_003;
        }
    }
}
