//! Expressions and variables.

use super::ast::{Arithmetic, Comparison, Expr, Var, special};
use super::dialect::Dialect;
use super::failure::{Failure, Stop};
use super::interpreter::{Cell, Evaluated, Interpreter};
use super::pattern;
use super::value::{Text, Value};
use crate::shell::regex::Regex;
use std::cmp::Ordering;
use std::rc::Rc;

/// So many expressions that were made while running are kept.
const KEPT_REGEXES: usize = 100;

impl Interpreter<'_, '_, '_> {
    pub(super) fn evaluate(&mut self, expr: &Expr) -> Evaluated {
        match expr {
            Expr::Number(number) => Ok(Value::Number(*number)),
            Expr::Text(text) => Ok(Value::Text(text.clone())),
            Expr::Regex(regex) => {
                let record = self.record_text()?;
                Ok(Value::truth_of(regex.is_match(&record)))
            }
            Expr::Var(variable) => self.variable(*variable),
            Expr::Field(number) => {
                let number = self.field_number(number)?;
                self.field(number)
            }
            Expr::Element(array, subscript) => {
                let key = self.key(subscript)?;
                Ok(match self.array_of(*array) {
                    Some(array) => array.borrow_mut().element(&key).clone(),
                    None => Value::Unset,
                })
            }
            Expr::Assign(place, value) => {
                let value = self.evaluate(value)?;
                self.store(place, value.clone())?;
                Ok(value)
            }
            Expr::Update(operator, place, value) => {
                let right = self.number(value)?;
                let left = self.number(place)?;
                let value = Value::Number(self.calculate(*operator, left, right)?);
                self.store(place, value.clone())?;
                Ok(value)
            }
            Expr::Step(place, change, is_old) => {
                let old = self.number(place)?;
                self.store(place, Value::Number(old + change))?;
                Ok(Value::Number(if *is_old { old } else { old + change }))
            }
            Expr::Conditional(parts) => {
                let [condition, yes, no] = &**parts;
                if self.condition(condition)? { self.evaluate(yes) } else { self.evaluate(no) }
            }
            Expr::And(left, right) => Ok(Value::truth_of(self.condition(left)? && self.condition(right)?)),
            Expr::Or(left, right) => Ok(Value::truth_of(self.condition(left)? || self.condition(right)?)),
            Expr::Not(operand) => Ok(Value::truth_of(!self.condition(operand)?)),
            Expr::Negative(operand) => Ok(Value::Number(-self.number(operand)?)),
            Expr::Positive(operand) => Ok(Value::Number(self.number(operand)?)),
            Expr::Arithmetic(operator, left, right) => {
                let (left, right) = (self.number(left)?, self.number(right)?);
                self.calculate(*operator, left, right).map(Value::Number)
            }
            Expr::Compare(comparison, left, right) => self.compare(*comparison, left, right),
            Expr::Concat(parts) => self.concatenate(parts),
            Expr::Match { negated, text, regex } => {
                let text = self.text(text)?;
                let regex = self.regex(regex)?;
                Ok(Value::truth_of(regex.is_match(&text) != *negated))
            }
            Expr::In(subscript, array) => {
                let key = self.key(subscript)?;
                let found = self.array_of(*array).is_some_and(|array| array.borrow().get(&key).is_some());
                Ok(Value::truth_of(found))
            }
            Expr::Call(function, arguments) => self.call(*function, arguments),
            Expr::Builtin(builtin, arguments) => self.builtin(*builtin, arguments),
            Expr::Getline(source, target) => self.getline(source, target.as_deref()),
            Expr::Group(list) => {
                let values = self.values(list)?;
                Ok(values.into_iter().next_back().unwrap_or(Value::Unset))
            }
        }
    }

    pub(super) fn values(&mut self, list: &[Expr]) -> Result<Vec<Value>, Stop> {
        let mut values = Vec::with_capacity(list.len());
        for expr in list {
            values.push(self.evaluate(expr)?);
        }
        Ok(values)
    }

    pub(super) fn condition(&mut self, expr: &Expr) -> Result<bool, Stop> {
        let dialect = self.dialect;
        self.evaluate(expr).map(|value| value.truth(dialect))
    }

    pub(super) fn number(&mut self, expr: &Expr) -> Result<f64, Stop> {
        let dialect = self.dialect;
        self.evaluate(expr).map(|value| value.number(dialect))
    }

    pub(super) fn text(&mut self, expr: &Expr) -> Result<Text, Stop> {
        let value = self.evaluate(expr)?;
        Ok(self.text_of(&value))
    }

    /// A value as a string, numbers by `CONVFMT`.
    pub(super) fn text_of(&self, value: &Value) -> Text {
        match value {
            Value::Number(_) => value.text(self.dialect, &self.global_text(special::CONVFMT)),
            other => other.text(self.dialect, ""),
        }
    }

    fn concatenate(&mut self, parts: &[Expr]) -> Evaluated {
        let mut joined = String::new();
        for part in parts {
            let text = self.text(part)?;
            joined.push_str(&text);
        }
        self.process.machine.check_size(joined.len())?;
        self.process.step(joined.len() as u64 >> 12)?;
        Ok(Value::Text(joined.into()))
    }

    fn compare(&mut self, comparison: Comparison, left: &Expr, right: &Expr) -> Evaluated {
        let (left, right) = (self.evaluate(left)?, self.evaluate(right)?);
        let ordering = match (&left, &right) {
            (Value::Number(left), Value::Number(right)) => left.partial_cmp(right),
            _ => left.compare(&right, self.dialect, &self.global_text(special::CONVFMT)),
        };
        Ok(Value::truth_of(match (comparison, ordering) {
            (Comparison::NotEqual, ordering) => ordering != Some(Ordering::Equal),
            (_, None) => false,
            (Comparison::Less, Some(ordering)) => ordering.is_lt(),
            (Comparison::LessOrEqual, Some(ordering)) => ordering.is_le(),
            (Comparison::Equal, Some(ordering)) => ordering.is_eq(),
            (Comparison::Greater, Some(ordering)) => ordering.is_gt(),
            (Comparison::GreaterOrEqual, Some(ordering)) => ordering.is_ge(),
        }))
    }

    fn calculate(&self, operator: Arithmetic, left: f64, right: f64) -> Result<f64, Stop> {
        Ok(match operator {
            Arithmetic::Add => left + right,
            Arithmetic::Subtract => left - right,
            Arithmetic::Multiply => left * right,
            Arithmetic::Divide | Arithmetic::Remainder if right == 0.0 && self.dialect != Dialect::Mawk => {
                let gawk = if operator == Arithmetic::Divide {
                    "division by zero attempted"
                } else {
                    "division by zero attempted in `%'"
                };
                return self.failed("Division by zero", gawk);
            }
            Arithmetic::Divide => left / right,
            Arithmetic::Remainder => left % right,
            Arithmetic::Power => power(left, right),
        })
    }

    /// The subscript of an element: several are joined by `SUBSEP`.
    pub(super) fn key(&mut self, subscript: &[Expr]) -> Result<Text, Stop> {
        if let [only] = subscript {
            return self.text(only);
        }
        let separator = self.global_text(special::SUBSEP);
        let mut key = String::new();
        for (at, part) in subscript.iter().enumerate() {
            if at > 0 {
                key.push_str(&separator);
            }
            let text = self.text(part)?;
            key.push_str(&text);
        }
        Ok(key.into())
    }

    /// The expression that something is matched against: one of the program, or one that is made from a string.
    pub(super) fn regex(&mut self, expr: &Expr) -> Result<Rc<Regex>, Stop> {
        if let Expr::Regex(regex) = expr {
            return Ok(regex.clone());
        }
        let text = self.text(expr)?;
        self.regex_of(&text)
    }

    pub(super) fn regex_of(&mut self, text: &Text) -> Result<Rc<Regex>, Stop> {
        if let Some(regex) = self.regexes.get(text) {
            return Ok(regex.clone());
        }
        self.process.step(1)?;
        let regex = Rc::new(pattern::compile(text, self.dialect, None)?);
        if self.regexes.len() >= KEPT_REGEXES {
            self.regexes.clear();
        }
        self.regexes.insert(text.clone(), regex.clone());
        Ok(regex)
    }

    pub(super) fn variable(&mut self, variable: Var) -> Evaluated {
        if variable == Var::Global(special::NF) {
            self.split_record()?;
        }
        let cell = match variable {
            Var::Global(at) => &self.globals[at],
            Var::Local(at) => &self.locals[at],
        };
        match cell {
            Cell::Value(value) => Ok(value.clone()),
            Cell::Array(_) if self.dialect == Dialect::Busybox => Ok(Value::Unset),
            Cell::Array(_) => {
                let text = "attempt to use array in a scalar context".to_owned();
                Err(Stop::Failed(Failure::Running(text)))
            }
        }
    }

    /// The text of one of the special variables.
    pub(super) fn global_text(&self, place: usize) -> Text {
        match &self.globals[place] {
            Cell::Value(value) => value.text(self.dialect, "%.6g"),
            Cell::Array(_) => "".into(),
        }
    }

    pub(super) fn global_number(&self, place: usize) -> f64 {
        match &self.globals[place] {
            Cell::Value(value) => value.number(self.dialect),
            Cell::Array(_) => 0.0,
        }
    }

    pub(super) fn set_variable(&mut self, variable: Var, value: Value) -> Result<(), Stop> {
        match variable {
            Var::Global(at) => self.set_global(at, value),
            Var::Local(at) => {
                if let Some(cell @ Cell::Value(_)) = self.locals.get_mut(at) {
                    *cell = Cell::Value(value);
                }
                Ok(())
            }
        }
    }

    /// Sets a global variable, with what that means for the record.
    pub(super) fn set_global(&mut self, place: usize, value: Value) -> Result<(), Stop> {
        match place {
            special::NF => {
                let count = value.number(self.dialect);
                return self.set_field_count(count);
            }
            // A record is split by what held when it was read.
            special::FS => self.split_record()?,
            _ => {}
        }
        if let cell @ Cell::Value(_) = &mut self.globals[place] {
            *cell = Cell::Value(value);
        }
        Ok(())
    }

    /// Assigns to a place.
    pub(super) fn store(&mut self, place: &Expr, value: Value) -> Result<(), Stop> {
        match place {
            Expr::Var(variable) => self.set_variable(*variable, value),
            Expr::Field(number) => {
                let number = self.field_number(number)?;
                self.set_field(number, value)
            }
            Expr::Element(array, subscript) => {
                let key = self.key(subscript)?;
                if let Some(array) = self.array_of(*array) {
                    *array.borrow_mut().element(&key) = value;
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

/// A power; whole ones by multiplication, which is the same everywhere.
fn power(base: f64, exponent: f64) -> f64 {
    if exponent == exponent.trunc() && exponent.abs() <= 1024.0 {
        let mut result = 1.0;
        let mut factor = base;
        let mut rest = exponent.abs() as u32;
        while rest > 0 {
            if rest & 1 == 1 {
                result *= factor;
            }
            factor *= factor;
            rest >>= 1;
        }
        return if exponent < 0.0 { 1.0 / result } else { result };
    }
    libm::pow(base, exponent)
}
