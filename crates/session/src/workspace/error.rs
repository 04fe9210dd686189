//! Why a request to the workspace cannot be done.

use crate::protocol::ErrorView;
use lab_engine::vfs::{VfsError, VfsErrorKind};

/// An error with its code, what it is about and a cause for the curious.
pub(crate) fn error(code: &str, subject: impl Into<String>, detail: impl Into<String>) -> ErrorView {
    debug_assert!(ErrorView::CODES.contains(&code), "{code} is not in the list");
    ErrorView { code: code.to_owned(), subject: subject.into(), detail: detail.into() }
}

/// An error of the filesystem, about a path as the person wrote it.
pub(crate) fn of_vfs(path: &str, cause: &VfsError) -> ErrorView {
    let code = match cause.kind {
        VfsErrorKind::NotFound => "path/not-found",
        VfsErrorKind::Exists | VfsErrorKind::IsADirectory | VfsErrorKind::NotEmpty => "path/exists",
        _ => "path/invalid",
    };
    error(code, path, cause.to_string())
}
