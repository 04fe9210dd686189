//! What the native command does, apart from reading its arguments.

#![forbid(unsafe_code)]

pub mod replay;
