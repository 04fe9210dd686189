//! Looks into a file as far as it takes to know what it is: a few headers of a tar, never the whole.

use super::Kind;
use dockerfile_lab_app::sniff::{BLOCK, Fault, Head, Next, Sign, head, header, next, sign};
use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, File, ReadableStream, ReadableStreamDefaultReader, ReadableWritablePair};

/// So much of a file is looked at first.
const BEGIN: f64 = 65_536.0;
/// So many entries of an archive are looked at.
const MOST_HEADERS: usize = 400;

#[wasm_bindgen]
extern "C" {
    type DecompressionStream;
    #[wasm_bindgen(constructor, catch)]
    fn new(format: &str) -> Result<DecompressionStream, JsValue>;
}

/// What a file is besides a file, and what is wrong with it; none for nothing else, and for what cannot be read.
pub(in crate::page) async fn look(file: &File) -> Option<(Kind, Option<Fault>)> {
    let begin = bytes(file, 0.0, BEGIN).await.ok()?;
    let name = file.name().to_lowercase();
    let (found, fault) = match head(&begin) {
        Head::Tar => walk(file).await?,
        Head::BrokenTar => (Kind::Damaged, Some(Fault::NoHeader { at: 0 })),
        Head::Gzip => of_gzip(file, &name).await?,
        Head::Packed => {
            let is_tar = [".tar.", ".tzst", ".txz", ".tbz", ".oci"].iter().any(|end| name.contains(end));
            (is_tar.then_some(Kind::Packed)?, None)
        }
        Head::Progress => (Kind::Record, None),
        Head::BrokenProgress => (Kind::Damaged, Some(Fault::NoLine)),
        // An empty archive is nothing but zeros.
        Head::Other if name.ends_with(".tar") && begin.iter().any(|byte| *byte != 0) => {
            (Kind::Damaged, Some(Fault::NoHeader { at: 0 }))
        }
        Head::Other => return None,
    };
    Some((found, fault))
}

/// What is packed with gzip. What its name calls a tar has to be one.
async fn of_gzip(file: &File, name: &str) -> Option<(Kind, Option<Fault>)> {
    let is_tar = [".tar.gz", ".tgz"].iter().any(|end| name.ends_with(end));
    match unpacked(file).await {
        Ok(unpacked) if is_image(&unpacked) => Some((Kind::Image, None)),
        Ok(unpacked) if is_tar && header(&unpacked).is_none() && unpacked.iter().any(|byte| *byte != 0) => {
            Some((Kind::Damaged, Some(Fault::NoHeader { at: 0 })))
        }
        Ok(_) => None,
        Err(error) => {
            let words = error.dyn_ref::<js_sys::Error>().map(|error| String::from(error.message()));
            Some((Kind::Damaged, Some(Fault::NotPacked { detail: words.unwrap_or_default() })))
        }
    }
}

/// A piece of a file.
pub(super) async fn bytes(file: &File, from: f64, to: f64) -> Result<Vec<u8>, JsValue> {
    let piece = file.slice_with_f64_and_f64(from, to)?;
    let buffer = JsFuture::from(piece.array_buffer()).await?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

/// Goes from header to header of a tar: an image, or damaged; none for a tar like any other.
async fn walk(file: &File) -> Option<(Kind, Option<Fault>)> {
    let (mut at, mut may_be_image) = (0_u64, true);
    for _ in 0..MOST_HEADERS {
        let block = bytes(file, at as f64, (at + BLOCK as u64) as f64).await.ok()?;
        match next(&block, at, file.size() as u64) {
            Next::End => return None,
            Next::Fault(fault) => return Some((Kind::Damaged, Some(fault))),
            Next::Entry { path, end } => {
                match sign(&path) {
                    Sign::Image if may_be_image => return Some((Kind::Image, None)),
                    Sign::Not => may_be_image = false,
                    _ => {}
                }
                at = end;
            }
        }
    }
    None
}

/// Whether what there is of a tar is that of an image.
fn is_image(tar: &[u8]) -> bool {
    let mut at = 0_u64;
    // In 64 bits: a place beyond what a `usize` of the browser holds is beyond the data, and never its beginning.
    while let Some(block) = usize::try_from(at).ok().and_then(|at| tar.get(at..)).map(first_block)
        && let Next::Entry { path, end } = next(block, at, u64::MAX)
    {
        match sign(&path) {
            Sign::Image => return true,
            Sign::Not => return false,
            Sign::Maybe => at = end,
        }
    }
    false
}

fn first_block(bytes: &[u8]) -> &[u8] {
    bytes.get(..BLOCK).unwrap_or(bytes)
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
