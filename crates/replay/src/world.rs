//! The world of the recordings: their base images, and a clock that stands still during a build.

use lab_catalog::testbase;
use lab_engine::oci::Image;
use lab_engine::world::{World, WorldError};
use std::collections::BTreeMap;
use std::sync::Arc;

/// When the first step of a case is built; it only has to be after the epoch of the recordings.
const START: i64 = 1_786_000_000;

/// The recorded base images.
#[derive(Clone, Debug)]
pub struct RecordedWorld {
    images: BTreeMap<String, Arc<Image>>,
    now: i64,
}

impl RecordedWorld {
    /// Reads `testbase.json`.
    pub fn load(text: &str) -> Result<Self, String> {
        Ok(Self { images: testbase::load(text)?, now: START })
    }

    /// The world at the time of a step.
    pub(super) fn at(&self, step: usize) -> Self {
        Self { now: START + 60 * step as i64, ..self.clone() }
    }
}

impl World for RecordedWorld {
    fn now(&self) -> i64 {
        self.now
    }

    fn resolve_image(&self, reference: &str, _platform: &str) -> Result<Arc<Image>, WorldError> {
        let unknown = || WorldError::UnknownImage { name: reference.to_owned(), nearest: Vec::new() };
        let found = match reference.split_once('@') {
            // A registry finds an image by its digest whatever the tag is.
            Some((name, digest)) => self.images.iter().find_map(|(other, image)| {
                let is_meant =
                    repository(other) == repository(name) && image.manifest_digest.to_string() == digest;
                is_meant.then_some(image)
            }),
            None => self.images.get(reference),
        };
        found.cloned().ok_or_else(unknown)
    }
}

/// A name without its tag.
fn repository(name: &str) -> &str {
    let last = name.rfind('/').map_or(0, |slash| slash + 1);
    name[last..].find(':').map_or(name, |colon| &name[..last + colon])
}
