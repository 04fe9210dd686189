//! The templates of `--format`: the language of Go's text/template, as far as one prints objects with it.
//!
//! Input: a text and a [`Value`]. Output: text, or an error in Go's words. It knows nothing of Docker but the functions
//! that Docker adds (`json`, `upper`, `truncate` …).

mod ast;
mod evaluate;
mod functions;
pub(crate) mod json;
mod lexer;
mod parser;
mod printf;
#[cfg(test)]
mod tests;
mod value;

pub use value::{Object, Value};

/// A template that was read.
#[derive(Clone, Debug)]
pub struct Template {
    name: String,
    block: ast::Block,
    missing_is_error: bool,
    is_header: bool,
}

impl Template {
    /// Reads a template. `name` is what errors call it.
    pub fn parse(name: &str, text: &str) -> Result<Self, String> {
        let block = parser::parse(text);
        let block = block.map_err(|error| format!("template: {name}:{}: {}", error.line, error.message))?;
        Ok(Self { name: name.to_owned(), block, missing_is_error: false, is_header: false })
    }

    /// Fails where a map lacks a key, instead of printing `<no value>`.
    pub fn missing_is_error(self) -> Self {
        Self { missing_is_error: true, ..self }
    }

    /// Lets functions leave names of columns alone.
    pub fn for_header(self) -> Self {
        Self { is_header: true, ..self }
    }

    /// The text for a value. What was printed before an error comes with it.
    pub fn run(&self, value: &Value) -> Result<String, (String, String)> {
        let mut run = evaluate::Run::new(self, value);
        let result = run.run();
        let out = run.out;
        result.map(|()| out.clone()).map_err(|failed| (failed.0, out))
    }
}
