//! `docker rmi`.

use crate::client::errors::Fail;
use crate::client::{Context, Done};
use crate::daemon::FailureKind;
use crate::daemon::remove::{RemoveOptions, Removed};

pub(super) fn run(context: &mut Context<'_, '_>) -> Done {
    let force = context.options.is_on("force");
    let options = RemoveOptions { force, keep_parents: context.options.is_on("no-prune") };
    let mut failures: Vec<String> = Vec::new();
    let mut is_fatal = false;
    for name in context.options.arguments.clone() {
        match context.docker.daemon.remove_image(&name, options) {
            Ok(removed) => {
                for line in removed {
                    context.line(match line {
                        Removed::Untagged(name) => format!("Untagged: {name}"),
                        Removed::Deleted(id) => format!("Deleted: {id}"),
                    });
                }
            }
            Err(failure) => {
                let is_missing = failure.kind == FailureKind::NotFound;
                is_fatal |= !(is_missing && force);
                failures.push(if is_missing && context.dialect().is_old_client() {
                    format!("Error: No such image: {name}")
                } else {
                    format!("Error response from daemon: {failure}")
                });
            }
        }
    }
    if failures.is_empty() {
        return Ok(0);
    }
    let message = failures.join("\n");
    if is_fatal {
        return Err(Fail::new(message));
    }
    context.call.err(&format!("{message}\n"));
    Ok(0)
}
