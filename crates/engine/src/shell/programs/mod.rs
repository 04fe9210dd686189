//! Modelled programs: package managers and build tools, one file or folder each.
//!
//! A program is a pure function of its arguments, environment and the files it reads; see [`Program`].
//! It makes the files that the real one would make, most of them opaque, with sizes that the world knows. Their digests
//! are derived from what they were made of, so that the same source gives the same artefact.

mod apk;
mod apt;
mod bundle;
mod dpkg;
mod fetch;
mod go;
mod node;
mod npm;
mod pip;
mod support;
mod version;

use super::command::CommandKind;
use super::interrupt::{ExitCode, Interrupt};
use super::process::Process;

/// The main function of a modelled program.
pub type Program = fn(&mut Process<'_, '_>) -> Result<Modelled, Interrupt>;

/// How a modelled program ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Modelled {
    /// Its exit code.
    pub exit_code: ExitCode,
    /// The seconds that it would have taken.
    pub seconds: f64,
    /// [`CommandKind::Modelled`], or [`CommandKind::Unknown`] for a call that the model does not cover.
    pub kind: CommandKind,
}

impl Modelled {
    /// A modelled end.
    pub fn new(exit_code: ExitCode, seconds: f64) -> Self {
        Self { exit_code, seconds, kind: CommandKind::Modelled }
    }
}

/// The model of the program that is called `name`.
pub fn find(name: &str) -> Option<Program> {
    Some(match name {
        "apk" => apk::run,
        "apt" | "apt-get" => apt::run,
        "curl" => fetch::curl,
        "wget" => fetch::wget,
        "go" => go::run,
        "node" | "nodejs" => node::run,
        "npm" => npm::run,
        "yarn" | "yarnpkg" => npm::yarn,
        "dpkg" => dpkg::run,
        "pip" | "pip3" => pip::run,
        "python" | "python3" => pip::run_python,
        _ if name.starts_with("python3.") => pip::run_python,
        _ if bundle::is_tool(name) => bundle::run,
        _ if version::knows(name) => version::run,
        _ => return None,
    })
}
