//! `docker attach`.

use super::missing;
use super::run as start;
use crate::client::errors::Fail;
use crate::client::{Context, Done};
use crate::daemon::Status;

pub(super) fn run(context: &mut Context<'_, '_>) -> Done {
    let name = context.argument(0).to_owned();
    let at =
        context.docker.daemon.find_container(&name).map_err(|failure| missing(context, &name, failure))?;
    let container = &context.docker.daemon.containers[at];
    match container.status {
        Status::Paused => Err(Fail::new("You cannot attach to a paused container, unpause it first")),
        Status::Running => {
            let (id, tty) = (container.id.hex(), container.options.tty);
            let known = container.logs().len();
            Ok(start::follow_from(context, &id, tty, known))
        }
        _ => Err(Fail::new("You cannot attach to a stopped container, start it first")),
    }
}
