//! Modelled programs: package managers and build tools, one file or folder each.
//!
//! A program is a pure function of its arguments, environment and the files it reads; see [`Program`].
//! It makes the files that the real one would make, most of them opaque, with sizes that the world knows. Their digests
//! are derived from what they were made of, so that the same source gives the same artefact.

mod alternatives;
mod apk;
mod apt;
mod build;
mod bundle;
mod ca_certificates;
mod dpkg;
mod fetch;
mod git;
mod go;
mod gpg;
mod linker;
mod node;
mod npm;
mod php;
mod pip;
mod ruby;
mod rustup;
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
        "apt-mark" => apt::mark::run,
        "curl" => fetch::curl,
        "wget" => fetch::wget,
        "go" => go::run,
        "node" | "nodejs" => node::run,
        "npm" => npm::run,
        "yarn" | "yarnpkg" => npm::yarn,
        "dpkg" | "dpkg-query" => dpkg::run,
        "dpkg-architecture" => dpkg::architecture,
        "gpg" | "gpg2" | "gpgv" | "gpgconf" | "apt-key" => gpg::run,
        "ldd" => linker::ldd,
        "ldconfig" => linker::ldconfig,
        "scanelf" => linker::scanelf,
        "update-ca-certificates" => ca_certificates::run,
        "update-alternatives" => alternatives::run,
        "configure" | "Configure" | "config" | "cmake" | "meson" => build::configure,
        "make" | "gmake" | "ninja" => build::make,
        "gcc" | "g++" | "cc" | "c++" | "clang" | "clang++" => build::compile,
        "docker-php-ext-install" => php::install,
        "docker-php-ext-configure" => php::configure,
        "docker-php-ext-enable" => php::enable_all,
        "docker-php-source" => php::source,
        "pecl" => php::pecl,
        "gem" => ruby::gem,
        "bundle" | "bundler" => ruby::bundle,
        "git" => git::run,
        "rustup-init" => rustup::init,
        "pip" | "pip3" => pip::run,
        "python" | "python3" => pip::run_python,
        _ if name.starts_with("python3.") => pip::run_python,
        _ if bundle::is_tool(name) => bundle::run,
        _ if version::knows(name) => version::run,
        _ => return None,
    })
}
