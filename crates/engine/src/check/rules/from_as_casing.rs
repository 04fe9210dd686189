//! # FromAsCasing
//!
//! ## Output
//!
//! ```text
//! 'as' and 'FROM' keywords' casing do not match
//! ```
//!
//! ## Description
//!
//! `FROM` and `AS` are two halves of one instruction.
//! Written in one case they are easier to read as such.
//! A `From` in mixed case is the business of `ConsistentInstructionCasing`.
//!
//! ## Bad
//!
//! ```dockerfile
//! FROM alpine as builder
//! ```
//!
//! ## Good
//!
//! ```dockerfile
//! FROM alpine AS builder
//!
//! # or
//! from alpine as builder
//! ```

use crate::case::Case;
use crate::check::reporter::{Finding, Place, Reporter};
use crate::check::ruleset::Rule;

/// The rule.
pub static RULE: Rule = Rule {
    name: "FromAsCasing",
    description: "The 'as' keyword should match the case of the 'from' keyword",
    url: "https://docs.docker.com/go/dockerfile/rule/from-as-casing/",
    experimental: false,
};

/// Looks at the words of a `FROM` with this keyword.
pub(in crate::check) fn check(reporter: &mut Reporter<'_>, place: Place, keyword: &str, words: &[String]) {
    let [_, as_keyword, _, ..] = words else { return };
    let right = if keyword == keyword.lower() {
        as_keyword.lower()
    } else if keyword == keyword.upper() {
        as_keyword.upper()
    } else {
        return;
    };
    if *as_keyword != right {
        let message = format!("'{as_keyword}' and '{keyword}' keywords' casing do not match");
        let (before, after) = (format!(" {as_keyword} "), format!(" {right} "));
        let finding = Finding::new(place, message);
        // BuildKit looks at the case of whatever word stands there; another case mends only an `as`.
        let is_as = as_keyword.eq_ignore_ascii_case("as");
        let finding = if is_as { finding.replace(&before, &after) } else { finding };
        reporter.report(&RULE, finding);
    }
}
