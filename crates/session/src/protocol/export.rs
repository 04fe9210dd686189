//! What leaves the lab as a file.

use serde::{Deserialize, Serialize};

/// The form of an export, in the words of `docker buildx build --output type=…`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ExportKind {
    /// The image as an OCI layout.
    Oci,
    /// The image as `docker load` takes it.
    Docker,
    /// The files of the image.
    Tar,
    /// The build context, to be built elsewhere.
    Context,
    /// What happened, as `--progress=rawjson` prints it.
    Rawjson,
}

/// A file that was asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExportView {
    /// What it is.
    pub kind: ExportKind,
    /// A name for it.
    pub file: String,
    /// The words that do something with it in a shell beside it: load the image, build the context.
    pub command: String,
    /// Its bytes in base64.
    pub base64: String,
}
