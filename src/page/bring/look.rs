//! Looks into a file as far as it takes to know what it is: a few headers of a tar, never the whole.

use super::Kind;
use dockerfile_lab_app::sniff::{BLOCK, Head, Sign, head, header, sign};
use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, File, ReadableStream, ReadableStreamDefaultReader, ReadableWritablePair};

/// So much of a file is looked at first.
const BEGIN: f64 = 65_536.0;
/// An archive with more entries than this is no image.
const MOST_HEADERS: usize = 400;

#[wasm_bindgen]
extern "C" {
    type DecompressionStream;
    #[wasm_bindgen(constructor, catch)]
    fn new(format: &str) -> Result<DecompressionStream, JsValue>;
}

/// What a file is besides a file; none for nothing else, and for what cannot be read.
pub(in crate::page) async fn look(file: &File) -> Option<Kind> {
    let begin = bytes(file, 0.0, BEGIN).await.ok()?;
    match head(&begin) {
        Head::Tar => walk(file).await.then_some(Kind::Image),
        Head::Gzip => {
            let unpacked = unpacked(file).await.unwrap_or_default();
            is_image(&unpacked).then_some(Kind::Image)
        }
        Head::Packed => {
            let name = file.name().to_lowercase();
            let is_tar = [".tar.", ".tzst", ".txz", ".tbz", ".oci"].iter().any(|end| name.contains(end));
            is_tar.then_some(Kind::Packed)
        }
        Head::Progress => Some(Kind::Record),
        Head::Other => None,
    }
}

/// A piece of a file.
pub(super) async fn bytes(file: &File, from: f64, to: f64) -> Result<Vec<u8>, JsValue> {
    let piece = file.slice_with_f64_and_f64(from, to)?;
    let buffer = JsFuture::from(piece.array_buffer()).await?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

/// Goes from header to header of a tar.
async fn walk(file: &File) -> bool {
    let mut at = 0.0;
    for _ in 0..MOST_HEADERS {
        let Ok(block) = bytes(file, at, at + BLOCK as f64).await else { return false };
        let Some((path, size)) = header(&block) else { return false };
        match sign(&path) {
            Sign::Image => return true,
            Sign::Not => return false,
            Sign::Maybe => {}
        }
        at += past(size) as f64;
        if at >= file.size() {
            return false;
        }
    }
    false
}

/// How far the next header is from one that tells of so many bytes. What an archive says of itself may be more than any
/// file has, so that this must not come out short.
fn past(size: u64) -> u64 {
    let block = BLOCK as u64;
    size.div_ceil(block).saturating_add(1).saturating_mul(block)
}

/// The same in what there is of a tar.
fn is_image(tar: &[u8]) -> bool {
    let mut at = 0_u64;
    // In 64 bits: a place beyond what a `usize` of the browser holds is beyond the data, and never its beginning.
    while let Some((path, size)) = usize::try_from(at).ok().and_then(|at| tar.get(at..)).and_then(header) {
        match sign(&path) {
            Sign::Image => return true,
            Sign::Not => return false,
            Sign::Maybe => {}
        }
        at = at.saturating_add(past(size));
    }
    false
}

/// The first bytes of what is compressed with gzip.
async fn unpacked(file: &File) -> Result<Vec<u8>, JsValue> {
    let blob: &Blob = file;
    let gzip = DecompressionStream::new("gzip")?;
    let stream: ReadableStream = blob.stream().pipe_through(gzip.unchecked_ref::<ReadableWritablePair>());
    let reader: ReadableStreamDefaultReader = stream.get_reader().dyn_into()?;
    let mut made = Vec::new();
    while made.len() < BEGIN as usize {
        let read = JsFuture::from(reader.read()).await?;
        if Reflect::get(&read, &"done".into())?.is_truthy() {
            break;
        }
        made.extend(Reflect::get(&read, &"value".into())?.dyn_into::<Uint8Array>()?.to_vec());
    }
    // The rest is wanted by nobody.
    let _ = JsFuture::from(reader.cancel()).await;
    Ok(made)
}
