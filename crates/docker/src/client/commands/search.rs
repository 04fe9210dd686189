//! `docker search`: the hub's search is a service of its own, which is not simulated.

use crate::client::errors::Fail;
use crate::client::{Context, Done};

pub(super) fn run(_: &mut Context<'_, '_>) -> Done {
    Err(Fail::new(
        "Error response from daemon: Get \"https://index.docker.io/v1/search\": dial tcp: lookup index.docker.io: no such host",
    ))
}
