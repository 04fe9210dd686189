//! The syntax tree.

use std::cell::RefCell;
use std::rc::Rc;

/// Commands one after the other.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::shell) struct List {
    pub items: Vec<Item>,
}

/// A command of a list.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::shell) struct Item {
    pub and_or: AndOr,
    /// Whether `&` ends it.
    pub background: bool,
}

/// Pipelines joined by `&&` and `||`.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::shell) struct AndOr {
    pub first: Pipeline,
    /// `true` for `&&`.
    pub rest: Vec<(bool, Pipeline)>,
}

/// Commands joined by `|`.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::shell) struct Pipeline {
    pub negated: bool,
    /// bash's `time`, and whether in the format of POSIX.
    pub timed: Option<bool>,
    pub commands: Vec<Command>,
}

/// A single command.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::shell) enum Command {
    Simple(Simple),
    Compound(Compound, Vec<Redirect>),
    Function(String, Rc<Command>),
}

/// Assignments, words and redirections.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::shell) struct Simple {
    pub assignments: Vec<Assignment>,
    pub words: Vec<Word>,
    pub redirects: Vec<Redirect>,
    pub line: u32,
    pub source: Source,
}

/// `name=value`.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::shell) struct Assignment {
    pub name: String,
    /// `name+=value`.
    pub append: bool,
    pub value: Word,
    /// `name=(…)`; an element may begin with its index.
    pub array: Option<(Vec<Word>, Source)>,
    /// `name[index]=…`.
    pub index: Option<Word>,
}

/// A command with a structure.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::shell) enum Compound {
    Group(List),
    Subshell(List),
    If {
        branches: Vec<(List, List)>,
        otherwise: Option<List>,
    },
    While {
        until: bool,
        condition: List,
        body: List,
    },
    For(ForLoop),
    /// bash's menu.
    Select(ForLoop),
    ArithmeticFor {
        start: Word,
        condition: Word,
        step: Word,
        body: List,
        line: u32,
    },
    Case {
        word: Word,
        arms: Vec<CaseArm>,
        line: u32,
        source: Source,
    },
    Arithmetic {
        expression: Word,
        line: u32,
    },
    Test {
        tokens: Vec<TestToken>,
        line: u32,
    },
    /// bash's `coproc`, which cannot run here.
    Coprocess {
        line: u32,
    },
}

/// `for name in words`, and `select` likewise; without words it is about the parameters.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::shell) struct ForLoop {
    pub name: String,
    pub words: Option<Vec<Word>>,
    pub body: List,
    pub line: u32,
    pub source: Source,
}

/// Words as they were written, for the trace of bash; empty in the other shells, which have no use for it.
pub(in crate::shell) type Source = std::rc::Rc<str>;

/// A part of `[[ … ]]`.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::shell) enum TestToken {
    Word(Word),
    /// `&&`, `||`, `!`, `(`, `)`, `<`, `>`.
    Operator(&'static str),
}

/// `pattern | pattern) commands ;;`.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::shell) struct CaseArm {
    pub patterns: Vec<Word>,
    pub body: List,
    pub end: CaseEnd,
}

/// What comes after an arm that matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::shell) enum CaseEnd {
    /// `;;`
    Stop,
    /// `;&`
    FallThrough,
    /// `;;&`
    TestNext,
}

/// A redirection.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::shell) struct Redirect {
    /// The descriptor in front, if there is one.
    pub fd: Option<u32>,
    /// `{name}` in front: the variable that is told a new descriptor.
    pub variable: Option<String>,
    pub kind: RedirectKind,
    /// Where the command begins that it belongs to.
    pub line: u32,
}

/// What a redirection does.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::shell) enum RedirectKind {
    /// `<`
    Input(Word),
    /// `>`, or `>|` where `clobber`.
    Output { target: Word, clobber: bool },
    /// `>>`
    Append(Word),
    /// `<>`
    ReadWrite(Word),
    /// `<&` and `>&`
    Duplicate { target: Word, output: bool },
    /// `&>` and `&>>`
    Both { target: Word, append: bool },
    /// `<<` and `<<-`; the text is read when the line ends.
    Here(Rc<RefCell<HereDocument>>),
    /// `<<<`
    HereString(Word),
}

/// The body of a here-document.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::shell) struct HereDocument {
    pub delimiter: String,
    pub strip_tabs: bool,
    /// Whether the delimiter is quoted, so that nothing is expanded.
    pub literal: bool,
    pub body: Word,
}

/// A word: parts that are expanded and joined.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::shell) struct Word {
    pub parts: Vec<Part>,
}

/// A part of a word.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::shell) enum Part {
    /// Unquoted text.
    Literal(String),
    /// Text that is taken as it is: in single quotes or behind a backslash.
    Quoted(String),
    /// In double quotes.
    Double(Vec<Part>),
    /// `$name`, `${…}`.
    Parameter(Box<Parameter>),
    /// `$(…)` and backquotes.
    Command(Rc<List>),
    /// `[index]` of bash, between the name and the `=` of an assignment.
    Index(Box<Word>),
    /// `$((…))`
    Arithmetic(Box<Word>),
    /// `<(…)`, or `>(…)` where `output`.
    Process { list: Rc<List>, output: bool },
}

/// A parameter expansion.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::shell) struct Parameter {
    pub name: String,
    /// `[index]`, with `@` and `*` for all.
    pub index: Option<Word>,
    /// `${!name}`
    pub indirect: bool,
    pub operation: Operation,
}

/// What is done with the value of a parameter.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::shell) enum Operation {
    /// `$x`
    Value,
    /// `${#x}`
    Length,
    /// `${x:-word}`; `colon`: an empty value counts as unset.
    Default { colon: bool, word: Word },
    /// `${x:=word}`
    Assign { colon: bool, word: Word },
    /// `${x:?word}`
    Error { colon: bool, word: Word },
    /// `${x:+word}`
    Alternative { colon: bool, word: Word },
    /// `${x#word}`, `${x##word}`
    RemovePrefix { longest: bool, pattern: Word },
    /// `${x%word}`, `${x%%word}`
    RemoveSuffix { longest: bool, pattern: Word },
    /// `${x/pattern/word}`
    Replace { place: Place, pattern: Word, word: Word },
    /// `${x:offset:length}`
    Slice { offset: Word, length: Option<Word> },
    /// `${x^}`, `${x^^}`, `${x,}`, `${x,,}`; what the pattern does not match stays, unless it is empty.
    Case { upper: bool, all: bool, pattern: Word },
    /// `${x@Q}` and so on
    Transform(char),
    /// None that there is; only a shell that comes to it complains. Its text, braces included.
    Bad(String),
}

/// Which matches are replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::shell) enum Place {
    First,
    All,
    Start,
    End,
}

impl List {
    /// Where its first command stands, as far as that is known.
    pub(in crate::shell) fn line(&self) -> Option<u32> {
        self.items.first()?.and_or.first.commands.first()?.line()
    }
}

impl Command {
    /// Where it stands, as far as that is known.
    pub(in crate::shell) fn line(&self) -> Option<u32> {
        match self {
            Self::Simple(simple) => Some(simple.line),
            Self::Function(..) => None,
            Self::Compound(compound, _) => match compound {
                Compound::Group(list) | Compound::Subshell(list) => list.line(),
                Compound::If { branches, .. } => branches.first()?.0.line(),
                Compound::While { condition, .. } => condition.line(),
                Compound::For(parts) | Compound::Select(parts) => Some(parts.line),
                Compound::ArithmeticFor { line, .. }
                | Compound::Case { line, .. }
                | Compound::Arithmetic { line, .. }
                | Compound::Test { line, .. }
                | Compound::Coprocess { line } => Some(*line),
            },
        }
    }
}

impl RedirectKind {
    /// Whether there is something to expand in it.
    pub(in crate::shell) fn is_expanded(&self) -> bool {
        match self {
            Self::Input(word)
            | Self::Append(word)
            | Self::ReadWrite(word)
            | Self::HereString(word)
            | Self::Output { target: word, .. }
            | Self::Duplicate { target: word, .. }
            | Self::Both { target: word, .. } => word.is_expanded(),
            Self::Here(document) => document.borrow().body.is_expanded(),
        }
    }
}

impl Word {
    fn is_expanded(&self) -> bool {
        fn any(parts: &[Part]) -> bool {
            parts.iter().any(|part| match part {
                Part::Literal(_) | Part::Quoted(_) => false,
                Part::Double(parts) => any(parts),
                _ => true,
            })
        }
        any(&self.parts)
    }

    /// A word of plain text.
    pub(in crate::shell) fn literal(text: &str) -> Self {
        Self { parts: vec![Part::Literal(text.to_owned())] }
    }

    /// The text, if no part is quoted or expanded.
    pub(in crate::shell) fn as_literal(&self) -> Option<&str> {
        match &self.parts[..] {
            [Part::Literal(text)] => Some(text),
            _ => None,
        }
    }
}
