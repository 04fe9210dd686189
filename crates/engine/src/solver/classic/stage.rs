//! A stage while it is built.

use crate::cache::StepImage;
use crate::graph::VertexId;
use crate::oci::{ImageConfig, RuntimeConfig};
use std::sync::Arc;

/// What the daemon takes for granted where an image sets no `PATH`.
const DEFAULT_PATH: &str = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// A stage while it is built, and what is left of it afterwards.
#[derive(Clone, Debug, Default)]
pub(super) struct Stage {
    /// In lower case; empty for none.
    pub(super) name: String,
    /// How it is shown as a source: its name or number.
    pub(super) shown: String,
    /// The image so far; `None` on nothing.
    pub(super) image: Option<Arc<StepImage>>,
    /// The step whose result its files are.
    pub(super) vertex: Option<VertexId>,
    /// The configuration that the next image gets.
    pub(super) config: RuntimeConfig,
    /// `MAINTAINER`, if this stage has one.
    pub(super) author: String,
    /// Whether it has a `CMD` of its own.
    pub(super) cmd_set: bool,
    /// Whether a step was not found. Then the rest is not looked for.
    pub(super) missed: bool,
    /// Whether nothing is looked for (`--no-cache`).
    pub(super) no_cache: bool,
}

impl Stage {
    /// Begins on an image.
    pub(super) fn begin(&mut self, image: Option<Arc<StepImage>>, vertex: Option<VertexId>) {
        self.config = image.as_ref().map(|image| image.config().config.clone()).unwrap_or_default();
        if !self.config.env.iter().any(|line| line.starts_with("PATH=")) {
            self.config.env.push(DEFAULT_PATH.to_owned());
        }
        (self.image, self.vertex) = (image, vertex);
    }

    /// What the configuration of an image begins with: that of the image below.
    pub(super) fn below(&self, platform: &crate::dockerfile::platform::Platform) -> ImageConfig {
        match &self.image {
            Some(image) => image.config().clone(),
            None => ImageConfig {
                architecture: platform.architecture.clone(),
                os: platform.os.clone(),
                variant: platform.variant.clone(),
                ..ImageConfig::default()
            },
        }
    }
}
