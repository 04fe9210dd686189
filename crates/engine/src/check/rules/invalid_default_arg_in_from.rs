//! # InvalidDefaultArgInFrom
//!
//! ## Output
//!
//! ```text
//! Default value for ARG busybox:${TAG} results in empty or invalid base image name
//! ```
//!
//! ## Description
//!
//! A Dockerfile should build without build arguments.
//! Where the defaults leave the name of a base image empty or broken, everybody has to know which argument to give.
//!
//! ## Bad
//!
//! ```dockerfile
//! ARG TAG
//! FROM busybox:${TAG}
//! ```
//!
//! ## Good
//!
//! ```dockerfile
//! ARG TAG=latest
//! FROM busybox:${TAG}
//! ```

use crate::check::reporter::{Finding, Place, Reporter};
use crate::check::ruleset::Rule;
use crate::dockerfile::Stage;
use crate::dockerfile::reference::ImageReference;

/// The rule.
pub static RULE: Rule = Rule {
    name: "InvalidDefaultArgInFrom",
    description: "Default value for global ARG results in an empty or invalid base image name",
    url: "https://docs.docker.com/go/dockerfile/rule/invalid-default-arg-in-from/",
    experimental: false,
};

/// Looks at a stage and at its base as the defaults make it.
pub(in crate::check) fn check(reporter: &mut Reporter<'_>, stage: &Stage, base: &str) {
    if ImageReference::parse(base).is_err() {
        let message =
            format!("Default value for ARG {} results in empty or invalid base image name", stage.base);
        reporter.report(&RULE, Finding::new(Place::of(&stage.from), message));
    }
}
