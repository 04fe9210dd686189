//! Which loaded image was there for which builds.
//!
//! A build of the timeline is done again when its project is opened, so an image that was removed stays for the builds
//! that were made with it, and one that was loaded later was not there for those before.

use super::Archived;
use crate::protocol::{ImageInput, LayerInput};
use crate::text::reference::familiar;
use lab_engine::import::ImportError;
use lab_engine::oci::Image;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The images that are there at a moment.
pub(crate) type Visible = Vec<Arc<Archived>>;

/// An image with the builds that see it.
#[derive(Clone, Debug)]
struct Loaded {
    archived: Arc<Archived>,
    /// Builds with a greater number see it.
    after: u32,
    /// The last build that sees it; none as long as it is there.
    until: Option<u32>,
}

impl Loaded {
    fn is_seen_by(&self, build: u32) -> bool {
        self.after < build && self.until.is_none_or(|until| build <= until)
    }
}

/// What a person calls an image that cannot be read.
fn name_of(input: &ImageInput) -> String {
    let Some(name) = input.names.first() else { return input.id.clone() };
    let (repository, tag) = familiar(name);
    format!("{repository}:{tag}")
}

/// All images that were loaded, in that order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shelf {
    loaded: Vec<Loaded>,
    /// The seals of the layers that were given out already.
    told: BTreeSet<String>,
}

impl Shelf {
    /// Reads what a project has kept; with what is wrong with the images that are left out.
    pub(crate) fn open(images: &[ImageInput]) -> (Self, Vec<(String, ImportError)>) {
        let (mut shelf, mut refused) = (Self::default(), Vec::new());
        for input in images {
            match Archived::open(input) {
                Ok(archived) => shelf.loaded.push(Loaded {
                    archived: Arc::new(archived),
                    after: input.after,
                    until: input.until,
                }),
                Err(error) => refused.push((name_of(input), error)),
            }
        }
        shelf.told = shelf.seals();
        (shelf, refused)
    }

    /// As a project keeps them; `apart` without the entries of the layers.
    pub(crate) fn stored(&self, apart: bool) -> Vec<ImageInput> {
        let one = |loaded: &Loaded| ImageInput {
            after: loaded.after,
            until: loaded.until,
            ..loaded.archived.stored(apart)
        };
        self.loaded.iter().map(one).collect()
    }

    /// The layers that were not given out yet. They are from now on.
    #[inline(never)]
    pub(crate) fn news(&mut self) -> Vec<LayerInput> {
        let mut told = std::mem::take(&mut self.told);
        let mut news = Vec::new();
        for loaded in &self.loaded {
            if loaded.archived.seals().iter().all(|seal| told.contains(seal)) {
                continue;
            }
            for (seal, layer) in loaded.archived.layers() {
                if told.insert(seal.to_owned()) {
                    news.push(layer);
                }
            }
        }
        self.told = self.seals();
        news
    }

    /// The same, when all layers went out with the project.
    pub(crate) fn all_told(&mut self) {
        self.told = self.seals();
    }

    fn seals(&self) -> BTreeSet<String> {
        let seals = self.loaded.iter().flat_map(|loaded| loaded.archived.seals());
        lab_engine::order::set(seals.cloned())
    }

    /// The images that are there now, in the order in which they were loaded.
    pub(crate) fn visible(&self) -> Visible {
        let there = self.loaded.iter().filter(|loaded| loaded.until.is_none());
        there.map(|loaded| loaded.archived.clone()).collect()
    }

    /// The same, each with the number of builds that there were when it was loaded.
    pub(crate) fn dated(&self) -> Vec<(u32, Arc<Archived>)> {
        let there = self.loaded.iter().filter(|loaded| loaded.until.is_none());
        there.map(|loaded| (loaded.after, loaded.archived.clone())).collect()
    }

    /// Changes what is there from the next build on. `builds` are there so far; `is_used` says whether any of them stands
    /// on an image.
    #[inline(never)]
    pub(crate) fn set_visible(&mut self, wanted: &Visible, builds: u32, is_used: &dyn Fn(&Archived) -> bool) {
        let is_wanted = |archived: &Arc<Archived>| wanted.iter().any(|other| Arc::ptr_eq(other, archived));
        for loaded in self.loaded.iter_mut().filter(|loaded| loaded.until.is_none()) {
            if !is_wanted(&loaded.archived) {
                loaded.until = Some(builds);
            }
        }
        for archived in wanted {
            let of_it = |loaded: &&mut Loaded| Arc::ptr_eq(&loaded.archived, archived);
            let last = self.loaded.iter_mut().rfind(of_it);
            match last {
                Some(loaded) if loaded.until.is_none() => {}
                // It was away for no build.
                Some(loaded) if loaded.until == Some(builds) => loaded.until = None,
                _ => self.loaded.push(Loaded { archived: archived.clone(), after: builds, until: None }),
            }
        }
        self.loaded.retain(|loaded| loaded.until.is_none() || is_used(&loaded.archived));
    }

    /// The image that a reference means for a build. The one that was loaded last has the name, as with `docker load`.
    #[inline(never)]
    pub(super) fn find(&self, reference: &str, build: u32) -> Option<Arc<Image>> {
        let mut seen = self.loaded.iter().rev().filter(|loaded| loaded.is_seen_by(build));
        let found = seen.find(|loaded| loaded.archived.answers(reference))?;
        Some(found.archived.image.clone())
    }
}
