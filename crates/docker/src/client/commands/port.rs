//! `docker port`.

use super::missing;
use crate::client::errors::Fail;
use crate::client::{Context, Done};

pub(super) fn run(context: &mut Context<'_, '_>) -> Done {
    let name = context.argument(0).to_owned();
    let at =
        context.docker.daemon.find_container(&name).map_err(|failure| missing(context, &name, failure))?;
    let asked = context.argument(1).to_owned();
    let any = if context.dialect().is_old_client() { "::" } else { "[::]" };
    let container = &context.docker.daemon.containers[at];
    let (number, protocol) = asked.split_once('/').unwrap_or((&asked, "tcp"));
    let mut lines = Vec::new();
    for port in container.ports.iter().filter(|_| container.is_running()) {
        let Some(public) = port.public else { continue };
        if !asked.is_empty() && (port.private.to_string() != number || port.protocol != protocol) {
            continue;
        }
        let addresses = if port.ip.is_empty() { vec!["0.0.0.0", any] } else { vec![port.ip.as_str()] };
        for address in addresses {
            let head = if asked.is_empty() {
                format!("{}/{} -> ", port.private, port.protocol)
            } else {
                String::new()
            };
            lines.push(format!("{head}{address}:{public}"));
        }
    }
    if lines.is_empty() && !asked.is_empty() {
        let head = if context.dialect().is_old_client() { "Error: No" } else { "no" };
        return Err(Fail::new(format!("{head} public port '{number}/{protocol}' published for {name}")));
    }
    for line in lines {
        context.line(line);
    }
    Ok(0)
}
