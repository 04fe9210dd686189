//! Why a build cannot even start.

use crate::dockerfile::stages::StageError;
use crate::text::TextRange;

/// The kind of a [`PlanError`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlanErrorKind {
    /// The text means nothing.
    Dockerfile,
    /// There is no such stage (`--target`).
    UnknownTarget,
    /// There is no such image; names that there are, the nearest first.
    UnknownImage(Vec<String>),
    /// A part of the catalogue has to be loaded first.
    NotLoaded(String),
}

/// Why a build cannot even start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanError {
    /// The kind.
    pub kind: PlanErrorKind,
    /// BuildKit's text, without `failed to solve: `.
    pub message: String,
    /// The lines for the excerpt, first and last, counted from 1; empty for none.
    pub lines: Vec<(u32, u32)>,
    /// The instruction in the text.
    pub range: Option<TextRange>,
}

impl PlanError {
    /// An error without a place.
    pub fn new(message: impl Into<String>) -> Self {
        Self { kind: PlanErrorKind::Dockerfile, message: message.into(), lines: Vec::new(), range: None }
    }

    /// The same at a place, unless it has one already.
    #[must_use]
    pub(super) fn at(mut self, place: Place) -> Self {
        if self.lines.is_empty() {
            self.lines.push(place.lines);
            self.range = Some(place.range);
        }
        self
    }
}

impl From<StageError> for PlanError {
    fn from(error: StageError) -> Self {
        Self { lines: error.lines, ..Self::new(error.message) }
    }
}

/// Where an instruction stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) range: TextRange,
    pub(super) lines: (u32, u32),
}

impl From<&crate::dockerfile::Instruction> for Place {
    fn from(instruction: &crate::dockerfile::Instruction) -> Self {
        Self { range: instruction.range, lines: (instruction.start_line, instruction.end_line) }
    }
}
