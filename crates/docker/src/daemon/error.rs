//! What the daemon answers when it does not do what it was asked.

use std::fmt;

/// A message, without `Error response from daemon:`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// In the daemon's words.
    pub message: String,
    /// What kind of an error it is: clients treat some in their own way.
    pub kind: FailureKind,
}

/// Kinds of errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// The thing that was named does not exist.
    NotFound,
    /// It cannot be done while things are as they are.
    Conflict,
    /// The request makes no sense.
    Invalid,
    /// It may not be done.
    Denied,
    /// Anything else.
    Other,
}

impl Failure {
    /// A failure of some kind.
    pub fn new(kind: FailureKind, message: impl Into<String>) -> Self {
        Self { message: message.into(), kind }
    }

    /// What was named does not exist.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new(FailureKind::NotFound, message)
    }

    /// It cannot be done now.
    pub fn conflict(message: impl Into<String>) -> Self {
        Self::new(FailureKind::Conflict, message)
    }

    /// The request makes no sense.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(FailureKind::Invalid, message)
    }

    /// Anything else.
    pub fn other(message: impl Into<String>) -> Self {
        Self::new(FailureKind::Other, message)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}
