//! A project in a link: `#1.` and the project as JSON, deflated, in base64 for addresses.
//!
//! The number in front is the version of this form; the project has a version of its own.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use js_sys::Uint8Array;
use lab_session::protocol::{Project, VERSION};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, ReadableStream, Response};

const FORM: &str = "1";
/// A link that unpacks to more than this is refused: it would stop the page.
const MAX_BYTES: u32 = 64 << 20;

/// Why a link cannot be opened.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum ShareError {
    /// It is no link of the lab, or a part of it is missing.
    Damaged {
        /// What exactly.
        message: String,
    },
    /// It was made by a newer lab.
    TooNew,
}

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
    Ok(format!("{FORM}.{}", BASE64_URL_SAFE_NO_PAD.encode(&packed)))
}

/// The project of a fragment (with or without `#`).
pub(crate) async fn decode(fragment: &str) -> Result<Project, ShareError> {
    let damaged = |message: &str| ShareError::Damaged { message: message.to_owned() };
    let fragment = fragment.trim_start_matches('#');
    let (form, data) = fragment.split_once('.').ok_or_else(|| damaged("it has no version"))?;
    if form != FORM {
        return Err(match form.parse::<u32>() {
            Ok(_) => ShareError::TooNew,
            Err(_) => damaged("its version is no number"),
        });
    }
    let packed = BASE64_URL_SAFE_NO_PAD
        .decode(data)
        .map_err(|error| damaged(&format!("its characters are not those of a link: {error}")))?;
    let stream = DecompressionStream::new("deflate-raw").map_err(|error| damaged(&format!("{error:?}")))?;
    let json = through(&packed, stream.unchecked_ref())
        .await
        .map_err(|_| damaged("it does not unpack: a part of it is missing or changed"))?;
    let value: serde_json::Value =
        serde_json::from_slice(&json).map_err(|error| damaged(&error.to_string()))?;
    if value
        .get("version")
        .and_then(serde_json::Value::as_u64)
        .is_some_and(|version| version > u64::from(VERSION))
    {
        return Err(ShareError::TooNew);
    }
    serde_json::from_value(value).map_err(|error| damaged(&error.to_string()))
}

/// Whether a fragment looks like a project, and not like a name of a place on the page.
pub(crate) fn is_project(fragment: &str) -> bool {
    fragment
        .trim_start_matches('#')
        .split_once('.')
        .is_some_and(|(form, _)| !form.is_empty() && form.bytes().all(|byte| byte.is_ascii_digit()))
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
