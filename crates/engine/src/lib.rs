//! The build engine of Dockerfile Lab.
//!
//! Takes the text of a Dockerfile, a build context and a [`world`], and gives what BuildKit would give:
//! verdicts for every step, layers, an image and its history.
//! It knows no browser, clock, randomness, network or files; whatever is impure comes through the world.
//!
//! Each module may use only the modules above it in this list; `tests/guards` watches over that.

#![forbid(unsafe_code)]

pub mod order;

pub mod case;

pub mod text;

pub mod digest;

pub mod compression;

pub mod diagnostic;

pub mod dockerfile;

pub mod vfs;

pub mod layer;

pub mod oci;

pub mod world;

pub mod shell;

pub mod graph;

pub mod check;

pub mod cache;

pub mod solver;

pub mod export;

pub mod import;
