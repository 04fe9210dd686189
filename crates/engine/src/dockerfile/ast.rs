//! The value that parsing gives: a Dockerfile as stages of typed instructions, each with its place.

use super::arguments::{Add, CommandLine, Copy, Healthcheck, KeyValue, Run};
use crate::diagnostic::Diagnostic;
use crate::text::TextRange;

/// A value that was read as far as possible, and what is to be said about the text.
#[derive(Clone, Debug, PartialEq)]
pub struct Parsed<T> {
    /// As much as could be understood.
    pub value: T,
    /// In the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

/// A whole Dockerfile.
#[derive(Clone, Debug, PartialEq)]
pub struct Dockerfile {
    /// `# syntax=`, `# check=` and `# escape=` lines in their order.
    pub directives: Vec<Directive>,
    /// The escape character: `\`, or a backtick.
    pub escape: char,
    /// The `ARG` instructions in front of the first `FROM`.
    pub global_args: Vec<Instruction>,
    /// The stages in their order.
    pub stages: Vec<Stage>,
    /// Every instruction that could be split off the text, also those with errors, in their order.
    pub lines: Vec<InstructionLine>,
    /// What stops BuildKit. The first one is the one that BuildKit reports; a build can start only if there is none.
    pub errors: Vec<ParseError>,
}

impl Default for Dockerfile {
    fn default() -> Self {
        Self {
            directives: Vec::new(),
            escape: '\\',
            global_args: Vec::new(),
            stages: Vec::new(),
            lines: Vec::new(),
            errors: Vec::new(),
        }
    }
}

impl Dockerfile {
    /// The error that BuildKit stops with.
    pub fn error(&self) -> Option<&ParseError> {
        self.errors.first()
    }

    /// All instructions: the global `ARG`s, then stage by stage the `FROM` and what follows it.
    pub fn instructions(&self) -> impl Iterator<Item = &Instruction> {
        let stages =
            self.stages.iter().flat_map(|stage| [&stage.from].into_iter().chain(&stage.instructions));
        self.global_args.iter().chain(stages)
    }

    /// The line of `# syntax=`, which BuildKit shows with errors that have no place of their own.
    pub fn syntax_lines(&self) -> Option<(u32, u32)> {
        self.directive("syntax").map(|directive| (directive.line, directive.line))
    }

    /// The value of a directive, for instance `syntax`.
    pub fn directive(&self, name: &str) -> Option<&Directive> {
        self.directives.iter().find(|directive| directive.name == name)
    }
}

/// A line like `# escape=...` at the top of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directive {
    /// In lower case.
    pub name: String,
    /// Without the blanks around it.
    pub value: String,
    /// The line, from `#` on.
    pub range: TextRange,
    /// Counted from 1.
    pub line: u32,
}

/// An instruction before its arguments are understood; BuildKit's syntax node.
#[derive(Clone, Debug, PartialEq)]
pub struct InstructionLine {
    /// The keyword as written.
    pub keyword: String,
    /// Where the keyword is.
    pub keyword_range: TextRange,
    /// From the keyword to the end of the last line, heredocs included.
    pub range: TextRange,
    /// The first line, counted from 1.
    pub start_line: u32,
    /// The last line, counted from 1.
    pub end_line: u32,
    /// Where there are empty lines between continuation lines: the line that ends them, counted from 1, as BuildKit
    /// reports it.
    pub empty_continuation: Option<u32>,
    /// The comment lines directly above, without `#` and blanks.
    pub comments: Vec<String>,
    /// The words behind the flags; for `ENV` and `LABEL` none.
    pub words: Vec<String>,
    /// The instruction, if the line is one.
    pub instruction: Option<Instruction>,
    /// Why it is none, or has no place in the file, in BuildKit's words.
    pub failure: Option<String>,
}

/// One build stage: a `FROM` and what follows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Stage {
    /// Counted from 0.
    pub index: usize,
    /// The name after `AS`, in lower case as BuildKit compares it; `None` for a stage without a name.
    pub name: Option<String>,
    /// The image or stage, as written.
    pub base: String,
    /// `--platform`, as written.
    pub platform: Option<String>,
    /// The `FROM` instruction.
    pub from: Instruction,
    /// What follows it.
    pub instructions: Vec<Instruction>,
    /// From the `FROM` to the end of the last instruction.
    pub range: TextRange,
}

/// One instruction with its arguments understood.
#[derive(Clone, Debug, PartialEq)]
pub struct Instruction {
    /// What it is and says.
    pub kind: InstructionKind,
    /// The instruction on one line, as BuildKit names it: continuation lines joined, heredoc bodies left out, no
    /// expansion.
    pub text: String,
    /// The keyword as written.
    pub keyword: String,
    /// Where the keyword is.
    pub keyword_range: TextRange,
    /// From the keyword to the end of the last line, heredocs included.
    pub range: TextRange,
    /// The first line, counted from 1.
    pub start_line: u32,
    /// The last line, counted from 1.
    pub end_line: u32,
    /// The comment lines directly above, without `#` and blanks.
    pub comments: Vec<String>,
}

/// The eighteen instructions with what they say. All words are as written, before expansion.
#[derive(Clone, Debug, PartialEq)]
pub enum InstructionKind {
    /// `ADD`.
    Add(Add),
    /// `ARG`; one or several.
    Arg(Vec<ArgDefinition>),
    /// `CMD`.
    Cmd(CommandLine),
    /// `COPY`.
    Copy(Copy),
    /// `ENTRYPOINT`.
    Entrypoint(CommandLine),
    /// `ENV`, in order.
    Env(Vec<KeyValue>),
    /// `EXPOSE`; ports, perhaps with a protocol.
    Expose(Vec<String>),
    /// `FROM`.
    From(From),
    /// `HEALTHCHECK`.
    Healthcheck(Healthcheck),
    /// `LABEL`, in order.
    Label(Vec<KeyValue>),
    /// `MAINTAINER`.
    Maintainer(String),
    /// `ONBUILD`.
    Onbuild(Onbuild),
    /// `RUN`.
    Run(Run),
    /// `SHELL`.
    Shell(Vec<String>),
    /// `STOPSIGNAL`.
    Stopsignal(String),
    /// `USER`.
    User(String),
    /// `VOLUME`.
    Volume(Vec<String>),
    /// `WORKDIR`.
    Workdir(String),
}

impl InstructionKind {
    /// The keyword in upper case.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Add(_) => "ADD",
            Self::Arg(_) => "ARG",
            Self::Cmd(_) => "CMD",
            Self::Copy(_) => "COPY",
            Self::Entrypoint(_) => "ENTRYPOINT",
            Self::Env(_) => "ENV",
            Self::Expose(_) => "EXPOSE",
            Self::From(_) => "FROM",
            Self::Healthcheck(_) => "HEALTHCHECK",
            Self::Label(_) => "LABEL",
            Self::Maintainer(_) => "MAINTAINER",
            Self::Onbuild(_) => "ONBUILD",
            Self::Run(_) => "RUN",
            Self::Shell(_) => "SHELL",
            Self::Stopsignal(_) => "STOPSIGNAL",
            Self::User(_) => "USER",
            Self::Volume(_) => "VOLUME",
            Self::Workdir(_) => "WORKDIR",
        }
    }
}

impl InstructionKind {
    /// The words that BuildKit expands before it carries the instruction out, in its order.
    ///
    /// Not among them are those that it treats in ways of their own: the defaults of an `ARG`, the ports of an
    /// `EXPOSE` (which are split into words as well), the options of a mount (each value by itself) and inline files
    /// (where quotes mean nothing).
    pub fn expandable_words(&self) -> Vec<&str> {
        match self {
            Self::Env(pairs) | Self::Label(pairs) => {
                pairs.iter().flat_map(|pair| [pair.name.as_str(), pair.value.as_str()]).collect()
            }
            Self::Copy(copy) => {
                let flags = [copy.chown.as_deref(), copy.chmod.as_deref()].into_iter().flatten();
                let excludes = copy.excludes.iter().map(String::as_str);
                flags.chain(excludes).chain(copy.files.words()).collect()
            }
            Self::Add(add) => {
                let flags = [add.chown.as_deref(), add.chmod.as_deref(), add.checksum.as_deref()];
                let excludes = add.excludes.iter().map(String::as_str);
                flags.into_iter().flatten().chain(excludes).chain(add.files.words()).collect()
            }
            Self::Volume(words) => words.iter().map(String::as_str).collect(),
            Self::User(word) | Self::Workdir(word) | Self::Stopsignal(word) => vec![word],
            _ => Vec::new(),
        }
    }
}

/// One name of an `ARG`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArgDefinition {
    /// The name.
    pub name: String,
    /// The default value; `None` without `=`.
    pub value: Option<String>,
}

/// What a `FROM` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct From {
    /// The image or stage.
    pub base: String,
    /// `AS` as it was written.
    pub as_keyword: Option<String>,
    /// The name as it was written.
    pub name: Option<String>,
    /// `--platform`.
    pub platform: Option<String>,
}

/// What an `ONBUILD` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Onbuild {
    /// The instruction that waits, as it goes into the image configuration; see
    /// [`parse_trigger`](super::parse_trigger).
    pub expression: String,
    /// Its keyword in upper case.
    pub keyword: String,
}

/// A heredoc of an instruction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heredoc {
    /// The word that ends it, without quotes.
    pub name: String,
    /// File descriptor in front of `<<`; 0 without one.
    pub descriptor: u32,
    /// Whether variables are expanded: false if the word was quoted.
    pub expand: bool,
    /// Whether leading tabs go away: `<<-`.
    pub chomp: bool,
    /// The lines, each with its line break, as written.
    pub content: String,
}

impl Heredoc {
    /// The lines as they are used: without the leading tabs where the heredoc began with `<<-`.
    pub fn text(&self) -> String {
        if !self.chomp {
            return self.content.clone();
        }
        self.content.split_inclusive('\n').map(|line| line.trim_start_matches('\t')).collect()
    }
}

/// Which pass of BuildKit's frontend finds an error. All errors of a pass come before those of the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// Finding the frontend that `# syntax=` asks for.
    Frontend,
    /// Splitting the text into instructions and words.
    Syntax,
    /// Understanding the instructions.
    Instruction,
}

/// What stops BuildKit while it reads a Dockerfile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    /// Which pass finds it.
    pub phase: Phase,
    /// The whole text as BuildKit prints it behind `failed to solve: `.
    pub message: String,
    /// The lines that BuildKit marks in its excerpt, first and last, counted from 1; `None` for no excerpt.
    pub lines: Option<(u32, u32)>,
    /// What an editor shows.
    pub diagnostic: Diagnostic,
}
