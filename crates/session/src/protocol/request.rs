//! What can be asked of a session.

use super::export::ExportKind;
use super::project::{Edit, FileInput, Project, Settings};
use serde::{Deserialize, Serialize};

/// A request with what belongs to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Envelope {
    /// Counts up with every request; the reply carries it, so that stale replies can be dropped.
    pub generation: u32,
    /// The time of the request, in seconds since 1970 (UTC). The session has no other clock.
    pub now: f64,
    /// Whether to compute the live preview after a change. A page that had to stop a preview sends the edits of that
    /// moment again without one, so that they are kept and the same preview is not started anew.
    #[serde(default = "preview_by_default")]
    pub preview: bool,
    /// The request.
    pub request: Request,
}

fn preview_by_default() -> bool {
    true
}

impl Request {
    /// Whether it is about the shell, which does not outlive its worker.
    pub fn is_of_shell(&self) -> bool {
        matches!(
            self,
            Self::OpenShell { .. } | Self::ShellInput { .. } | Self::CompleteInput { .. } | Self::CloseShell
        )
    }

    /// Whether the request changes what is stored; the others only ask. A piece of an archive is too large to be written
    /// down for another time: what it leads to is there with the next save.
    pub fn changes_project(&self) -> bool {
        !matches!(
            self,
            Self::Provide { .. }
                | Self::LoadImages { .. }
                | Self::ReadFile { .. }
                | Self::Query { .. }
                | Self::Save
                | Self::SaveApart
        ) && !self.is_of_shell()
    }

    /// Whether the project may be another one afterwards although [`Request::changes_project`] says no.
    pub fn ends_archive(&self) -> bool {
        matches!(self, Self::LoadImages { last: true, .. })
    }
}

/// Everything a session can do.
///
/// After each request that changes the workspace come the events `workspace` (or `fileEdited`) and `preview`, and
/// `timeline` (or `timelineNow`) where that changed. All paths are relative to the context, with `/`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Request {
    /// Starts anew with a project: its files, then its builds, one after the other. What can be taken
    /// back is what the project brings along.
    Open {
        /// What to open.
        project: Project,
    },
    /// Gives a part of the catalogue that `needAsset` asked for. What waited for it is done again.
    Provide {
        /// The name of the part.
        asset: String,
        /// Its JSON text.
        text: String,
    },
    /// Sets the text of a file, made if missing (with its directories). One undo step for a run of such edits of one file.
    EditFile {
        /// Which file.
        path: String,
        /// Its whole new text.
        text: String,
    },
    /// Puts files, from an upload for instance; one undo step.
    PutFiles {
        /// The files.
        files: Vec<FileInput>,
    },
    /// Does several edits, as a page that embeds the lab asks for; one undo step. What is to go and is not there is gone.
    Apply {
        /// The edits; all are done, or none.
        edits: Vec<Edit>,
    },
    /// Makes an empty directory.
    MakeDirectory {
        /// Where.
        path: String,
    },
    /// Renames or moves a file or directory.
    Rename {
        /// Its path.
        from: String,
        /// Its new path, where nothing may be.
        to: String,
    },
    /// Deletes a file or a whole directory.
    Delete {
        /// Its path.
        path: String,
    },
    /// Sets the permission bits.
    SetMode {
        /// Of which file or directory.
        path: String,
        /// The lowest twelve bits.
        mode: u32,
    },
    /// Sets the modification time to now, and nothing else.
    Touch {
        /// Of which file or directory.
        path: String,
    },
    /// Puts a file (or its absence) back to what it was in a build.
    RevertFile {
        /// Which file.
        path: String,
        /// In which build.
        build: u32,
    },
    /// Sets the options of the builds to come.
    SetSettings {
        /// All of them.
        settings: Settings,
    },
    /// Takes back the last change of the workspace. Builds stay.
    Undo,
    /// Does again what was taken back.
    Redo,
    /// Builds, and keeps the build on the timeline.
    Build {
        /// Names for the image, besides those of the settings and the one that the session gives.
        tags: Vec<String>,
        /// Whether nothing may be taken from the cache, whatever the settings say.
        no_cache: bool,
    },
    /// Puts the workspace back to what it was in a build; the next build branches off there.
    Checkout {
        /// Which build.
        build: u32,
    },
    /// Empties the build cache, as `docker builder prune --all` does. Images stay.
    Prune,
    /// Loads images from an archive, as `docker load` does. It comes in pieces; the answer to the last is `loaded`.
    LoadImages {
        /// The name of the archive, for errors.
        name: String,
        /// The piece, in base64.
        base64: String,
        /// Whether it is the first one, which forgets what came of another archive.
        first: bool,
        /// Whether it is the last one.
        last: bool,
    },
    /// Puts a build that was made elsewhere on the timeline, by the log that `--progress=rawjson` wrote. The answer is
    /// `recorded`.
    AddRecord {
        /// The name of the file.
        name: String,
        /// Its text.
        text: String,
    },
    /// Asks for a text of a file.
    ReadFile {
        /// Which file.
        path: String,
    },
    /// Asks for a table.
    Query {
        /// Which one.
        query: Query,
    },
    /// Asks for the project as it stands, to be stored or shared.
    Save,
    /// As `save` for one who opened the project and keeps what is large and never changes: the project has no files of
    /// its start, of loaded images' layers the seals alone, and `saved` brings besides the layers that it did not bring
    /// before.
    SaveApart,
    /// Removes a loaded image, as `docker image rm` does. Builds that stood on it keep it; it can be taken back.
    RemoveImage {
        /// Its ID.
        id: String,
    },
    /// Opens a shell on a step: in its result, or, if it failed, in the state just before the command that did. Nothing
    /// that is done there has any effect on the project or the cache. One shell is open at a time.
    OpenShell {
        /// Of which build; none for the preview.
        build: Option<u32>,
        /// The `id` of the step.
        step: u32,
        /// What was run in the same shell before its worker went away: it is run again, without a word.
        lines: Vec<String>,
        /// Whether the line after these was stopped.
        interrupted: bool,
    },
    /// Runs lines in the shell. The answer is `shellOutput`, and `shellPrompt` at the end.
    ShellInput {
        /// The text; all lines of a command that goes over several.
        text: String,
    },
    /// Asks how the word before the caret can be completed.
    CompleteInput {
        /// The text.
        text: String,
        /// The caret, in UTF-16 units.
        at: u32,
    },
    /// Throws the shell away.
    CloseShell,
}

/// A table that can be asked for. `build` is a number on the timeline; none means the live preview.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Query {
    /// The whole view of a build.
    Build {
        /// Which build.
        build: u32,
    },
    /// All about why a step is what it is. The `why` of a row in a build has no remedies and few diffs, as these cost
    /// time at every keystroke; this one has them all.
    Why {
        /// Of which build.
        build: Option<u32>,
        /// The `id` of the step.
        step: u32,
    },
    /// The changes that a step's layer makes.
    Layer {
        /// Of which build.
        build: Option<u32>,
        /// The `id` of the step.
        step: u32,
    },
    /// The rows of `docker image history`.
    History {
        /// Of which build.
        build: Option<u32>,
    },
    /// A build as a file for other tools.
    Export {
        /// Which build.
        build: Option<u32>,
        /// As what.
        kind: ExportKind,
    },
    /// What can be taken away of a build.
    Exports {
        /// Which build.
        build: Option<u32>,
    },
    /// The images that were loaded.
    Loaded,
    /// All about an image: a loaded one, one that a build made, or a base image.
    Image {
        /// Its ID.
        id: String,
    },
    /// The changes that a layer of an image makes.
    ImageLayer {
        /// The ID of the image.
        id: String,
        /// The place of the layer, from 0 at the bottom.
        layer: u32,
    },
    /// The rows of `docker image ls`, the figures of `docker system df`.
    Images,
}
