//! The timeline: the builds that were kept, and the heat map over them.
//!
//! An [`Entry`] knows what to build before it is built: opening a project, or building while a part of the catalogue is
//! missing, leaves entries that are finished later, in their order.

mod heat;

pub(crate) use heat::{Column, Heat, column};

use crate::build::Finished;
use crate::record::Record;
use crate::workspace::Workspace;
use std::sync::Arc;

/// A build that is or will be on the timeline.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// What is built.
    pub(crate) workspace: Workspace,
    /// The build that it continues; none for the start.
    pub(crate) parent: Option<u32>,
    /// When, in seconds since 1970.
    pub(crate) at: i64,
    /// Names given to the image by the person.
    pub(crate) tags: Vec<String>,
    /// Whether the cache may not be used.
    pub(crate) no_cache: bool,
    /// Whether the cache was emptied since the build before.
    pub(crate) prune: bool,
    /// What came out; none while it waits.
    pub(crate) finished: Option<Arc<Finished>>,
    /// The log of a build that was made elsewhere, and whether the heat map has it.
    pub(crate) record: Option<(Arc<Record>, bool)>,
}

impl Entry {
    /// Whether there is something to be done before it can be shown.
    pub(crate) fn waits(&self) -> bool {
        match &self.record {
            Some((_, shown)) => !shown,
            None => self.finished.is_none(),
        }
    }
}
