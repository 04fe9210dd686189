//! Tables that are asked for.

use super::{Emit, Session};
use crate::build::{self, Finished};
use crate::images::Loaded;
use crate::protocol::{ErrorView, Event, Query};
use crate::tables::{self, Built};
use crate::workspace::error;
use std::sync::Arc;

impl Session {
    /// Answers a question.
    pub(super) fn query(&self, query: &Query, now: i64, emit: Emit<'_>) -> Result<(), ErrorView> {
        let event = match *query {
            Query::Build { build } => Event::BuildShown { build: self.view_of(build)? },
            Query::Why { build, step } => {
                let finished = self.shown(build)?.in_full();
                let parent = self.parent_of(build)?;
                let why = self.draw(&finished, build, parent, false, |finished, context| {
                    build::why_of(finished, context, step)
                });
                let mut why = why.ok_or_else(|| no_such_step(step))?;
                if build.is_none() {
                    why.remedies = self.remedies(&finished, &why, now);
                }
                Event::Why { build, step, why }
            }
            Query::Layer { build, step } => {
                let layer = tables::layer(&*self.shown(build)?, build, step);
                Event::Layer { layer: layer.ok_or_else(|| no_such_step(step))? }
            }
            Query::History { build } => {
                let world = self.world_now(now);
                Event::History { history: tables::history(&*self.shown(build)?, build, &world) }
            }
            Query::Export { build, kind } => Event::Exported { export: self.export(build, kind)? },
            Query::Loaded => Event::Loaded { images: self.loaded.iter().map(Loaded::view).collect() },
            Query::Images => {
                let entries = self.entries.iter().enumerate();
                let built: Vec<Built<'_>> = entries
                    .filter_map(|(at, entry)| {
                        let number = at as u32 + 1;
                        let build = entry.finished.as_deref()?;
                        Some(Built { number, names: self.names_of(Some(number)), build })
                    })
                    .collect();
                let world = self.world_now(now);
                let (images, disk) = tables::images(&built, &self.loaded, &self.cache, &world);
                Event::Images { images, disk }
            }
        };
        emit(event);
        Ok(())
    }

    /// A build of the timeline, or the preview.
    pub(super) fn shown(&self, build: Option<u32>) -> Result<Arc<Finished>, ErrorView> {
        match build {
            Some(build) => self.finished(build).cloned(),
            None => {
                let none = || error("build/unknown", "preview", "there is no preview");
                self.preview.as_ref().map(|preview| preview.finished.clone()).ok_or_else(none)
            }
        }
    }

    fn parent_of(&self, build: Option<u32>) -> Result<Option<u32>, ErrorView> {
        build.map_or(Ok(self.head), |build| Ok(self.entry(build)?.parent))
    }
}

fn no_such_step(step: u32) -> ErrorView {
    error("build/unknown-step", step.to_string(), "there is no such row, or nothing to say about it")
}
