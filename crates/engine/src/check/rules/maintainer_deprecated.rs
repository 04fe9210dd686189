//! # MaintainerDeprecated
//!
//! ## Output
//!
//! ```text
//! Maintainer instruction is deprecated in favor of using label
//! ```
//!
//! ## Description
//!
//! `MAINTAINER` sets one field that few tools read.
//! The label `org.opencontainers.image.authors` says the same in a form that tools look for.
//!
//! ## Bad
//!
//! ```dockerfile
//! FROM alpine
//! MAINTAINER moby@example.com
//! ```
//!
//! ## Good
//!
//! ```dockerfile
//! FROM alpine
//! LABEL org.opencontainers.image.authors="moby@example.com"
//! ```

use crate::check::reporter::{Finding, Place, Reporter};
use crate::check::ruleset::Rule;

/// The rule.
pub static RULE: Rule = Rule {
    name: "MaintainerDeprecated",
    description: "The MAINTAINER instruction is deprecated, use a label instead to define an image author",
    url: "https://docs.docker.com/go/dockerfile/rule/maintainer-deprecated/",
    experimental: false,
};

/// Looks at a `MAINTAINER`, wherever one is.
pub(in crate::check) fn check(reporter: &mut Reporter<'_>, place: Place) {
    let message = "Maintainer instruction is deprecated in favor of using label";
    reporter.report(&RULE, Finding::new(place, message));
}
