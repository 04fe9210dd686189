//! # ConsistentInstructionCasing
//!
//! ## Output
//!
//! ```text
//! Command 'run' should match the case of the command majority (uppercase)
//! ```
//!
//! ## Description
//!
//! Keywords may be written in any case, but a file that mixes them looks as if the case meant something.
//! The case that most instructions have is taken as the one that is meant; upper case wins a tie.
//!
//! ## Bad
//!
//! ```dockerfile
//! FROM alpine
//! run echo hello
//! ENTRYPOINT ["/start"]
//! ```
//!
//! ## Good
//!
//! ```dockerfile
//! FROM alpine
//! RUN echo hello
//! ENTRYPOINT ["/start"]
//! ```

use crate::case::Case;
use crate::check::reporter::{Finding, Place, Reporter};
use crate::check::ruleset::Rule;
use crate::dockerfile::{Dockerfile, Instruction};

/// The rule.
pub static RULE: Rule = Rule {
    name: "ConsistentInstructionCasing",
    description: "All commands within the Dockerfile should use the same casing (either upper or lower)",
    url: "https://docs.docker.com/go/dockerfile/rule/consistent-instruction-casing/",
    experimental: false,
};

/// Looks at all instructions of all stages.
pub(in crate::check) fn check(reporter: &mut Reporter<'_>, dockerfile: &Dockerfile) {
    let instructions =
        || dockerfile.stages.iter().flat_map(|stage| [&stage.from].into_iter().chain(&stage.instructions));
    let lower = instructions().filter(|instruction| is_lower(&instruction.keyword)).count();
    let upper = instructions().filter(|instruction| is_upper(&instruction.keyword)).count();
    for instruction in instructions() {
        check_one(reporter, instruction, lower > upper);
    }
}

fn check_one(reporter: &mut Reporter<'_>, instruction: &Instruction, to_lower: bool) {
    let keyword = &instruction.keyword;
    let (right, case) =
        if to_lower { (keyword.lower(), "lowercase") } else { (keyword.upper(), "uppercase") };
    if *keyword != right {
        let message = format!("Command '{keyword}' should match the case of the command majority ({case})");
        let finding = Finding::new(Place::of(instruction), message);
        reporter.report(&RULE, finding.replace_range(instruction.keyword_range, &right));
    }
}

fn is_lower(keyword: &str) -> bool {
    keyword == keyword.lower()
}

fn is_upper(keyword: &str) -> bool {
    keyword == keyword.upper() && !is_lower(keyword)
}
