//! What a session says.

use super::Figure;
use super::build::BuildView;
use super::export::{ExportView, ExportsView};
use super::image::{ImageView, LayerInput, LoadedView};
use super::project::{Project, Settings};
use super::shell::{OutputNews, ShellPrompt, ShellView};
use super::tables::{DiskView, HistoryView, ImageRow, LayerView, LiveCell, TimelineView};
use super::why::Why;
use serde::{Deserialize, Serialize};

/// The events that answer one request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Reply {
    /// The generation of the request; 0 for what was not asked for.
    pub generation: u32,
    /// What happened, in order.
    pub events: Vec<Event>,
    /// Whether this ends the request; a long one is answered in several replies.
    pub done: bool,
}

/// Everything a session says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
#[allow(clippy::large_enum_variant)]
pub enum Event {
    /// The worker has started; sent once, by the worker.
    Ready {
        /// [`super::VERSION`].
        protocol: u32,
        /// The version of the build of the lab, to find out about mixed versions.
        version: String,
    },
    /// A part of the catalogue is needed: answer with `provide`.
    NeedAsset {
        /// Its name.
        asset: String,
    },
    /// The workspace changed.
    Workspace {
        /// As it is now.
        workspace: WorkspaceView,
    },
    /// The text of one file changed and nothing else of the workspace: sent in the place of `workspace` after `editFile`,
    /// so that a keystroke costs no list of all files. It never comes before a first `workspace`.
    FileEdited {
        /// The file, and the directories above it, whose sizes changed along: in the place of those with the same paths.
        entries: Vec<FileEntry>,
        /// Bytes of the files that a build sees.
        context_size: Figure,
        /// The new text, if it is the Dockerfile.
        dockerfile_text: Option<String>,
        /// Whether there is something to take back.
        can_undo: bool,
        /// Whether something was taken back.
        can_redo: bool,
    },
    /// What a build would do now.
    Preview {
        /// The build in the fork.
        build: BuildView,
    },
    /// A build was kept; its `number` is set.
    Built {
        /// The build.
        build: BuildView,
    },
    /// A build that was made elsewhere is on the timeline.
    Recorded {
        /// The build.
        build: BuildView,
    },
    /// The timeline changed.
    Timeline {
        /// As it is now.
        timeline: TimelineView,
    },
    /// Only the live part of the timeline changed: in the place of `edited` and `now`.
    TimelineNow {
        /// The paths that differ from the build that the workspace stands on.
        edited: Vec<String>,
        /// The live preview.
        now: Vec<LiveCell>,
    },
    /// The answer to `Query::Build`.
    BuildShown {
        /// The build.
        build: BuildView,
    },
    /// The answer to `Query::Why`.
    Why {
        /// Of which build; none for the preview.
        build: Option<u32>,
        /// Of which row.
        step: u32,
        /// All that is known, with diffs of all changed files and with remedies.
        why: Why,
    },
    /// The answer to `Query::Layer`.
    Layer {
        /// The layer.
        layer: LayerView,
    },
    /// The answer to `Query::History`.
    History {
        /// The rows.
        history: HistoryView,
    },
    /// The answer to `Query::Images`.
    Images {
        /// The rows of `docker image ls`, newest first.
        images: Vec<ImageRow>,
        /// The figures of `docker system df`, and every layer once.
        disk: DiskView,
    },
    /// The answer to `Query::Export`.
    Exported {
        /// The file.
        export: ExportView,
    },
    /// The answer to the last piece of `loadImages`, and to `Query::Loaded`.
    Loaded {
        /// The images: those that came with the archive, or all.
        images: Vec<LoadedView>,
    },
    /// The answer to `Query::Exports`.
    Exports {
        /// The forms.
        exports: ExportsView,
    },
    /// The answer to `Query::Image`.
    ImageShown {
        /// The image.
        image: ImageView,
    },
    /// The answer to `Query::ImageLayer`.
    ImageLayer {
        /// The ID of the image.
        id: String,
        /// The layer; its `step` is the place in the image.
        layer: LayerView,
    },
    /// An image of a project that was opened is damaged. It is left out; everything else is there.
    ImageRefused {
        /// What is wrong with it.
        error: ErrorView,
    },
    /// The answer to `readFile`.
    FileContent {
        /// Which file.
        path: String,
        /// Its text; none if it is not UTF-8.
        text: Option<String>,
        /// Its bytes in base64, if it is not text.
        base64: Option<String>,
        /// Its size in bytes.
        size: f64,
    },
    /// The answer to `save`.
    Saved {
        /// The project.
        project: Project,
        /// The answer to `saveApart`: layers of the project that were in no answer before.
        layers: Vec<LayerInput>,
    },
    /// How far a replay has come; sent between two builds.
    Progress {
        /// Builds done.
        done: u32,
        /// Builds in all.
        total: u32,
    },
    /// A request could not be done. Nothing was changed by it.
    Failed {
        /// Why.
        error: ErrorView,
    },
    /// A step has run for a while: what it prints, as it comes. One that ends soon says nothing here.
    Running {
        /// Its row, where it has one.
        row: Option<u32>,
        /// BuildKit's name of the step.
        name: String,
        /// What it printed.
        news: OutputNews,
    },
    /// A shell was opened.
    ShellOpened {
        /// What it is open on.
        shell: ShellView,
    },
    /// What the line in the shell prints.
    ShellOutput {
        /// The output.
        news: OutputNews,
    },
    /// The shell waits for a line.
    ShellPrompt {
        /// How it is there.
        prompt: ShellPrompt,
    },
    /// The answer to `completeInput`.
    Completed {
        /// The place in the text where the words below begin, in UTF-16 units.
        from: u32,
        /// What can stand there instead of what does.
        words: Vec<String>,
    },
}

/// Why a request could not be done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ErrorView {
    /// One of [`ErrorView::CODES`]: the page has a sentence for each.
    pub code: String,
    /// What it is about: a path, a number, a name.
    pub subject: String,
    /// The cause in English, for the curious.
    pub detail: String,
}

impl ErrorView {
    /// Every code that there is.
    pub const CODES: [&str; 24] = [
        "path/exists",
        "path/not-found",
        "path/invalid",
        "project/too-new",
        "project/damaged",
        "build/unknown",
        "build/unknown-step",
        "build/invalid-tag",
        "build/too-many",
        "file/too-large",
        "file/damaged",
        "asset/damaged",
        "asset/unreachable",
        "export/simulated",
        "export/foreign-layer",
        "export/failed-build",
        "image/damaged",
        "image/left-out",
        "image/unknown",
        "record/damaged",
        "build/recorded",
        "shell/none",
        "shell/nowhere",
        "shell/closed",
    ];
}

/// The workspace.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WorkspaceView {
    /// The project's name.
    pub name: String,
    /// All files and directories of the context, by path; a directory comes right before all that is in it.
    pub files: Vec<FileEntry>,
    /// The files that a build sees (not ignored) and their sizes added up.
    pub context_files: u32,
    /// Bytes of these.
    pub context_size: Figure,
    /// The options.
    pub settings: Settings,
    /// The path of the Dockerfile.
    pub dockerfile: String,
    /// Its text, if it is there.
    pub dockerfile_text: Option<String>,
    /// Counts every change of the workspace that did not come from `editFile`, so that an open editor knows to read anew.
    pub epoch: u32,
    /// Whether there is something to take back.
    pub can_undo: bool,
    /// Whether something was taken back.
    pub can_redo: bool,
    /// The names of images that `FROM` can be completed with; filled when the catalogue is there.
    pub image_names: Vec<String>,
}

/// What a path of the context is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum FileKind {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// A symbolic link.
    Symlink,
}

/// How a file differs from the build that the workspace stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum FileChange {
    /// It is new.
    Added,
    /// Its bytes, type or target differ.
    Changed,
    /// Only its mode differs.
    Mode,
    /// Only its time differs.
    Touched,
}

/// A file of the context.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FileEntry {
    /// Its path.
    pub path: String,
    /// What it is.
    pub kind: FileKind,
    /// Its size in bytes; of a directory, all below it.
    pub size: f64,
    /// Its permission bits.
    pub mode: u32,
    /// Its modification time in seconds since 1970.
    pub mtime: f64,
    /// The target of a symbolic link.
    pub target: Option<String>,
    /// Whether the .dockerignore hides it from builds.
    pub ignored: bool,
    /// How it differs from the build that the workspace stands on.
    pub change: Option<FileChange>,
}
