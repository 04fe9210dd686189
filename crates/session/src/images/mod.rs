//! Images that a person loaded: found by `FROM` before those of the catalogue, and kept in the project.

mod shelf;
mod stored;
mod world;

pub(crate) use shelf::{Shelf, Visible};
pub(crate) use world::WorldWith;

use crate::protocol::{ImageInput, LayerInput, LoadedView};
use crate::text::reference::{familiar, full, without_digest};
use lab_engine::import::{ImportError, Imported};
use lab_engine::oci::Image;
use std::sync::Arc;

/// What an archive held.
#[derive(Debug)]
pub(crate) struct Archived {
    /// Full names.
    names: Vec<String>,
    config: String,
    pub(crate) image: Arc<Image>,
    /// The seals of its layers.
    seals: Vec<String>,
}

impl Archived {
    #[inline(never)]
    pub(crate) fn new(imported: Imported) -> Self {
        let names = imported.names.iter().map(|name| full(name)).collect();
        let seals = imported.image.layers.iter().map(|layer| stored::seal_of(layer)).collect();
        Self { names, config: imported.config, image: imported.image, seals }
    }

    /// Reads what a project has kept, and verifies it.
    #[inline(never)]
    pub(crate) fn open(input: &ImageInput) -> Result<Self, ImportError> {
        let image = Arc::new(stored::read(input)?);
        let seals = image.layers.iter().map(|layer| stored::seal_of(layer)).collect();
        Ok(Self { names: input.names.clone(), config: input.config.clone(), image, seals })
    }

    /// As a project keeps it; `apart` without the entries of its layers.
    #[inline(never)]
    fn stored(&self, apart: bool) -> ImageInput {
        let layers = self.image.layers.iter().zip(&self.seals);
        ImageInput {
            names: self.names.clone(),
            after: 0,
            until: None,
            id: self.id(),
            config: self.config.clone(),
            manifest_digest: self.image.manifest_digest.to_string(),
            layers: layers.map(|(layer, seal)| stored::layer(layer, seal, apart)).collect(),
        }
    }

    /// Its layers in full, with their seals.
    pub(crate) fn layers(&self) -> impl Iterator<Item = (&str, LayerInput)> {
        let layers = self.image.layers.iter().zip(&self.seals);
        layers.map(|(layer, seal)| (seal.as_str(), stored::layer(layer, seal, false)))
    }

    /// The seals of its layers.
    pub(crate) fn seals(&self) -> &[String] {
        &self.seals
    }

    /// As a person sees it.
    #[inline(never)]
    pub(crate) fn view(&self) -> LoadedView {
        let opaque = self.image.layers.iter().map(|layer| crate::tables::opaque_of(layer));
        let (opaque_files, opaque_size) =
            opaque.fold((0, 0), |(n, size), (more, bytes)| (n + more, size + bytes));
        LoadedView {
            names: self.familiar_names(),
            id: self.id(),
            config: self.config.clone(),
            layers: self.image.layers.len() as u32,
            size: self.image.layers.iter().map(|layer| layer.size as f64).sum(),
            opaque_files,
            opaque_size: opaque_size as f64,
        }
    }

    /// The image ID.
    pub(crate) fn id(&self) -> String {
        self.image.config_digest.to_string()
    }

    /// The text of its configuration.
    pub(crate) fn config(&self) -> &str {
        &self.config
    }

    /// Its full names.
    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    /// Its names with their tags, as a person writes them.
    pub(crate) fn familiar_names(&self) -> Vec<String> {
        let name = |full: &String| {
            let (repository, tag) = familiar(full);
            format!("{repository}:{tag}")
        };
        self.names.iter().map(name).collect()
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
