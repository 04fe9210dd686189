//! `FROM`: where a stage begins, the triggers of its image, and what is left of it at its end.

use super::stage::Stage;
use super::{Classic, Progress, dockerfile_error};
use crate::cache::{BaseKey, KeyParts, Record, StepImage, StepKind};
use crate::digest::{CacheKey, Digest, Hasher};
use crate::dockerfile::expand::Expander;
use crate::dockerfile::reference::ImageReference;
use crate::dockerfile::{Instruction, InstructionKind, parse_trigger};
use crate::graph::{ImageSource, Operation, VertexId, VertexKind};
use crate::oci::Image;
use crate::solver::event::VertexStatus;
use crate::solver::ops;
use crate::solver::report::BuildErrorKind;
use crate::solver::step::{Inputs, StepError};
use crate::world::WorldError;
use std::sync::Arc;

/// The name that stands for no image.
const SCRATCH: &str = "scratch";

impl Classic<'_> {
    /// An `ARG` in front of the first `FROM`.
    pub(super) fn global_argument(&mut self, instruction: &Instruction) -> Result<(), StepError> {
        let InstructionKind::Arg(definitions) = &instruction.kind else { return Ok(()) };
        for definition in definitions {
            let value = definition.value.as_ref().map(|value| self.expand_global(value)).transpose()?;
            self.arguments.declare_global(&definition.name, value);
        }
        Ok(())
    }

    fn expand_global(&self, word: &str) -> Result<String, StepError> {
        let expansion = Expander::new(self.dockerfile.escape).expand(word, &self.arguments.of_from());
        Ok(expansion.map_err(|error| dockerfile_error(error.message))?.text)
    }

    /// Begins a stage, and carries out what waits in its image.
    pub(super) fn begin_stage(&mut self, index: usize) -> Result<(), StepError> {
        let dockerfile = self.dockerfile;
        let stage = &dockerfile.stages[index];
        self.begin(&stage.from);
        self.arguments.begin_stage();
        let name = stage.name.clone().unwrap_or_default();
        if !name.is_empty() && self.done.iter().any(|done| done.name == name) {
            return Err(dockerfile_error(format!("{name} stage name already used")));
        }
        let shown = if name.is_empty() { index.to_string() } else { name.clone() };
        self.stage = Stage { no_cache: self.ignores_cache(&shown), name, shown, ..Stage::default() };
        let base = self.expand_global(&stage.base)?;
        if base.is_empty() {
            return Err(dockerfile_error(format!("base name ({}) should not be blank", stage.base)));
        }
        if let Some(below) =
            self.done.iter().find(|done| !done.name.is_empty() && done.name.eq_ignore_ascii_case(&base))
        {
            let (image, vertex) = (below.image.clone(), below.vertex);
            self.stage.begin(image, vertex);
        } else if base == SCRATCH {
            self.stage.begin(None, None);
        } else {
            let platform = stage.platform.as_ref().map(|word| self.expand_global(word)).transpose()?;
            let (image, vertex) = self.take_image(&base, platform.as_deref(), true)?;
            self.stage.begin(Some(image), Some(vertex));
        }
        self.triggers()?;
        self.progress.push(Progress::Image(self.stage.image.clone()));
        Ok(())
    }

    pub(super) fn end_stage(&mut self, index: usize) {
        self.graph.stages[index].result = self.stage.vertex;
        self.done.push(std::mem::take(&mut self.stage));
    }

    /// A stage that is done, by its name or number.
    pub(super) fn stage_named(&self, name: &str) -> Result<Option<&Stage>, StepError> {
        let named =
            self.done.iter().find(|done| !done.name.is_empty() && done.name.eq_ignore_ascii_case(name));
        if named.is_some() {
            return Ok(named);
        }
        let Ok(number) = name.parse::<i64>() else { return Ok(None) };
        if number == self.done.len() as i64 {
            return Err(dockerfile_error("refers to current build stage"));
        }
        let stage = usize::try_from(number).ok().and_then(|number| self.done.get(number));
        stage.map(Some).ok_or_else(|| dockerfile_error("index out of bounds"))
    }

    /// Looks up an image, and takes it as the result of a step. Only that of a `FROM` counts as one of the text.
    pub(super) fn take_image(
        &mut self,
        name: &str,
        platform: Option<&str>,
        counts: bool,
    ) -> Result<(Arc<StepImage>, VertexId), StepError> {
        let reference = ImageReference::parse(name)
            .map_err(|_| dockerfile_error("invalid reference format"))?
            .with_default_tag();
        self.progress.push(Progress::Base { reference: reference.to_string() });
        let platform = platform.unwrap_or(&self.options.platform);
        let image = self
            .world
            .resolve_image(&reference.to_string(), platform)
            .map_err(|error| unknown_image(name, &reference, error))?;
        let identity = self.identity_of(&image);
        let vertex = self.image_vertex(reference, &image, counts)?;
        Ok((Arc::new(StepImage::of_base(&image, identity)), vertex))
    }

    /// An image that an earlier build made is the one that its steps stand on.
    fn identity_of(&self, image: &Image) -> CacheKey {
        let made = self.cache.record_of_image(image.config_digest).and_then(|record| record.image.clone());
        made.map_or_else(|| base_identity(image.config_digest), |made| made.identity())
    }

    fn image_vertex(
        &mut self,
        mut reference: ImageReference,
        image: &Arc<Image>,
        counts: bool,
    ) -> Result<VertexId, StepError> {
        let base = BaseKey { reference: reference.to_string(), manifest: image.config_digest };
        reference.digest.get_or_insert_with(|| image.manifest_digest.to_string());
        let operation =
            Operation::Image(ImageSource { reference: reference.to_string(), image: image.clone() });
        let vertex = self.vertex(VertexKind::From, operation, Vec::new(), counts);
        let mut parts = KeyParts { base: Some(base), ..self.parts(StepKind::From, Digest::of(b"")) };
        (parts.parent, parts.instruction) = (None, format!("FROM {reference}"));
        let key = parts.key();
        let mut report = self.report(&vertex);
        (report.key, report.parts) = (Some(key), Some(parts.clone()));
        let known = self.cache.get(key).cloned();
        let record = match known {
            Some(record) => {
                report.status = VertexStatus::Cached;
                record
            }
            None => {
                self.world.began(self.row(), &vertex.name);
                let inputs = Inputs {
                    world: self.world,
                    context: &self.context,
                    snapshots: &self.snapshots,
                    epoch: None,
                    secrets: &[],
                };
                let (made, snapshot) = ops::run(&vertex, &parts, key, &inputs, &mut self.cache)?;
                (report.status, report.seconds) = (VertexStatus::Done, made.seconds);
                let (build, created) = (self.options.build, self.world.now());
                let (line, name) = (self.here.lines.0.saturating_sub(1), vertex.name.clone());
                self.insert(|id| Record {
                    id,
                    key,
                    parts,
                    build,
                    vertex: name,
                    created,
                    line,
                    snapshot,
                    image: None,
                    has_layer: false,
                    seconds: made.seconds,
                    log: Vec::new(),
                    commands: Vec::new(),
                })
            }
        };
        let snapshot = record.snapshot.clone();
        report.record = Some(record);
        Ok(self.finish_vertex(vertex, report, Some(snapshot)))
    }

    /// The instructions that wait in the image of a stage.
    fn triggers(&mut self) -> Result<(), StepError> {
        let triggers = std::mem::take(&mut self.stage.config.on_build);
        if triggers.is_empty() {
            return Ok(());
        }
        self.progress.push(Progress::Triggers(triggers.len() as u32));
        for trigger in &triggers {
            let mut instruction = parse_trigger(trigger, self.here.lines).map_err(dockerfile_error)?;
            instruction.range = self.here.range;
            self.instruction(&instruction)?;
        }
        Ok(())
    }
}

/// What tells an image that no build of the lab made from all others.
fn base_identity(id: Digest) -> CacheKey {
    let mut hasher = Hasher::new();
    hasher.field(b"base image");
    hasher.field(id.as_bytes());
    CacheKey(hasher.finish())
}

/// The words of a registry that does not have an image.
#[inline(never)]
fn unknown_image(name: &str, reference: &ImageReference, error: WorldError) -> StepError {
    match error {
        WorldError::NotLoaded { asset } => crate::world::NotLoaded::new(&asset).into(),
        WorldError::UnknownImage { nearest, .. } => {
            let same = |other: &String| {
                let other = ImageReference::parse(other).ok();
                other
                    .is_some_and(|other| (&other.domain, &other.path) == (&reference.domain, &reference.path))
            };
            let message = if nearest.iter().any(same) {
                let tag = reference.tag.as_deref().unwrap_or("latest");
                let repository = name.split([':', '@']).next().unwrap_or(name);
                format!("manifest for {repository}:{tag} not found: manifest unknown: manifest unknown")
            } else {
                let repository = name.split([':', '@']).next().unwrap_or(name);
                format!(
                    "pull access denied for {repository}, repository does not exist or may require 'docker \
                     login': denied: requested access to the resource is denied"
                )
            };
            StepError::new(BuildErrorKind::UnknownImage { nearest }, message)
        }
    }
}
