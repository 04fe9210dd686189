//! The world of a script: the catalogue, whose parts are loaded when they are asked for.

use crate::arguments::Failure;
use crate::catalogue;
use lab_catalog::CatalogWorld;
use lab_engine::oci::Image;
use lab_engine::world::{
    Closure, Download, Index, Limits, NotLoaded, PackageSource, Timing, World, WorldError,
};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

/// More than a script on this machine will print or write.
const LIMITS: Limits =
    Limits { shell_steps: 0, output_bytes: 256 << 20, tree_bytes: 2 << 30, files: 5_000_000 };

pub(super) struct NativeWorld {
    catalogue: CatalogWorld,
    steps: u64,
}

impl NativeWorld {
    pub(super) fn new(steps: u64) -> Result<Self, Failure> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs() as i64);
        let world = Self { catalogue: CatalogWorld::new(now), steps };
        world.load("images");
        Ok(world)
    }

    /// Loads a part; whether it is one.
    fn load(&self, asset: &str) -> bool {
        catalogue::asset(asset).is_some_and(|text| self.catalogue.provide(asset, text).is_ok())
    }

    fn asked<T>(&self, ask: impl Fn() -> Result<T, NotLoaded>) -> Result<T, NotLoaded> {
        match ask() {
            Err(missing) if self.load(&missing.asset) => ask(),
            other => other,
        }
    }
}

impl World for NativeWorld {
    fn now(&self) -> i64 {
        self.catalogue.now()
    }

    fn resolve_image(&self, reference: &str, platform: &str) -> Result<Arc<Image>, WorldError> {
        self.catalogue.resolve_image(reference, platform)
    }

    fn package_index(&self, source: PackageSource<'_>) -> Result<Option<Arc<Index>>, NotLoaded> {
        self.asked(|| self.catalogue.package_index(source))
    }

    fn packages(&self, source: PackageSource<'_>, name: &str) -> Result<Option<Arc<Closure>>, NotLoaded> {
        self.asked(|| self.catalogue.packages(source, name))
    }

    fn download(&self, address: &str) -> Result<Option<Arc<Download>>, NotLoaded> {
        self.asked(|| self.catalogue.download(address))
    }

    fn artefact_size(&self, kind: &str, name: &str) -> Result<u64, NotLoaded> {
        self.asked(|| self.catalogue.artefact_size(kind, name))
    }

    fn timing(&self, step: &str) -> Result<Option<Timing>, NotLoaded> {
        self.asked(|| self.catalogue.timing(step))
    }

    fn limits(&self) -> Limits {
        Limits { shell_steps: self.steps, ..LIMITS }
    }
}
