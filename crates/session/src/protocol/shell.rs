//! The shell that opens on a step, and what a command prints while it runs.

use super::build::CommandView;
use super::tables::LayerChange;
use serde::{Deserialize, Serialize};

/// A piece of output. Its text is as it was printed, with its line breaks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OutputPiece {
    /// Whether it went to the standard error.
    pub error: bool,
    /// The text.
    pub text: String,
}

/// Output that comes while a command runs, or when it ended.
///
/// Of the pieces that were told of this command the first `kept` still hold; a pipeline that starts again takes the
/// others back. Then come the new ones.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OutputNews {
    /// How many pieces hold.
    pub kept: u32,
    /// The new ones.
    pub pieces: Vec<OutputPiece>,
}

/// The shell that is open.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ShellView {
    /// Of which build; none for the preview.
    pub build: Option<u32>,
    /// The `id` of the step.
    pub step: u32,
    /// The instruction.
    pub text: String,
    /// Whether the step failed: the shell is in the state before it did, else in the result of the step.
    pub failed: bool,
    /// The command of the step that failed, roughly as it was written: it would be the next.
    pub before: Option<String>,
    /// The path of the shell.
    pub program: String,
    /// Where the step mounts something, which is there in the shell too.
    pub mounts: Vec<String>,
}

/// The shell waits for a line.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ShellPrompt {
    /// The name of the user, or the number.
    pub user: String,
    /// Whether that is root.
    pub root: bool,
    /// The working directory.
    pub cwd: String,
    /// `$?`
    pub status: i32,
    /// Whether the text needs more lines: nothing was run, and it is to be sent again with them.
    pub incomplete: bool,
    /// Whether the shell has ended.
    pub closed: bool,
    /// The limit that interrupted the line, in English.
    pub limit: Option<String>,
    /// The commands that the line ran.
    pub commands: Vec<CommandView>,
    /// The files that differ from those when the shell was opened; at most 200 of them.
    pub changes: Vec<LayerChange>,
    /// How many there are.
    pub changed: u32,
}
