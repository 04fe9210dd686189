//! The session: a person's workspace over the engine.
//!
//! [`protocol`] is the language spoken with it. `Session::handle` is the one way in, for the worker, the native command,
//! the JavaScript API and the tests.

#![forbid(unsafe_code)]

pub mod protocol;
