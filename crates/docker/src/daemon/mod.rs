//! The daemon: what it keeps, and what may be done with it.
//!
//! Input: requests of the client with the time at which they come. Output: answers and messages in the daemon's words.
//! It must not know how a client prints them.

pub mod build;
pub mod commit;
pub mod containers;
pub mod disk;
pub mod error;
pub mod ids;
pub mod images;
pub mod networks;
pub mod prune;
pub mod registry;
pub mod remove;
pub mod transfer;
pub mod volumes;

pub use containers::{Container, Status};
pub use error::{Failure, FailureKind};
pub use images::{Blob, Blobs, Images, Stored, manifest_json};
pub use registry::{Registries, Registry, RemoteImage};

use crate::dialect::Dialect;
use std::collections::BTreeMap;

/// Nanoseconds of a second.
pub const SECOND: i64 = 1_000_000_000;

/// Seconds in nanoseconds; what does not fit is the most that does.
pub fn nanoseconds(seconds: f64) -> i64 {
    (seconds * SECOND as f64) as i64
}

/// The seconds from one time to a later one, both in nanoseconds since 1970.
pub fn seconds_between(earlier: i64, later: i64) -> f64 {
    later.saturating_sub(earlier) as f64 / SECOND as f64
}

/// The state of a daemon.
#[derive(Clone)]
pub struct Daemon {
    /// Which daemon it is.
    pub dialect: Dialect,
    /// Nanoseconds since 1970.
    pub now: i64,
    /// The image store.
    pub images: Images,
    /// The containers, the oldest first.
    pub containers: Vec<Container>,
    /// Volumes by their names.
    pub volumes: BTreeMap<String, volumes::Volume>,
    /// Networks by their names.
    pub networks: BTreeMap<String, networks::Network>,
    /// The world of registries.
    pub registries: Registries,
    /// Counts what is made, so that IDs differ.
    serial: u64,
    /// What builds found out.
    cache: lab_engine::cache::Cache,
    builds: u32,
    /// What health checks found.
    health: BTreeMap<lab_engine::digest::Digest, &'static str>,
    next_port: u16,
    /// Names that were chosen for containers.
    chosen: Vec<String>,
}

impl Daemon {
    /// A daemon that keeps nothing yet.
    pub fn new(dialect: Dialect) -> Self {
        Self {
            dialect,
            now: 0,
            images: Images::default(),
            containers: Vec::new(),
            volumes: BTreeMap::new(),
            networks: networks::first(0),
            registries: Registries::default(),
            serial: 0,
            cache: lab_engine::cache::Cache::new(),
            builds: 0,
            health: BTreeMap::new(),
            next_port: 0,
            chosen: Vec::new(),
        }
    }

    /// Sets the time of the requests to come, in nanoseconds since 1970.
    pub fn set_clock(&mut self, now: i64) {
        self.now = now;
    }

    /// Lets time pass.
    pub fn pass(&mut self, seconds: f64) {
        self.now = self.now.saturating_add(nanoseconds(seconds));
    }

    /// Whole seconds since 1970.
    pub fn seconds(&self) -> i64 {
        self.now.div_euclid(SECOND)
    }

    /// An ID for something new.
    pub fn new_id(&mut self, kind: &str) -> lab_engine::digest::Digest {
        self.serial += 1;
        ids::derived(kind, self.serial, self.now)
    }
}
