//! # InvalidBaseImagePlatform
//!
//! ## Output
//!
//! ```text
//! Base image alpine was pulled with platform "linux/amd64", expected "linux/arm64" for current build
//! ```
//!
//! ## Description
//!
//! A base image that exists for one platform only is used whatever platform was asked for.
//! Its programs then need emulation, or do not start at all.
//!
//! ## Bad
//!
//! ```dockerfile
//! # with an alpine that exists for linux/amd64 only
//! FROM --platform=linux/arm64 alpine AS arm64
//! ```
//!
//! ## Good
//!
//! ```dockerfile
//! FROM alpine
//! ```

use crate::check::reporter::{Finding, Place, Reporter};
use crate::check::ruleset::Rule;
use crate::dockerfile::platform::Platform;
use crate::dockerfile::quote::quote;

/// The rule.
pub static RULE: Rule = Rule {
    name: "InvalidBaseImagePlatform",
    description: "Base image platform does not match expected target platform",
    url: "",
    experimental: false,
};

/// Compares the platform of an image with the one that was asked for.
pub(in crate::check) fn check(
    reporter: &mut Reporter<'_>,
    place: Place,
    name: &str,
    expected: &Platform,
    actual: &Platform,
) {
    if expected.os == actual.os && expected.architecture == actual.architecture {
        return;
    }
    let message = format!(
        "Base image {name} was pulled with platform {}, expected {} for current build",
        quote(&actual.normalized().to_string()),
        quote(&expected.normalized().to_string())
    );
    reporter.report(&RULE, Finding::new(place, message));
}
