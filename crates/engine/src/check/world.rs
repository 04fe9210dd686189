//! Checks of a build: the same as the others, with base images from the world.

use super::{CheckInput, CheckReport, check};
use crate::dockerfile::Dockerfile;
use crate::dockerfile::platform::Platform;
use crate::dockerfile::stages::StageOptions;
use crate::vfs::ignore::IgnoreMatcher;
use crate::world::World;

/// What is checked, where the images come from the world.
pub struct BuildCheck<'a> {
    /// The Dockerfile.
    pub dockerfile: &'a Dockerfile,
    /// Its text.
    pub text: &'a str,
    /// `--build-arg`; the last one of a name counts.
    pub build_args: &'a [(String, String)],
    /// `--target`.
    pub target: Option<&'a str>,
    /// `--platform`.
    pub platform: &'a str,
    /// The text of `.dockerignore`; empty for none.
    pub ignore: &'a str,
    /// Whether this is a check without a build: then all stages are looked at where no target was given.
    pub check_only: bool,
}

impl BuildCheck<'_> {
    /// Runs all checks. A platform that cannot be read counts as the usual one; the build says so.
    pub fn run(&self, world: &dyn World) -> CheckReport {
        let options = StageOptions {
            arguments: self.build_args.iter().cloned().collect(),
            target: self.target.map(str::to_owned),
            platform: Platform::parse(self.platform).unwrap_or_default(),
        };
        let ignore = IgnoreMatcher::parse(self.ignore).map_err(|error| error.to_string());
        let images = |name: &str, platform: &Platform| {
            world.resolve_image(name, &platform.to_string()).ok().map(|image| image.config.clone())
        };
        check(&CheckInput {
            dockerfile: self.dockerfile,
            text: self.text,
            options: &options,
            all_stages: self.check_only && self.target.is_none_or(str::is_empty),
            images: &images,
            ignore: match &ignore {
                Ok(matcher) => Ok(Some(matcher).filter(|matcher| !matcher.is_empty())),
                Err(fault) => Err(fault),
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dockerfile::parse;
    use crate::oci::Image;
    use crate::world::WorldError;
    use std::sync::Arc;

    struct Empty;

    impl World for Empty {
        fn now(&self) -> i64 {
            0
        }

        fn resolve_image(&self, reference: &str, _: &str) -> Result<Arc<Image>, WorldError> {
            Err(WorldError::UnknownImage { name: reference.to_owned(), nearest: Vec::new() })
        }
    }

    fn rules(text: &str, ignore: &str, check_only: bool) -> Vec<&'static str> {
        let dockerfile = parse(text).value;
        let check = BuildCheck {
            dockerfile: &dockerfile,
            text,
            build_args: &[],
            target: None,
            platform: "linux/amd64",
            ignore,
            check_only,
        };
        check.run(&Empty).warnings.iter().map(|warning| warning.rule.name).collect()
    }

    #[test]
    fn looks_at_the_stages_that_are_built() {
        let text = "FROM scratch AS a\nCOPY x /\nFROM scratch\nCMD a\n";
        assert_eq!(rules(text, "x", false), ["JSONArgsRecommended"]);
        assert_eq!(rules(text, "x", true), ["CopyIgnoredFile", "JSONArgsRecommended"]);
        assert_eq!(rules(text, "x\n!y", true), ["JSONArgsRecommended"]);
    }

    #[test]
    fn stops_at_an_image_that_does_not_exist() {
        assert_eq!(rules("FROM nosuch as a\nCMD b", "", false), ["FromAsCasing"]);
    }

    #[test]
    fn comments_and_directives_turn_checks_off() {
        let text = "FROM scratch\n# check=skip=JSONArgsRecommended\nCMD a";
        assert_eq!(rules(text, "", false), Vec::<&str>::new());
        assert_eq!(rules("# check=skip=all\nFROM scratch\nCMD a", "", false), Vec::<&str>::new());
        let failing = "# check=error=true\nFROM scratch\nCMD a";
        let dockerfile = parse(failing).value;
        let check = BuildCheck {
            dockerfile: &dockerfile,
            text: failing,
            build_args: &[],
            target: None,
            platform: "linux/amd64",
            ignore: "",
            check_only: false,
        };
        let error = check.run(&Empty).violation.unwrap();
        assert_eq!(error.message, "lint violation found for rules: JSONArgsRecommended");
    }
}
