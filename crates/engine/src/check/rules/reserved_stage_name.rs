//! # ReservedStageName
//!
//! ## Output
//!
//! ```text
//! Stage name should not use the same name as reserved stage "scratch"
//! ```
//!
//! ## Description
//!
//! `scratch` means the empty base and `context` the build context.
//! A stage with such a name hides them, or is hidden by them.
//!
//! ## Bad
//!
//! ```dockerfile
//! FROM alpine AS scratch
//! ```
//!
//! ## Good
//!
//! ```dockerfile
//! FROM alpine AS base
//! ```

use crate::check::reporter::{Finding, Place, Reporter};
use crate::check::ruleset::Rule;
use crate::dockerfile::Stage;
use crate::dockerfile::quote::quote;

/// The rule.
pub static RULE: Rule = Rule {
    name: "ReservedStageName",
    description: "Reserved words should not be used as stage names",
    url: "https://docs.docker.com/go/dockerfile/rule/reserved-stage-name/",
    experimental: false,
};

/// Names that mean something else.
const RESERVED: [&str; 2] = ["context", "scratch"];

/// Looks at a stage.
pub(in crate::check) fn check(reporter: &mut Reporter<'_>, stage: &Stage) {
    if let Some(name) = stage.name.as_deref().filter(|name| RESERVED.contains(name)) {
        let message = format!("Stage name should not use the same name as reserved stage {}", quote(name));
        reporter.report(&RULE, Finding::new(Place::of(&stage.from), message));
    }
}
