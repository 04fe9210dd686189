//! # CopyIgnoredFile
//!
//! ## Output
//!
//! ```text
//! Attempting to Copy file "app/tmp/notes" that is excluded by .dockerignore
//! ```
//!
//! ## Description
//!
//! What `.dockerignore` excludes is not in the build context, so it cannot be copied.
//! The build would fail with a message that speaks of a missing file.
//! Files with exceptions (`!`) are not looked at, as what they let through depends on the files that there are.
//!
//! ## Bad
//!
//! ```dockerfile
//! # with the line `*/tmp/*` in .dockerignore
//! FROM scratch
//! COPY ./app/tmp/notes /
//! ```
//!
//! ## Good
//!
//! ```dockerfile
//! FROM scratch
//! COPY ./forms/notes /
//! ```

use crate::check::reporter::{Finding, Place, Reporter};
use crate::check::ruleset::Rule;
use crate::dockerfile::quote::quote;
use crate::vfs::ignore::IgnoreMatcher;

/// The rule.
pub static RULE: Rule = Rule {
    name: "CopyIgnoredFile",
    description: "Attempting to Copy file that is excluded by .dockerignore",
    url: "https://docs.docker.com/go/dockerfile/rule/copy-ignored-file/",
    experimental: false,
};

/// Looks at one source of an `ADD` or `COPY` from the context; `verb` is `Add` or `Copy`.
pub(in crate::check) fn check(
    reporter: &mut Reporter<'_>,
    place: Place,
    verb: &str,
    source: &str,
    ignore: &IgnoreMatcher,
) {
    if ignore.has_exceptions() {
        return;
    }
    let path = clean(source);
    // The root itself is ignored only where a pattern takes all that is in it.
    let hidden = match path.as_str() {
        "." | "/" => ignore.has_pattern_for_everything(),
        // Patterns are relative, so BuildKit finds none for an absolute path.
        path => !path.starts_with('/') && ignore.matches(path),
    };
    if hidden {
        let message = format!("Attempting to {verb} file {} that is excluded by .dockerignore", quote(&path));
        reporter.report(&RULE, Finding::new(place, message));
    }
}

/// The path without `.`, `..` and repeated slashes, as far as they can be resolved.
fn clean(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    let rooted = path.starts_with('/');
    for part in path.split('/').filter(|part| !matches!(*part, "" | ".")) {
        match (part, parts.last()) {
            ("..", Some(last)) if *last != ".." => {
                parts.pop();
            }
            ("..", _) if rooted => {}
            _ => parts.push(part),
        }
    }
    match (rooted, parts.join("/")) {
        (true, joined) => format!("/{joined}"),
        (false, joined) if joined.is_empty() => ".".into(),
        (false, joined) => joined,
    }
}

#[cfg(test)]
mod tests {
    use super::clean;

    #[test]
    fn cleans_paths() {
        for (path, cleaned) in
            [("./a//b/", "a/b"), ("", "."), ("a/..", "."), ("/../a", "/a"), ("../a/./..", "..")]
        {
            assert_eq!(clean(path), cleaned);
        }
    }
}
