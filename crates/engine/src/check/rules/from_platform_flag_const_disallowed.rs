//! # FromPlatformFlagConstDisallowed
//!
//! ## Output
//!
//! ```text
//! FROM --platform flag should not use constant value "linux/amd64"
//! ```
//!
//! ## Description
//!
//! A constant platform makes the stage the same for every target, so an image for several platforms is not one.
//! A stage that is named after its platform is taken to mean it.
//!
//! ## Bad
//!
//! ```dockerfile
//! FROM --platform=linux/amd64 alpine AS base
//! ```
//!
//! ## Good
//!
//! ```dockerfile
//! FROM --platform=$BUILDPLATFORM alpine AS base
//!
//! # or
//! FROM --platform=linux/amd64 alpine AS build-amd64
//! ```

use crate::check::reporter::{Finding, Place, Reporter};
use crate::check::ruleset::Rule;
use crate::dockerfile::Stage;
use crate::dockerfile::expand::Expansion;
use crate::dockerfile::platform::Platform;
use crate::dockerfile::quote::quote;

/// The rule.
pub static RULE: Rule = Rule {
    name: "FromPlatformFlagConstDisallowed",
    description: "FROM --platform flag should not use a constant value",
    url: "https://docs.docker.com/go/dockerfile/rule/from-platform-flag-const-disallowed/",
    experimental: false,
};

/// Looks at `--platform` of a stage as expanded.
pub(in crate::check) fn check(reporter: &mut Reporter<'_>, stage: &Stage, expansion: &Expansion) {
    if !expansion.matched.is_empty() || !expansion.unmatched.is_empty() {
        return;
    }
    let Ok(platform) = Platform::parse(&expansion.text) else { return };
    let name = stage.name.as_deref().unwrap_or_default();
    if name.contains(&platform.os) || name.contains(&platform.architecture) {
        return;
    }
    let message = format!("FROM --platform flag should not use constant value {}", quote(&expansion.text));
    reporter.report(&RULE, Finding::new(Place::of(&stage.from), message));
}
