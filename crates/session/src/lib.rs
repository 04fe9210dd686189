//! The session: a person's workspace over the engine.
//!
//! [`protocol`] is the language spoken with it. [`Session::handle`] is the one way in, for the worker, the native command,
//! the JavaScript API and the tests.

#![forbid(unsafe_code)]

mod advice;
mod build;
mod catalogue;
mod images;
pub mod link;
mod news;
pub mod protocol;
mod record;
mod session;
mod tables;
pub mod text;
mod timeline;
mod why;
mod workspace;

pub use catalogue::Catalogue;
pub use session::Session;
