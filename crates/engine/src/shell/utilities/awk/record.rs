//! The record and its fields. It is split when somebody asks for a field, and put together when one has changed.

use super::ast::{Expr, special};
use super::dialect::Dialect;
use super::failure::Stop;
use super::interpreter::{Cell, Evaluated, Interpreter};
use super::separator::Separator;
use super::value::{Text, Value};

/// The record.
#[derive(Debug)]
pub(super) struct Record {
    /// The whole, unless fields have changed.
    text: Text,
    is_whole: bool,
    fields: Vec<Value>,
    is_split: bool,
    /// Whether it came from an input: only then may it be a number.
    kind: fn(Text) -> Value,
}

impl Default for Record {
    fn default() -> Self {
        Self { text: "".into(), is_whole: true, fields: Vec::new(), is_split: true, kind: Value::Input }
    }
}

const MAX_FIELDS: usize = 1 << 20;

impl Interpreter<'_, '_, '_> {
    /// Makes a text the record.
    pub(super) fn set_record(&mut self, value: Value) {
        self.record.kind = if matches!(value, Value::Input(_)) { Value::Input } else { Value::Text };
        self.record.text = self.text_of(&value);
        self.record.is_whole = true;
        self.record.is_split = false;
    }

    /// `$0`.
    pub(super) fn record_text(&mut self) -> Result<Text, Stop> {
        if !self.record.is_whole {
            let separator = self.global_text(special::OFS);
            let mut joined = String::new();
            for (at, field) in self.record.fields.iter().enumerate() {
                if at > 0 {
                    joined.push_str(&separator);
                }
                joined.push_str(&self.text_of(field));
                self.process.machine.check_size(joined.len())?;
            }
            self.process.step(joined.len() as u64 >> 12)?;
            self.record.text = joined.into();
            self.record.is_whole = true;
            self.record.kind = Value::Input;
        }
        Ok(self.record.text.clone())
    }

    /// What separates fields at the moment.
    pub(super) fn field_separator(&mut self) -> Result<Separator, Stop> {
        let text = self.global_text(special::FS);
        self.separator(&text)
    }

    /// The separator that a text means.
    pub(super) fn separator(&mut self, text: &Text) -> Result<Separator, Stop> {
        let mut chars = text.chars();
        Ok(match (chars.next(), chars.next()) {
            (None, _) => Separator::Nothing,
            (Some(' '), None) => Separator::Blanks,
            (Some(only), None) => Separator::Char(only),
            _ => Separator::Regex(self.regex_of(text)?),
        })
    }

    /// Splits the record, unless that was done.
    pub(super) fn split_record(&mut self) -> Result<(), Stop> {
        if self.record.is_split {
            return Ok(());
        }
        self.record.is_split = true;
        let separator = self.field_separator()?;
        let is_paragraph = matches!(&self.globals[special::RS], Cell::Value(Value::Text(text) | Value::Input(text)) if text.is_empty());
        let text = self.record.text.clone();
        let mut parts = Vec::new();
        separator.split(&text, is_paragraph, &mut parts);
        self.process.step(parts.len() as u64 >> 6)?;
        self.record.fields.clear();
        self.record.fields.extend(parts.into_iter().map(|part| Value::Input(part.into())));
        self.set_count();
        Ok(())
    }

    fn set_count(&mut self) {
        self.globals[special::NF] = Cell::Value(Value::Number(self.record.fields.len() as f64));
    }

    /// The number of the field that an expression means.
    pub(super) fn field_number(&mut self, expr: &Expr) -> Result<usize, Stop> {
        let number = self.number(expr)?;
        if number < 0.0 {
            return self.failed(
                "Access to negative field",
                &match self.dialect {
                    Dialect::Gawk => format!("attempt to access field {}", number.trunc()),
                    _ => format!("negative field index ${}", number.trunc()),
                },
            );
        }
        Ok(number as usize)
    }

    /// The value of a field; 0 is the record.
    pub(super) fn field(&mut self, number: usize) -> Evaluated {
        if number == 0 {
            let text = self.record_text()?;
            return Ok((self.record.kind)(text));
        }
        self.split_record()?;
        Ok(self.record.fields.get(number - 1).cloned().unwrap_or(Value::Unset))
    }

    /// Assigns to a field, with those before it.
    pub(super) fn set_field(&mut self, number: usize, value: Value) -> Result<(), Stop> {
        if number == 0 {
            self.set_record(value);
            return Ok(());
        }
        self.split_record()?;
        if number > self.record.fields.len() {
            self.resize(number)?;
        }
        self.record.fields[number - 1] = value;
        self.record.is_whole = false;
        Ok(())
    }

    /// Assigns to `NF`.
    pub(super) fn set_field_count(&mut self, count: f64) -> Result<(), Stop> {
        self.split_record()?;
        if count < 0.0 {
            return self.failed("Access to negative field", "negative value assigned to NF");
        }
        self.resize(count as usize)?;
        self.record.is_whole = false;
        Ok(())
    }

    fn resize(&mut self, count: usize) -> Result<(), Stop> {
        if count > MAX_FIELDS {
            return self.failed("Access to negative field", "too many fields");
        }
        self.process.step(count as u64 >> 6)?;
        self.record.fields.resize(count, Value::Unset);
        self.set_count();
        Ok(())
    }
}
