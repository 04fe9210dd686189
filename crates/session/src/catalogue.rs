//! Where the session takes its world from: images, packages and durations at a moment of simulated time.

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
}
