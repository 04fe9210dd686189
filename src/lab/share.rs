//! A project in a link, as [`lab_session::link`] says, deflated and inflated by the browser.

use js_sys::Uint8Array;
use lab_session::link::{self, LinkError};
pub(crate) use lab_session::link::{LinkError as ShareError, is_project};
use lab_session::protocol::Project;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, ReadableStream, Response};

/// A link that unpacks to more than this is refused: it would stop the page.
const MAX_BYTES: u32 = 64 << 20;

#[wasm_bindgen]
extern "C" {
    type CompressionStream;
    #[wasm_bindgen(constructor, catch)]
    fn new(format: &str) -> Result<CompressionStream, JsValue>;

    type DecompressionStream;
    #[wasm_bindgen(constructor, catch)]
    fn new(format: &str) -> Result<DecompressionStream, JsValue>;
}

/// The fragment of a link, without `#`.
pub(crate) async fn encode(project: &Project) -> Result<String, String> {
    let json = serde_json::to_string(project).map_err(|error| error.to_string())?;
    let packed = match CompressionStream::new("deflate-raw") {
        Ok(stream) => through(json.as_bytes(), stream.unchecked_ref()).await,
        Err(error) => Err(error),
    };
    let packed = packed.map_err(|error| format!("{error:?}"))?;
    Ok(link::fragment(&packed))
}

/// The project of a fragment (with or without `#`).
pub(crate) async fn decode(fragment: &str) -> Result<Project, ShareError> {
    super::parts::fetched().await;
    let packed = link::deflated(fragment)?;
    let stream =
        DecompressionStream::new("deflate-raw").map_err(|error| LinkError::damaged(format!("{error:?}")))?;
    let json = through(&packed, stream.unchecked_ref())
        .await
        .map_err(|_| LinkError::damaged("it does not unpack: a part of it is missing or changed"))?;
    link::project(&json)
}

async fn through(bytes: &[u8], stream: &web_sys::ReadableWritablePair) -> Result<Vec<u8>, JsValue> {
    let parts = js_sys::Array::of1(&Uint8Array::from(bytes));
    let packed: ReadableStream = Blob::new_with_u8_array_sequence(&parts)?.stream().pipe_through(stream);
    let response = Response::new_with_opt_readable_stream(Some(&packed))?;
    let blob: Blob = JsFuture::from(response.blob()?).await?.unchecked_into();
    if blob.size() > f64::from(MAX_BYTES) {
        return Err(JsValue::from_str("too large"));
    }
    let buffer = JsFuture::from(blob.array_buffer()).await?;
    Ok(Uint8Array::new(&buffer).to_vec())
}
