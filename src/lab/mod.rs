//! The page's side of the engine: the worker, what is stored, what is shared, what is fetched.
//!
//! Components know only [`Lab`]; nothing here draws.

pub mod assets;
pub mod share;
pub mod store;

mod client;
mod connection;
mod journal;

pub use client::{Lab, LabStatus};
