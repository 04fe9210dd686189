//! The Dockerfile frontend: from text to typed instructions in stages.
//!
//! Role: what BuildKit's `parser`, `instructions` and `shell` packages do.
//! Input: the text of one Dockerfile. Output: a [`Dockerfile`] and diagnostics; `parse` never fails.
//! Words stay as they were written wherever BuildKit expands them later; `expand` does that expansion.
//! It knows neither images nor files of a context, and nothing of what an instruction does.

pub mod ast;

mod arguments;

pub use arguments::{
    Add, CacheSharing, CommandForm, CommandLine, Copy, Healthcheck, InlineFile, KeyValue, Mount, MountKind,
    Run, SourcesAndDestination,
};
pub use ast::{
    ArgDefinition, Directive, Dockerfile, From, Heredoc, Instruction, InstructionKind, InstructionLine,
    Onbuild, ParseError, Parsed, Phase, Stage,
};
