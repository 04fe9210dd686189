//! Build checks: what BuildKit warns of without failing the build.
//!
//! Input: the parsed Dockerfile with its text, the options of the build, the configurations of base images and what
//! `.dockerignore` hides. Output: warnings in BuildKit's order, and the error at which BuildKit would stop looking.
//! It walks the stages as a build does, with the same expansion and the same resolution of stages, so that checks and
//! builds cannot disagree. It runs nothing and knows nothing of files.

mod bases;
mod config;
mod print;
mod reporter;
pub mod rules;
pub mod ruleset;
mod stage;
mod walk;
mod world;

pub use config::Config;
pub use reporter::Warning;
pub use ruleset::{RULES, Rule};
pub use world::BuildCheck;

use crate::diagnostic::Diagnostic;
use crate::dockerfile::Dockerfile;
use crate::dockerfile::platform::Platform;
use crate::dockerfile::stages::{StageError, StageOptions};
use crate::oci::ImageConfig;
use crate::vfs::ignore::IgnoreMatcher;

/// The configuration of a base image, by its full name and platform; `None` where there is no such image.
pub type Images<'a> = dyn Fn(&str, &Platform) -> Option<ImageConfig> + 'a;

/// What the checks look at.
pub struct CheckInput<'a> {
    /// The Dockerfile.
    pub dockerfile: &'a Dockerfile,
    /// Its text.
    pub text: &'a str,
    /// Build arguments, target and platform.
    pub options: &'a StageOptions,
    /// Whether all stages are looked at, and not only those that the target needs. A check without a build does so
    /// where no target was given.
    pub all_stages: bool,
    /// Base images.
    pub images: &'a Images<'a>,
    /// What `.dockerignore` hides; `None` where there is none. The error is what is wrong with it, in BuildKit's words.
    pub ignore: Result<Option<&'a IgnoreMatcher>, &'a str>,
}

/// What the checks have found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CheckReport {
    /// In the order in which BuildKit finds them.
    pub warnings: Vec<Warning>,
    /// The error at which BuildKit stops looking. It may be one that only a build can describe in full, such as a base
    /// image that does not exist.
    pub error: Option<StageError>,
    /// What the warnings amount to where `error=true` was said: a build fails with it if nothing else stops it.
    pub violation: Option<StageError>,
    /// What is wrong with the options of the checks: BuildKit says so before it looks at the rest of the text.
    pub bad_options: Option<StageError>,
}

impl CheckReport {
    /// The warnings as diagnostics, in the order of the text.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        let mut diagnostics: Vec<Diagnostic> =
            self.warnings.iter().map(|warning| warning.diagnostic.clone()).collect();
        crate::order::sort_by_key(&mut diagnostics, |diagnostic| diagnostic.range);
        diagnostics
    }
}

/// Runs all checks.
pub fn check(input: &CheckInput<'_>) -> CheckReport {
    let config = match config_of(input) {
        Ok(config) => config,
        Err(message) => {
            let lines = input.dockerfile.syntax_lines().into_iter().collect();
            let error = StageError { message, lines };
            return CheckReport {
                error: Some(error.clone()),
                bad_options: Some(error),
                ..CheckReport::default()
            };
        }
    };
    let mut reporter = reporter::Reporter::new(input.text, config);
    let error = walk::walk(input, &mut reporter).err();
    let lines = input.dockerfile.syntax_lines().into_iter().collect();
    let violation = reporter.failure().map(|message| StageError { message, lines });
    CheckReport { warnings: reporter.warnings, error, violation, bad_options: None }
}

/// A build argument has precedence over the directive.
fn config_of(input: &CheckInput<'_>) -> Result<Config, String> {
    const ARGUMENT: &str = "BUILDKIT_DOCKERFILE_CHECK";
    if let Some(value) = input.options.arguments.get(ARGUMENT) {
        return Config::parse(value)
            .map_err(|error| format!("failed to parse build-arg:{ARGUMENT}: {error}"));
    }
    let directive = input.dockerfile.directive("check").map_or("", |directive| directive.value.as_str());
    Config::parse(directive.split(' ').next().unwrap_or_default())
        .map_err(|error| format!("failed to parse check options: {error}"))
}
