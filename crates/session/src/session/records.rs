//! Builds that were made elsewhere, put on the timeline by their logs.

use super::builds::MOST_BUILDS;
use super::{Emit, Session};
use crate::protocol::{BuildView, ErrorView, Event};
use crate::record::{self, Record};
use crate::timeline::Entry;
use crate::workspace::error;
use std::sync::Arc;

impl Session {
    /// Puts a build on the timeline by its log. The workspace goes on standing where it stood.
    #[inline(never)]
    pub(super) fn add_record(
        &mut self,
        name: &str,
        text: &str,
        now: i64,
        emit: Emit<'_>,
    ) -> Result<(), ErrorView> {
        if self.entries.len() >= MOST_BUILDS {
            return Err(error("build/too-many", MOST_BUILDS.to_string(), "the timeline is full"));
        }
        let record = Record::read(name, text).map_err(|cause| error("record/damaged", name, cause))?;
        self.entries.push(Entry {
            workspace: self.workspace.clone(),
            parent: self.head,
            at: now,
            tags: Vec::new(),
            no_cache: false,
            prune: false,
            finished: None,
            record: Some((Arc::new(record), false)),
        });
        let number = self.entries.len() as u32;
        self.awaited.insert(number);
        self.run_waiting(emit);
        Ok(())
    }

    /// Draws a record that is next, and tells who waits for it.
    #[inline(never)]
    pub(super) fn keep_record(&mut self, number: u32, emit: Emit<'_>) {
        let Some(build) = self.record_view(number) else { return };
        let at = number as usize - 1;
        self.heat.push_record(&self.entries[at], &build);
        if let Some((_, shown)) = &mut self.entries[at].record {
            *shown = true;
        }
        if self.awaited.remove(&number) {
            emit(Event::Recorded { build });
        }
    }

    /// The view of a build that was made elsewhere.
    #[inline(never)]
    pub(super) fn record_view(&self, number: u32) -> Option<BuildView> {
        let entry = self.entry(number).ok()?;
        let (record, _) = entry.record.as_ref()?;
        Some(record::view(record, number, &entry.workspace))
    }
}
