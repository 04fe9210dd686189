//! # LegacyKeyValueFormat
//!
//! ## Output
//!
//! ```text
//! "ENV key=value" should be used instead of legacy "ENV key value" format
//! ```
//!
//! ## Description
//!
//! The old form takes everything behind the name as the value, quotes and further pairs included.
//! With an equals sign it is plain what belongs to what.
//!
//! ## Bad
//!
//! ```dockerfile
//! FROM alpine
//! ENV DEPS curl git make
//! ```
//!
//! ## Good
//!
//! ```dockerfile
//! FROM alpine
//! ENV DEPS="curl git make"
//! ```

use crate::check::reporter::{Finding, Place, Reporter};
use crate::check::ruleset::Rule;
use crate::dockerfile::{Instruction, KeyValue};

/// The rule.
pub static RULE: Rule = Rule {
    name: "LegacyKeyValueFormat",
    description: "Legacy key/value format with whitespace separator should not be used",
    url: "https://docs.docker.com/go/dockerfile/rule/legacy-key-value-format/",
    experimental: false,
};

/// Looks at one pair of an `ENV` or `LABEL`.
pub(in crate::check) fn check(reporter: &mut Reporter<'_>, instruction: &Instruction, pair: &KeyValue) {
    if pair.legacy {
        let keyword = &instruction.keyword;
        let message = format!(
            "\"{keyword} key=value\" should be used instead of legacy \"{keyword} key value\" format"
        );
        reporter.report(&RULE, Finding::new(Place::of(instruction), message));
    }
}
