//! Which paths a context may have.

use super::error::error;
use crate::protocol::ErrorView;

/// The longest path and the longest name, in bytes, as Linux has them.
const PATH_BYTES: usize = 4096;
const NAME_BYTES: usize = 255;

/// The absolute path in the tree for a path of the context, or why there can be none.
///
/// A path is relative, with `/` between its parts; no part is empty, `.` or `..`.
pub(crate) fn absolute(path: &str) -> Result<String, ErrorView> {
    let invalid = |detail: &str| Err(error("path/invalid", path, detail));
    if path.is_empty() {
        return invalid("the path is empty");
    }
    if path.starts_with('/') {
        return invalid("the path is absolute");
    }
    if path.len() >= PATH_BYTES {
        return invalid("the path is too long");
    }
    if path.chars().any(char::is_control) {
        return invalid("the path has a control character");
    }
    for part in path.split('/') {
        match part {
            "" => return invalid("a part of the path is empty"),
            "." | ".." => return invalid("the path has . or .. in it"),
            _ if part.len() > NAME_BYTES => return invalid("a name is too long"),
            _ => {}
        }
    }
    Ok(format!("/{path}"))
}

/// The path of the context for an absolute path in the tree.
pub(crate) fn relative(path: &str) -> &str {
    path.strip_prefix('/').unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_in_the_context() {
        for path in ["Dockerfile", "src/app.js", ".dockerignore", "a b/ü", "..a", "a\\b"] {
            assert_eq!(absolute(path).as_deref(), Ok(format!("/{path}").as_str()));
        }
        let long = "a".repeat(256);
        for path in ["", "/etc/passwd", "..", "a/../b", "./a", "a//b", "a/", "a\0b", "a\nb", long.as_str()] {
            assert_eq!(
                absolute(path).map_err(|error| error.code),
                Err("path/invalid".to_owned()),
                "{path:?}"
            );
        }
    }
}
