//! The syntax tree of a template.

/// What is between two tags, or the whole.
pub(super) type Block = Vec<Node>;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    Text(String),
    Action(Pipeline),
    /// Conditions with what they guard, and what else.
    If(Vec<(Pipeline, Block)>, Block),
    With(Pipeline, Block, Block),
    Range(Pipeline, Block, Block),
    Break,
    Continue,
}

/// `$x := a | b`.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Pipeline {
    pub(super) variables: Vec<String>,
    /// Whether the variables are there already.
    pub(super) assigns: bool,
    pub(super) commands: Vec<Vec<Operand>>,
}

/// An operand with the fields behind it: `.a`, `$x.a.b`, `(index .a 0).b`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Operand {
    pub(super) base: Base,
    pub(super) fields: Vec<String>,
    /// Where it is for messages: its byte, from the beginning of its line.
    pub(super) at: (usize, usize),
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Base {
    Dot,
    Variable(String),
    Function(String),
    Text(String),
    Int(i64),
    Float(f64),
    Bool(bool),
    Nil,
    Group(Pipeline),
}

impl Operand {
    /// As messages show it.
    pub(super) fn shown(&self) -> String {
        let base = match &self.base {
            Base::Dot if self.fields.is_empty() => ".".to_owned(),
            Base::Dot => String::new(),
            Base::Variable(name) => format!("${name}"),
            Base::Function(name) => name.clone(),
            Base::Text(text) => format!("{text:?}"),
            Base::Int(number) => number.to_string(),
            Base::Float(number) => number.to_string(),
            Base::Bool(value) => value.to_string(),
            Base::Nil => "nil".to_owned(),
            Base::Group(pipeline) => format!("({})", pipeline.shown()),
        };
        self.fields.iter().fold(base, |text, field| format!("{text}.{field}"))
    }
}

impl Pipeline {
    pub(super) fn shown(&self) -> String {
        let command = |words: &Vec<Operand>| words.iter().map(Operand::shown).collect::<Vec<_>>().join(" ");
        self.commands.iter().map(command).collect::<Vec<_>>().join(" | ")
    }
}
