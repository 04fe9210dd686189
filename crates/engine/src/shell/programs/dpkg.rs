//! `dpkg`: the few questions that Dockerfiles ask.

use super::{Interrupt, Modelled, Process};
use crate::shell::command::CommandKind;

pub(super) fn run(process: &mut Process<'_, '_>) -> Result<Modelled, Interrupt> {
    match process.args().first().map(String::as_str) {
        Some("--print-architecture") => {
            process.output("amd64\n")?;
            Ok(Modelled::new(0, 0.01))
        }
        Some("-s" | "--status") => status(process),
        _ => Ok(Modelled { exit_code: 0, seconds: 0.0, kind: CommandKind::Unknown }),
    }
}

fn status(process: &mut Process<'_, '_>) -> Result<Modelled, Interrupt> {
    let database = process.read_text("/var/lib/dpkg/status").unwrap_or_default();
    let names = process.args()[1..].to_vec();
    let mut code = 0;
    for name in names {
        let head = format!("Package: {name}");
        match database.split("\n\n").find(|stanza| stanza.lines().any(|line| line == head)) {
            Some(stanza) => process.output(&format!("{stanza}\n\n"))?,
            None => {
                code = 1;
                process.error_output(&format!(
                    "dpkg-query: package '{name}' is not installed and no information is available\n"
                ))?;
            }
        }
    }
    Ok(Modelled::new(code, 0.02))
}
