//! Where the session takes its world from: images, packages and durations at a moment of simulated time.

use crate::protocol::StandIn;
use lab_catalog::CatalogWorld;
use lab_engine::world::World;

/// A source of worlds whose parts may be loaded later.
pub trait Catalogue {
    /// The world at a time, in seconds since 1970.
    fn world(&self, now: i64) -> Box<dyn World + '_>;

    /// Takes a part as JSON text, or says why it cannot.
    fn provide(&mut self, asset: &str, text: &str) -> Result<(), String>;

    /// The names that `FROM` can be completed with.
    fn image_names(&self) -> Vec<String>;

    /// The image that stands in for a reference which it is not; none where the image is the one that was asked for.
    fn stand_in(&self, reference: &str) -> Option<StandIn>;
}

impl Catalogue for CatalogWorld {
    fn world(&self, now: i64) -> Box<dyn World + '_> {
        Box::new(self.at(now))
    }

    fn provide(&mut self, asset: &str, text: &str) -> Result<(), String> {
        CatalogWorld::provide(self, asset, text).map_err(|error| error.to_string())
    }

    fn image_names(&self) -> Vec<String> {
        CatalogWorld::image_names(self)
    }

    fn stand_in(&self, reference: &str) -> Option<StandIn> {
        let notes = self.image_notes(reference)?;
        Some(StandIn { wanted: notes.stand_in_for?, shown: notes.name })
    }
}
