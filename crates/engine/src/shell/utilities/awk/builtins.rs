//! The functions that awk has itself: their names, their arguments, and what they give.

use super::ast::{Expr, special};
use super::dialect::Dialect;
use super::failure::{Failure, Stop};
use super::interpreter::{Evaluated, Interpreter};
use super::table::Table;
use super::value::{Text, Value, leading_number};
use crate::shell::utilities::time;

/// A function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Builtin {
    And,
    Asort,
    Asorti,
    Atan2,
    Close,
    Compl,
    Cos,
    Exp,
    Fflush,
    Gensub,
    Gsub,
    Index,
    Int,
    Length,
    Log,
    Lshift,
    Match,
    Mktime,
    Or,
    Rand,
    Rshift,
    Sin,
    Split,
    Sprintf,
    Sqrt,
    Srand,
    Strftime,
    Strtonum,
    Sub,
    Substr,
    System,
    Systime,
    Tolower,
    Toupper,
    Xor,
}

/// Who has a function.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Has {
    Everyone,
    NotMawk,
    Gawk,
}

/// The names, with the least and the greatest number of arguments.
const TABLE: [(&str, Builtin, usize, usize, Has); 35] = [
    ("and", Builtin::And, 2, 9, Has::NotMawk),
    ("asort", Builtin::Asort, 1, 3, Has::Gawk),
    ("asorti", Builtin::Asorti, 1, 3, Has::Gawk),
    ("atan2", Builtin::Atan2, 2, 2, Has::Everyone),
    ("close", Builtin::Close, 1, 2, Has::Everyone),
    ("compl", Builtin::Compl, 1, 1, Has::NotMawk),
    ("cos", Builtin::Cos, 1, 1, Has::Everyone),
    ("exp", Builtin::Exp, 1, 1, Has::Everyone),
    ("fflush", Builtin::Fflush, 0, 1, Has::Everyone),
    ("gensub", Builtin::Gensub, 3, 4, Has::NotMawk),
    ("gsub", Builtin::Gsub, 2, 3, Has::Everyone),
    ("index", Builtin::Index, 2, 2, Has::Everyone),
    ("int", Builtin::Int, 1, 1, Has::Everyone),
    ("length", Builtin::Length, 0, 1, Has::Everyone),
    ("log", Builtin::Log, 1, 1, Has::Everyone),
    ("lshift", Builtin::Lshift, 2, 2, Has::NotMawk),
    ("match", Builtin::Match, 2, 3, Has::Everyone),
    ("mktime", Builtin::Mktime, 1, 2, Has::Everyone),
    ("or", Builtin::Or, 2, 9, Has::NotMawk),
    ("rand", Builtin::Rand, 0, 0, Has::Everyone),
    ("rshift", Builtin::Rshift, 2, 2, Has::NotMawk),
    ("sin", Builtin::Sin, 1, 1, Has::Everyone),
    ("split", Builtin::Split, 2, 4, Has::Everyone),
    ("sprintf", Builtin::Sprintf, 1, usize::MAX, Has::Everyone),
    ("sqrt", Builtin::Sqrt, 1, 1, Has::Everyone),
    ("srand", Builtin::Srand, 0, 1, Has::Everyone),
    ("strftime", Builtin::Strftime, 0, 3, Has::Everyone),
    ("strtonum", Builtin::Strtonum, 1, 1, Has::Gawk),
    ("sub", Builtin::Sub, 2, 3, Has::Everyone),
    ("substr", Builtin::Substr, 2, 3, Has::Everyone),
    ("system", Builtin::System, 1, 1, Has::Everyone),
    ("systime", Builtin::Systime, 0, 0, Has::Everyone),
    ("tolower", Builtin::Tolower, 1, 1, Has::Everyone),
    ("toupper", Builtin::Toupper, 1, 1, Has::Everyone),
    ("xor", Builtin::Xor, 2, 9, Has::NotMawk),
];

impl Builtin {
    /// The function of a name, if the dialect has it.
    pub(super) fn find(name: &str, dialect: Dialect) -> Option<Self> {
        let (_, builtin, _, _, has) = TABLE.iter().find(|row| row.0 == name)?;
        let known = match has {
            Has::Everyone => true,
            Has::NotMawk => dialect.has_extensions(),
            Has::Gawk => dialect == Dialect::Gawk,
        };
        known.then_some(*builtin)
    }

    pub(super) fn name(self) -> &'static str {
        TABLE.iter().find(|row| row.1 == self).map_or("", |row| row.0)
    }

    /// The least and the greatest number of arguments.
    pub(super) fn arity(self) -> (usize, usize) {
        TABLE.iter().find(|row| row.1 == self).map_or((0, 0), |row| (row.2, row.3))
    }

    /// Which arguments are arrays.
    pub(super) fn array_positions(self) -> &'static [usize] {
        match self {
            Self::Split => &[1, 3],
            Self::Match => &[2],
            Self::Asort | Self::Asorti => &[0, 1],
            _ => &[],
        }
    }
}

impl Interpreter<'_, '_, '_> {
    pub(super) fn builtin(&mut self, builtin: Builtin, arguments: &[Expr]) -> Evaluated {
        match builtin {
            Builtin::Length => self.length(arguments),
            Builtin::Sub | Builtin::Gsub => self.substitute(arguments, builtin == Builtin::Gsub),
            Builtin::Gensub => self.general_substitute(arguments),
            Builtin::Match => self.match_function(arguments),
            Builtin::Split => self.split_function(arguments),
            Builtin::Asort | Builtin::Asorti => self.sort_array(arguments, builtin == Builtin::Asorti),
            Builtin::Sprintf => {
                let values = self.values(arguments)?;
                let format = self.text_of(&values[0]);
                let text = super::format::sprintf(&format, &values[1..], self.dialect, "sprintf")?;
                Ok(Value::Text(text.into()))
            }
            Builtin::Index => {
                let (text, part) = (self.text(&arguments[0])?, self.text(&arguments[1])?);
                let found = text.find(&*part).map_or(0, |at| text[..at].chars().count() + 1);
                Ok(Value::Number(found as f64))
            }
            Builtin::Substr => self.substr(arguments),
            Builtin::Tolower => Ok(Value::Text(self.text(&arguments[0])?.to_ascii_lowercase().into())),
            Builtin::Toupper => Ok(Value::Text(self.text(&arguments[0])?.to_ascii_uppercase().into())),
            Builtin::Close => {
                let name = self.text(&arguments[0])?;
                self.close(&name)
            }
            Builtin::Fflush => self.flush_function(arguments),
            Builtin::System => self.system(arguments),
            Builtin::Rand => Ok(Value::Number(self.random.next(self.dialect))),
            Builtin::Srand => {
                let seed = match arguments.first() {
                    Some(seed) => self.number(seed)?,
                    None => self.process.now() as f64,
                };
                Ok(Value::Number(self.random.seed(seed)))
            }
            Builtin::Systime => Ok(Value::Number(self.process.now() as f64)),
            Builtin::Strftime | Builtin::Mktime => self.time_function(builtin, arguments),
            _ => self.numeric_function(builtin, arguments),
        }
    }

    /// Functions of numbers alone.
    fn numeric_function(&mut self, builtin: Builtin, arguments: &[Expr]) -> Evaluated {
        let mut numbers = Vec::new();
        for argument in arguments {
            numbers.push(self.number(argument)?);
        }
        let first = numbers[0];
        let whole = |number: f64| number as u64;
        let bits = |join: fn(u64, u64) -> u64| {
            numbers[1..].iter().fold(whole(first), |sum, number| join(sum, *number as u64)) as f64
        };
        // Not the machine's own functions: their last digit is another one on another machine.
        Ok(Value::Number(match builtin {
            Builtin::Atan2 => libm::atan2(first, numbers[1]),
            Builtin::Cos => libm::cos(first),
            Builtin::Sin => libm::sin(first),
            Builtin::Exp => libm::exp(first),
            Builtin::Log => libm::log(first),
            Builtin::Sqrt => first.sqrt(),
            Builtin::Int => first.trunc(),
            Builtin::And => bits(|a, b| a & b),
            Builtin::Or => bits(|a, b| a | b),
            Builtin::Xor => bits(|a, b| a ^ b),
            Builtin::Compl if self.dialect == Dialect::Gawk => (!whole(first) & ((1 << 53) - 1)) as f64,
            Builtin::Compl => !whole(first) as f64,
            Builtin::Lshift => whole(first).checked_shl(numbers[1] as u32).unwrap_or(0) as f64,
            Builtin::Rshift => whole(first).checked_shr(numbers[1] as u32).unwrap_or(0) as f64,
            // `strtonum` reads `0x` and octal numbers, as BusyBox does everywhere.
            _ => {
                let text = self.text(&arguments[0])?;
                leading_number(&text, Dialect::Busybox).0
            }
        }))
    }

    fn length(&mut self, arguments: &[Expr]) -> Evaluated {
        let length = match arguments.first() {
            Some(Expr::Var(variable)) if self.array_of(*variable).is_some() => {
                self.array_of(*variable).map_or(0, |array| array.borrow().len())
            }
            Some(argument) => count(&self.text(argument)?),
            None => count(&self.record_text()?),
        };
        Ok(Value::Number(length as f64))
    }

    /// The characters from one place for a length, both rounded, as far as there are any.
    fn substr(&mut self, arguments: &[Expr]) -> Evaluated {
        let text = self.text(&arguments[0])?;
        let total = count(&text) as f64;
        let start = self.number(&arguments[1])?;
        let length = match arguments.get(2) {
            Some(length) => self.number(length)?,
            None => f64::INFINITY,
        };
        let (from, to) = match self.dialect {
            Dialect::Gawk => (round(start) - 1.0, round(start + length) - 1.0),
            // What lies before the text does not count against the length; mawk even adds it.
            Dialect::Busybox => {
                let start = (start.trunc() - 1.0).max(0.0);
                (start, start + length.trunc())
            }
            Dialect::Mawk => {
                let before = (-start.trunc()).max(0.0);
                let start = (start.trunc() - 1.0).max(0.0);
                (start, start + length.trunc() + before)
            }
        };
        let (from, to) = (from.max(0.0), to.min(total));
        if from.partial_cmp(&to) != Some(std::cmp::Ordering::Less) {
            return Ok(Value::text_of(""));
        }
        let place = |at: f64| {
            let at = at as usize;
            if text.is_ascii() {
                at
            } else {
                text.char_indices().nth(at).map_or(text.len(), |(place, _)| place)
            }
        };
        Ok(Value::text_of(&text[place(from)..place(to)]))
    }

    fn flush_function(&mut self, arguments: &[Expr]) -> Evaluated {
        let name = match arguments.first() {
            Some(name) => Some(self.text(name)?),
            None => None,
        };
        Ok(Value::Number(if self.flush_named(name.as_deref())? { 0.0 } else { -1.0 }))
    }

    fn time_function(&mut self, builtin: Builtin, arguments: &[Expr]) -> Evaluated {
        if builtin == Builtin::Mktime {
            let text = self.text(&arguments[0])?;
            let numbers: Vec<i64> = text.split_whitespace().map_while(|word| word.parse().ok()).collect();
            let [year, month, day, hour, minute, second, ..] = numbers[..] else {
                return Ok(Value::Number(-1.0));
            };
            return Ok(Value::Number(time::seconds_of(year, month, day, hour, minute, second) as f64));
        }
        let format = match arguments.first() {
            Some(format) => self.text(format)?,
            None if self.dialect == Dialect::Mawk => "%c".into(),
            None => "%a %b %e %H:%M:%S %Z %Y".into(),
        };
        let at = match arguments.get(1) {
            Some(time) => self.number(time)? as i64,
            None => self.process.now(),
        };
        Ok(Value::Text(time::format_time(&format, at).into()))
    }

    /// gawk's `asort` and `asorti`: the number of elements, which get the numbers from 1 as keys.
    fn sort_array(&mut self, arguments: &[Expr], by_key: bool) -> Evaluated {
        let Some(source) = self.array_argument(arguments, 0) else { return Ok(Value::Number(0.0)) };
        let target = self.array_argument(arguments, 1).unwrap_or_else(|| source.clone());
        let keys = source.borrow().keys();
        let mut values: Vec<Value> = keys
            .iter()
            .map(|key| {
                if by_key {
                    Value::Text(key.clone())
                } else {
                    source.borrow().get(key).cloned().unwrap_or(Value::Unset)
                }
            })
            .collect();
        let dialect = self.dialect;
        crate::order::sort_by(&mut values, |a, b| {
            let is_text = |value: &Value| matches!(value, Value::Text(_));
            is_text(a)
                .cmp(&is_text(b))
                .then(a.compare(b, dialect, "%.6g").unwrap_or(std::cmp::Ordering::Equal))
        });
        let mut sorted = Table::new(dialect);
        let count = values.len();
        for (at, value) in values.into_iter().enumerate() {
            *sorted.element(&Text::from((at + 1).to_string())) = value;
        }
        *target.borrow_mut() = sorted;
        Ok(Value::Number(count as f64))
    }

    fn match_function(&mut self, arguments: &[Expr]) -> Evaluated {
        let text = self.text(&arguments[0])?;
        let regex = self.regex(&arguments[1])?;
        let found = regex.find(&text, 0);
        let (start, length) = match &found {
            Some(found) => {
                let matched = &text[found.start()..found.end()];
                (count(&text[..found.start()]) as f64 + 1.0, count(matched) as f64)
            }
            None => (0.0, -1.0),
        };
        if let Some(array) = self.array_argument(arguments, 2) {
            let mut table = Table::new(self.dialect);
            for group in 0..found.as_ref().map_or(0, |found| found.len()) {
                if let Some(part) = found.as_ref().and_then(|found| found.text(&text, group)) {
                    *table.element(&group.to_string().into()) = Value::Input(part.into());
                }
            }
            *array.borrow_mut() = table;
        }
        self.set_global(special::RSTART, Value::Number(start))?;
        self.set_global(special::RLENGTH, Value::Number(length))?;
        Ok(Value::Number(start))
    }

    fn split_function(&mut self, arguments: &[Expr]) -> Evaluated {
        let text = self.text(&arguments[0])?;
        let separator = match arguments.get(2) {
            Some(Expr::Regex(regex)) => super::separator::Separator::Regex(regex.clone()),
            Some(separator) => {
                let separator = self.text(separator)?;
                self.separator(&separator)?
            }
            None => self.field_separator()?,
        };
        let mut parts = Vec::new();
        separator.split(&text, false, &mut parts);
        self.process.step(parts.len() as u64 / 16)?;
        let mut table = Table::new(self.dialect);
        for (at, part) in parts.iter().enumerate() {
            *table.element(&Text::from((at + 1).to_string())) = Value::Input((*part).into());
        }
        let Some(array) = self.array_argument(arguments, 1) else {
            return Err(Stop::Failed(Failure::Running("split: not an array".to_owned())));
        };
        *array.borrow_mut() = table;
        Ok(Value::Number(parts.len() as f64))
    }
}

/// The number of characters, which are bytes here.
pub(super) fn count(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.chars().count() }
}

/// To the nearest whole number, halves to the even one.
fn round(number: f64) -> f64 {
    let floor = number.floor();
    let rest = number - floor;
    if !number.is_finite() {
        number
    } else if rest < 0.5 || rest == 0.5 && floor % 2.0 == 0.0 {
        floor
    } else {
        floor + 1.0
    }
}
