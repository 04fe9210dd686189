//! The world around a build: the one door through which everything impure enters.
//!
//! The engine asks; whoever drives it (page, command, test) answers. The same answers give the same digests.

mod download;
mod packages;
mod time;
mod timing;

pub use download::{Download, DownloadedFile};
pub use packages::{Closure, Index, Package, PackageSource};
pub(crate) use time::civil;
pub use time::rfc3339;
pub use timing::Timing;

use crate::oci::Image;
use std::sync::Arc;

/// Bounds that stop every run at the same place everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Steps of the shell in one `RUN`: commands, loop rounds, expansions.
    pub shell_steps: u64,
    /// Bytes that are kept of each output of one `RUN`; the rest is clipped. A pipe may carry a multiple of it.
    pub output_bytes: u64,
    /// Bytes (not opaque) that one tree may hold.
    pub tree_bytes: u64,
    /// Files and directories that one tree may hold.
    pub files: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { shell_steps: 2_000_000, output_bytes: 2 << 20, tree_bytes: 512 << 20, files: 500_000 }
    }
}

/// What a command printed lately.
#[derive(Clone, Copy, Debug)]
pub struct Printed<'a> {
    /// How many of the pieces that were told of this command still hold. The others are taken back: a pipeline starts
    /// again.
    pub kept: u32,
    /// The new pieces: whether it is the standard error, and the bytes.
    pub pieces: &'a [(bool, &'a [u8])],
}

/// Why the world could not answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WorldError {
    /// There is no such image; the nearest names that there are, best first.
    UnknownImage {
        /// The name as it was asked for, in full (`docker.io/library/nod:22`).
        name: String,
        /// Names that exist.
        nearest: Vec<String>,
    },
    /// A part of the catalogue is needed that has not been loaded yet; load it and ask again.
    NotLoaded {
        /// The name of the part, for instance `images` or `apt`.
        asset: String,
    },
}

/// A part of the catalogue is needed that has not been loaded yet; load it and ask again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotLoaded {
    /// The name of the part, for instance `npm`.
    pub asset: String,
}

impl NotLoaded {
    /// The part of this name is missing.
    pub fn new(asset: &str) -> Self {
        Self { asset: asset.to_owned() }
    }
}

impl From<NotLoaded> for WorldError {
    fn from(missing: NotLoaded) -> Self {
        Self::NotLoaded { asset: missing.asset }
    }
}

/// What a build may ask.
///
/// Implementations must be deterministic: the same question gives the same answer during one build.
pub trait World {
    /// The present time in seconds since 1970 (UTC). It does not move during a build.
    fn now(&self) -> i64;

    /// The image that a full reference (`docker.io/library/node:22`, perhaps with `@sha256:…`) names.
    ///
    /// The platform is `linux/amd64` unless the Dockerfile says otherwise.
    fn resolve_image(&self, reference: &str, platform: &str) -> Result<Arc<Image>, WorldError>;

    /// What is known about a source of packages as a whole; `None` where there is no such source.
    fn package_index(&self, source: PackageSource<'_>) -> Result<Option<Arc<Index>>, NotLoaded> {
        let _ = source;
        Ok(None)
    }

    /// A package with all that it brings along; `None` where the source does not have it.
    ///
    /// Sources whose catalogue cannot be complete (npm, PyPI) know every name: of what has not been measured they give
    /// an estimate that depends on the name alone, marked as such. npm's take `name@version` too, for one version alone.
    fn packages(&self, source: PackageSource<'_>, name: &str) -> Result<Option<Arc<Closure>>, NotLoaded> {
        let _ = (source, name);
        Ok(None)
    }

    /// What an address (`https://nodejs.org/dist/…`) gives; `None` where nothing can be reached.
    ///
    /// A catalogue cannot know every address: of others it gives an estimate that depends on the address alone.
    fn download(&self, address: &str) -> Result<Option<Arc<Download>>, NotLoaded> {
        let _ = address;
        Ok(None)
    }

    /// The size in bytes of something that a tool builds (`php extension`, `gem`, `program`), an estimate that depends on
    /// kind and name alone; 0 where nothing is known.
    fn artefact_size(&self, kind: &str, name: &str) -> Result<u64, NotLoaded> {
        let _ = (kind, name);
        Ok(0)
    }

    /// How long a kind of step takes, by the name that the catalogue gives it (`apt-get install`, `npm ci`, `COPY`);
    /// `None` where nothing is known.
    fn timing(&self, step: &str) -> Result<Option<Timing>, NotLoaded> {
        let _ = step;
        Ok(None)
    }

    /// Bounds for this build.
    fn limits(&self) -> Limits {
        Limits::default()
    }

    /// Hears that a step of a build begins: the place of its row among those of the Dockerfile, and its name.
    fn began(&self, _row: Option<u32>, _name: &str) {}

    /// Hears what a command prints while it runs. One that ends soon says nothing here.
    fn printed(&self, _news: Printed<'_>) {}
}
