//! `SOURCE_DATE_EPOCH`: the time of history rows, and the one at which the exporter cuts the times in layers.
//!
//! It is a number of seconds since 1970. Else it names where the time comes from: the build context, which has none, or
//! a stage that does nothing but download, whose time the lab cannot know.

use super::Planner;
use crate::dockerfile::expand::Variables;
use crate::dockerfile::{Add, ArgDefinition, InstructionKind, Stage};
use crate::graph::error::{Place, PlanError};
use crate::graph::sources::CopyFlags;

const NAME: &str = "SOURCE_DATE_EPOCH";

impl Planner<'_> {
    /// The time that the build was given, as a build argument or by an `ARG` before the first stage.
    pub(super) fn resolve_epoch(&self) -> Result<Option<i64>, PlanError> {
        let by_default = Variables::get(&self.global_args, NAME);
        let value = Variables::get(self.options.build_args, NAME).or(by_default).unwrap_or("");
        if matches!(value, "" | "context") {
            return Ok(None);
        }
        if let Ok(seconds) = value.parse() {
            return Ok(Some(seconds));
        }
        let is_named = |name: &String| name.eq_ignore_ascii_case(value);
        let stage = self.dockerfile.stages.iter().find(|stage| stage.name.as_ref().is_some_and(is_named));
        let stage = stage.ok_or_else(|| PlanError::new(format!("invalid {NAME}: {value}")))?;
        let message = match self.source_of_stage(stage) {
            Ok(address) => format!("{address}: downloads and Git repositories are not simulated"),
            Err(message) => message,
        };
        Err(PlanError::new(message).at(Place::from(&stage.from)))
    }

    /// The address that a stage downloads, if it does nothing else.
    fn source_of_stage(&self, stage: &Stage) -> Result<String, String> {
        let error = |reason: &str| Err(format!("{NAME} stage {reason}"));
        let mut variables = self.global_args.clone();
        variables.retain(|(name, _)| name != NAME);
        let base = self.expander().expand(&stage.base, &variables).map_err(|error| error.message)?;
        if base.text != super::state::SCRATCH {
            return error("must use FROM scratch");
        }
        let mut source = None;
        for instruction in &stage.instructions {
            match &instruction.kind {
                InstructionKind::Arg(definitions) => self.declare(definitions, &mut variables)?,
                InstructionKind::Add(_) if source.is_some() => {
                    return error("must contain exactly one remote ADD");
                }
                InstructionKind::Add(add) => source = Some(self.source_of_add(add, &variables)?),
                _ => {
                    let reason = "does not meet source-only requirements: unsupported";
                    return error(&format!("{reason} {} instruction", instruction.keyword));
                }
            }
        }
        source.map_or_else(|| error("must contain exactly one remote ADD"), Ok)
    }

    fn declare(
        &self,
        definitions: &[ArgDefinition],
        variables: &mut Vec<(String, String)>,
    ) -> Result<(), String> {
        for definition in definitions {
            let value = match (Variables::get(self.options.build_args, &definition.name), &definition.value) {
                (Some(given), _) => given.to_owned(),
                (None, None) => continue,
                (None, Some(default)) => {
                    let expansion = self.expander().expand(default, variables);
                    expansion.map_err(|error| error.message)?.text
                }
            };
            variables.push((definition.name.clone(), value));
        }
        Ok(())
    }

    fn source_of_add(&self, add: &Add, variables: &Vec<(String, String)>) -> Result<String, String> {
        let [path] = add.files.paths.as_slice() else {
            return Err(format!("{NAME} stage must contain exactly one remote ADD source"));
        };
        if !add.files.inline.is_empty() {
            return Err(format!("{NAME} stage must contain exactly one remote ADD source"));
        }
        let source = self.expander().expand(path, variables).map_err(|error| error.message)?.text;
        let flags = CopyFlags { add: true, keep_git_dir: add.keep_git_dir, ..CopyFlags::default() };
        flags.check_source(&source)?;
        if !flags.is_remote(&source) {
            return Err(format!("{NAME} stage source must be a single HTTP(S) or Git ADD"));
        }
        Ok(source)
    }
}
