//! The Dockerfile frontend: from text to typed instructions in stages.
//!
//! Role: what BuildKit's `parser`, `instructions` and `shell` packages do.
//! Input: the text of one Dockerfile. Output: a [`Dockerfile`] and diagnostics; [`parse`] never fails.
//! Words stay as they were written wherever BuildKit expands them later; [`expand`] does that expansion.
//! It knows neither images nor files of a context, and nothing of what an instruction does.

pub mod arguments;
pub mod ast;
mod csv;
mod duration;
pub mod excerpt;
pub mod expand;
mod flags;
mod heredoc;
mod instruction;
mod json;
mod lines;
mod mount;
mod node;
mod parse;
pub mod platform;
pub mod port;
pub mod quote;
pub mod reference;
pub mod scope;
pub mod signal;
pub mod stages;
pub mod step;
pub mod suggest;
mod words;

pub use arguments::{
    Add, CacheSharing, CommandForm, CommandLine, Copy, Device, Healthcheck, InlineFile, KeyValue, Mount,
    MountFlag, MountKind, Run, SourcesAndDestination,
};
pub use ast::{
    ArgDefinition, Directive, Dockerfile, From, Heredoc, Instruction, InstructionKind, InstructionLine,
    Onbuild, ParseError, Parsed, Phase, Stage,
};
pub use instruction::{KEYWORDS, flag_names};
pub(crate) use mount::parse_bool as go_bool;
pub use parse::{parse, parse_trigger};

#[cfg(test)]
mod tests;
