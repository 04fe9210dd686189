//! # UndefinedArgInFrom
//!
//! ## Output
//!
//! ```text
//! FROM argument 'VARIANT' is not declared
//! ```
//!
//! ## Description
//!
//! A `FROM` sees only the `ARG`s in front of the first stage, and the predefined platform arguments.
//! An argument that is not among them is empty there, whatever `--build-arg` says.
//!
//! ## Bad
//!
//! ```dockerfile
//! FROM node:22${VARIANT}
//! ```
//!
//! ## Good
//!
//! ```dockerfile
//! ARG VARIANT="-alpine3.20"
//! FROM node:22${VARIANT}
//! ```

use crate::check::reporter::{Finding, Place, Reporter};
use crate::check::ruleset::Rule;
use crate::dockerfile::expand::Expansion;
use crate::dockerfile::scope::GlobalScope;
use crate::dockerfile::suggest::{nearest, with_suggestion};

/// The rule.
pub static RULE: Rule = Rule {
    name: "UndefinedArgInFrom",
    description: "FROM command must use declared ARGs",
    url: "https://docs.docker.com/go/dockerfile/rule/undefined-arg-in-from/",
    experimental: false,
};

/// Looks at what a word of a `FROM` was expanded with.
pub(in crate::check) fn check(
    reporter: &mut Reporter<'_>,
    place: Place,
    expansion: &Expansion,
    scope: &GlobalScope,
) {
    for name in expansion.unmatched.iter().filter(|name| !scope.knows(name)) {
        let suggestion = nearest(name, scope.names());
        let message = with_suggestion(format!("FROM argument '{name}' is not declared"), suggestion);
        let finding = Finding::new(place, message);
        reporter.report(&RULE, finding.rename_variable(name, suggestion));
    }
}
