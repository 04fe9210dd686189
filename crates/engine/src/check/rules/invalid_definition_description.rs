//! # InvalidDefinitionDescription
//!
//! This check is experimental: it runs only where `# check=experimental=…` names it.
//!
//! ## Output
//!
//! ```text
//! Comment for FROM should follow the format: `# base <description>`
//! ```
//!
//! ## Description
//!
//! A comment directly above an `ARG` or a named stage describes it, and `docker build --call=outline` shows it.
//! It is recognised by the name at its beginning.
//! A comment that is not meant so is set apart by an empty line or an empty comment.
//!
//! ## Bad
//!
//! ```dockerfile
//! # check=experimental=InvalidDefinitionDescription
//!
//! # the version of the app
//! ARG VERSION=1
//! # a base for all
//! FROM alpine AS base
//! ```
//!
//! ## Good
//!
//! ```dockerfile
//! # check=experimental=InvalidDefinitionDescription
//!
//! # VERSION is the version of the app
//! ARG VERSION=1
//! # base has what all stages need
//! FROM alpine AS base
//! ```

use crate::case::Case;
use crate::check::reporter::{Finding, Place, Reporter};
use crate::check::ruleset::Rule;
use crate::dockerfile::{Instruction, InstructionKind};

/// The rule.
pub static RULE: Rule = Rule {
    name: "InvalidDefinitionDescription",
    description: "Comment for build stage or argument should follow the format: `# <arg/stage name> <description>`. If this is not intended to be a description comment, add an empty line or comment between the instruction and the comment.",
    url: "https://docs.docker.com/go/dockerfile/rule/invalid-definition-description/",
    experimental: true,
};

/// Looks at an `ARG`, or a `FROM` with a name, and the comments above it.
pub(in crate::check) fn check(reporter: &mut Reporter<'_>, instruction: &Instruction) {
    let names: Vec<String> = match &instruction.kind {
        InstructionKind::Arg(definitions) => definitions.iter().map(|arg| arg.name.clone()).collect(),
        InstructionKind::From(from) => from.name.iter().map(|name| name.lower()).collect(),
        _ => return,
    };
    let (Some(comment), Some(first)) = (instruction.comments.last(), names.first()) else { return };
    let described = comment.split(' ').next().unwrap_or_default();
    if names.iter().any(|name| name == described) {
        return;
    }
    let example = if names.len() > 1 { "<arg_key>" } else { first };
    let keyword = instruction.kind.name();
    let message = format!("Comment for {keyword} should follow the format: `# {example} <description>`");
    reporter.report(&RULE, Finding::new(Place::of(instruction), message));
}
