//! # WorkdirRelativePath
//!
//! ## Output
//!
//! ```text
//! Relative workdir "usr/share/nginx/html" can have unexpected results if the base image changes
//! ```
//!
//! ## Description
//!
//! A relative `WORKDIR` starts from the working directory before it.
//! If that comes from the base image, another version of the image may move everything that follows.
//! Only the first `WORKDIR` of a stage is looked at, for with an absolute one the others have firm ground.
//!
//! ## Bad
//!
//! ```dockerfile
//! FROM nginx
//! WORKDIR usr/share/nginx/html
//! COPY public .
//! ```
//!
//! ## Good
//!
//! ```dockerfile
//! FROM nginx
//! WORKDIR /usr/share/nginx/html
//! COPY public .
//! ```

use crate::check::reporter::{Finding, Place, Reporter};
use crate::check::ruleset::Rule;
use crate::dockerfile::quote::quote;

/// The rule.
pub static RULE: Rule = Rule {
    name: "WorkdirRelativePath",
    description: "Relative workdir without an absolute workdir declared within the build can have unexpected results if the base image changes",
    url: "https://docs.docker.com/go/dockerfile/rule/workdir-relative-path/",
    experimental: false,
};

/// Looks at the first `WORKDIR` of a stage and of those it builds on.
pub(in crate::check) fn check(reporter: &mut Reporter<'_>, place: Place, path: &str) {
    if !path.starts_with('/') {
        let message =
            format!("Relative workdir {} can have unexpected results if the base image changes", quote(path));
        reporter.report(&RULE, Finding::new(place, message));
    }
}
