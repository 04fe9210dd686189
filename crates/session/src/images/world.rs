//! A world in which there are loaded images too, as a build sees it.

use super::Shelf;
use crate::news::Hears;
use lab_engine::oci::Image;
use lab_engine::world::{
    Closure, Download, Index, Limits, NotLoaded, PackageSource, Printed, Timing, World, WorldError,
};
use std::sync::Arc;

/// The world.
pub(crate) struct WorldWith<'a> {
    pub(crate) world: Box<dyn World + 'a>,
    pub(crate) loaded: &'a Shelf,
    /// The number of the build.
    pub(crate) number: u32,
    /// Who hears what commands print.
    pub(crate) news: Option<&'a dyn Hears>,
}

impl<'a> WorldWith<'a> {
    /// The same world, and somebody who hears what commands print.
    pub(crate) fn telling(self, news: &'a dyn Hears) -> Self {
        Self { news: Some(news), ..self }
    }
}

impl World for WorldWith<'_> {
    fn now(&self) -> i64 {
        self.world.now()
    }

    fn resolve_image(&self, reference: &str, platform: &str) -> Result<Arc<Image>, WorldError> {
        match self.loaded.find(reference, self.number) {
            Some(image) => Ok(image),
            None => self.world.resolve_image(reference, platform),
        }
    }

    fn package_index(&self, source: PackageSource<'_>) -> Result<Option<Arc<Index>>, NotLoaded> {
        self.world.package_index(source)
    }

    fn packages(&self, source: PackageSource<'_>, name: &str) -> Result<Option<Arc<Closure>>, NotLoaded> {
        self.world.packages(source, name)
    }

    fn download(&self, address: &str) -> Result<Option<Arc<Download>>, NotLoaded> {
        self.world.download(address)
    }

    fn artefact_size(&self, kind: &str, name: &str) -> Result<u64, NotLoaded> {
        self.world.artefact_size(kind, name)
    }

    fn timing(&self, step: &str) -> Result<Option<Timing>, NotLoaded> {
        self.world.timing(step)
    }

    fn limits(&self) -> Limits {
        self.world.limits()
    }

    fn began(&self, row: Option<u32>, name: &str) {
        if let Some(news) = self.news {
            news.began(row, name);
        }
    }

    fn printed(&self, printed: Printed<'_>) {
        if let Some(news) = self.news {
            news.printed(printed);
        }
    }
}
