//! Images that a person loaded, as a project keeps them.

use serde::{Deserialize, Serialize};

/// An image that was loaded from an archive.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ImageInput {
    /// The names that `FROM` finds it by, in full.
    pub names: Vec<String>,
    /// Builds with a greater number see it: those before it was loaded did not.
    pub after: u32,
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
    /// What it changes, as entries of a tar.
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
}
