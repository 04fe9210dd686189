//! The page's side of the engine: the worker, what is stored, what is shared, what is fetched.
//!
//! Components know only [`Lab`]; nothing here draws.

pub(crate) mod assets;
pub(crate) mod facts;
pub(crate) mod parts;
pub(crate) mod projects;
pub(crate) mod share;
pub(crate) mod store;
pub(crate) mod tabs;

mod client;
mod connection;
mod journal;
mod sealed;

pub(crate) use client::{Keep, Lab, LabStatus};
