//! Commands of a swarm: this daemon is in none, and says so as a real one does (recorded of `swarm ca`, `node ls` and
//! `service ls`).

use crate::client::errors::Fail;
use crate::client::{Context, Done};

/// Whether a command needs a swarm.
pub(super) fn is_about(name: &str) -> bool {
    matches!(name.split(' ').next(), Some("swarm" | "node" | "service" | "stack" | "secret" | "config"))
}

pub(super) fn run(context: &mut Context<'_, '_>) -> Done {
    let message = match context.command.means.as_str() {
        "swarm leave" => "This node is not part of a swarm",
        _ => {
            "This node is not a swarm manager. Use \"docker swarm init\" or \"docker swarm join\" to connect this node to swarm and try again."
        }
    };
    Err(Fail::new(format!("Error response from daemon: {message}")))
}
