//! `WORKDIR`: makes a directory if it is missing.

use super::owner::{given, user_of};
use super::place::make_directories;
use super::seconds;
use crate::digest::CacheKey;
use crate::solver::step::{Made, StepError};
use crate::vfs::{Metadata, Tree};
use crate::world::World;

pub(super) fn run(
    path: &str,
    user: &str,
    key: CacheKey,
    below: Option<&Tree>,
    world: &dyn World,
) -> Result<Made, StepError> {
    let mut tree = below.cloned().unwrap_or_default();
    let (uid, gid) = if user.is_empty() { (0, 0) } else { given(user_of(user, below)?, (0, 0)) };
    let metadata = Metadata::new(0o755, world.now()).owned_by(uid, gid);
    make_directories(&mut tree, path, metadata)?;
    let seconds = seconds(world, "WORKDIR", (0, 0, 0), key)?;
    Ok(Made { tree, seconds, ..Made::default() })
}
