//! `node`: JavaScript is not executed; what version it is can be told.

use super::{Interrupt, Modelled, Process};
use crate::shell::command::CommandKind;

/// The version that a container's Node.js has where nothing says it.
const USUAL: &str = "22.23.2";

pub(super) fn run(process: &mut Process<'_, '_>) -> Result<Modelled, Interrupt> {
    let first = process.args().first().cloned();
    match first.as_deref() {
        Some("-v" | "--version") => {
            let version = version(process);
            process.output(&format!("v{version}\n"))?;
            Ok(Modelled::new(0, 0.05))
        }
        Some(script)
            if !script.starts_with('-')
                && !process.exists(script)
                && !process.exists(&format!("{script}.js")) =>
        {
            let place = process.resolve(script);
            process.error_output(&format!(
                "node:internal/modules/cjs/loader\n  throw err;\n  ^\n\nError: Cannot find module '{place}'\n  \
                 code: 'MODULE_NOT_FOUND',\n  requireStack: []\n\nNode.js v{}\n",
                version(process)
            ))?;
            Ok(Modelled::new(1, 0.05))
        }
        _ => Ok(Modelled { exit_code: 0, seconds: 0.0, kind: CommandKind::Unknown }),
    }
}

/// The version of Node.js, which the official images tell in their environment.
pub(super) fn version(process: &Process<'_, '_>) -> String {
    process.env("NODE_VERSION").unwrap_or(USUAL).to_owned()
}

/// The first number of it.
pub(super) fn major(process: &Process<'_, '_>) -> u32 {
    version(process).split('.').next().and_then(|part| part.parse().ok()).unwrap_or(0)
}

/// The version of npm that comes with it.
pub(super) fn npm_version(process: &Process<'_, '_>) -> &'static str {
    match major(process) {
        0..=11 => "6.9.0",
        12..=16 => "8.19.4",
        17..=20 => "10.8.2",
        21..=23 => "10.9.4",
        _ => "11.6.0",
    }
}
