//! Tables: history, images, disk, layers, timeline.

use super::Figure;
use super::build::State;
use serde::{Deserialize, Serialize};

/// A row of `docker image history`, newest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HistoryRow {
    /// The image ID in 12 digits, or `<missing>`.
    pub image: String,
    /// RFC 3339; empty where unknown.
    pub created: String,
    /// As in the column CREATED, seen from the time of the request: `2 months ago`.
    pub created_since: String,
    /// The instruction in full.
    pub created_by: String,
    /// Bytes.
    pub size: Figure,
    /// For instance `buildkit.dockerfile.v0`.
    pub comment: String,
    /// Whether it is of the base image.
    pub base: bool,
    /// Whether the row has no layer.
    pub empty_layer: bool,
}

/// The history of an image.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HistoryView {
    /// Of which build; none for the preview.
    pub build: Option<u32>,
    /// Newest first; empty when the build failed.
    pub rows: Vec<HistoryRow>,
    /// What `docker image history` prints, for the copy button.
    pub text: String,
}

/// A row of `docker image ls`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ImageRow {
    /// Or `<none>`.
    pub repository: String,
    /// Or `<none>`.
    pub tag: String,
    /// The image ID, `sha256:…`.
    pub id: String,
    /// As in the column CREATED.
    pub created_since: String,
    /// Bytes, shared layers included.
    pub size: Figure,
    /// The build that made it; none for a base image.
    pub build: Option<u32>,
    /// Whether it was loaded from an archive.
    pub loaded: bool,
}

/// A layer on the disk, counted once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DiskRow {
    /// The diff ID.
    pub diff_id: String,
    /// The instruction that made it.
    pub created_by: String,
    /// Bytes.
    pub size: Figure,
    /// The images that have it, as indexes into the list of images.
    pub images: Vec<u32>,
}

/// `docker system df`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DiskView {
    /// The sizes of all images added up, shared layers each time.
    pub logical: Figure,
    /// Every layer counted once.
    pub real: Figure,
    /// Bytes of images that no tag leads to and nothing needs.
    pub reclaimable: Figure,
    /// Bytes that only the build cache holds.
    pub build_cache: Figure,
    /// The records in the build cache.
    pub cache_records: u32,
    /// All layers, the most shared first, then in the order of the images.
    pub layers: Vec<DiskRow>,
    /// What `docker system df` prints.
    pub text: String,
    /// What `docker image ls` prints.
    pub images_text: String,
}

/// How a layer changes a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum LayerChangeKind {
    /// Was not there.
    Added,
    /// Was there and differs.
    Modified,
    /// Is hidden by a whiteout.
    Deleted,
}

/// A path that a layer changes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LayerChange {
    /// Absolute; directories end with `/`.
    pub path: String,
    /// How.
    pub kind: LayerChangeKind,
    /// Bytes.
    pub size: Figure,
    /// As `ls -l` writes type and mode: `-rw-r--r--`.
    pub mode: String,
    /// As `uid:gid`.
    pub owner: String,
    /// The target of a link.
    pub target: Option<String>,
}

/// A layer of a step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LayerView {
    /// Of which build; none for the preview.
    pub build: Option<u32>,
    /// Of which row.
    pub step: u32,
    /// Bytes of its files.
    pub size: Figure,
    /// Bytes of its tar.
    pub tar_size: Figure,
    /// `sha256:…`
    pub diff_id: String,
    /// `sha256:…`
    pub chain_id: String,
    /// The changes by path; at most 2,000.
    pub changes: Vec<LayerChange>,
    /// How many there are in all.
    pub count: u32,
}

/// A cell of the timeline's heat map.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Cell {
    /// The row of the heat map, an index into [`TimelineView::rows`].
    pub row: u32,
    /// The state.
    pub state: State,
    /// The `id` of the step in its build.
    pub step: u32,
}

/// A step of the live preview in the heat map.
///
/// An instruction that no build has is no row of the map: typing would change the rows of all builds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LiveCell {
    /// The row, an index into [`TimelineView::rows`]; with `new` the row that the new one stands in front of, which may
    /// be the end.
    pub row: u32,
    /// The text of an instruction that no build has.
    pub new: Option<String>,
    /// The state.
    pub state: State,
    /// The `id` of the step in the preview.
    pub step: u32,
}

/// A build as a column of the timeline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TimelineBuild {
    /// From 1.
    pub number: u32,
    /// The build that it continues; none for the start.
    pub parent: Option<u32>,
    /// When, in seconds since 1970.
    pub at: f64,
    /// Its cells.
    pub cells: Vec<Cell>,
    /// Steps that hit.
    pub hits: u32,
    /// Steps in all.
    pub steps: u32,
    /// Seconds.
    pub seconds: Figure,
    /// Seconds saved.
    pub saved: Figure,
    /// Whether it failed.
    pub failed: bool,
    /// The paths that differ from the parent's workspace; at most five.
    pub edited: Vec<String>,
    /// How many there are in all.
    pub edited_count: u32,
    /// Whether it was made elsewhere, and its log was read.
    pub recorded: bool,
}

/// The timeline.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TimelineView {
    /// The instructions that any build had, in an order that keeps each build's own; the text of each. Not those that
    /// only the live preview has.
    pub rows: Vec<String>,
    /// The builds.
    pub builds: Vec<TimelineBuild>,
    /// The build that the workspace stands on.
    pub head: Option<u32>,
    /// The paths that differ from it.
    pub edited: Vec<String>,
    /// The live preview, in the order of its steps.
    pub now: Vec<LiveCell>,
    /// Seconds saved in all builds.
    pub saved: Figure,
}
