//! # UndefinedVar
//!
//! ## Output
//!
//! ```text
//! Usage of undefined variable '$foo'
//! ```
//!
//! ## Description
//!
//! A variable that no `ARG`, no `ENV` and no base image sets is empty.
//! Mostly that is a slip of the pen, or the definition stands too late: an `ARG` holds from its line on, and only in its stage.
//!
//! ## Bad
//!
//! ```dockerfile
//! FROM alpine
//! COPY $foo /app
//! ```
//!
//! ## Good
//!
//! ```dockerfile
//! FROM alpine
//! ARG foo=src
//! COPY $foo /app
//! ```

use crate::check::reporter::{Finding, Place, Reporter};
use crate::check::ruleset::Rule;
use crate::dockerfile::expand::Variables;
use crate::dockerfile::scope::ARGUMENTS_WITHOUT_VARIABLE;
use crate::dockerfile::suggest::nearest;
use std::collections::BTreeSet;

/// The rule.
pub static RULE: Rule = Rule {
    name: "UndefinedVar",
    description: "Variables should be defined before their use",
    url: "https://docs.docker.com/go/dockerfile/rule/undefined-var/",
    experimental: false,
};

/// Looks at the names that the expansion of one word did not find. Arguments that were declared without a value are
/// defined all the same.
pub(in crate::check) fn check(
    reporter: &mut Reporter<'_>,
    place: Place,
    unmatched: &BTreeSet<String>,
    arguments: &[String],
    variables: &dyn Variables,
) {
    for name in unmatched {
        if arguments.contains(name) || ARGUMENTS_WITHOUT_VARIABLE.contains(&name.as_str()) {
            continue;
        }
        let suggestion = nearest(name, variables.names());
        let hint = suggestion.map(|found| format!(" (did you mean ${found}?)")).unwrap_or_default();
        let message = format!("Usage of undefined variable '${name}'{hint}");
        reporter.report(&RULE, Finding::new(place, message).rename_variable(name, suggestion));
    }
}
