//! Loading images from archives, and removing them.

use super::{Archived, Emit, Point, Session, Visible};
use crate::protocol::{ErrorView, Event};
use crate::text::base64;
use crate::workspace::error;
use lab_engine::import::{ImportError, ImportLimits, Importer};
use std::sync::Arc;

impl Session {
    /// Takes a piece of an archive; says whether there are new images.
    #[inline(never)]
    pub(super) fn load_images(
        &mut self,
        (name, piece): (&str, &str),
        (first, last): (bool, bool),
        now: i64,
        emit: Emit<'_>,
    ) -> Result<bool, ErrorView> {
        let damaged = |cause: ImportError| error("image/damaged", name, cause.to_string());
        let lost = |message: &str| ImportError { place: "archive".to_owned(), message: message.to_owned() };
        let importer = self.importer.take().filter(|_| !first);
        let importer = importer.or_else(|| first.then(|| Importer::new(ImportLimits::default())));
        let mut importer = importer.ok_or_else(|| damaged(lost("a piece came before it had ended")))?;
        let bytes = base64::decode(piece).ok_or_else(|| damaged(lost("a piece is no base64")))?;
        importer.write(&bytes).map_err(damaged)?;
        if !last {
            self.importer = Some(importer);
            return Ok(false);
        }
        let images = importer.finish().map_err(damaged)?.into_iter();
        let images: Visible = images.map(|image| Arc::new(Archived::new(image))).collect();
        emit(Event::Loaded { images: images.iter().map(|image| image.view()).collect() });
        let mut visible = self.loaded.visible();
        visible.extend(images);
        self.change_images(&visible, now);
        Ok(true)
    }

    /// Removes an image that was loaded. That takes the loading back: a build or base image whose name it had taken has that name
    /// again. `docker rmi` would leave the name to nobody, and who only looked into an archive could no longer build as before.
    #[inline(never)]
    pub(super) fn remove_image(&mut self, id: &str, now: i64) -> Result<(), ErrorView> {
        let mut visible = self.loaded.visible();
        let count = visible.len();
        visible.retain(|image| image.id() != id);
        if visible.len() == count {
            return Err(error("image/unknown", id, "no such image was loaded"));
        }
        self.change_images(&visible, now);
        Ok(())
    }

    fn change_images(&mut self, visible: &Visible, now: i64) {
        let before = Point { head: None, ..self.point() };
        self.undo.remember(before, None, now);
        self.show_images(visible);
    }

    /// Lets these images be there from the next build on.
    pub(super) fn show_images(&mut self, visible: &Visible) {
        let there = self.loaded.visible();
        let is_same =
            there.len() == visible.len() && there.iter().zip(visible).all(|(old, new)| Arc::ptr_eq(old, new));
        if is_same {
            return;
        }
        let builds = self.entries.len() as u32;
        let mut shelf = std::mem::take(&mut self.loaded);
        shelf.set_visible(visible, builds, &|image| self.stands_on(image));
        self.loaded = shelf;
        self.preview = None;
    }

    /// Whether a build of the timeline was made with an image, or may be as soon as it is done.
    fn stands_on(&self, image: &Archived) -> bool {
        let digest = image.image.manifest_digest;
        self.entries.iter().any(|entry| {
            let Some(finished) = &entry.finished else { return entry.record.is_none() };
            let parts = finished.report.vertices.iter().filter_map(|vertex| vertex.parts.as_ref());
            parts.filter_map(|parts| parts.base.as_ref()).any(|base| base.manifest == digest)
        })
    }
}
