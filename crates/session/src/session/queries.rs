//! Tables that are asked for.

use super::{Emit, Session};
use crate::build::{self, Finished};
use crate::protocol::{ErrorView, Event, Query};
use crate::tables::{self, Built, Found};
use crate::workspace::error;
use std::sync::Arc;

impl Session {
    /// Answers a question. Each answer is a function of its own, so that what it needs can be fetched when it is asked for.
    pub(super) fn query(&self, query: &Query, now: i64, emit: Emit<'_>) -> Result<(), ErrorView> {
        let event = match *query {
            Query::Build { build } => Event::BuildShown { build: self.view_of(build)? },
            Query::Why { build, step } => self.why(build, step, now)?,
            Query::Layer { build, step } => self.layer(build, step)?,
            Query::History { build } => self.history(build, now)?,
            Query::Export { build, kind } => Event::Exported { export: self.export(build, kind)? },
            Query::Exports { build } => Event::Exports { exports: self.exports(build) },
            Query::Loaded => {
                Event::Loaded { images: self.loaded.visible().iter().map(|image| image.view()).collect() }
            }
            Query::Image { ref id } => self.image_shown(id, now)?,
            Query::ImageLayer { ref id, layer } => self.image_layer(id, layer, now)?,
            Query::Images => self.images(now),
        };
        emit(event);
        Ok(())
    }

    #[inline(never)]
    fn why(&self, build: Option<u32>, step: u32, now: i64) -> Result<Event, ErrorView> {
        let finished = self.shown(build)?.in_full();
        let parent = self.parent_of(build)?;
        let why = self.draw(&finished, build, parent, false, |finished, context| {
            build::why_of(finished, context, step)
        });
        let (mut why, root) = why.ok_or_else(|| no_such_step(step))?;
        // Where there is nothing that it is held against, there is nothing to try.
        if build.is_none() && why.against.is_some() {
            // What helps a step that follows is what helps its root.
            why.remedies = match &root {
                Some((row, root)) => self.remedies(&finished, (*row, root), now),
                None => self.remedies(&finished, (step, &why), now),
            };
        }
        Ok(Event::Why { build, step, why })
    }

    #[inline(never)]
    fn layer(&self, build: Option<u32>, step: u32) -> Result<Event, ErrorView> {
        let layer = tables::layer(&*self.shown(build)?, build, step);
        Ok(Event::Layer { layer: layer.ok_or_else(|| no_such_step(step))? })
    }

    #[inline(never)]
    fn history(&self, build: Option<u32>, now: i64) -> Result<Event, ErrorView> {
        // An image that was removed since then was there for the build.
        let world = self.world(now, build.unwrap_or(self.entries.len() as u32 + 1));
        Ok(Event::History { history: tables::history(&*self.shown(build)?, build, &world) })
    }

    #[inline(never)]
    fn image_shown(&self, id: &str, now: i64) -> Result<Event, ErrorView> {
        let found = self.image(id, now)?;
        Ok(Event::ImageShown { image: tables::image(&found, now) })
    }

    #[inline(never)]
    fn image_layer(&self, id: &str, layer: u32, now: i64) -> Result<Event, ErrorView> {
        let view = tables::layer_of(&self.image(id, now)?.layers, layer);
        let unknown = || error("image/unknown", layer.to_string(), "the image has no such layer");
        Ok(Event::ImageLayer { id: id.to_owned(), layer: view.ok_or_else(unknown)? })
    }

    #[inline(never)]
    fn images(&self, now: i64) -> Event {
        let world = self.world_now(now);
        let (images, disk) = tables::images(&self.built(), &self.loaded.dated(), &self.cache, &world);
        Event::Images { images, disk }
    }

    /// The builds of the timeline that are finished.
    fn built(&self) -> Vec<Built<'_>> {
        let mut list = Vec::new();
        for (number, entry) in (1..).zip(&self.entries) {
            if let Some(build) = entry.finished.as_deref() {
                list.push(Built { number, names: self.names_of(Some(number)), build });
            }
        }
        list
    }

    /// An image by its ID.
    fn image(&self, id: &str, now: i64) -> Result<Found, ErrorView> {
        let found = tables::find(id, &self.built(), &self.loaded.dated(), &self.world_now(now));
        found.ok_or_else(|| error("image/unknown", id, "there is no such image"))
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
