//! # StageNameCasing
//!
//! ## Output
//!
//! ```text
//! Stage name 'BuilderBase' should be lowercase
//! ```
//!
//! ## Description
//!
//! Names of stages mean the same in any case, and BuildKit keeps them in lower case.
//! A name that is written in lower case everywhere is found by search and cannot be mistaken for another one.
//!
//! ## Bad
//!
//! ```dockerfile
//! FROM alpine AS BuilderBase
//! ```
//!
//! ## Good
//!
//! ```dockerfile
//! FROM alpine AS builder-base
//! ```

use crate::case::Case;
use crate::check::reporter::{Finding, Place, Reporter};
use crate::check::ruleset::Rule;

/// The rule.
pub static RULE: Rule = Rule {
    name: "StageNameCasing",
    description: "Stage names should be lowercase",
    url: "https://docs.docker.com/go/dockerfile/rule/stage-name-casing/",
    experimental: false,
};

/// Looks at the words of a `FROM`.
pub(in crate::check) fn check(reporter: &mut Reporter<'_>, place: Place, words: &[String]) {
    let [_, _, name] = words else { return };
    let lower = name.lower();
    if *name != lower {
        let finding = Finding::new(place, format!("Stage name '{name}' should be lowercase"));
        reporter.report(&RULE, finding.replace(name, &lower));
    }
}
