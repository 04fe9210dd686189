//! Any bytes as an archive of an image. The first byte says in how large pieces they come; that may change nothing.

#![no_main]

use lab_engine::import::{ImportError, ImportLimits, Imported, Importer};
use libfuzzer_sys::fuzz_target;

const LIMITS: ImportLimits = ImportLimits {
    file_bytes: 64,
    kept_bytes: 1 << 12,
    whole_bytes: 1 << 18,
    entries: 200,
    unpacked_bytes: 1 << 20,
};

fuzz_target!(|bytes: &[u8]| {
    let Some((size, archive)) = bytes.split_first() else { return };
    let pieces = import(archive, usize::from(*size) + 1);
    let whole = import(archive, usize::MAX);
    match (pieces, whole) {
        (Ok(pieces), Ok(whole)) => {
            let ids = |images: &[Imported]| -> Vec<String> {
                images.iter().map(|image| image.image.config_digest.to_string()).collect()
            };
            assert_eq!(ids(&pieces), ids(&whole), "pieces change nothing");
        }
        (pieces, whole) => assert_eq!(pieces.is_ok(), whole.is_ok(), "pieces change nothing"),
    }
});

fn import(archive: &[u8], size: usize) -> Result<Vec<Imported>, ImportError> {
    let mut importer = Importer::new(LIMITS);
    for piece in archive.chunks(size) {
        importer.write(piece)?;
    }
    importer.finish()
}
