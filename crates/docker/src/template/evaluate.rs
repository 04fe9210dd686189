//! Runs a syntax tree over a value.

use super::Template;
use super::ast::{Base, Block, Node, Operand, Pipeline};
use super::functions;
use super::value::Value;

/// A template that failed, with Go's words for why and where.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Failed(pub(super) String);

enum Flow {
    On,
    Break,
    Continue,
}

pub(super) struct Run<'a> {
    template: &'a Template,
    root: &'a Value,
    variables: Vec<(String, Value)>,
    pub(super) out: String,
}

impl<'a> Run<'a> {
    pub(super) fn new(template: &'a Template, root: &'a Value) -> Self {
        Self { template, root, variables: Vec::new(), out: String::new() }
    }

    pub(super) fn run(&mut self) -> Result<(), Failed> {
        self.block(&self.template.block, self.root).map(|_| ())
    }

    fn block(&mut self, block: &Block, dot: &Value) -> Result<Flow, Failed> {
        let known = self.variables.len();
        for node in block {
            match self.node(node, dot)? {
                Flow::On => {}
                other => {
                    self.variables.truncate(known);
                    return Ok(other);
                }
            }
        }
        self.variables.truncate(known);
        Ok(Flow::On)
    }

    fn node(&mut self, node: &Node, dot: &Value) -> Result<Flow, Failed> {
        match node {
            Node::Text(text) => self.out.push_str(text),
            Node::Action(pipeline) => {
                let value = self.pipeline(pipeline, dot)?;
                if pipeline.variables.is_empty() {
                    self.out.push_str(&printed(&value));
                }
            }
            Node::Break => return Ok(Flow::Break),
            Node::Continue => return Ok(Flow::Continue),
            Node::If(branches, otherwise) => {
                let known = self.variables.len();
                for (condition, body) in branches {
                    if self.pipeline(condition, dot)?.is_true() {
                        let flow = self.block(body, dot);
                        self.variables.truncate(known);
                        return flow;
                    }
                }
                let flow = self.block(otherwise, dot);
                self.variables.truncate(known);
                return flow;
            }
            Node::With(pipeline, body, otherwise) => {
                let known = self.variables.len();
                let value = self.pipeline(pipeline, dot)?;
                let flow =
                    if value.is_true() { self.block(body, &value) } else { self.block(otherwise, dot) };
                self.variables.truncate(known);
                return flow;
            }
            Node::Range(pipeline, body, otherwise) => return self.range(pipeline, body, otherwise, dot),
        }
        Ok(Flow::On)
    }

    fn range(
        &mut self,
        pipeline: &Pipeline,
        body: &Block,
        otherwise: &Block,
        dot: &Value,
    ) -> Result<Flow, Failed> {
        let known = self.variables.len();
        let undeclared = Pipeline { variables: Vec::new(), ..pipeline.clone() };
        let items: Vec<(Value, Value)> = match self.pipeline(&undeclared, dot)? {
            Value::List(items) => {
                items.into_iter().enumerate().map(|(at, item)| (Value::Int(at as i64), item)).collect()
            }
            Value::Map(map) => map.into_iter().map(|(key, item)| (Value::Text(key), item)).collect(),
            Value::Object(object) if object.type_name.is_empty() => {
                let mut fields = object.fields;
                fields.sort_by(|one, other| one.0.cmp(&other.0));
                fields.into_iter().map(|(key, item)| (Value::Text(key), item)).collect()
            }
            Value::Int(count) => (0..count).map(|at| (Value::Int(at), Value::Int(at))).collect(),
            Value::Null => Vec::new(),
            other => {
                let operand = &pipeline.commands[0][0];
                let message = format!("range can't iterate over {}", other.print());
                return Err(self.fail(operand, &message));
            }
        };
        if items.is_empty() {
            return self.block(otherwise, dot);
        }
        for (key, item) in items {
            match &pipeline.variables[..] {
                [] => {}
                [one] => self.variables.push((one.clone(), item.clone())),
                [first, second, ..] => {
                    self.variables.push((first.clone(), key));
                    self.variables.push((second.clone(), item.clone()));
                }
            }
            let flow = self.block(body, &item)?;
            self.variables.truncate(known);
            if matches!(flow, Flow::Break) {
                break;
            }
        }
        Ok(Flow::On)
    }

    fn pipeline(&mut self, pipeline: &Pipeline, dot: &Value) -> Result<Value, Failed> {
        let mut last = None;
        for command in &pipeline.commands {
            last = Some(self.command(command, dot, last)?);
        }
        let value = last.unwrap_or(Value::Null);
        for name in &pipeline.variables {
            let known = self.variables.iter_mut().rev().find(|(known, _)| known == name);
            match known {
                Some((_, old)) if pipeline.assigns => *old = value.clone(),
                _ => self.variables.push((name.clone(), value.clone())),
            }
        }
        Ok(value)
    }

    fn command(&mut self, words: &[Operand], dot: &Value, piped: Option<Value>) -> Result<Value, Failed> {
        let first = &words[0];
        if let Base::Function(name) = &first.base {
            return self.call(name, first, &words[1..], dot, piped);
        }
        let value = self.operand(first, dot)?;
        if words.len() == 1 && piped.is_none() {
            return Ok(value);
        }
        let mut arguments = Vec::new();
        for word in &words[1..] {
            arguments.push(self.operand(word, dot)?);
        }
        arguments.extend(piped);
        match (&value, &arguments[..]) {
            (Value::Method(answers), [argument]) => {
                Ok(Value::Text(answers.get(&argument.print()).cloned().unwrap_or_default()))
            }
            (Value::Echo, [argument]) => Ok(argument.clone()),
            _ => {
                let what = if first.fields.is_empty() {
                    format!("can't give argument to non-function {}", first.shown())
                } else {
                    let name = first.fields.last().map_or("", String::as_str);
                    format!("{name} is not a method but has arguments")
                };
                Err(self.fail(first, &what))
            }
        }
    }

    fn call(
        &mut self,
        name: &str,
        place: &Operand,
        words: &[Operand],
        dot: &Value,
        piped: Option<Value>,
    ) -> Result<Value, Failed> {
        let mut arguments = Vec::new();
        for word in words {
            let value = self.operand(word, dot)?;
            // `and` and `or` look no further than they have to.
            let decided = match name {
                "and" => !value.is_true(),
                "or" => value.is_true(),
                _ => false,
            };
            if decided {
                return Ok(value);
            }
            arguments.push(value);
        }
        arguments.extend(piped);
        functions::call(name, &arguments, self.template.is_header)
            .map_err(|message| self.fail(place, &message))
    }

    fn operand(&mut self, operand: &Operand, dot: &Value) -> Result<Value, Failed> {
        let base = match &operand.base {
            Base::Dot => dot.clone(),
            Base::Variable(name) if name.is_empty() => self.root.clone(),
            Base::Variable(name) => {
                let known = self.variables.iter().rev().find(|(known, _)| known == name);
                known.map_or(Value::Null, |(_, value)| value.clone())
            }
            Base::Function(name) => self.call(name, operand, &[], dot, None)?,
            Base::Text(text) => Value::Text(text.clone()),
            Base::Int(number) => Value::Int(*number),
            Base::Float(number) => Value::Float(*number),
            Base::Bool(value) => Value::Bool(*value),
            Base::Nil => Value::Null,
            Base::Group(pipeline) => self.pipeline(pipeline, dot)?,
        };
        operand.fields.iter().try_fold(base, |value, name| self.field(operand, value, name))
    }

    fn field(&self, operand: &Operand, value: Value, name: &str) -> Result<Value, Failed> {
        if let Some(found) = value.field(name) {
            return Ok(found.clone());
        }
        match &value {
            Value::Object(object) if !object.type_name.is_empty() => {
                let message = format!("can't evaluate field {name} in type {}", object.type_name);
                Err(self.fail(operand, &message))
            }
            Value::Object(_) | Value::Map(_) if self.template.missing_is_error => {
                Err(self.fail(operand, &format!("map has no entry for key \"{name}\"")))
            }
            Value::Object(_) | Value::Map(_) => Ok(Value::Null),
            Value::Null => Err(self.fail(operand, &format!("nil pointer evaluating interface {{}}.{name}"))),
            other => {
                let kind = match other {
                    Value::Bool(_) => "bool",
                    Value::Int(_) => "int",
                    Value::Float(_) => "float64",
                    Value::List(_) => "[]interface {}",
                    _ => "string",
                };
                Err(self.fail(operand, &format!("can't evaluate field {name} in type {kind}")))
            }
        }
    }

    fn fail(&self, operand: &Operand, message: &str) -> Failed {
        let (line, column) = operand.at;
        let name = &self.template.name;
        let shown = operand.shown();
        Failed(format!("template: {name}:{line}:{column}: executing \"{name}\" at <{shown}>: {message}"))
    }
}

/// An action prints a missing value in its own way.
fn printed(value: &Value) -> String {
    if *value == Value::Null { "<no value>".to_owned() } else { value.print() }
}
