//! From a syntax node to a typed instruction, with BuildKit's messages where it is not one.

mod config;
mod files;
mod from;
mod healthcheck;
mod run;

use super::ast::InstructionKind;
use super::flags::{FlagError, FlagKind, Flags};
use super::node::Node;
use super::suggest::{nearest_ignoring_case, with_suggestion};
use crate::case::Case;

/// The keywords in upper case, in alphabetical order.
pub const KEYWORDS: [&str; 18] = [
    "ADD",
    "ARG",
    "CMD",
    "COPY",
    "ENTRYPOINT",
    "ENV",
    "EXPOSE",
    "FROM",
    "HEALTHCHECK",
    "LABEL",
    "MAINTAINER",
    "ONBUILD",
    "RUN",
    "SHELL",
    "STOPSIGNAL",
    "USER",
    "VOLUME",
    "WORKDIR",
];

/// The flags that an instruction takes, without their dashes; for completion.
pub fn flag_names(keyword: &str) -> Vec<&'static str> {
    let known: &[(&'static str, FlagKind)] = match keyword.to_ascii_uppercase().as_str() {
        "ADD" => &files::ADD_FLAGS,
        "COPY" => &files::COPY_FLAGS,
        "FROM" => &from::FLAGS,
        "HEALTHCHECK" => &healthcheck::FLAGS,
        "RUN" => &run::FLAGS,
        _ => &[],
    };
    known.iter().map(|(name, _)| *name).collect()
}

/// Why a node is no instruction.
#[derive(Debug)]
pub(super) struct InstructionError {
    pub(super) code: &'static str,
    pub(super) message: String,
    /// The word that the error is about; the whole instruction where there is none.
    pub(super) place: Option<String>,
    /// What would be right in its place.
    pub(super) replacement: Option<String>,
}

type Result<T> = std::result::Result<T, InstructionError>;

impl InstructionError {
    fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), place: None, replacement: None }
    }

    fn at(mut self, place: &str) -> Self {
        self.place = Some(place.to_owned());
        self
    }
}

impl From<FlagError> for InstructionError {
    fn from(error: FlagError) -> Self {
        Self {
            code: error.code,
            message: error.message,
            place: Some(error.flag),
            replacement: error.suggestion.map(|name| format!("--{name}")),
        }
    }
}

/// Understands a node.
pub(super) fn parse(node: &Node) -> Result<InstructionKind> {
    Ok(match node.keyword.lower().as_str() {
        "add" => InstructionKind::Add(files::add(node)?),
        "arg" => InstructionKind::Arg(config::arg(node)?),
        "cmd" => {
            no_flags(node)?;
            InstructionKind::Cmd(run::command_line(node))
        }
        "copy" => InstructionKind::Copy(files::copy(node)?),
        "entrypoint" => {
            no_flags(node)?;
            InstructionKind::Entrypoint(run::command_line(node))
        }
        "env" => InstructionKind::Env(config::pairs(node, "ENV")?),
        "expose" => InstructionKind::Expose(config::expose(node)?),
        "from" => InstructionKind::From(from::from(node)?),
        "healthcheck" => InstructionKind::Healthcheck(healthcheck::healthcheck(node)?),
        "label" => InstructionKind::Label(config::pairs(node, "LABEL")?),
        "maintainer" => InstructionKind::Maintainer(config::single(node, "MAINTAINER")?),
        "onbuild" => InstructionKind::Onbuild(config::onbuild(node)?),
        "run" => InstructionKind::Run(run::run(node)?),
        "shell" => InstructionKind::Shell(config::shell(node)?),
        "stopsignal" => InstructionKind::Stopsignal(config::stopsignal(node)?),
        "user" => InstructionKind::User(config::single(node, "USER")?),
        "volume" => InstructionKind::Volume(config::volume(node)?),
        "workdir" => InstructionKind::Workdir(config::single(node, "WORKDIR")?),
        _ => return Err(unknown(&node.keyword)),
    })
}

#[inline(never)]
fn unknown(keyword: &str) -> InstructionError {
    let suggestion = nearest_ignoring_case(keyword, &KEYWORDS);
    let message = with_suggestion(format!("unknown instruction: {keyword}"), suggestion.as_deref());
    InstructionError {
        replacement: suggestion,
        ..InstructionError::new("parse/unknown-instruction", message).at(keyword)
    }
}

fn no_flags(node: &Node) -> Result<()> {
    Flags::parse(&node.flags, &[])?;
    Ok(())
}

fn at_least_one(keyword: &str) -> InstructionError {
    InstructionError::new("parse/missing-argument", format!("{keyword} requires at least one argument"))
}

fn blank_name(keyword: &str) -> InstructionError {
    InstructionError::new("parse/blank-name", format!("{keyword} names can not be blank"))
}
