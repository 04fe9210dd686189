//! # ExposeInvalidFormat
//!
//! ## Output
//!
//! ```text
//! EXPOSE instruction should not define an IP address or host-port mapping, found '127.0.0.1:80:80'
//! ```
//!
//! ## Description
//!
//! `EXPOSE` says which ports of the container are served; where they appear on the host is decided by `docker run -p`.
//! An address or a host's port is dropped.
//!
//! ## Bad
//!
//! ```dockerfile
//! FROM alpine
//! EXPOSE 127.0.0.1:80:80
//! ```
//!
//! ## Good
//!
//! ```dockerfile
//! FROM alpine
//! EXPOSE 80
//! ```

use crate::check::reporter::{Finding, Place, Reporter};
use crate::check::ruleset::Rule;
use crate::dockerfile::port::PortSpec;

/// The rule.
pub static RULE: Rule = Rule {
    name: "ExposeInvalidFormat",
    description: "IP address and host-port mapping should not be used in EXPOSE instruction. This will become an error in a future release",
    url: "https://docs.docker.com/go/dockerfile/rule/expose-invalid-format/",
    experimental: false,
};

/// Looks at one port, as written and taken apart.
pub(in crate::check) fn check(reporter: &mut Reporter<'_>, place: Place, raw: &str, port: &PortSpec<'_>) {
    if port.ip.is_empty() && port.host_port.is_empty() {
        return;
    }
    let message =
        format!("EXPOSE instruction should not define an IP address or host-port mapping, found '{raw}'");
    let (_, right) = raw.rsplit_once(':').unwrap_or(("", raw));
    reporter.report(&RULE, Finding::new(place, message).replace(raw, right));
}
