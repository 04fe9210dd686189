//! The scope in front of the first stage: platform arguments and global `ARG`s with the values of this build.

use super::ast::{ArgDefinition, Dockerfile, Instruction, InstructionKind};
use super::expand::{ExpandError, Expander};
use super::platform::Platform;
use super::stages::StageError;
use std::collections::{BTreeMap, BTreeSet};

/// The arguments that a `RUN` sees without an `ARG`, if the build sets them. They count in no cache key.
pub const PROXY_ARGUMENTS: [&str; 10] = [
    "HTTP_PROXY",
    "http_proxy",
    "HTTPS_PROXY",
    "https_proxy",
    "FTP_PROXY",
    "ftp_proxy",
    "NO_PROXY",
    "no_proxy",
    "ALL_PROXY",
    "all_proxy",
];

/// Arguments that never become variables of the environment.
pub const ARGUMENTS_WITHOUT_VARIABLE: [&str; 2] = ["BUILDKIT_SBOM_SCAN_CONTEXT", "BUILDKIT_SBOM_SCAN_STAGE"];

/// Values given to a build with `--build-arg`.
pub type BuildArguments = BTreeMap<String, String>;

/// What `FROM` may refer to, and what an `ARG` without a value inherits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GlobalScope {
    /// Names with their values, in order; each once.
    pub variables: Vec<(String, String)>,
    /// All names that were declared, with and without a value, besides the platform arguments.
    pub declared: BTreeSet<String>,
}

impl GlobalScope {
    /// The scope of a build. `stage` is the name of the stage to build, `None` for one without a name.
    pub fn new(
        dockerfile: &Dockerfile,
        arguments: &BuildArguments,
        platform: &Platform,
        stage: Option<&str>,
    ) -> Result<Self, StageError> {
        let mut scope = Self::of_platform(arguments, platform, stage);
        for instruction in &dockerfile.global_args {
            scope.declare(instruction, arguments, dockerfile.escape)?;
        }
        Ok(scope)
    }

    /// The scope with nothing but the platform arguments, as if the build gave no others for `ARG`s.
    pub(crate) fn of_platform(arguments: &BuildArguments, platform: &Platform, stage: Option<&str>) -> Self {
        let build = Platform::default();
        let predefined = [
            ("BUILDPLATFORM", build.to_string()),
            ("BUILDOS", build.os),
            ("BUILDOSVERSION", build.os_version),
            ("BUILDARCH", build.architecture),
            ("BUILDVARIANT", build.variant),
            ("TARGETPLATFORM", platform.to_string()),
            ("TARGETOS", platform.os.clone()),
            ("TARGETOSVERSION", platform.os_version.clone()),
            ("TARGETARCH", platform.architecture.clone()),
            ("TARGETVARIANT", platform.variant.clone()),
            ("TARGETSTAGE", stage.filter(|name| !name.is_empty()).unwrap_or("default").to_owned()),
        ];
        let value =
            |(name, value): (&str, String)| (name.to_owned(), arguments.get(name).cloned().unwrap_or(value));
        Self { variables: predefined.map(value).to_vec(), declared: BTreeSet::new() }
    }

    /// Takes in one global `ARG`.
    pub(crate) fn declare(
        &mut self,
        instruction: &Instruction,
        arguments: &BuildArguments,
        escape: char,
    ) -> Result<(), StageError> {
        let InstructionKind::Arg(definitions) = &instruction.kind else { return Ok(()) };
        for definition in definitions {
            let value = self.value(definition, arguments, escape).map_err(|error| {
                StageError::new(error.message, (instruction.start_line, instruction.end_line))
            })?;
            self.declared.insert(definition.name.clone());
            if let Some(value) = value {
                self.variables.retain(|(name, _)| *name != definition.name);
                self.variables.push((definition.name.clone(), value));
            }
        }
        Ok(())
    }

    fn value(
        &self,
        definition: &ArgDefinition,
        arguments: &BuildArguments,
        escape: char,
    ) -> Result<Option<String>, ExpandError> {
        if let Some(value) = arguments.get(&definition.name) {
            return Ok(Some(value.clone()));
        }
        let Some(default) = &definition.value else { return Ok(None) };
        Ok(Some(Expander::new(escape).expand(default, &self.variables)?.text))
    }

    /// Whether a name is declared or predefined.
    pub fn knows(&self, name: &str) -> bool {
        self.declared.contains(name) || self.variables.iter().any(|(known, _)| known == name)
    }

    /// All names that [`knows`](Self::knows) accepts, the variables first.
    pub fn names(&self) -> Vec<&str> {
        let variables = self.variables.iter().map(|(name, _)| name.as_str());
        let others = self.declared.iter().map(String::as_str);
        let mut names: Vec<&str> = variables.collect();
        names.extend(others.filter(|name| !self.variables.iter().any(|(known, _)| known == name)));
        names
    }
}
