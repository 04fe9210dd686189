//! What is looked up before the checks go through the instructions: the images that stages start with, and the triggers
//! that come with them.

use super::CheckInput;
use super::reporter::{Place, Reporter};
use super::rules;
use crate::dockerfile::platform::Platform;
use crate::dockerfile::quote::quote;
use crate::dockerfile::reference::ImageReference;
use crate::dockerfile::stages::{ResolvedStages, StageError, StageSource, find_source};
use crate::dockerfile::{Instruction, InstructionKind, Stage, parse_trigger};
use crate::oci::ImageConfig;

/// What a stage starts with.
#[derive(Clone, Debug, Default)]
pub(super) struct LookedUp {
    /// The image; `None` on `scratch` and on another stage.
    pub(super) image: Option<ImageConfig>,
    /// The `ONBUILD` triggers of the base, in the place of the `FROM`.
    pub(super) triggers: Vec<Instruction>,
}

/// Looks up what the stages start with that the target needs, or all; `None` for the others.
pub(super) fn look_up(
    input: &CheckInput<'_>,
    reporter: &mut Reporter<'_>,
    resolved: &ResolvedStages,
) -> Result<Vec<Option<LookedUp>>, StageError> {
    let mut search = Search { input, reporter, resolved, looked: vec![None; resolved.stages.len()] };
    let mut needed = vec![false; resolved.stages.len()];
    reach(resolved, resolved.target, &mut needed);
    let is_looked_at = |needed: &[bool], index: usize| input.all_stages || needed[index];
    // Names of images have to be names also where nobody asks for the image.
    for index in (0..needed.len()).filter(|index| !is_looked_at(&needed, *index)) {
        search.names(index)?;
    }
    for index in (0..needed.len()).filter(|index| is_looked_at(&needed, *index)) {
        search.stage(index)?;
    }
    // Triggers can make a stage need further stages. Where a stage is not needed they are left alone.
    let mut triggered = vec![false; needed.len()];
    while let Some(index) = (0..needed.len()).find(|index| needed[*index] && !triggered[*index]) {
        triggered[index] = true;
        for source in search.triggers(index)? {
            reach(resolved, source, &mut needed);
        }
    }
    Ok(search.looked)
}

/// Marks a stage and all that it needs.
fn reach(resolved: &ResolvedStages, stage: usize, reached: &mut [bool]) {
    let mut open = vec![stage];
    while let Some(index) = open.pop() {
        if std::mem::replace(&mut reached[index], true) {
            continue;
        }
        let stage = &resolved.stages[index];
        let sources = stage.inputs.iter().map(|input| &input.source).chain([&stage.base]);
        open.extend(sources.filter_map(|source| match source {
            StageSource::Stage(index) => Some(*index),
            _ => None,
        }));
    }
}

struct Search<'a, 'r> {
    input: &'a CheckInput<'a>,
    reporter: &'a mut Reporter<'r>,
    resolved: &'a ResolvedStages,
    looked: Vec<Option<LookedUp>>,
}

/// An image that a stage names, with its place and platform.
type Named<'a> = (&'a str, Place, Option<&'a Platform>);

impl<'a> Search<'a, '_> {
    /// The images that a stage names: its base first, then what it takes files from.
    fn images(&self, index: usize) -> Vec<Named<'a>> {
        let (stage, resolved) = (&self.input.dockerfile.stages[index], &self.resolved.stages[index]);
        let mut images = Vec::new();
        if let StageSource::Image(name) = &resolved.base {
            images.push((name.as_str(), Place::of(&stage.from), resolved.platform.as_ref()));
        }
        for source in &resolved.inputs {
            if let StageSource::Image(name) = &source.source {
                images.push((name.as_str(), Place::of(&stage.instructions[source.instruction]), None));
            }
        }
        images
    }

    fn names(&self, index: usize) -> Result<(), StageError> {
        self.images(index).into_iter().try_for_each(|(name, place, _)| reference(name, place).map(drop))
    }

    /// Looks up the images that a stage needs.
    fn stage(&mut self, index: usize) -> Result<(), StageError> {
        let mut found = Vec::new();
        for named in self.images(index) {
            found.push(self.image(named)?);
        }
        let image = match self.resolved.stages[index].base {
            StageSource::Image(_) => found.into_iter().next(),
            _ => None,
        };
        self.looked[index] = Some(LookedUp { image, triggers: Vec::new() });
        Ok(())
    }

    /// Finds what waits for a stage. Gives the stages that it takes files from.
    fn triggers(&mut self, index: usize) -> Result<Vec<usize>, StageError> {
        if self.looked[index].is_none() {
            self.stage(index)?;
        }
        let image = self.looked[index].as_ref().and_then(|looked| looked.image.as_ref());
        let triggers = self.triggers_of(&self.input.dockerfile.stages[index], image)?;
        let mut sources = Vec::new();
        for trigger in &triggers {
            if let InstructionKind::Copy(copy) = &trigger.kind
                && let Some(from) = &copy.from
                && let StageSource::Stage(source) = find_source(self.input.dockerfile, from)?
            {
                sources.push(source);
            }
        }
        if let Some(looked) = &mut self.looked[index] {
            looked.triggers = triggers;
        }
        Ok(sources)
    }

    fn image(&mut self, (name, place, platform): Named<'_>) -> Result<ImageConfig, StageError> {
        let reference = reference(name, place)?.with_default_tag().to_string();
        let platform = platform.unwrap_or(&self.input.options.platform);
        let image = (self.input.images)(&reference, platform);
        let image = image.ok_or_else(|| StageError::new(format!("{reference}: not found"), place.lines))?;
        let actual = Platform {
            os: image.os.clone(),
            architecture: image.architecture.clone(),
            variant: image.variant.clone(),
            os_version: String::new(),
        };
        rules::invalid_base_image_platform::check(self.reporter, place, name, platform, &actual);
        Ok(image)
    }

    /// The triggers of a stage's base, as instructions in the place of its `FROM`.
    fn triggers_of(
        &self,
        stage: &Stage,
        image: Option<&ImageConfig>,
    ) -> Result<Vec<Instruction>, StageError> {
        let texts: Vec<&str> = match &self.resolved.stages[stage.index].base {
            StageSource::Stage(base) => onbuild(&self.input.dockerfile.stages[*base]).collect(),
            _ => image.into_iter().flat_map(|image| &image.config.on_build).map(String::as_str).collect(),
        };
        let place = Place::of(&stage.from);
        let trigger = |text: &str| {
            let instruction = parse_trigger(text, place.lines);
            let instruction = instruction.map_err(|message| StageError::new(message, place.lines))?;
            Ok(Instruction { range: place.range, ..instruction })
        };
        texts.into_iter().map(trigger).collect()
    }
}

/// What the `ONBUILD`s of a stage leave for the stages on top of it.
fn onbuild(stage: &Stage) -> impl Iterator<Item = &str> {
    stage.instructions.iter().filter_map(|instruction| match &instruction.kind {
        InstructionKind::Onbuild(onbuild) => Some(onbuild.expression.as_str()),
        _ => None,
    })
}

fn reference(name: &str, place: Place) -> Result<ImageReference, StageError> {
    ImageReference::parse(name).map_err(|reason| {
        StageError::new(format!("failed to parse stage name {}: {reason}", quote(name)), place.lines)
    })
}
