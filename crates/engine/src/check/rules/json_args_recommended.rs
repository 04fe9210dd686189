//! # JSONArgsRecommended
//!
//! ## Output
//!
//! ```text
//! JSON arguments recommended for ENTRYPOINT to prevent unintended behavior related to OS signals
//! ```
//!
//! ## Description
//!
//! In shell form the container's first process is a shell, and the program is its child.
//! Signals such as the one of `docker stop` reach the shell, which does not hand them on, so the container is killed after a delay instead of stopping.
//! With a JSON array the program itself is the first process.
//! Where a `SHELL` was set, in the Dockerfile or in the base image, a shell is taken to be wanted.
//!
//! ## Bad
//!
//! ```dockerfile
//! FROM alpine
//! ENTRYPOINT my-program start
//! ```
//!
//! ## Good
//!
//! ```dockerfile
//! FROM alpine
//! ENTRYPOINT ["my-program", "start"]
//! ```

use crate::check::reporter::{Finding, Place, Reporter};
use crate::check::ruleset::Rule;
use crate::dockerfile::{CommandForm, CommandLine, Instruction};

/// The rule.
pub static RULE: Rule = Rule {
    name: "JSONArgsRecommended",
    description: "JSON arguments recommended for ENTRYPOINT/CMD to prevent unintended behavior related to OS signals",
    url: "https://docs.docker.com/go/dockerfile/rule/json-args-recommended/",
    experimental: false,
};

/// Looks at a `CMD` or `ENTRYPOINT` in a stage with or without a shell of its own.
pub(in crate::check) fn check(
    reporter: &mut Reporter<'_>,
    instruction: &Instruction,
    command: &CommandLine,
    has_shell: bool,
) {
    if has_shell || matches!(command.form, CommandForm::Exec(_)) {
        return;
    }
    let message = format!(
        "JSON arguments recommended for {} to prevent unintended behavior related to OS signals",
        instruction.keyword
    );
    reporter.report(&RULE, Finding::new(Place::of(instruction), message));
}
