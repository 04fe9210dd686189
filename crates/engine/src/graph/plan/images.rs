//! The images that stages start with, and the triggers that they bring along.

use super::Planner;
use super::state::{DEFAULT_PATH, RawVertex, SCRATCH};
use crate::dockerfile::quote::quote;
use crate::dockerfile::reference::ImageReference;
use crate::dockerfile::{Instruction, InstructionKind, parse_trigger, suggest};
use crate::graph::VertexId;
use crate::graph::VertexKind;
use crate::graph::error::{PlanError, PlanErrorKind};
use crate::graph::operation::{ImageSource, Operation};
use crate::oci::{Image, ImageConfig, RuntimeConfig};
use crate::world::WorldError;
use std::sync::Arc;

/// The images of BuildKit's Dockerfile frontend, on Docker Hub.
const FRONTENDS: [&str; 2] = ["docker/dockerfile", "docker/dockerfile-upstream"];

impl Planner<'_> {
    /// Looks up the images of all stages that the target needs, and gives these stages.
    ///
    /// Triggers can make a stage need further stages; then it goes round again. Names of steps count every look at a
    /// stage that is not resolved yet, as BuildKit's do.
    pub(super) fn resolve_images(&mut self, target: usize) -> Result<Vec<usize>, PlanError> {
        loop {
            let reachable = self.reachable(target);
            for index in 0..self.states.len() {
                let state = &self.states[index];
                if state.base.is_none() && !state.resolved {
                    let place = state.place;
                    let resolved = self.resolve_image(index, reachable.contains(&index));
                    resolved.map_err(|error| match place {
                        Some(place) => error.at(place),
                        None => error,
                    })?;
                }
            }
            let mut new_deps = false;
            for index in reachable {
                new_deps |= self.add_triggers(index)?;
            }
            if !new_deps {
                return Ok(self.reachable(target));
            }
        }
    }

    fn resolve_image(&mut self, index: usize, reachable: bool) -> Result<(), PlanError> {
        self.states[index].resolved = reachable;
        let name = self.states[index].base_name.clone();
        if name == SCRATCH {
            self.states[index].scope.image = self.empty_image();
            return Ok(());
        }
        let reference = ImageReference::parse(&name)
            .map_err(|error| PlanError::new(format!("failed to parse stage name {}: {error}", quote(&name))))?
            .with_default_tag();
        if !reachable {
            self.states[index].step_name("");
            return Ok(());
        }
        self.note_metadata(&reference.to_string());
        let platform = self.states[index].platform.clone().unwrap_or_else(|| self.platform.to_string());
        let image = self
            .world
            .resolve_image(&reference.to_string(), &platform)
            .map_err(|error| self.image_error(&name, &reference, error))?;
        self.start_with(index, reference, image);
        Ok(())
    }

    /// The image that a `# syntax=` line names. All that are known are the frontend that the lab has built in.
    #[inline(never)]
    pub(super) fn resolve_frontend(&mut self) -> Result<(), PlanError> {
        let Some(directive) = self.dockerfile.directive("syntax") else { return Ok(()) };
        let name = directive.value.split_whitespace().next().unwrap_or("");
        let reference = ImageReference::parse(name)
            .map_err(|error| PlanError::new(format!("failed to parse frontend image {name}: {error}")))?
            .with_default_tag();
        self.internal.push(format!("resolve image config for docker-image://{reference}"));
        if reference.domain != "docker.io" || !FRONTENDS.contains(&reference.path.as_str()) {
            let message =
                format!("failed to resolve source metadata for {reference}: {reference}: not found");
            let mut error = PlanError::new(message);
            error.lines.push((directive.line, directive.line));
            error.range = Some(directive.range);
            return Err(error);
        }
        self.internal.push(format!("docker-image://{reference}"));
        Ok(())
    }

    fn note_metadata(&mut self, reference: &str) {
        let line = format!("[internal] load metadata for {reference}");
        if !self.internal.contains(&line) {
            self.internal.push(line);
        }
    }

    fn start_with(&mut self, index: usize, mut reference: ImageReference, image: Arc<Image>) {
        reference.digest.get_or_insert_with(|| image.manifest_digest.to_string());
        let text = format!("FROM {reference}");
        let state = &mut self.states[index];
        let (name, number) = state.step_name(&text);
        state.scope.image = image.config.clone();
        state.scope.image.diff_ids.clear();
        if number == 0 {
            self.internal.push(name.clone());
        }
        let operation = Operation::Image(ImageSource { reference: reference.to_string(), image });
        let place = state.place;
        let vertex = RawVertex {
            name,
            kind: VertexKind::From,
            state: index,
            number,
            place,
            operation,
            base: None,
            ignore_cache: false,
        };
        self.states[index].result = Some(self.push(vertex));
    }

    pub(super) fn push(&mut self, vertex: RawVertex) -> VertexId {
        self.raw.push(vertex);
        VertexId(self.raw.len() as u32 - 1)
    }

    #[inline(never)]
    fn image_error(&self, name: &str, reference: &ImageReference, error: WorldError) -> PlanError {
        match error {
            WorldError::NotLoaded { asset } => {
                let message = format!("the catalogue part {asset} is not loaded yet");
                PlanError { kind: PlanErrorKind::NotLoaded(asset), ..PlanError::new(message) }
            }
            WorldError::UnknownImage { mut nearest, .. } => {
                // A stage of the file itself is likelier than an image of like name.
                let stages: Vec<String> = self.states.iter().filter_map(|state| state.name.clone()).collect();
                if let Some(stage) = suggest::nearest(name, stages.iter().map(String::as_str)) {
                    nearest.insert(0, stage.to_owned());
                }
                let message = format!(
                    "{name}: failed to resolve source metadata for {reference}: {reference}: not found"
                );
                if self.dockerfile.directive("syntax").is_some() {
                    // The frontend runs in a container then, and only the innermost error comes through.
                    let message = format!("{reference}: not found");
                    return PlanError {
                        kind: PlanErrorKind::UnknownImage(nearest),
                        ..PlanError::new(message)
                    };
                }
                let shown = self.states.iter().filter(|state| state.stage.is_some());
                let shown = shown.map(|state| state.shown.clone()).filter(|name| !name.is_empty());
                let names: Vec<String> = shown.chain(common_images()).collect();
                let suggestion = suggest::nearest(name, names.iter().map(String::as_str));
                let message = suggest::with_suggestion(message, suggestion);
                PlanError { kind: PlanErrorKind::UnknownImage(nearest), ..PlanError::new(message) }
            }
        }
    }

    /// What a stage on `scratch` starts with.
    fn empty_image(&self) -> ImageConfig {
        ImageConfig {
            architecture: self.platform.architecture.clone(),
            os: self.platform.os.clone(),
            variant: self.platform.variant.clone(),
            config: RuntimeConfig {
                env: vec![format!("PATH={DEFAULT_PATH}")],
                working_dir: "/".to_owned(),
                ..RuntimeConfig::default()
            },
            ..ImageConfig::default()
        }
    }

    /// Puts the `ONBUILD` triggers of the base in front of a stage's instructions, once. Says whether it has new sources.
    #[inline(never)]
    fn add_triggers(&mut self, index: usize) -> Result<bool, PlanError> {
        if std::mem::replace(&mut self.states[index].initialized, true) || self.states[index].stage.is_none()
        {
            return Ok(false);
        }
        let triggers = match self.states[index].base {
            Some(base) => self.states[base]
                .commands
                .iter()
                .filter_map(|command| match &command.instruction.kind {
                    InstructionKind::Onbuild(onbuild) => Some(onbuild.expression.clone()),
                    _ => None,
                })
                .collect(),
            None => std::mem::take(&mut self.states[index].scope.image.config.on_build),
        };
        let mut commands = Vec::new();
        for trigger in &triggers {
            commands.push(self.command_of(self.trigger(index, trigger)?, true)?);
        }
        let new_deps = commands.iter().any(|command| !command.sources.is_empty());
        for command in &commands {
            self.add_deps(index, command);
        }
        let state = &mut self.states[index];
        state.total += commands.len() as u32;
        commands.append(&mut state.commands);
        state.commands = commands;
        Ok(new_deps)
    }

    /// A trigger as an instruction in the place of the `FROM`.
    fn trigger(&self, index: usize, text: &str) -> Result<Instruction, PlanError> {
        let Some(place) = self.states[index].place else {
            return parse_trigger(text, (0, 0)).map_err(PlanError::new);
        };
        let mut instruction =
            parse_trigger(text, place.lines).map_err(|error| PlanError::new(error).at(place))?;
        instruction.range = place.range;
        Ok(instruction)
    }
}

/// Names that BuildKit suggests for a misspelt image.
fn common_images() -> impl Iterator<Item = String> {
    ["alpine", "busybox", "centos", "debian", "golang", "ubuntu", "fedora"]
        .into_iter()
        .flat_map(|name| [name.to_owned(), format!("{name}:latest")])
}
