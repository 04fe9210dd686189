//! # DuplicateStageName
//!
//! ## Output
//!
//! ```text
//! Duplicate stage name "builder", stage names should be unique
//! ```
//!
//! ## Description
//!
//! A name that two stages share refers to the later one for whatever follows both.
//! The earlier stage can then only be reached by its number, if at all.
//!
//! ## Bad
//!
//! ```dockerfile
//! FROM debian AS builder
//! RUN make
//!
//! FROM golang AS builder
//! RUN go build
//! ```
//!
//! ## Good
//!
//! ```dockerfile
//! FROM debian AS deb-builder
//! RUN make
//!
//! FROM golang AS go-builder
//! RUN go build
//! ```

use crate::check::reporter::{Finding, Place, Reporter};
use crate::check::ruleset::Rule;
use crate::dockerfile::Stage;
use crate::dockerfile::quote::quote;

/// The rule.
pub static RULE: Rule = Rule {
    name: "DuplicateStageName",
    description: "Stage names should be unique",
    url: "https://docs.docker.com/go/dockerfile/rule/duplicate-stage-name/",
    experimental: false,
};

/// Looks at a stage and those before it.
pub(in crate::check) fn check(reporter: &mut Reporter<'_>, stage: &Stage, earlier: &[Stage]) {
    let Some(name) = &stage.name else { return };
    if let Some(first) = earlier.iter().find(|other| other.name.as_ref() == Some(name)) {
        let message = format!("Duplicate stage name {}, stage names should be unique", quote(name));
        let finding = Finding::new(Place::of(&stage.from), message);
        reporter.report(&RULE, finding.label(first.from.range, "the name is taken here"));
    }
}
