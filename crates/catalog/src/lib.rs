//! The simulated world of Dockerfile Lab: base images, package indexes and durations, read from data files.
//!
//! Takes the parts of the catalogue (the JSON files of the folder `catalog/`) as text, whenever they have been loaded,
//! and answers the engine's questions through [`CatalogWorld`], an implementation of `lab_engine::world::World`.
//! It does not load anything itself: a question that needs a missing part is answered with the name of that part.
//! Equal data gives equal answers; nothing depends on the order of questions.

#![forbid(unsafe_code)]

mod data;
mod image;
mod reference;
pub mod testbase;
mod world;

pub use reference::{Reference, familiar};
pub use world::{CatalogError, CatalogWorld, ImageNotes, Published};
