//! `docker save` and `docker load`.

use crate::client::errors::Fail;
use crate::client::{Context, Done};

pub(super) fn save(_: &mut Context<'_, '_>) -> Done {
    Err(Fail::new("docker save is not simulated"))
}

pub(super) fn load(_: &mut Context<'_, '_>) -> Done {
    Err(Fail::new("docker load is not simulated"))
}
