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

/// What can be taken away of a build, and what cannot and why: asked for before anybody waits for a file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ExportsView {
    /// Of which build; none for the preview.
    pub build: Option<u32>,
    /// The forms, in the order of their use.
    pub options: Vec<ExportOption>,
}

/// A form in which a build can be taken away.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExportOption {
    /// Which one.
    pub kind: ExportKind,
    /// The name of the file.
    pub file: String,
    /// The words that do something with it in a shell beside it.
    pub command: String,
    /// How many bytes it has, or about how many, where that is known.
    pub size: Option<f64>,
    /// Whether it was written to know its size; else that is an estimate.
    pub exact: bool,
    /// Why it cannot be written.
    pub refused: Option<Refusal>,
}

/// Why an image cannot be written.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Refusal {
    /// `export/simulated`, `export/failed-build` or `build/unknown`.
    pub code: String,
    /// The names of the base images whose files have no bytes.
    pub bases: Vec<String>,
    /// The first files without bytes that the build itself made.
    pub paths: Vec<String>,
    /// How many files have no bytes.
    pub files: u32,
    /// Their sizes added up.
    pub size: f64,
}
