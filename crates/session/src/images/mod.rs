//! Images that a person loaded: found by `FROM` before those of the catalogue, and kept in the project.

mod stored;

use crate::protocol::{ImageInput, LoadedView};
use crate::text::reference::{familiar, full, without_digest};
use lab_engine::import::{ImportError, Imported};
use lab_engine::oci::Image;
use lab_engine::world::{Closure, Index, Limits, NotLoaded, PackageSource, Timing, World, WorldError};
use std::sync::Arc;

/// An image that was loaded.
#[derive(Clone, Debug)]
pub(crate) struct Loaded {
    /// Full names.
    names: Vec<String>,
    /// Builds with a greater number see it.
    after: u32,
    config: String,
    pub(crate) image: Arc<Image>,
}

impl Loaded {
    /// What an archive held, for the builds after this one.
    pub(crate) fn new(imported: Imported, after: u32) -> Self {
        let names = imported.names.iter().map(|name| full(name)).collect();
        Self { names, after, config: imported.config, image: imported.image }
    }

    /// Reads what a project has kept.
    pub(crate) fn open(input: &ImageInput) -> Result<Self, ImportError> {
        let image = Arc::new(stored::read(input)?);
        Ok(Self { names: input.names.clone(), after: input.after, config: input.config.clone(), image })
    }

    /// As a project keeps it.
    pub(crate) fn stored(&self) -> ImageInput {
        ImageInput {
            names: self.names.clone(),
            after: self.after,
            config: self.config.clone(),
            manifest_digest: self.image.manifest_digest.to_string(),
            layers: self.image.layers.iter().map(|layer| stored::layer(layer)).collect(),
        }
    }

    /// As a person sees it.
    pub(crate) fn view(&self) -> LoadedView {
        let name = |full: &String| {
            let (repository, tag) = familiar(full);
            format!("{repository}:{tag}")
        };
        LoadedView {
            names: self.names.iter().map(name).collect(),
            id: self.image.config_digest.to_string(),
            config: self.config.clone(),
            layers: self.image.layers.len() as u32,
            size: self.image.layers.iter().map(|layer| layer.size as f64).sum(),
        }
    }

    /// Its full names.
    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    /// What `FROM` can be completed with.
    pub(crate) fn short_names(&self) -> impl Iterator<Item = String> {
        self.names.iter().map(|name| {
            let (repository, tag) = familiar(name);
            if tag == "latest" { repository } else { format!("{repository}:{tag}") }
        })
    }

    /// Whether a full reference means this image: by its name, and by its digest where it has one.
    fn answers(&self, reference: &str) -> bool {
        let named = self.names.iter().any(|name| name == without_digest(reference));
        let digest = reference.split_once('@').map(|(_, digest)| digest);
        named && digest.is_none_or(|digest| self.image.manifest_digest.to_string() == digest)
    }
}

/// A world in which there are loaded images too, as a build sees it.
pub(crate) struct WorldWith<'a> {
    pub(crate) world: Box<dyn World + 'a>,
    pub(crate) loaded: &'a [Loaded],
    /// The number of the build.
    pub(crate) number: u32,
}

impl World for WorldWith<'_> {
    fn now(&self) -> i64 {
        self.world.now()
    }

    fn resolve_image(&self, reference: &str, platform: &str) -> Result<Arc<Image>, WorldError> {
        // The image that was loaded last has the name now, as with `docker load`.
        let visible = self.loaded.iter().rev().filter(|loaded| loaded.after < self.number);
        for loaded in visible {
            if loaded.answers(reference) {
                return Ok(loaded.image.clone());
            }
        }
        self.world.resolve_image(reference, platform)
    }

    fn package_index(&self, source: PackageSource<'_>) -> Result<Option<Arc<Index>>, NotLoaded> {
        self.world.package_index(source)
    }

    fn packages(&self, source: PackageSource<'_>, name: &str) -> Result<Option<Arc<Closure>>, NotLoaded> {
        self.world.packages(source, name)
    }

    fn timing(&self, step: &str) -> Result<Option<Timing>, NotLoaded> {
        self.world.timing(step)
    }

    fn limits(&self) -> Limits {
        self.world.limits()
    }
}
