//! Loading images from archives.

use super::{Emit, Session};
use crate::images::Loaded;
use crate::protocol::{ErrorView, Event};
use crate::text::base64;
use crate::workspace::error;
use lab_engine::import::{ImportError, ImportLimits, Importer};

impl Session {
    /// Takes a piece of an archive; says whether there are new images.
    pub(super) fn load_images(
        &mut self,
        name: &str,
        piece: &str,
        (first, last): (bool, bool),
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
        let after = self.entries.len() as u32;
        let images: Vec<Loaded> =
            importer.finish().map_err(damaged)?.into_iter().map(|image| Loaded::new(image, after)).collect();
        emit(Event::Loaded { images: images.iter().map(Loaded::view).collect() });
        self.loaded.extend(images);
        self.preview = None;
        Ok(true)
    }
}
