//! Objects as `inspect` shows them.

pub(crate) mod config;
pub(crate) mod image;
