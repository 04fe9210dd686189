//! A stage while the graph is being made.

use super::super::environment::Environment;
use super::super::error::Place;
use super::super::operation::Operation;
use super::super::{VertexId, VertexKind};
use crate::dockerfile::Instruction;
use crate::dockerfile::excerpt::Lines;
use crate::oci::ImageConfig;
use std::collections::BTreeMap;

/// The name that stands for no image.
pub(super) const SCRATCH: &str = "scratch";

/// BuildKit's default for an image that sets no `PATH`.
pub(super) const DEFAULT_PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// An instruction that waits to be dispatched.
#[derive(Clone, Debug)]
pub(super) struct Command {
    pub(super) instruction: Instruction,
    /// For each mount of a `RUN`, or for the `--from` of a `COPY`: the stage it takes files from.
    pub(super) sources: Vec<Option<usize>>,
    /// Whether it was put there by an `ONBUILD`.
    pub(super) on_build: bool,
}

/// A stage, or an image that is used as one (`COPY --from=image`).
#[derive(Clone, Debug)]
pub(super) struct State {
    /// The number of the stage in the text; `None` for an image that is used as a stage.
    pub(super) stage: Option<u32>,
    /// The name after `AS`.
    pub(super) name: Option<String>,
    /// What names of steps show: the name, or `stage-N`, or nothing if it is the only one.
    pub(super) shown: String,
    /// The image, with variables expanded.
    pub(super) base_name: String,
    /// The stage that it builds on.
    pub(super) base: Option<usize>,
    /// The stages that it takes files from, and the instruction that does.
    pub(super) deps: BTreeMap<usize, Lines>,
    pub(super) commands: Vec<Command>,
    /// The `FROM`, or the instruction that uses the image.
    pub(super) place: Option<Place>,
    pub(super) platform: Option<String>,
    pub(super) ignore_cache: bool,
    /// The steps that names count, and how many have been named.
    pub(super) total: u32,
    pub(super) index: u32,
    /// Whether its image has been looked up.
    pub(super) resolved: bool,
    pub(super) initialized: bool,
    pub(super) dispatched: bool,
    /// Its filesystem so far.
    pub(super) result: Option<RawId>,
    pub(super) scope: Scope,
}

/// What instructions change.
#[derive(Clone, Debug, Default)]
pub(super) struct Scope {
    pub(super) env: Environment,
    /// The configuration that the image will have.
    pub(super) image: ImageConfig,
    /// The arguments that have been declared, with their values.
    pub(super) build_args: Vec<(String, Option<String>)>,
    /// Whether this stage has a `CMD` of its own.
    pub(super) cmd_set: bool,
}

/// A vertex before merging, as its place in [`Raw`].
pub(super) type RawId = VertexId;

/// A vertex before equal ones are merged. Its inputs are such vertices too.
#[derive(Clone, Debug)]
pub(super) struct RawVertex {
    pub(super) name: String,
    pub(super) kind: VertexKind,
    /// The stage whose step it is.
    pub(super) state: usize,
    pub(super) number: u32,
    pub(super) place: Option<Place>,
    pub(super) operation: Operation,
    pub(super) base: Option<RawId>,
    pub(super) ignore_cache: bool,
}

impl State {
    /// A stage with nothing in it.
    pub(super) fn new(base_name: String, place: Option<Place>) -> Self {
        Self {
            stage: None,
            name: None,
            shown: String::new(),
            base_name,
            base: None,
            deps: BTreeMap::new(),
            commands: Vec::new(),
            place,
            platform: None,
            ignore_cache: false,
            total: 0,
            index: 0,
            resolved: false,
            initialized: false,
            dispatched: false,
            result: None,
            scope: Scope::default(),
        }
    }

    /// The name of the next step, `[build 2/5] …`, and its number. A stage that counts no steps gives the text alone.
    pub(super) fn step_name(&mut self, text: &str) -> (String, u32) {
        if self.total == 0 {
            return (text.to_owned(), 0);
        }
        self.index += 1;
        (self.named(text), self.index)
    }

    /// The name of the step that was named last, with another text.
    pub(super) fn named(&self, text: &str) -> String {
        let width = self.total.to_string().len();
        let stage = if self.shown.is_empty() { String::new() } else { format!("{} ", self.shown) };
        format!("[{stage}{:>width$}/{}] {text}", self.index, self.total)
    }
}
