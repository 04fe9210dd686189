//! Images that a person loaded, as a project keeps them.

use super::Figure;
use super::tables::HistoryRow;
use serde::{Deserialize, Serialize};

/// An image that was loaded from an archive.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ImageInput {
    /// The names that `FROM` finds it by, in full.
    pub names: Vec<String>,
    /// Builds with a greater number see it: those before it was loaded did not.
    pub after: u32,
    /// The last build that sees it, once it was removed; none as long as it is there.
    pub until: Option<u32>,
    /// The image ID, the digest of `config`. What does not agree is refused.
    pub id: String,
    /// The text of its configuration.
    pub config: String,
    /// The digest of its manifest.
    pub manifest_digest: String,
    /// The lowest first.
    pub layers: Vec<LayerInput>,
}

/// A layer of such an image.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LayerInput {
    /// The digest of its tar.
    pub diff_id: String,
    /// The length of its tar in bytes.
    pub tar_size: f64,
    /// The length of the blob, if that was compressed.
    pub compressed_size: Option<f64>,
    /// The digest of `entries`. What does not agree is refused; without a seal the entries have to give `diffId`.
    pub seal: String,
    /// What it changes, as entries of a tar. Left out where layers are kept apart by their seals.
    pub entries: Vec<LayerEntry>,
}

/// What an entry of a layer is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum LayerEntryKind {
    /// A regular file.
    #[default]
    File,
    /// A directory.
    Directory,
    /// A symbolic link.
    Symlink,
    /// A further name of a file.
    Hardlink,
    /// A character device.
    Character,
    /// A block device.
    Block,
    /// A named pipe.
    Fifo,
}

/// An entry of a layer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LayerEntry {
    /// Its path.
    pub path: String,
    /// What it is.
    pub kind: LayerEntryKind,
    /// Permission bits.
    pub mode: u32,
    /// The owner.
    pub uid: u32,
    /// The group.
    pub gid: u32,
    /// Modification time in seconds.
    pub mtime: f64,
    /// The bytes of a file in base64; none where only size and digest are kept.
    pub base64: Option<String>,
    /// Its size in bytes.
    pub size: f64,
    /// The digest of its bytes, where they are not kept.
    pub digest: Option<String>,
    /// The target of a link.
    pub target: Option<String>,
    /// Major and minor number of a device.
    pub device: (u32, u32),
    /// Extended attributes: the name of each, and its value in base64.
    pub xattrs: Vec<(String, String)>,
}

/// An image that was loaded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LoadedView {
    /// Its names, as a person writes them.
    pub names: Vec<String>,
    /// The image ID, `sha256:…`.
    pub id: String,
    /// Its configuration as JSON.
    pub config: String,
    /// How many layers it has.
    pub layers: u32,
    /// Bytes of their files.
    pub size: f64,
    /// How many files are kept by their size and digest alone, as they are beyond a limit.
    pub opaque_files: u32,
    /// Bytes of these.
    pub opaque_size: f64,
}

/// All about an image.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ImageView {
    /// The image ID, `sha256:…`.
    pub id: String,
    /// Its names, as a person writes them.
    pub names: Vec<String>,
    /// The digest of its manifest.
    pub manifest_digest: String,
    /// For instance `linux/amd64`.
    pub platform: String,
    /// The build that made it, if one did.
    pub build: Option<u32>,
    /// Whether it was loaded from an archive.
    pub loaded: bool,
    /// Its configuration as JSON, indented.
    pub config: String,
    /// Its history, newest first.
    pub history: Vec<HistoryRow>,
    /// What `docker image history` prints.
    pub history_text: String,
    /// Its layers, the lowest first.
    pub layers: Vec<ImageLayer>,
    /// Bytes of their files.
    pub size: Figure,
}

/// A layer of an image.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ImageLayer {
    /// The digest of its tar.
    pub diff_id: String,
    /// The instruction that made it.
    pub created_by: String,
    /// Bytes of its files.
    pub size: Figure,
    /// Files whose bytes are not there.
    pub opaque_files: u32,
    /// Bytes of these.
    pub opaque_size: f64,
}
