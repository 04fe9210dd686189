//! The build cache: what was built before, under which key.
//!
//! Takes keys with their parts, and gives the results of former builds. A [`Cache`] is a value: cloning it costs O(1), so
//! a build in a fork costs nothing but its own steps. Nothing in it depends on the order of the former builds, but that
//! of two results with one key the newer one is taken.
//!
//! It knows nothing of graphs and of how results are made.

mod context;
mod key;
mod record;
mod snapshot;
mod step_image;

pub use crate::graph::{EnvOrigin, EnvVariable};
pub use context::SyncedContext;
pub use key::{BaseKey, KeyParts, KeyRule, MountKey, SourceKey, SourceOrigin, StepKind};
pub use record::{BuildId, CommandNote, LogLine, Record, RecordId, SimulationKind, Stream};
pub use snapshot::{Snapshot, SnapshotLayer};
pub use step_image::{Container, StepImage};

use crate::digest::{CacheKey, Digest};
use crate::vfs::ignore::IgnoreMatcher;
use crate::vfs::{Node, Tree};
use context::KeptContext;
use imbl::OrdMap;
use std::sync::Arc;

/// A directory, and what a filter left of it.
#[derive(Clone, Debug)]
pub(crate) struct Selection {
    pub(crate) source: Arc<Node>,
    pub(crate) left: Arc<Node>,
}

/// All records of all builds so far.
#[derive(Clone, Debug, Default)]
pub struct Cache {
    records: OrdMap<RecordId, Arc<Record>>,
    by_key: OrdMap<CacheKey, RecordId>,
    pruned: OrdMap<CacheKey, RecordId>,
    next: u32,
    context: KeptContext,
    selections: OrdMap<String, Selection>,
    /// Checksums of the classic builder, by what they are of.
    checksums: OrdMap<String, (Arc<Node>, String)>,
    /// What `RUN --mount=type=cache` keeps, by its name.
    mounts: OrdMap<String, Arc<Node>>,
}

impl Cache {
    /// A cache without records.
    pub fn new() -> Self {
        Self::default()
    }

    /// The newest record with this key.
    pub fn get(&self, key: CacheKey) -> Option<&Arc<Record>> {
        self.records.get(self.by_key.get(&key)?)
    }

    /// A record by its place.
    pub fn record(&self, id: RecordId) -> Option<&Arc<Record>> {
        self.records.get(&id)
    }

    /// All records, the oldest first.
    pub fn records(&self) -> impl DoubleEndedIterator<Item = &Arc<Record>> {
        self.records.values()
    }

    /// The number of records.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// How many records there have ever been.
    pub fn issued(&self) -> u32 {
        self.next
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// Adds a record and says where it is. It hides an older one with the same key.
    pub fn insert(&mut self, make: impl FnOnce(RecordId) -> Record) -> RecordId {
        let id = RecordId(self.next);
        self.next += 1;
        let record = make(id);
        self.by_key.insert(record.key, id);
        if !self.pruned.is_empty() {
            self.pruned.remove(&record.key);
        }
        self.records.insert(id, Arc::new(record));
        id
    }

    /// Forgets all records, as `docker builder prune --all` does. That they were there is remembered, to say so.
    pub fn prune(&mut self) {
        for (key, id) in std::mem::take(&mut self.by_key) {
            self.pruned.insert(key, id);
        }
        self.records = OrdMap::new();
        self.mounts = OrdMap::new();
        self.context = KeptContext::default();
        self.selections = OrdMap::new();
        self.checksums = OrdMap::new();
    }

    /// Forgets one record, as a daemon does that removes the image of a step. An older one with its key counts again.
    pub fn forget(&mut self, id: RecordId) {
        let Some(record) = self.records.remove(&id) else { return };
        if self.by_key.get(&record.key) != Some(&id) {
            return;
        }
        match self.records.values().rev().find(|other| other.key == record.key) {
            Some(older) => self.by_key.insert(record.key, older.id),
            None => self.by_key.remove(&record.key),
        };
    }

    /// The record of the classic builder's step that made an image, if its ID has ever been asked for.
    pub fn record_of_image(&self, id: Digest) -> Option<&Arc<Record>> {
        let is_it = |record: &&Arc<Record>| {
            record.image.as_ref().and_then(|image| image.known_id()).is_some_and(|known| known == id)
        };
        self.records.values().rev().find(is_it)
    }

    /// Whether there was a record with this key that has been pruned and not been made again.
    pub fn was_pruned(&self, key: CacheKey) -> bool {
        self.pruned.contains_key(&key)
    }

    /// Filters the context of a build, and brings what the builder has of it up to date.
    ///
    /// With `trust_times` a file of the same size, time and mode as in the last build is taken for unchanged.
    pub fn sync_context(
        &mut self,
        context: &Tree,
        ignored: &IgnoreMatcher,
        trust_times: bool,
    ) -> SyncedContext {
        self.context.sync(context, ignored, trust_times)
    }

    /// What a `.dockerignore` leaves of the context of a build, all of which is sent anew.
    pub fn filter_context(&mut self, context: &Tree, ignored: &IgnoreMatcher) -> Tree {
        self.context.filter(context, ignored)
    }

    /// What a cache mount holds.
    pub fn mount(&self, id: &str) -> Option<&Arc<Node>> {
        self.mounts.get(id)
    }

    /// Keeps what a cache mount held at the end of a `RUN`.
    pub fn keep_mount(&mut self, id: &str, node: Arc<Node>) {
        self.mounts.insert(id.to_owned(), node);
    }

    /// The checksum of a node, if it is known by this description and has not changed since.
    pub(crate) fn checksum(&self, description: &str, node: &Arc<Node>) -> Option<&str> {
        let (known, sum) = self.checksums.get(description)?;
        Arc::ptr_eq(known, node).then_some(sum)
    }

    /// Keeps a checksum, so that the same node is not hashed again.
    pub(crate) fn keep_checksum(&mut self, description: String, node: Arc<Node>, sum: String) {
        self.checksums.insert(description, (node, sum));
    }

    /// What a filter of this description left of a directory when it was last used.
    pub(crate) fn selection(&self, description: &str) -> Option<&Selection> {
        self.selections.get(description)
    }

    /// Keeps what a filter left, so that the next use costs only what changed since.
    pub(crate) fn keep_selection(&mut self, description: String, selection: Selection) {
        self.selections.insert(description, selection);
    }
}
