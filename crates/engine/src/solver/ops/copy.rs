//! `COPY` and `ADD`.

use super::copier::Copier;
use super::owner::user_of;
use super::{seconds, unpack};
use crate::cache::KeyParts;
use crate::digest::CacheKey;
use crate::graph::{FileCopy, Source};
use crate::solver::names::mount_point;
use crate::solver::remote;
use crate::solver::select::Filter;
use crate::solver::step::{Inputs, Made, StepError};
use crate::vfs::Tree;
use std::collections::BTreeMap;

/// Copies what the parts of the key selected onto the step above, if there is one.
pub(super) fn run(
    copy: &FileCopy,
    parts: &KeyParts,
    key: CacheKey,
    below: Option<&Tree>,
    inputs: &Inputs<'_>,
) -> Result<Made, StepError> {
    let owner = copy.chown.as_deref().map(|chown| user_of(chown, below)).transpose()?;
    let mut copier = Copier {
        tree: below.cloned().unwrap_or_default(),
        root: mount_point(key.0.as_bytes()),
        now: inputs.world.now(),
        owner,
        mode: copy.chmod.as_deref(),
        links: BTreeMap::new(),
        filter: None,
    };
    for (action, source) in copy.actions.iter().zip(&parts.sources) {
        copier.links.clear();
        // That the patterns are some was found out when the files were selected.
        copier.filter =
            Filter::new(&action.include, &copy.excludes).ok().filter(|filter| filter.has_partial());
        for (place, node) in &source.matches {
            if let (Source::Remote(remote), true) = (&action.source, action.unpack)
                && let Some(files) = remote::unpacked(remote, inputs.world)?
            {
                // What an archive says of modes is not changed, only the owner is.
                let mode = copier.mode.take();
                copier.copy("/", &files, &copy.destination)?;
                copier.mode = mode;
                continue;
            }
            let archive = if action.unpack && !matches!(action.source, Source::Inline { .. }) {
                unpack::archive_of(node)
            } else {
                None
            };
            match archive {
                Some(archive) => unpack::unpack(&mut copier, &archive, &copy.destination)?,
                None => copier.copy(place, node, &copy.destination)?,
            }
        }
    }
    let files = parts.sources.iter().map(|source| u64::from(source.files)).sum();
    let bytes = parts.sources.iter().map(|source| source.bytes).sum();
    let is_fetched = copy.actions.iter().any(|action| matches!(action.source, Source::Remote(_)));
    let kind = if is_fetched { "curl/wget download" } else { "COPY" };
    let seconds = seconds(inputs.world, kind, (bytes, 0, files), key)?;
    Ok(Made { tree: copier.tree, seconds, ..Made::default() })
}
