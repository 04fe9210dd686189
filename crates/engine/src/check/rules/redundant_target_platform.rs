//! # RedundantTargetPlatform
//!
//! ## Output
//!
//! ```text
//! Setting platform to predefined $TARGETPLATFORM in FROM is redundant as this is the default behavior
//! ```
//!
//! ## Description
//!
//! A stage is built for the target platform unless something else is said.
//! Saying it changes nothing.
//!
//! ## Bad
//!
//! ```dockerfile
//! FROM --platform=$TARGETPLATFORM alpine AS builder
//! ```
//!
//! ## Good
//!
//! ```dockerfile
//! FROM alpine AS builder
//! ```

use crate::check::reporter::{Finding, Place, Reporter};
use crate::check::ruleset::Rule;
use crate::dockerfile::expand::{Expansion, Variables};
use crate::dockerfile::scope::GlobalScope;

/// The rule.
pub static RULE: Rule = Rule {
    name: "RedundantTargetPlatform",
    description: "Setting platform to predefined $TARGETPLATFORM in FROM is redundant as this is the default behavior",
    url: "https://docs.docker.com/go/dockerfile/rule/redundant-target-platform/",
    experimental: false,
};

/// Looks at `--platform` as written and as expanded.
pub(in crate::check) fn check(
    reporter: &mut Reporter<'_>,
    place: Place,
    written: &str,
    expansion: &Expansion,
    scope: &GlobalScope,
) {
    let only_target = expansion.unmatched.is_empty() && expansion.matched.iter().eq(["TARGETPLATFORM"]);
    if only_target && Variables::get(&scope.variables, "TARGETPLATFORM") == Some(&expansion.text) {
        let message = format!(
            "Setting platform to predefined {written} in FROM is redundant as this is the default behavior"
        );
        let finding = Finding::new(place, message);
        reporter.report(&RULE, finding.replace(&format!("--platform={written} "), ""));
    }
}
