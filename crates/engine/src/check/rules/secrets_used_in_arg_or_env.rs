//! # SecretsUsedInArgOrEnv
//!
//! ## Output
//!
//! ```text
//! Do not use ARG or ENV instructions for sensitive data (ARG "AWS_SECRET_ACCESS_KEY")
//! ```
//!
//! ## Description
//!
//! What an `ENV` holds is in the image, and what an `ARG` holds is in its history: whoever has the image can read both.
//! A secret mount gives a command the secret for as long as it runs.
//! Names that speak of secrets raise the warning; those that also speak of a file, a version or something public do not.
//!
//! ## Bad
//!
//! ```dockerfile
//! FROM alpine
//! ARG AWS_SECRET_ACCESS_KEY
//! ```
//!
//! ## Good
//!
//! ```dockerfile
//! FROM alpine
//! RUN --mount=type=secret,id=aws,env=AWS_SECRET_ACCESS_KEY ./deploy
//! ```

use crate::check::reporter::{Finding, Place, Reporter};
use crate::check::ruleset::Rule;
use crate::dockerfile::quote::quote;

/// The rule.
pub static RULE: Rule = Rule {
    name: "SecretsUsedInArgOrEnv",
    description: "Sensitive data should not be used in the ARG or ENV commands",
    url: "https://docs.docker.com/go/dockerfile/rule/secrets-used-in-arg-or-env/",
    experimental: false,
};

/// Words of a name that speak of secrets.
const SECRET: [&str; 10] =
    ["apikey", "auth", "credential", "credentials", "key", "password", "pword", "passwd", "secret", "token"];

/// Words of a name that say that it is none.
const ALLOWED: [&str; 3] = ["public", "file", "version"];

/// Looks at a name that `keyword` defines.
pub(in crate::check) fn check(reporter: &mut Reporter<'_>, place: Place, keyword: &str, name: &str) {
    let has =
        |words: &[&str]| name.split('_').any(|part| words.iter().any(|word| part.eq_ignore_ascii_case(word)));
    if has(&SECRET) && !has(&ALLOWED) {
        let message =
            format!("Do not use ARG or ENV instructions for sensitive data ({keyword} {})", quote(name));
        reporter.report(&RULE, Finding::new(place, message));
    }
}
