//! The data that crosses the border of the session: requests in, events out.
//!
//! Everything is plain: strings, `u32`, `f64`, `bool`, lists and options; camelCase on the wire; no maps, no `usize`.
//! An enum is an object with one key (or a string, where it has no fields), which binary forms can carry too.
//! Sizes are bytes, times are seconds, unless a field says otherwise. Lines count from 0, columns in UTF-16 units.
//! Nothing here is a sentence in a language: the page words it. Texts of BuildKit are kept as BuildKit prints them.

mod build;
mod event;
mod export;
mod image;
mod project;
mod record;
mod request;
mod shell;
mod solve;
mod tables;
mod why;

pub use build::{
    BuildErrorView, BuildView, CommandKind, CommandView, DiagnosticView, FixView, LogLine, StandIn, State,
    StepView, TextEditView, Totals,
};
pub use event::{ErrorView, Event, FileChange, FileEntry, FileKind, Reply, WorkspaceView};
pub use export::{ExportKind, ExportOption, ExportView, ExportsView, Refusal};
pub use image::{ImageInput, ImageLayer, ImageView, LayerEntry, LayerEntryKind, LayerInput, LoadedView};
pub use project::{Builder, Edit, FileInput, Project, ProjectBuild, Settings, UndoStep};
pub use record::{DamagedLine, RecordInput, RecordView};
pub use request::{Envelope, Query, Request};
pub use shell::{OutputNews, OutputPiece, ShellPrompt, ShellView};
pub use solve::{
    SolveLog, SolvePosition, SolveProgress, SolveRange, SolveSource, SolveStatus, SolveVertex, SolveWarning,
};
pub use tables::{
    Cell, DiskRow, DiskView, HistoryRow, HistoryView, ImageRow, LayerChange, LayerChangeKind, LayerView,
    LiveCell, TimelineBuild, TimelineView,
};
pub use why::{Cause, DiffKind, DiffLine, KeyPart, NearMiss, Remedy, Why};

use serde::{Deserialize, Serialize};

/// The version of this protocol and of [`Project`]; a project with a newer one is refused with a clear error.
///
/// 2: who stores a project may keep its first files apart from it.
/// 3: a build may be one of the classic builder.
pub const VERSION: u32 = 3;

/// A figure with its origin.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Figure {
    /// Bytes or seconds, as the field says.
    pub value: f64,
    /// Whether any part of it is modelled; else it is computed.
    pub modelled: bool,
}

impl Figure {
    /// A figure that was computed.
    pub fn computed(value: f64) -> Self {
        Self { value, modelled: false }
    }

    /// A figure that was modelled.
    pub fn modelled(value: f64) -> Self {
        Self { value, modelled: true }
    }
}

impl std::ops::Add for Figure {
    type Output = Self;

    /// A sum with one modelled part that is not zero is modelled.
    fn add(self, other: Self) -> Self {
        Self {
            value: self.value + other.value,
            modelled: (self.modelled && self.value != 0.0) || (other.modelled && other.value != 0.0),
        }
    }
}
