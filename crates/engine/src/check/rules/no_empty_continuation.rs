//! # NoEmptyContinuation
//!
//! ## Output
//!
//! ```text
//! Empty continuation line
//! ```
//!
//! ## Description
//!
//! An instruction that goes on behind an empty line is easily read as two instructions.
//! BuildKit still accepts it, and has announced that it will not for ever.
//! A line with nothing but a comment is fine.
//!
//! ## Bad
//!
//! ```dockerfile
//! FROM alpine
//! RUN apk add \
//!
//!     curl
//! ```
//!
//! ## Good
//!
//! ```dockerfile
//! FROM alpine
//! RUN apk add \
//!     # for the health check
//!     curl
//! ```

use crate::check::reporter::{Finding, Place, Reporter};
use crate::check::ruleset::Rule;
use crate::dockerfile::InstructionLine;

/// The rule.
pub static RULE: Rule = Rule {
    name: "NoEmptyContinuation",
    description: "Empty continuation lines will become errors in a future release",
    url: "https://docs.docker.com/go/dockerfile/rule/no-empty-continuation/",
    experimental: false,
};

/// Looks at one instruction. BuildKit reports the line on which it ends.
pub(in crate::check) fn check(reporter: &mut Reporter<'_>, line: &InstructionLine) {
    if let Some(number) = line.empty_continuation {
        let place = Place { lines: (number, number), range: line.range };
        reporter.report(&RULE, Finding::new(place, "Empty continuation line"));
    }
}
