//! The OCI image: configuration, history, layers, manifest.
//!
//! Takes what the solver made and gives the documents of the OCI image specification, byte for byte as BuildKit writes
//! them. It knows nothing of caches or of how a layer came about.

mod image;
mod layer;

pub use image::{Healthcheck, HistoryEntry, Image, ImageConfig, Layer, RuntimeConfig};
