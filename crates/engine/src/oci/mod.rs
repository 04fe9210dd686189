//! The OCI image: configuration, history, layers, manifest.
//!
//! Takes what the solver made and gives the documents of the OCI image specification, byte for byte as BuildKit writes
//! them. It knows nothing of caches or of how a layer came about.

mod config;
mod docker_form;
mod image;
mod json;
mod layer;
mod manifest;

pub use config::ConfigError;
pub use docker_form::{ContainerRecord, VERSION as DAEMON_VERSION};
pub use image::{Healthcheck, HistoryEntry, Image, ImageConfig, Layer, RuntimeConfig};
pub use manifest::{Descriptor, Manifest, docker_manifest_json, index_json, media_type};
