//! What can go wrong in the filesystem.

use std::fmt;

/// The kind of an error, as Linux numbers them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum VfsErrorKind {
    /// ENOENT.
    NotFound,
    /// EEXIST.
    Exists,
    /// ENOTDIR.
    NotADirectory,
    /// EISDIR.
    IsADirectory,
    /// ENOTEMPTY.
    NotEmpty,
    /// ELOOP: more than 40 symbolic links in one path.
    TooManyLinks,
    /// EINVAL: for instance a directory moved into itself.
    Invalid,
    /// EPERM: for instance a hard link to a directory.
    NotPermitted,
    /// EACCES.
    PermissionDenied,
    /// EROFS.
    ReadOnly,
    /// EBUSY.
    Busy,
    /// ENOSPC: a limit of the world was met.
    NoSpace,
    /// ENAMETOOLONG: a name of more than 255 bytes.
    NameTooLong,
}

impl VfsErrorKind {
    /// The words of the C library.
    pub fn message(self) -> &'static str {
        match self {
            Self::NotFound => "No such file or directory",
            Self::Exists => "File exists",
            Self::NotADirectory => "Not a directory",
            Self::IsADirectory => "Is a directory",
            Self::NotEmpty => "Directory not empty",
            Self::TooManyLinks => "Too many levels of symbolic links",
            Self::Invalid => "Invalid argument",
            Self::NotPermitted => "Operation not permitted",
            Self::PermissionDenied => "Permission denied",
            Self::ReadOnly => "Read-only file system",
            Self::Busy => "Device or resource busy",
            Self::NoSpace => "No space left on device",
            Self::NameTooLong => "File name too long",
        }
    }
}

/// An error with the path that it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VfsError {
    /// What is wrong.
    pub kind: VfsErrorKind,
    /// The path as it was asked for.
    pub path: String,
}

impl VfsError {
    /// An error about a path.
    pub fn new(kind: VfsErrorKind, path: impl Into<String>) -> Self {
        Self { kind, path: path.into() }
    }
}

impl fmt::Display for VfsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.kind.message())
    }
}

impl std::error::Error for VfsError {}
