//! `rustup-init`: the toolchain that it installs, as the catalogue has it.

use super::support::{Work, option_value, seconds};
use super::{Interrupt, Modelled, Process};
use crate::shell::command::CommandKind;
use crate::shell::stand_in;
use crate::vfs::path;
use crate::world::DownloadedFile;

/// Puts a toolchain below `RUSTUP_HOME`, and its commands below `CARGO_HOME`.
pub(super) fn init(process: &mut Process<'_, '_>) -> Result<Modelled, Interrupt> {
    let called = process.arguments.first().cloned().unwrap_or_default();
    let own = process.find_command(&called).unwrap_or(called);
    let Some(address) = stand_in::address_of(process, &own) else {
        return Ok(Modelled { exit_code: 0, seconds: 0.0, kind: CommandKind::Unknown });
    };
    if process.args().iter().any(|word| word == "--version" || word == "--help") {
        return Ok(Modelled { exit_code: 0, seconds: 0.0, kind: CommandKind::Unknown });
    }
    let Some(download) = stand_in::look_up(process, &address)? else {
        process
            .error_output("error: could not download file from the server: failed to resolve the host\n")?;
        return Ok(Modelled::new(1, 0.0));
    };
    let toolchain = option_value(process.args(), "--default-toolchain").unwrap_or("stable").to_owned();
    let toolchain = format!("{toolchain}-x86_64-unknown-linux-gnu");
    let home = process.env("HOME").unwrap_or("/root").to_owned();
    let root = |variable: &str, name: &str| {
        process.env(variable).map_or_else(|| path::join(&home, name), str::to_owned)
    };
    let (rustup, cargo) = (root("RUSTUP_HOME", ".rustup"), root("CARGO_HOME", ".cargo"));
    for file in &download.installs {
        let below = match file.path.split_once('/') {
            Some(("cargo", rest)) => path::join(&cargo, rest),
            Some((_, rest)) => path::join(&rustup, &rest.replace("/toolchain/", &format!("/{toolchain}/"))),
            None => continue,
        };
        // Another toolchain has other files.
        let seeded = DownloadedFile { path: format!("{toolchain}/{}", file.path), ..file.clone() };
        if let Err(error) = stand_in::put(process, &address, &below, &seeded) {
            process.check_limits()?;
            process.error_output(&format!("error: could not write file: {error}\n"))?;
            return Ok(Modelled::new(1, 0.0));
        }
    }
    let size = download.installs.iter().map(|file| file.size).sum();
    let work = Work { downloaded: size / 4, unpacked: size, count: 1, seed: &toolchain };
    Ok(Modelled::new(0, seconds(process, "curl/wget download", work)?))
}
