//! A build as a person reads it: a row per instruction, totals, log.

use super::Figure;
use super::project::Builder;
use super::record::RecordView;
use super::why::Why;
use serde::{Deserialize, Serialize};

/// The state of an instruction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum State {
    /// Taken from the cache.
    Hit,
    /// Run, because of a cause of its own.
    Miss,
    /// Run, only because a step that it builds on was.
    Follows,
    /// Changes only the configuration.
    #[default]
    Meta,
    /// Stopped the build.
    Failed,
    /// Not reached, because of a failure elsewhere.
    NotRun,
    /// In a stage that the target does not need.
    Skipped,
}

/// What a command of a `RUN` was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum CommandKind {
    /// Real effects on real bytes.
    Executed,
    /// A model of the program.
    Modelled,
    /// It is in the image, but is not simulated: no effect.
    Unknown,
}

/// A command of a `RUN`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CommandView {
    /// Its name, for instance `npm`.
    pub name: String,
    /// What it was.
    pub kind: CommandKind,
    /// How often it ran.
    pub count: u32,
    /// Seconds of all of them.
    pub seconds: Figure,
}

/// What stands behind a `FROM` whose image the lab does not have as it is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StandIn {
    /// The name that was asked for.
    pub wanted: String,
    /// The image whose files, sizes and history are shown in its place.
    pub shown: String,
}

/// A row: one instruction of the Dockerfile.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StepView {
    /// The place in the list of rows; other fields refer to it.
    pub id: u32,
    /// The first line of the instruction.
    pub line: u32,
    /// Its last line.
    pub end_line: u32,
    /// The instruction as written, on one line.
    pub text: String,
    /// The keyword in capitals.
    pub keyword: String,
    /// BuildKit's name of the step, `[2/5] WORKDIR /app`; empty for an instruction that is no step.
    pub name: String,
    /// The name of the stage or its number as text.
    pub stage: String,
    /// The step number within its stage, from 1; 0 for no step.
    pub number: u32,
    /// The state.
    pub state: State,
    /// The row of the root cause, for a row that follows.
    pub root: Option<u32>,
    /// Whether the content stopped a cascade here: something above missed, this hit.
    pub held: bool,
    /// Bytes of the layer, as `docker image history` counts; none without a layer.
    pub size: Option<Figure>,
    /// Seconds spent now: 0 for a hit.
    pub seconds: Option<Figure>,
    /// Seconds that a hit saved.
    pub saved: Option<Figure>,
    /// The diff ID of the layer, `sha256:…`; none without one.
    pub diff_id: Option<String>,
    /// The cache key, `sha256:…`; none for an instruction that is no step.
    pub cache_key: Option<String>,
    /// Set for a `FROM` whose image only stands in for the one that was asked for.
    pub stand_in: Option<StandIn>,
    /// The commands that a `RUN` ran.
    pub commands: Vec<CommandView>,
    /// Why; none for a row that says all by its state (`Meta`, `Skipped`, `NotRun`).
    pub why: Option<Why>,
}

/// Sums over a build.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Totals {
    /// Steps that hit.
    pub hits: u32,
    /// Steps in all (without `Meta`, `Skipped`).
    pub steps: u32,
    /// Seconds of the build.
    pub seconds: Figure,
    /// Seconds that hits saved, pulls of base images not counted.
    pub saved: Figure,
    /// Bytes of the image, as `docker image ls` counts.
    pub image_size: Figure,
    /// Bytes of the layers that were made now.
    pub rebuilt: Figure,
    /// Bytes of these that a push would send (compressed, estimated).
    pub push: Figure,
}

/// A line of the build log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LogLine {
    /// The number behind `#`; 0 for none.
    pub vertex: u32,
    /// The text, without the number.
    pub text: String,
    /// How to show it: `name`, `cached`, `done`, `output`, `error`, `plain`.
    pub kind: String,
    /// The row that the line belongs to.
    pub step: Option<u32>,
}

/// A replacement in a text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TextEditView {
    /// Offset of the first character that goes, in UTF-16 units from the start of the text.
    pub from: u32,
    /// Offset behind the last one.
    pub to: u32,
    /// What comes in its place.
    pub text: String,
}

/// A change that settles a diagnostic.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FixView {
    /// What it does.
    pub title: String,
    /// The replacements.
    pub edits: Vec<TextEditView>,
}

/// A finding in the Dockerfile.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DiagnosticView {
    /// The name of the check or of the error.
    pub code: String,
    /// `error`, `warning` or `hint`.
    pub severity: String,
    /// Offset of the first character, in UTF-16 units from the start of the text.
    pub from: u32,
    /// Offset behind the last one.
    pub to: u32,
    /// The first line.
    pub line: u32,
    /// BuildKit's message.
    pub message: String,
    /// Advice.
    pub help: Option<String>,
    /// Where to read more.
    pub url: Option<String>,
    /// A change that settles it.
    pub fix: Option<FixView>,
}

/// Why a build failed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BuildErrorView {
    /// BuildKit's text, without `ERROR: `.
    pub message: String,
    /// BuildKit's excerpt of the Dockerfile; empty where it prints none.
    pub source: String,
    /// The row that failed.
    pub step: Option<u32>,
    /// The line.
    pub line: Option<u32>,
    /// The exit code of the command that failed.
    pub exit_code: Option<u32>,
    /// The last lines that it printed.
    pub output: Vec<String>,
    /// A name for the kind, `build/copy-source-missing` for instance.
    pub code: String,
    /// What is missing: the path in the context or stage, for `build/copy-source-missing`.
    pub subject: Option<String>,
    /// Names that may have been meant (images, stages, files).
    pub nearest: Vec<String>,
}

/// A build.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BuildView {
    /// Its number on the timeline; none for a preview.
    pub number: Option<u32>,
    /// Whose rules it followed.
    pub builder: Builder,
    /// Whether there is nothing to build: an empty Dockerfile.
    pub empty: bool,
    /// The rows, in the order of the Dockerfile.
    pub steps: Vec<StepView>,
    /// Sums.
    pub totals: Totals,
    /// Build checks and errors of the text.
    pub diagnostics: Vec<DiagnosticView>,
    /// Why it failed; none for a success.
    pub error: Option<BuildErrorView>,
    /// The log as BuildKit prints it with `--progress=plain`.
    pub log: Vec<LogLine>,
    /// The image ID, `sha256:…`; none after a failure.
    pub image_id: Option<String>,
    /// The digest of the manifest.
    pub manifest_digest: Option<String>,
    /// Whether a catalogue part is still missing, so that nothing could be said.
    pub waiting: bool,
    /// Set for a build that was not made here: its log was read. All its times are those of the log.
    pub recorded: Option<RecordView>,
}
