//! `${…}`: the parameter, and what is done with it.

use super::ast::{Operation, Parameter, Part, Place, Word};
use super::parser::Parser;
use super::word::{Until, is_special};
use super::{Dialect, SyntaxError, SyntaxErrorKind};

impl Parser {
    /// The inside of `${…}`.
    pub(super) fn read_braced(&mut self, in_double: bool) -> Result<Part, SyntaxError> {
        self.join_lines();
        let start = self.pos;
        let operates =
            matches!(self.at(1), Some(':' | '-' | '+' | '=' | '?' | '%')) && self.at(2) != Some('}');
        if self.at(0) == Some('#') && self.at(1) != Some('}') && !operates {
            // `${#}` and `${#-x}` are about `$#`, and so is `${##x}` unless it is the length of `$#`.
            if self.at(1) != Some('#') || self.at(2) == Some('}') {
                self.bump();
                let name = self.read_parameter_name()?;
                let index = self.read_index()?;
                self.expect_brace()?;
                let parameter = Parameter { name, index, indirect: false, operation: Operation::Length };
                return Ok(Part::Parameter(Box::new(parameter)));
            }
        }
        let indirect = self.dialect == Dialect::Bash
            && self.at(0) == Some('!')
            && self.at(1).is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
        if indirect {
            self.bump();
        }
        let name = self.read_parameter_name()?;
        let index = self.read_index()?;
        let mut operation = self.read_operation(in_double)?;
        let whole = self.at(0) == Some('}') && !name.is_empty();
        if operation == Operation::Value && !whole || self.at(0).is_none() {
            // Only who comes to it is told; what ends it is found as for any other.
            self.word_until("", in_double)?;
            if self.at(0).is_none() {
                return self.fail(SyntaxErrorKind::Other("missing '}'"));
            }
            let text: String = self.chars[start..self.pos].iter().collect();
            operation = Operation::Bad(format!("${{{text}}}"));
        }
        self.expect_brace()?;
        Ok(Part::Parameter(Box::new(Parameter { name, index, indirect, operation })))
    }

    fn read_parameter_name(&mut self) -> Result<String, SyntaxError> {
        match self.at(0) {
            Some(c) if c.is_ascii_alphabetic() || c == '_' => Ok(self.read_name()),
            Some(c) if c.is_ascii_digit() => {
                let mut name = String::new();
                while let Some(c) = self.at(0).filter(char::is_ascii_digit) {
                    self.bump();
                    name.push(c);
                }
                Ok(name)
            }
            Some(c) if is_special(c) => {
                self.bump();
                Ok(c.to_string())
            }
            // What stands there is found bad as an operation.
            _ => Ok(String::new()),
        }
    }

    fn read_index(&mut self) -> Result<Option<Word>, SyntaxError> {
        if self.dialect != Dialect::Bash || self.at(0) != Some('[') {
            return Ok(None);
        }
        self.bump();
        let index = self.read_arithmetic(']')?;
        self.bump();
        Ok(Some(index))
    }

    fn expect_brace(&mut self) -> Result<(), SyntaxError> {
        match self.at(0) {
            Some('}') => {
                self.bump();
                Ok(())
            }
            None => self.fail(SyntaxErrorKind::Other("missing '}'")),
            Some(_) => self.fail(SyntaxErrorKind::BadSubstitution),
        }
    }

    fn word_until(&mut self, stops: &'static str, in_double: bool) -> Result<Word, SyntaxError> {
        Ok(Word { parts: self.read_parts(Until::Brace(stops, in_double))? })
    }

    fn read_operation(&mut self, in_double: bool) -> Result<Operation, SyntaxError> {
        self.join_lines();
        let Some(c) = self.at(0) else { return Ok(Operation::Value) };
        let doubled = self.at(1) == Some(c);
        let skip = |parser: &mut Self, count: usize| {
            for _ in 0..count {
                parser.bump();
            }
        };
        Ok(match c {
            '}' => Operation::Value,
            ':' if matches!(self.at(1), Some('-' | '=' | '?' | '+')) => {
                self.bump();
                self.read_conditional(true, in_double)?
            }
            '-' | '=' | '?' | '+' => self.read_conditional(false, in_double)?,
            ':' if self.dialect != Dialect::Dash => {
                self.bump();
                let offset = self.word_until(":", in_double)?;
                let length = if self.at(0) == Some(':') {
                    self.bump();
                    Some(self.word_until("", in_double)?)
                } else {
                    None
                };
                Operation::Slice { offset, length }
            }
            '#' => {
                skip(self, 1 + usize::from(doubled));
                Operation::RemovePrefix { longest: doubled, pattern: self.word_until("", false)? }
            }
            '%' => {
                skip(self, 1 + usize::from(doubled));
                Operation::RemoveSuffix { longest: doubled, pattern: self.word_until("", false)? }
            }
            '/' if self.dialect != Dialect::Dash => {
                let bash = self.dialect == Dialect::Bash;
                let place = match self.at(1) {
                    Some('/') => Place::All,
                    Some('#') if bash => Place::Start,
                    Some('%') if bash => Place::End,
                    _ => Place::First,
                };
                skip(self, 1 + usize::from(place != Place::First));
                let pattern = self.word_until("/", false)?;
                let word = if self.at(0) == Some('/') {
                    self.bump();
                    self.word_until("", in_double)?
                } else {
                    Word::default()
                };
                Operation::Replace { place, pattern, word }
            }
            '^' | ',' if self.dialect == Dialect::Bash => {
                skip(self, 1 + usize::from(doubled));
                let pattern = self.word_until("", false)?;
                Operation::Case { upper: c == '^', all: doubled, pattern }
            }
            '@' | '*' if self.dialect == Dialect::Bash && self.at(1) == Some('}') => {
                // `${!prefix@}`
                self.bump();
                Operation::Transform(c)
            }
            '@' if self.dialect == Dialect::Bash => {
                self.bump();
                let letter = self.bump().unwrap_or('Q');
                Operation::Transform(letter)
            }
            _ => Operation::Value,
        })
    }

    fn read_conditional(&mut self, colon: bool, in_double: bool) -> Result<Operation, SyntaxError> {
        let operator = self.bump();
        let word = self.word_until("", in_double)?;
        Ok(match operator {
            Some('-') => Operation::Default { colon, word },
            Some('=') => Operation::Assign { colon, word },
            Some('?') => Operation::Error { colon, word },
            _ => Operation::Alternative { colon, word },
        })
    }
}
