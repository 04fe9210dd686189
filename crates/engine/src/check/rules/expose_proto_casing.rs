//! # ExposeProtoCasing
//!
//! ## Output
//!
//! ```text
//! Defined protocol '80/TcP' in EXPOSE instruction should be lowercase
//! ```
//!
//! ## Description
//!
//! Protocols are written in lower case in images.
//! One that is written otherwise is taken for it, but cannot be found by its name in the Dockerfile.
//!
//! ## Bad
//!
//! ```dockerfile
//! FROM alpine
//! EXPOSE 80/TcP
//! ```
//!
//! ## Good
//!
//! ```dockerfile
//! FROM alpine
//! EXPOSE 80/tcp
//! ```

use crate::case::Case;
use crate::check::reporter::{Finding, Place, Reporter};
use crate::check::ruleset::Rule;
use crate::dockerfile::port::PortSpec;

/// The rule.
pub static RULE: Rule = Rule {
    name: "ExposeProtoCasing",
    description: "Protocol in EXPOSE instruction should be lowercase",
    url: "https://docs.docker.com/go/dockerfile/rule/expose-proto-casing/",
    experimental: false,
};

/// Looks at one port, as written and taken apart.
pub(in crate::check) fn check(reporter: &mut Reporter<'_>, place: Place, raw: &str, port: &PortSpec<'_>) {
    if port.protocol != port.protocol.lower() {
        let message = format!("Defined protocol '{raw}' in EXPOSE instruction should be lowercase");
        reporter.report(&RULE, Finding::new(place, message).replace(raw, &raw.lower()));
    }
}
