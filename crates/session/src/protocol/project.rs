//! A project as it is stored, shared and shipped as an example: the start, the edits, the builds.
//!
//! Opening a project replays it, so the same project gives the same digests everywhere.

use super::image::ImageInput;
use super::record::RecordInput;
use serde::{Deserialize, Serialize};

/// Which builder's rules decide over hits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Builder {
    /// BuildKit, the default since Docker 23.
    #[default]
    Buildkit,
    /// The builder before it: every instruction is looked for on the image above.
    Classic,
}

/// The options of a build.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Settings {
    /// `-f`: the Dockerfile's path in the context; empty for `Dockerfile`.
    pub dockerfile: String,
    /// `--target`; empty for the last stage.
    pub target: String,
    /// `--build-arg`, as `NAME=value`.
    pub build_args: Vec<String>,
    /// `--label`, as `name=value`.
    pub labels: Vec<String>,
    /// `--no-cache`: whether nothing may be taken from the cache.
    pub no_cache: bool,
    /// `--no-cache-filter`: stages that may not use the cache.
    pub no_cache_stages: Vec<String>,
    /// `-t`: names for the image.
    pub tags: Vec<String>,
    /// The builder.
    pub builder: Builder,
}

/// A file as it comes in.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct FileInput {
    /// Its path in the context.
    pub path: String,
    /// Its text, if it is text.
    pub text: Option<String>,
    /// Its bytes in base64, if it is not.
    pub base64: Option<String>,
    /// The target, if it is a symbolic link.
    pub symlink: Option<String>,
    /// Whether it is a directory (empty, or with a mode of its own).
    pub directory: bool,
    /// Permission bits; none for 0644 (0755 for a directory).
    pub mode: Option<u32>,
    /// Modification time in seconds; none for the time of the edit.
    pub mtime: Option<f64>,
}

/// A change of the workspace.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Edit {
    /// A file is as given now.
    Put {
        /// The file.
        file: FileInput,
    },
    /// A file or directory is gone.
    Delete {
        /// Its path.
        path: String,
    },
    /// Other options.
    Settings {
        /// All of them.
        settings: Settings,
    },
    /// The build cache was emptied.
    Prune,
}

/// A build on the timeline, with what changed before it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ProjectBuild {
    /// The number of the build whose workspace the edits start from; none for the start of the project.
    pub parent: Option<u32>,
    /// The difference to the parent's workspace.
    pub edits: Vec<Edit>,
    /// When it was built, in seconds since 1970.
    pub at: f64,
    /// Names given to the image.
    pub tags: Vec<String>,
    /// Whether the cache was not used.
    pub no_cache: bool,
    /// The log of a build that was made elsewhere; then it is not repeated.
    pub record: Option<RecordInput>,
}

/// A state of the workspace that undo goes back to, or redo forth to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct UndoStep {
    /// The difference to the state that it is reached from: the one before it in the list, or the present one.
    pub edits: Vec<Edit>,
    /// Whether the step also goes to another build.
    pub moves: bool,
    /// That build; none for the start of the project.
    pub head: Option<u32>,
    /// Whether redo leads to it.
    pub redo: bool,
}

/// A project.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Project {
    /// [`super::VERSION`] of the writer.
    pub version: u32,
    /// The id of the example it began as, or a name that the person gave; empty for an untitled one.
    pub name: String,
    /// When it began, in seconds since 1970: the time of the first files.
    pub at: f64,
    /// The context at the start, the Dockerfile and the .dockerignore among it. They never change while a project is open.
    pub files: Vec<FileInput>,
    /// The options at the start.
    pub settings: Settings,
    /// The builds in the order of their numbers (from 1).
    pub builds: Vec<ProjectBuild>,
    /// The build that the workspace stands on; none for the start.
    pub head: Option<u32>,
    /// What was changed since then and not built yet.
    pub draft: Vec<Edit>,
    /// When the draft was last changed, in seconds since 1970.
    pub draft_at: f64,
    /// Images that were loaded from archives.
    pub images: Vec<ImageInput>,
    /// What can be taken back and done again, the nearest states first. Only in what a browser stores for itself: who gets a
    /// link gets no former states.
    pub undo: Vec<UndoStep>,
}
