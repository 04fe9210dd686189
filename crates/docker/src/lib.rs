//! The `docker` command and the daemon behind it, on the lab's engine.
//!
//! * [`template`]: the language of `--format`.
//! * [`reference`]: names of images.
//! * [`daemon`]: images, containers, networks, volumes, registries, and what may be done with them.
//! * [`client`]: the commands, their options and what they print.
//! * [`Dialect`]: what differs between versions.
//!
//! Pure as the engine is: no clock, no randomness, no files and no network; [`Docker`] is given as a command to the
//! shell of a machine, whose clock and tree it uses.

#![forbid(unsafe_code)]

pub mod client;
pub mod daemon;
mod dialect;
mod docker;
pub mod reference;
pub mod template;

pub use dialect::{Dialect, Store};
pub use docker::Docker;
